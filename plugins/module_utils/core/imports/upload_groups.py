# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""An upload group attached to a draft email. Sources: API Contact Endpoints, api-emails."""

from __future__ import annotations

from ..api.client import SentoriApi, checked_external_id
from ..errors import InvalidInput, SentoriError

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
        send_attachment(api, group, str(draft_email))


def send_attachment(api: SentoriApi, upload_group: str, draft_email: str) -> None:
    """Send the request. Raises what Sentori answers, and after a lost response an error that says so."""
    try:
        api.attach_upload_group(upload_group, draft_email)
    except SentoriError as error:
        if not error.ambiguous:
            raise
        raise error.followed_by(
            "Nothing in the API shows whether the upload group is attached: look at the draft email."
        ) from None
