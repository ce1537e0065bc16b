#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_contacts
short_description: Manage many contacts of Sentori
version_added: 0.1.0
description:
  - Adds, updates or deletes each contact of a list.
  - All contacts are read first, several at once, and only those that differ are written. Nothing is written if an item is invalid.
  - An item that fails does not stop the others. The task fails at the end, and returns the results of all items.
  - No upload group is made.
author:
  - The sentori.sentori contributors (@sentori)
extends_documentation_fragment:
  - sentori.sentori.sentori
  - sentori.sentori.sentori.many
  - sentori.sentori.sentori.attributes
attributes:
  idempotent:
    support: partial
    details:
      - A value that Sentori changes when it stores it (for example, cuts to a length) differs at each run, and is sent each time.
        A warning names the field.
options:
  contacts:
    description:
      - The contacts, as flat mappings of contact fields to values. Each needs V(EmailAddress).
      - Fields that are left out stay unchanged. Both null and an empty text mean blank.
      - The contacts that M(sentori.sentori.sentori_contact_info) returns can be given unchanged.
      - The same address twice is an error.
    type: list
    elements: dict
    required: true
  state:
    description:
      - V(present) adds or updates the contacts.
      - V(absent) deletes the contacts. Fields other than V(EmailAddress) are ignored. This does not suppress the addresses.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: sentori.sentori.sentori_contact
  - module: sentori.sentori.sentori_contact_info
"""

EXAMPLES = r"""
---
- name: Ensure these people are contacts
  sentori.sentori.sentori_contacts:
    contacts:
      - EmailAddress: mary@example.com
        FirstName: Mary
      - EmailAddress: john@example.com
        FirstName: John
        CompanyName: Example Ltd

- name: Delete contacts
  sentori.sentori.sentori_contacts:
    contacts:
      - EmailAddress: john@example.com
    state: absent
"""

RETURN = r"""
---
results:
  description: The outcome of each item, in the order of O(contacts).
  type: list
  elements: dict
  returned: when the contacts could be read
  contains:
    email:
      description: The address as it was given, without surrounding blanks.
      type: str
      returned: always
      sample: mary@example.com
    action:
      description: One of V(created), V(updated), V(deleted), V(unchanged), V(failed), V(in_doubt).
      type: str
      returned: always
      sample: updated
    changed:
      description: Whether the contact was changed, or would be in check mode.
      type: bool
      returned: always
    fields:
      description: The names of the fields that were set or changed.
      type: list
      elements: str
      returned: always
      sample: [FirstName]
    msg:
      description: Why the item failed, or what is not known about it.
      type: str
      returned: when RV(results[].action) is V(failed) or V(in_doubt)
    code:
      description: Sentori's own error code.
      type: int
      returned: when RV(results[].action) is V(failed) and Sentori returned one
summary:
  description: How many items have which outcome.
  type: dict
  returned: when the contacts could be read
  sample:
    total: 2
    created: 0
    updated: 1
    deleted: 0
    unchanged: 1
    failed: 0
    in_doubt: 0
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
from ansible_collections.sentori.sentori.plugins.module_utils._results import contacts_result
from ansible_collections.sentori.sentori.plugins.module_utils.core.contacts.apply import Contacts
from ansible_collections.sentori.sentori.plugins.module_utils.core.contacts.desired import desired_contacts


def main():
    module = sentori_module(
        {
            "contacts": {"type": "list", "elements": "dict", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            **MANY_SPEC,
        }
    )

    def work(api):
        desired = desired_contacts(module.params["contacts"], module.params["state"])
        run_of_all = Contacts(api, module.params["concurrency"])
        return contacts_result(run_of_all.run(desired, dry_run=module.check_mode))

    run_module(module, work)


if __name__ == "__main__":
    main()
