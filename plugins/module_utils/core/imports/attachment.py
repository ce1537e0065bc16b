# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The upload groups that an import makes, attached to a draft email."""

from __future__ import annotations

from ..api.client import SentoriApi
from ..errors import NoEffect, SentoriError
from ..runs.result import Part
from .upload_groups import send_attachment


class Attachment:
    """Attaches each upload group of an import as soon as it is made, so that it is attached if the run dies later.

    ``draft_email``: an ExternalID that ``find_draft`` has found; None attaches nothing.
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
            send_attachment(self._api, group, self._draft_email)
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
