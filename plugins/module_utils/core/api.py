# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Sentori's v2.0 endpoints, one method each. Nothing but the wire.

Sources: API Contact Endpoints (2018-05-23), api-mailinglists, api-emails, api-errors.
Every method raises a SentoriError. The answers of subscribe, unsubscribe, delete and attach are not
documented: whatever comes with a success is accepted, unless it is a web page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Callable, TypeVar
from urllib.parse import quote

from . import errors
from .addresses import checked, same
from .call import Answer, Call, Statistics
from .fields import ADDRESS, Contact, FieldValue
from .json_stream import BrokenArray, objects

if TYPE_CHECKING:
    from .transport import Transport

Subscriber = dict[str, Any]
T = TypeVar("T")

IMPORT = "contact/import"
EXTERNAL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
NO_JSON = object()
_SYSTEM_ID = re.compile(r"[0-9]{1,18}")
_CODE = re.compile(r"-?[0-9]{1,9}")
_BLANK = b" \t\r\n\xef\xbb\xbf"


class SentoriApi:
    """The v2.0 API of one account, over ``transport``; shared by any number of threads."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def transport(self) -> Transport:
        """What the calls go over; the v1 import goes over it too."""
        return self._transport

    @property
    def statistics(self) -> Statistics:
        return self._transport.statistics

    def back_off(self, times: int = 1) -> bool:
        """Give Sentori a moment after an ambiguous answer."""
        return self._transport.back_off(times)

    def get_contact(self, email: str) -> Contact:
        """The contact with this address. Raises ContactNotFound."""
        return self._contact(self._call("contact/get", "GET", _address(email)), email)

    def get_contact_by_system_id(self, system_id: int) -> Contact:
        """The contact with this SystemID. Raises ContactNotFound."""
        return self._contact(self._call("contact/get", "GET", str(int(system_id))))

    def add_contact(self, email: str, fields: Mapping[str, FieldValue]) -> Contact:
        """Add a contact; returns it as it then is. Raises EmailAddressInUse."""
        return self._contact(self._call("contact/add", "POST", _address(email), body=fields), email)

    def update_contact(self, email: str, fields: Mapping[str, FieldValue]) -> Contact:
        """Update the given fields; an ``EmailAddress`` among them renames. Raises ContactNotFound."""
        call = self._call("contact/update", "POST", _address(email), body=fields)
        return self._contact(call, email, fields.get(ADDRESS))

    def add_or_update_contact(self, email: str, fields: Mapping[str, FieldValue]) -> tuple[bool, Contact]:
        """Add or update, as Sentori decides: (added, contact).

        Without ``EmailAddress`` in ``fields`` this touches one contact; with it, up to two.
        """
        call = self._call("contact/addorupdate", "POST", _address(email), body=fields)
        return self._transport.send(call, lambda answer: (answer.status == 201, self._contact_in(call, answer)))

    def delete_contact(self, email: str) -> None:
        """Delete a contact. Its address stays on the Suppression List if it is there."""
        self._act("contact/delete", _address(email))

    def contact_structure(self) -> Contact:
        """The importable fields, each with an example value: ``"string"``, or False."""
        call = self._call("contact/getstructure", "GET", "single")
        return self._transport.send(call, lambda answer: self._object(call, answer))

    def contact_structure_list(self) -> list[Contact]:
        """The same as ``contact_structure``, in an array of one."""
        return self._objects("contact/getstructure", "list")

    def subscribe(self, email: str, mailing_list_id: str) -> None:
        """Subscribe a contact to one Mailing List. Raises MailingListNotFound."""
        self._act("contact/subscribe", _address(email), _external_id(mailing_list_id, "mailing_list"))

    def unsubscribe_from_list(self, email: str, mailing_list_id: str) -> None:
        """Take a contact off one Mailing List; never off all. Raises MailingListNotFound."""
        self._act("contact/unsubscribe", _address(email), _external_id(mailing_list_id, "mailing_list"))

    def suppress(self, email: str) -> None:
        """Unsubscribe an address from everything, for good: it goes on the Suppression List, contact or not."""
        self._act("contact/unsubscribe", _address(email))

    def import_contacts(
        self, contacts: Sequence[Mapping[str, FieldValue]], name: str | None = None, description: str | None = None
    ) -> dict[str, Any]:
        """Import rows, which makes an Upload Group; returns the counters and ``UploadGroupExternalID``."""
        body: dict[str, Any] = {"Contacts": contacts}
        if name is not None:
            body["Name"] = name
        if description is not None:
            body["Description"] = description
        call = self._call(IMPORT, "POST", body=body)
        return self._transport.send(call, lambda answer: self._object(call, answer, "TotalRows"))

    def attach_upload_group(self, upload_group_id: str, draft_email_id: str) -> None:
        """Attach an Upload Group to a Draft Email. Raises DocumentNotFound, DocumentTypeNotExpected, NotADraft."""
        group, draft = _external_id(upload_group_id, "upload_group"), _external_id(draft_email_id, "attach_to")
        self._act(IMPORT, group, "attach", draft, slash=False)

    def mailing_lists(self) -> list[dict[str, Any]]:
        """All Mailing Lists: ExternalID, Name, Description."""
        call = self._call("mailinglists", "GET")
        return self._transport.send(
            call, lambda answer: [self._list(call, answer, found) for found in self._array(call, answer)]
        )

    def mailing_list(self, mailing_list_id: str) -> dict[str, Any]:
        """One Mailing List. Raises MailingListNotFound."""
        call = self._call("mailinglists", "GET", _external_id(mailing_list_id, "mailing_list"))
        return self._transport.send(call, lambda answer: self._list(call, answer, self._object(call, answer)))

    def read_subscribers(self, mailing_list_id: str, consume: Callable[[Iterator[Subscriber]], T]) -> T:
        """Give ``consume`` everybody who is subscribed *and* emailable, as the answer streams in.

        Each is ``{"SystemID", "EmailAddress"}``. ``consume`` may stop early, and is called anew for each try.
        Raises MailingListNotFound.
        """
        operation = "mailinglists/subscribers"
        call = self._call(operation, "GET", _external_id(mailing_list_id, "mailing_list"), slash=False)

        def decode(answer: Answer, parts: Iterator[bytes]) -> T:
            self._check_success(call, answer)
            try:
                return consume(_subscribers(parts))
            except BrokenArray as broken:
                raise self._unreadable(call, answer, f"an array of subscribers was expected, but {broken}") from None

        return self._transport.stream(call, decode)

    def draft_emails(self) -> list[dict[str, Any]]:
        """All Draft Emails: ExternalID, Name, Description, Created, CreatedBy, Modified, ModifiedBy."""
        return self._objects("emails/drafts")

    def _call(
        self, operation: str, method: str, *segments: str, body: Mapping[str, Any] | None = None, slash: bool = True
    ) -> Call:
        path = "/".join(["/v2.0", operation, *segments]) + ("/" if slash else "")
        writes = method == "POST"
        if body is None:
            return Call(operation, method, path, writes=writes)
        payload = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        return Call(operation, method, path, payload, {"Content-Type": "application/json; charset=utf-8"}, writes)

    def _contact(self, call: Call, *addresses: FieldValue) -> Contact:
        """A contact as the answer to ``call``; if addresses are given, it must be the contact of one of them."""

        def decode(answer: Answer) -> Contact:
            contact = self._contact_in(call, answer)
            if addresses and not any(same(contact[ADDRESS], address) for address in addresses):
                raise self._unreadable(call, answer, "the contact that was asked for was expected, not another one")
            return contact

        return self._transport.send(call, decode)

    def _act(self, operation: str, *segments: str, slash: bool = True) -> None:
        call = self._call(operation, "POST", *segments, slash=slash)

        def decode(answer: Answer) -> None:
            self._check_success(call, answer)
            kind = answer.headers.get("Content-Type", "").lower()
            if "html" in kind or answer.body.lstrip(_BLANK).startswith(b"<"):
                raise self._unreadable(call, answer, "an answer without HTML was expected")
            said = _json(answer.body)
            if isinstance(said, dict) and "Code" in said and ADDRESS not in said:
                raise self._unreadable(call, answer, "an answer without an error's Code was expected")

        self._transport.send(call, decode)

    def _objects(self, operation: str, *segments: str, slash: bool = True) -> list[dict[str, Any]]:
        call = self._call(operation, "GET", *segments, slash=slash)

        return self._transport.send(call, lambda answer: self._array(call, answer))

    def _array(self, call: Call, answer: Answer) -> list[dict[str, Any]]:
        found = self._json(call, answer)
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise self._unreadable(call, answer, "an array of objects was expected")
        return found

    def _list(self, call: Call, answer: Answer, found: dict[str, Any]) -> dict[str, Any]:
        """A Mailing List whose ExternalID is a text that can be given back."""
        external_id = str(found.get("ExternalID"))
        if found.get("ExternalID") is None or not EXTERNAL_ID.fullmatch(external_id):
            raise self._unreadable(call, answer, "a Mailing List with an ExternalID was expected")
        return {**found, "ExternalID": external_id}

    def _contact_in(self, call: Call, answer: Answer) -> Contact:
        return self._object(call, answer, ADDRESS)

    def _object(self, call: Call, answer: Answer, *needed: str) -> dict[str, Any]:
        found = self._json(call, answer)
        if not isinstance(found, dict) or any(name not in found for name in needed):
            raise self._unreadable(call, answer, " with ".join(["an object", *needed]) + " was expected")
        return found

    def _json(self, call: Call, answer: Answer) -> Any:
        self._check_success(call, answer)
        found = _json(answer.body)
        if found is NO_JSON:
            raise self._unreadable(call, answer, "JSON was expected")
        return found

    def _check_success(self, call: Call, answer: Answer) -> None:
        """Raise what Sentori's 4xx says (api-errors); ``Code`` may come as a number or as a string."""
        if answer.status < 400:
            return
        if answer.status == 409 and call.operation == IMPORT:
            said = "another import of contacts is in progress."
            raise errors.ImportInProgress(said, operation=call.operation, status=answer.status)
        said = _json(answer.body)
        code = _code(said.get("Code")) if isinstance(said, dict) else None
        if code is not None:
            message = self._transport.redacted(str(said.get("Message")))
            raise errors.api_error(call.operation, answer.status, code, message)
        kind = errors.KeptFromSentori if answer.status in (401, 403, 407) else errors.NotSentori
        sentence = self._no_sentori(answer, "an error of Sentori's was expected")
        if answer.status in (400, 404) and "%" in call.path.replace("%40", "@"):
            sentence += " Or a server in front of it refuses a character of the address."
        raise kind(sentence, operation=call.operation, status=answer.status)

    def _unreadable(self, call: Call, answer: Answer, expected: str) -> errors.UnreadableAnswer:
        return errors.UnreadableAnswer(
            self._no_sentori(answer, expected), operation=call.operation, status=answer.status
        )

    def _no_sentori(self, answer: Answer, expected: str) -> str:
        kind = self._transport.redacted(answer.headers.get("Content-Type", "no content type").split(";")[0], 60)
        return (
            f"no Sentori answer from {self._transport.host}: {expected}; it sent {kind} (HTTP {answer.status})."
            " Check url, and what stands in between."
        )


