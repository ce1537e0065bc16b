#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_contact_info
short_description: Read contacts of Sentori
version_added: 0.1.0
description:
  - Reads contacts by their email addresses or their SystemIDs, several at once.
  - Sentori's API can list neither all contacts nor the Suppression List. For many contacts, M(sentori.sentori.sentori_export) writes them to a file.
author:
  - The sentori.sentori contributors (@sentori)
extends_documentation_fragment:
  - sentori.sentori.sentori
  - sentori.sentori.sentori.many
  - sentori.sentori.sentori.info_attributes
options:
  emails:
    description:
      - Email addresses of the contacts to read.
    type: list
    elements: str
    default: []
  system_ids:
    description:
      - SystemIDs of the contacts to read.
    type: list
    elements: int
    default: []
seealso:
  - module: sentori.sentori.sentori_contact
  - module: sentori.sentori.sentori_contacts
  - module: sentori.sentori.sentori_export
"""

EXAMPLES = r"""
---
- name: Read the contact of Mary
  sentori.sentori.sentori_contact_info:
    emails:
      - mary@example.com
  register: mary

- name: Stop if Mary is suppressed
  ansible.builtin.assert:
    that: not mary.contacts[0].IsSuppressed
  when: mary.contacts | length > 0
"""

RETURN = r"""
---
contacts:
  description: The contacts that exist, with all their fields, in the order of O(emails), then of O(system_ids).
  type: list
  elements: dict
  returned: success
  sample:
    - SystemID: 16382
      EmailAddress: mary@example.com
      FirstName: Mary
      LastName: Example
      IsSuppressed: false
missing:
  description: The addresses and SystemIDs without a contact.
  type: list
  elements: raw
  returned: success
  sample: [nobody@example.com]
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

from ansible_collections.sentori.sentori.plugins.module_utils._module import MANY_SPEC, run_module, sentori_module
from ansible_collections.sentori.sentori.plugins.module_utils.core.contacts.info import look_up


def main():
    module = sentori_module(
        {
            "emails": {"type": "list", "elements": "str", "default": []},
            "system_ids": {"type": "list", "elements": "int", "default": []},
            **MANY_SPEC,
        }
    )

    def work(api):
        options = module.params
        contacts, missing = look_up(api, options["emails"], options["system_ids"], options["concurrency"])
        return {"changed": False, "contacts": contacts, "missing": missing}

    run_module(module, work)


if __name__ == "__main__":
    main()
