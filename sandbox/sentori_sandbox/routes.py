# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The endpoints, and how a raw path finds one.

Paths are matched while still percent-encoded, so that an address may hold what would otherwise
divide the path; each variable segment is then decoded once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote

from . import contacts, emails, import_wires, subscriptions
from .account import Account
from .wire import Answer, Call

Handler: TypeAlias = Callable[[Account, Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint.

    Args:
        name: what faults and the journal call it.
        path: as the vendor's page writes it, with or without a trailing slash.
        imports: whether it imports, so that only one of them runs at a time.
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
        """The variable segments, decoded; None when the path is another one."""
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
    Route("contact/subscribe", "POST", "/v2.0/contact/subscribe/{}/{}/", subscriptions.subscribe),
    Route(
        "contact/unsubscribe", "POST", "/v2.0/contact/unsubscribe/{}/{}/", subscriptions.unsubscribe
    ),
    Route(
        "contact/unsubscribe/all",
        "POST",
        "/v2.0/contact/unsubscribe/{}/",
        subscriptions.unsubscribe_all,
    ),
    Route(
        "contact/import", "POST", "/v2.0/contact/import/", import_wires.import_json, imports=True
    ),
    Route("contact/attach", "POST", "/v2.0/contact/import/{}/attach/{}", emails.attach),
    Route("mailinglists/all", "GET", "/v2.0/mailinglists/", subscriptions.all_lists),
    Route(
        "mailinglists/subscribers",
        "GET",
        "/v2.0/mailinglists/subscribers/{}",
        subscriptions.subscribers,
    ),
    Route("mailinglists/one", "GET", "/v2.0/mailinglists/{}/", subscriptions.one_list),
    Route("emails/drafts", "GET", "/v2.0/emails/drafts/", emails.drafts),
    Route("v1/import", "POST", "/v1/contacts.asmx/Import", import_wires.import_xml, imports=True),
    Route("v1/xmltemplate", "GET", "/v1/contacts.asmx/XmlTemplate", import_wires.xml_template),
)
# What the journal and faults call a path that is none of these.
UNKNOWN = "unknown"


def is_within(name: str, family: str) -> bool:
    """Whether a route's name is ``family`` or below it: "contact" holds all of "contact/..."."""
    return family == "*" or name == family or name.startswith(f"{family}/")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a path leads.

    Args:
        tidy: whether the path had no empty, blank or dotted segment.
    """

    route: Route
    parameters: tuple[str, ...]
    tidy: bool


def find(raw_path: str) -> Destination | None:
    """The endpoint of a path that is still percent-encoded; None when there is none.

    Empty, blank and dotted segments vanish, as they do in IIS: whether that is the end of it is
    an assumption.
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
            return Destination(route, parameters, tidy=segments == given)
    return None
