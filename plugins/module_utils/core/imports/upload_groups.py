# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""An upload group attached to a draft email. Sources: API Contact Endpoints, api-emails."""

from __future__ import annotations

from ..api.client import SentoriApi, checked_external_id
from ..errors import InvalidInput, NoEffect, SentoriError
from ..runs.result import Part

MAX_SHOWN = 10


def check_draft(api: SentoriApi, draft_email: object) -> None:
    """Raise InvalidInput, naming the existing draft emails, if this is not one of them."""
    checked_external_id(draft_email, "attach_to")
    drafts = api.draft_emails()
    if any(draft.get("ExternalID") == draft_email for draft in drafts):
        return
    shown = [f"{draft.get('ExternalID')} ({draft.get('Name')})" for draft in drafts[:MAX_SHOWN]]
    more = f", and {len(drafts) - MAX_SHOWN} more" if len(drafts) > MAX_SHOWN else ""
    there_are = f"There are: {', '.join(shown)}{more}." if shown else "This account has no draft emails."
    raise InvalidInput(f"no draft email has the ID {draft_email!r}. {there_are}", option="attach_to")


def attach(api: SentoriApi, upload_group: object, draft_email: object, *, dry_run: bool = False) -> None:
    """Attach an upload group to a draft email. Nothing shows what is attached: the request is sent each time.

    Raises InvalidInput before the request if ``draft_email`` is not a draft; what Sentori answers; after a lost
    response an error that says so, since nothing shows its effect.
    """
    group = checked_external_id(upload_group, "upload_group")
    check_draft(api, draft_email)
    if not dry_run:
        _attach(api, group, str(draft_email))


class Attachment:
    """Attaches each upload group of an import as soon as it is made, so that it is attached if the run dies later.

    ``draft_email``: an ExternalID that ``check_draft`` has accepted; None attaches nothing.
    """

    def __init__(self, api: SentoriApi, draft_email: str | None, makes_groups: bool = True) -> None:
        self._api = api
        self._draft_email = draft_email
        self._makes_groups = makes_groups

    def attach(self, group: str, part: Part) -> None:
        """Note the group of a request in ``part``, and attach it; if that fails, the run stops."""
        part.upload_groups.append(group)
        if self._draft_email is None:
            return
        try:
            _attach(self._api, group, self._draft_email)
        except SentoriError as error:
            longer = error.followed_by(f"The rows are imported. Attach upload group {group} yourself.")
            # Another run would find every row unchanged, make no group, and attach nothing.
            longer.retryable = False
            part.stopped_by = part.stopped_by or longer

    def report_lost_group(self, part: Part) -> None:
        """Tell that the response that names the group of a request was lost."""
        if not self._makes_groups:
            return
        lost = "The response to a request was lost, and with it the ID of the upload group: look for it in Sentori."
        if self._draft_email is None:
            part.warnings.append(lost)
            return
        not_attached = NoEffect(f"{lost} It is not attached to the draft email; attach it there.")
        part.stopped_by = part.stopped_by or not_attached


def _attach(api: SentoriApi, upload_group: str, draft_email: str) -> None:
    try:
        api.attach_upload_group(upload_group, draft_email)
    except SentoriError as error:
        if not error.ambiguous:
            raise
        raise error.followed_by(
            "Nothing in the API shows whether the upload group is attached: look at the draft email."
        ) from None
