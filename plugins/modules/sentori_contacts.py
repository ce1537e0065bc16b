#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_contacts
short_description: Keep many Contacts of Sentori present with their fields, or absent
version_added: 0.1.0
description:
  - Makes sure that each Contact of a list is present in Sentori with its fields, or absent.
  - All Contacts are read first, several at once, and only those are written that differ. Nothing is written if a single item is invalid.
  - An item that fails does not stop the others; the task fails at the end, and returns the results of all.
  - No Upload Group is made.
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
      - A value that Sentori stores otherwise than it was sent (for example cut to a length) differs at each run, and is sent each time.
        A warning names the field.
options:
  contacts:
    description:
      - The Contacts, as flat mappings of Contact Fields to values. Each needs V(EmailAddress).
      - A field that is left out is left alone. Both null and an empty text mean blank.
      - What M(sentori.sentori.sentori_contact_info) returns can be given as it is.
      - The same address twice is an error.
    type: list
    elements: dict
    required: true
  state:
    description:
      - V(present) makes sure that each Contact is there, with its fields as given.
      - V(absent) deletes the Contacts. Fields other than V(EmailAddress) are not looked at. Deleting is not suppressing.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: sentori.sentori.sentori_contact
  - module: sentori.sentori.sentori_contact_info
"""

EXAMPLES = r"""
---
- name: These people are Contacts
  sentori.sentori.sentori_contacts:
    contacts:
      - EmailAddress: mary@example.com
        FirstName: Mary
      - EmailAddress: john@example.com
        FirstName: John
        CompanyName: Example Ltd

- name: And these are not
  sentori.sentori.sentori_contacts:
    contacts:
      - EmailAddress: john@example.com
    state: absent
"""

RETURN = r"""
---
results:
  description: What became of each item, in the order of O(contacts).
  type: list
  elements: dict
  returned: when the Contacts could be read
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
      description: Whether the Contact is different now, or in check mode would be.
      type: bool
      returned: always
    fields:
      description: The names of the fields that the Contact got, or that became others.
      type: list
      elements: str
      returned: always
      sample: [FirstName]
    msg:
      description: Why the item failed, or what cannot be known of it.
      type: str
      returned: when RV(results[].action) is V(failed) or V(in_doubt)
    code:
      description: Sentori's own error code.
      type: int
      returned: when RV(results[].action) is V(failed) and Sentori gave one
summary:
  description: How many items there were, and what became of them.
  type: dict
  returned: when the Contacts could be read
  sample:
    total: 2
    created: 0
    updated: 1
    deleted: 0
    unchanged: 1
    failed: 0
    in_doubt: 0
api:
  description: What the task cost.
  type: dict
  returned: when the task got as far as Sentori
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
  description: The call of Sentori's API that failed.
  type: str
  returned: on failure of a call
  sample: contact/update
status:
  description: The HTTP status of the answer.
  type: int
  returned: on failure, if there was an answer
  sample: 400
code:
  description: Sentori's own error code.
  type: int
  returned: on failure, if Sentori gave one
  sample: 103
"""

from ansible_collections.sentori.sentori.plugins.module_utils._module import MANY_SPEC, run, sentori_module
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

    run(module, work)


if __name__ == "__main__":
    main()
