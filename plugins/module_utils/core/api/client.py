# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Sentori's v2.0 endpoints, one method each.

Sources: API Contact Endpoints (2018-05-23), api-mailinglists, api-emails, api-errors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .. import errors
from ..addresses import checked_address
from ..fields import ADDRESS, Contact, FieldValue
from ..http.request import Request, Response, Statistics
from ._decode import EXTERNAL_ID, IMPORT, Decoder

if TYPE_CHECKING:
    from ..http.transport import Transport

# How often a write is sent whose response is lost; before each further time, Sentori is read.
MAX_SENDS = 3
# Fields that every account has (API Contact Endpoints, contact/getstructure).
_FIELDS_OF_ALL = frozenset({ADDRESS, "CRMID", "Title", "FirstName", "LastName", "KnownAs"})
_JSON_HEADERS = {"Content-Type": "application/json; charset=utf-8"}


class SentoriApi:
    """The v2.0 API of one account, over ``transport``; used by any number of threads. Methods raise a SentoriError."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._decoder = Decoder(transport)

    @property
    def transport(self) -> Transport:
        """What the requests are sent over; the v1 import uses it too."""
        return self._transport

    @property
    def statistics(self) -> Statistics:
        return self._transport.statistics

    def back_off(self, times: int = 1) -> bool:
        """Pause after an ambiguous response, longer each time; False if ``max_wait`` leaves no time."""
        return self._transport.back_off(times)

    def get_contact(self, email: str) -> Contact:
        """The contact with this address. Raises ContactNotFound."""
        return self._contact(_request("contact/get", "GET", _address_segment(email)), email)

    def get_contact_by_system_id(self, system_id: int) -> Contact:
        """The contact with this SystemID. Raises ContactNotFound."""
        number = int(system_id)
        request, decoder = _request("contact/get", "GET", str(number)), self._decoder
        return self._transport.send(request, lambda response: decoder.contact(request, response, system_id=number))

    def add_contact(self, email: str, fields: Mapping[str, FieldValue]) -> Contact:
        """Add a contact; returns it with all fields. Raises EmailAddressInUse."""
        return self._contact(_request("contact/add", "POST", _address_segment(email), body=fields), email)

    def update_contact(self, email: str, fields: Mapping[str, FieldValue]) -> Contact:
        """Update the given fields; an ``EmailAddress`` among them renames. Raises ContactNotFound."""
        request = _request("contact/update", "POST", _address_segment(email), body=fields)
        return self._contact(request, email, fields.get(ADDRESS))

    def add_or_update_contact(self, email: str, fields: Mapping[str, FieldValue]) -> tuple[bool, Contact]:
        """Add or update, as Sentori decides: (added, contact).

        Without ``EmailAddress`` in ``fields`` this touches one contact; with it, up to two.
        """
        request = _request("contact/addorupdate", "POST", _address_segment(email), body=fields)
        return self._transport.send(
            request, lambda response: (response.status == 201, self._decoder.contact(request, response))
        )

    def delete_contact(self, email: str) -> None:
        """Delete a contact. Its address stays on the Suppression List if it is there."""
        self._act("contact/delete", _address_segment(email))

    def contact_structure(self) -> Contact:
        """The importable fields, each with an example value: ``"string"``, or False."""
        request, decoder = _request("contact/getstructure", "GET", "single"), self._decoder

        def decode(response: Response) -> Contact:
            found = decoder.single_values(request, response, decoder.object(request, response))
            # Another object would make every field of a row unknown.
            if _FIELDS_OF_ALL.isdisjoint(found):
                raise decoder.unreadable(request, response, "an object with the fields of contacts was expected")
            return found

        return self._transport.send(request, decode)

    def contact_structure_list(self) -> list[Contact]:
        """The same as ``contact_structure``, in an array of one."""
        return self._objects("contact/getstructure", "list")

    def subscribe(self, email: str, mailing_list_id: str) -> None:
        """Subscribe a contact to one mailing list. Raises MailingListNotFound."""
        self._act("contact/subscribe", _address_segment(email), checked_external_id(mailing_list_id, "mailing_list"))

    def unsubscribe_from_list(self, email: str, mailing_list_id: str) -> None:
        """Unsubscribe a contact from one mailing list, never from all. Raises MailingListNotFound."""
        self._act("contact/unsubscribe", _address_segment(email), checked_external_id(mailing_list_id, "mailing_list"))

    def suppress(self, email: str) -> None:
        """Unsubscribe an address from everything, for good: it goes on the Suppression List, contact or not."""
        self._act("contact/unsubscribe", _address_segment(email))

    def import_contacts(self, body: Sequence[bytes]) -> dict[str, Any]:
        """Import rows, given as ``json_rows.import_body`` makes them, which makes an upload group.

        Returns the counters, and ``UploadGroupExternalID``.
        """
        request = Request(IMPORT, "POST", f"/v2.0/{IMPORT}/", body, _JSON_HEADERS, writes=True)
        return self._transport.send(request, lambda response: self._decoder.object(request, response, "TotalRows"))

    def attach_upload_group(self, upload_group_id: str, draft_email_id: str) -> None:
        """Attach an upload group to a draft email. Raises DocumentNotFound, DocumentTypeNotExpected, NotADraft."""
        group, draft = (
            checked_external_id(upload_group_id, "upload_group"),
            checked_external_id(draft_email_id, "attach_to"),
        )
        path = f"/v2.0/{IMPORT}/{group}/attach/{draft}"
        request = Request("contact/import/attach", "POST", path, writes=True)
        self._transport.send(request, lambda response: self._decoder.nothing(request, response))

    def mailing_lists(self) -> list[dict[str, Any]]:
        """All mailing lists: ExternalID, Name, Description."""
        request, decoder = _request("mailinglists", "GET"), self._decoder
        return self._transport.send(
            request,
            lambda response: [
                decoder.mailing_list(request, response, found) for found in decoder.array(request, response)
            ],
        )

    def mailing_list(self, mailing_list_id: str) -> dict[str, Any]:
        """One mailing list. Raises MailingListNotFound."""
        request, decoder = (
            _request("mailinglists", "GET", checked_external_id(mailing_list_id, "mailing_list")),
            self._decoder,
        )
        return self._transport.send(
            request, lambda response: decoder.mailing_list(request, response, decoder.object(request, response))
        )

    def draft_emails(self) -> list[dict[str, Any]]:
        """All draft emails: ExternalID, Name, Description, Created, CreatedBy, Modified, ModifiedBy."""
        return self._objects("emails/drafts")

    def _contact(self, request: Request, *addresses: FieldValue) -> Contact:
        """A contact; if addresses are given, the contact of one of them."""
        return self._transport.send(request, lambda response: self._decoder.contact(request, response, *addresses))

    def _act(self, operation: str, *segments: str) -> None:
        request = _request(operation, "POST", *segments)
        self._transport.send(request, lambda response: self._decoder.nothing(request, response))

    def _objects(self, operation: str, *segments: str) -> list[dict[str, Any]]:
        request = _request(operation, "GET", *segments)
        return self._transport.send(request, lambda response: self._decoder.array(request, response))


def _request(operation: str, method: str, *segments: str, body: Mapping[str, Any] | None = None) -> Request:
    path = "/".join(["/v2.0", operation, *segments, ""])
    writes = method == "POST"
    if body is None:
        return Request(operation, method, path, writes=writes)
    return Request(operation, method, path, [_json(body).encode()], _JSON_HEADERS, writes)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _address_segment(email: str) -> str:
    """An address as a segment of a path; without its ``@`` it would be a SystemID, or nothing at all."""
    return quote(checked_address(email, "email"), safe="")


def checked_external_id(given: object, option: str) -> str:
    """An ExternalID, which as a segment cannot end or change a path (rule 4 of the design). Raises InvalidInput."""
    if not isinstance(given, str) or not EXTERNAL_ID.fullmatch(given):
        message = f"{given!r} is not an ExternalID. Give letters and digits, such as 1234ABCD."
        raise errors.InvalidInput(message, option=option)
    return given


def is_external_id(given: str) -> bool:
    """Whether a text has the form of an ExternalID."""
    return EXTERNAL_ID.fullmatch(given) is not None
