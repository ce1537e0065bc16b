# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""An Upload Group attached to a Draft Email. Sources: API Contact Endpoints, api-emails."""

from __future__ import annotations

from . import errors
from .api import EXTERNAL_ID, SentoriApi

MOST_SHOWN = 10


def check_draft(api: SentoriApi, draft_email: object) -> None:
    """Raise InvalidInput, with the Draft Emails that there are, if this is none of them."""
    _check_id(draft_email, "attach_to")
    drafts = api.draft_emails()
    if any(draft.get("ExternalID") == draft_email for draft in drafts):
        return
    shown = [f"{draft.get('ExternalID')} ({draft.get('Name')})" for draft in drafts[:MOST_SHOWN]]
    more = f", and {len(drafts) - MOST_SHOWN} more" if len(drafts) > MOST_SHOWN else ""
    there_are = f"There are: {', '.join(shown)}{more}." if shown else "There are none."
    raise errors.InvalidInput(f"there is no Draft Email with this ExternalID. {there_are}", option="attach_to")


def attach(api: SentoriApi, upload_group: object, draft_email: object, *, dry_run: bool = False) -> None:
    """Attach an Upload Group to a Draft Email. Nothing shows what is attached: the call is sent each time.

    Raises InvalidInput before the call for what is no Draft Email; what Sentori answers; after a lost answer an
    error that says so, since nobody can look it up.
    """
    _check_id(upload_group, "upload_group")
    check_draft(api, draft_email)
    if not dry_run:
        attach_checked(api, str(upload_group), str(draft_email))


def attach_checked(api: SentoriApi, upload_group: str, draft_email: str) -> None:
    """The same for what is known to be an Upload Group and a Draft Email."""
    try:
        api.attach_upload_group(upload_group, draft_email)
    except errors.SentoriError as error:
        if not error.ambiguous:
            raise
        raise error.followed_by(
            "Whether the Upload Group is attached cannot be found out through the API: look at the Draft Email."
        ) from None


def _check_id(given: object, option: str) -> None:
    if not isinstance(given, str) or not EXTERNAL_ID.fullmatch(given):
        raise errors.InvalidInput("an ExternalID is needed: letters and digits, such as 1234ABCD.", option=option)
