#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_draft_email_info
short_description: Read the draft emails of Sentori
version_added: 0.1.0
description:
  - Reads all draft emails, or one. An upload group can be attached to a draft email.
  - Sentori's API shows neither their content nor what is attached to them.
author:
  - The sentori.sentori contributors (@sentori)
extends_documentation_fragment:
  - sentori.sentori.sentori
  - sentori.sentori.sentori.info_attributes
options:
  draft_email:
    description:
      - The draft email to read, by its ExternalID, or by its exact name if only one has it.
      - Without it, all are read.
    type: str
seealso:
  - module: sentori.sentori.sentori_upload_group
  - module: sentori.sentori.sentori_import
"""

EXAMPLES = r"""
---
- name: Read all draft emails
  sentori.sentori.sentori_draft_email_info:
  register: drafts

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ drafts.draft_emails | map(attribute='Name') | list }}"

- name: Stop if the spring newsletter is not a draft any more
  sentori.sentori.sentori_draft_email_info:
    draft_email: Spring Newsletter
"""

RETURN = r"""
---
draft_emails:
  description: The draft emails, as Sentori returns them.
  type: list
  elements: dict
  returned: success
  contains:
    ExternalID:
      description: The ID of the draft email, for other modules.
      type: str
      returned: always
      sample: DRAFT001
    Name:
      description: The name of the draft email.
      type: str
      returned: always
      sample: Spring Newsletter
    Description:
      description: Its description.
      type: str
      returned: always
    Created:
      description: When it was made. Sentori does not name the time zone.
      type: str
      returned: always
      sample: "2010-05-13T09:00:00"
    CreatedBy:
      description: Who made it.
      type: str
      returned: always
    Modified:
      description: When it was changed last.
      type: str
      returned: always
    ModifiedBy:
      description: Who changed it last.
      type: str
      returned: always
api:
  description: The cost of the task.
  type: dict
  returned: when a connection to Sentori could be configured
  contains:
    requests:
      description: Requests sent; each retry is one of them.
      type: int
      returned: always
      sample: 2
    retries:
      description: Requests that were sent again.
      type: int
      returned: always
      sample: 0
    waited_seconds:
      description: Seconds of waiting for Sentori, counted against O(max_wait).
      type: float
      returned: always
      sample: 0.0
operation:
  description: The request of Sentori's API that failed.
  type: str
  returned: on failure of a request
  sample: contact/update
status:
  description: The HTTP status of the response.
  type: int
  returned: on failure, if there was a response
  sample: 400
code:
  description: Sentori's own error code.
  type: int
  returned: on failure, if Sentori returned one
  sample: 103
"""

from ansible_collections.sentori.sentori.plugins.module_utils._module import run_module, sentori_module
from ansible_collections.sentori.sentori.plugins.module_utils.core.api.named import DRAFT_EMAIL, checked, find


def main():
    module = sentori_module({"draft_email": {"type": "str"}})

    def work(api):
        given = module.params["draft_email"]
        name = None if given is None else checked(given, DRAFT_EMAIL)
        drafts = api.draft_emails()
        return {"changed": False, "draft_emails": drafts if name is None else [find(drafts, name, DRAFT_EMAIL)]}

    run_module(module, work)


if __name__ == "__main__":
    main()
