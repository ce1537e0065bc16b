# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The table of endpoints, and the match of a raw path with one of them.

A path is matched while it is still percent-encoded, so that an address can contain a slash; each
variable segment is then decoded once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote

from ..account import Account
from . import contacts, emails, import_v1, import_v2, mailing_lists
from .messages import ApiRequest, ApiResponse

Handler: TypeAlias = Callable[[Account, ApiRequest], ApiResponse]


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint.

    Args:
        name: used by faults and the journal.
        path: as on the vendor's page, with or without a trailing slash.
        imports: whether it runs an import; only one import runs at a time.
    """

    name: str
    method: str
    path: str
    handler: Handler
    imports: bool = False

    @property
    def is_v1(self) -> bool:
        return self.path.startswith("/v1/")

    @property
    def has_trailing_slash(self) -> bool:
        return self.path.endswith("/")

    def match(self, segments: list[str]) -> tuple[str, ...] | None:
        """Return the variable segments, decoded; None if the path does not match."""
        pattern = self.path.strip("/").split("/")
        if len(pattern) != len(segments):
            return None
        parameters = []
        for expected, segment in zip(pattern, segments, strict=True):
            if expected == "{}":
                parameters.append(unquote(segment))
            elif expected != segment:
                return None
        return tuple(parameters)


ROUTES = (
    Route("contact/get", "GET", "/v2.0/contact/get/{}/", contacts.get),
    Route("contact/add", "POST", "/v2.0/contact/add/{}/", contacts.add),
    Route("contact/update", "POST", "/v2.0/contact/update/{}/", contacts.update),
    Route("contact/addorupdate", "POST", "/v2.0/contact/addorupdate/{}/", contacts.addorupdate),
    Route("contact/delete", "POST", "/v2.0/contact/delete/{}/", contacts.delete),
    Route("contact/getstructure", "GET", "/v2.0/contact/getstructure/{}/", contacts.getstructure),
    Route("contact/subscribe", "POST", "/v2.0/contact/subscribe/{}/{}/", mailing_lists.subscribe),
    Route(
        "contact/unsubscribe", "POST", "/v2.0/contact/unsubscribe/{}/{}/", mailing_lists.unsubscribe
    ),
    Route(
        "contact/unsubscribe/all",
        "POST",
        "/v2.0/contact/unsubscribe/{}/",
        mailing_lists.unsubscribe_all,
    ),
    Route("contact/import", "POST", "/v2.0/contact/import/", import_v2.import_json, imports=True),
    Route("contact/attach", "POST", "/v2.0/contact/import/{}/attach/{}", emails.attach),
    Route("mailinglists/all", "GET", "/v2.0/mailinglists/", mailing_lists.all_lists),
    Route(
        "mailinglists/subscribers",
        "GET",
        "/v2.0/mailinglists/subscribers/{}",
        mailing_lists.subscribers,
    ),
    Route("mailinglists/one", "GET", "/v2.0/mailinglists/{}/", mailing_lists.one_list),
    Route("emails/drafts", "GET", "/v2.0/emails/drafts/", emails.drafts),
    Route("v1/import", "POST", "/v1/contacts.asmx/Import", import_v1.import_xml, imports=True),
    Route("v1/xmltemplate", "GET", "/v1/contacts.asmx/XmlTemplate", import_v1.xml_template),
)
# The name of a path that matches no route, in faults and in the journal.
UNKNOWN = "unknown"


def route_matches(name: str, pattern: str) -> bool:
    """Tell whether a route's name is the pattern or below it: "contact" matches "contact/get"."""
    return pattern == "*" or name == pattern or name.startswith(f"{pattern}/")


@dataclass(frozen=True, slots=True)
class RouteMatch:
    """The route of a path and its variable segments.

    Args:
        normalized: whether the path had no empty, blank or dotted segment.
    """

    route: Route
    parameters: tuple[str, ...]
    normalized: bool


def match_path(raw_path: str) -> RouteMatch | None:
    """Find the route of a path that is still percent-encoded; None if there is none.

    Empty, blank and dotted segments are removed, as IIS does. The caller decides by
    ``normalized`` whether such a path is accepted (assumption ``empty-segments``).
    """
    given = raw_path.removeprefix("/").removesuffix("/").split("/")
    segments: list[str] = []
    for segment in given:
        match unquote(segment).strip():
            case "" | ".":
                continue
            case "..":
                del segments[-1:]
            case _:
                segments.append(segment)
    for route in ROUTES:
        parameters = route.match(segments)
        if parameters is not None:
            return RouteMatch(route, parameters, normalized=segments == given)
    return None
