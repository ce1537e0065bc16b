# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""An upload group attached to a draft email. Sources: API Contact Endpoints, api-emails."""

from __future__ import annotations

from ..api import named
from ..api.client import SentoriApi, checked_external_id
from ..api.named import checked, find
from ..errors import SentoriError

DRAFT_EMAIL = named.DRAFT_EMAIL._replace(option="attach_to")


def find_draft(api: SentoriApi, draft_email: object) -> str:
    """The ExternalID of the draft email with this ExternalID or exact name.

    Raises InvalidInput, naming the existing draft emails, if there is none, or more than one.
    """
    given = checked(draft_email, DRAFT_EMAIL)
    found = find(api.draft_emails(), given, DRAFT_EMAIL)
    return checked_external_id(found.get("ExternalID"), DRAFT_EMAIL.option)


def attach(api: SentoriApi, upload_group: object, draft_email: object, *, dry_run: bool = False) -> str:
    """Attach an upload group to a draft email, and return the draft's ExternalID.

    Nothing shows what is attached: the request is sent each time.
    Raises InvalidInput before the request if ``draft_email`` is not a draft; what Sentori answers; after a lost
    response an error that says so, since nothing shows its effect.
    """
    group = checked_external_id(upload_group, "upload_group")
    draft = find_draft(api, draft_email)
    if not dry_run:
        send_attachment(api, group, draft)
    return draft


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