def _address(email: str) -> str:
    """An address as a path segment; without its ``@`` it would be a SystemID, or nothing at all."""
    return quote(checked(email, "email"), safe="")


def _json(body: bytes) -> Any:
    """What the body holds, or NO_JSON."""
    try:
        return json.loads(body.lstrip(_BLANK))
    except (ValueError, RecursionError):
        return NO_JSON


def _code(given: object) -> int | None:
    """A vendor code out of a number or a string; None for anything else."""
    return int(str(given)) if isinstance(given, (int, str)) and _CODE.fullmatch(str(given)) else None


def _subscribers(parts: Iterator[bytes]) -> Iterator[Subscriber]:
    """SystemID is a string in the vendor's examples of lists and a number elsewhere: here always a number."""
    for found in objects(parts):
        if not isinstance(found.get(ADDRESS), str):
            raise BrokenArray("an entry has no EmailAddress")
        system_id = found.get("SystemID")
        if isinstance(system_id, str) and _SYSTEM_ID.fullmatch(system_id):
            found["SystemID"] = int(system_id)
        yield found


def _external_id(given: str, option: str) -> str:
    """An ExternalID as a path segment: nothing that could end or change the path (rule 4 of the design)."""
    if not isinstance(given, str) or not EXTERNAL_ID.fullmatch(given):
        raise errors.InvalidInput("an ExternalID is needed: letters and digits, such as 1234ABCD.", option=option)
    return given
