#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_upload_group
short_description: Attach an upload group of Sentori to a draft email
version_added: 0.1.0
description:
  - Attaches the upload group that an import has made to a draft email, in preparation for sending. This sends no e-mail.
  - Sentori does not show what is attached to a draft. The request is sent at each run, and always counts as a change.
author:
  - The sentori.sentori contributors (@sentori)
extends_documentation_fragment:
  - sentori.sentori.sentori
  - sentori.sentori.sentori.attributes
attributes:
  diff_mode:
    support: none
    details:
      - Sentori does not show what is attached to a draft.
  idempotent:
    support: none
    details:
      - This is an action. Sentori does not show what is attached to a draft.
options:
  upload_group:
    description:
      - The ExternalID of the upload group.
    type: str
    required: true
  attach_to:
    description:
      - The draft email, by its ExternalID, or by its exact name if only one has it. The task fails before sending if this is not a draft email.
    type: str
    required: true
seealso:
  - module: sentori.sentori.sentori_import
  - module: sentori.sentori.sentori_draft_email_info
"""

EXAMPLES = r"""
---
- name: Import the guests of the summer party
  sentori.sentori.sentori_import:
    contacts:
      - EmailAddress: mary@example.com
      - EmailAddress: john@example.com
    scope: all
  register: guests

- name: Attach the guests to the invitation
  sentori.sentori.sentori_upload_group:
    upload_group: "{{ item }}"
    attach_to: Spring Newsletter
  loop: "{{ guests.upload_groups }}"
"""

RETURN = r"""
---
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
from ansible_collections.sentori.sentori.plugins.module_utils.core.imports.upload_groups import attach


def main():
    module = sentori_module(
        {"upload_group": {"type": "str", "required": True}, "attach_to": {"type": "str", "required": True}}
    )

    def work(api):
        attach(api, module.params["upload_group"], module.params["attach_to"], dry_run=module.check_mode)
        return {"changed": True}

    run_module(module, work)


if __name__ == "__main__":
    main()
