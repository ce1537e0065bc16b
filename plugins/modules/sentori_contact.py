#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_contact
short_description: Manage one contact of Sentori
version_added: 0.1.0
description:
  - Adds, updates, renames or deletes a contact of Sentori.
  - The contact is read first, and written only if something differs.
  - Adding a contact does not subscribe it to a mailing list.
author:
  - The sentori.sentori contributors (@sentori)
extends_documentation_fragment:
  - sentori.sentori.sentori
  - sentori.sentori.sentori.attributes
attributes:
  idempotent:
    support: partial
    details:
      - A value that Sentori changes when it stores it (for example, cuts to a length) differs at each run, and is sent each time.
        A warning names the field.
options:
  email:
    description:
      - The email address of the contact. Case and surrounding blanks do not count when addresses are compared.
    type: str
    required: true
  state:
    description:
      - V(present) adds or updates the contact.
      - V(absent) deletes the contact. This does not suppress the address. If it is imported again later, it can be
        mailed again. An entry in the Suppression List stays.
    type: str
    choices: [present, absent]
    default: present
  fields:
    description:
      - Contact fields by their names in Sentori, such as V(FirstName), with their desired values.
      - Fields that are left out stay unchanged. Both null and an empty text mean blank.
      - Accounts have different fields. M(sentori.sentori.sentori_contact_structure_info) lists those of yours.
      - A read-only field (V(SystemID), V(IsSuppressed), V(IsConfirmed), V(CreatedTimestamp) and similar ones) may be given with its current value,
        and is refused with any other.
      - Only with O(state=present).
    type: dict
    default: {}
  new_email:
    description:
      - The new address of the contact.
      - If no contact has O(email) and one has O(new_email), the contact was renamed before and nothing is sent. If neither exists, a contact
        is added with O(new_email).
      - If two different contacts have the two addresses, the task fails with Sentori's code 102.
      - Sentori's documentation does not say whether a suppression moves along with the address.
      - Only with O(state=present).
    type: str
  state_file:
    description:
      - With O(new_email), the state file of M(sentori.sentori.sentori_subscribers), which remembers who has left a mailing list. This moves along to
        the new address.
    type: path
seealso:
  - module: sentori.sentori.sentori_contacts
  - module: sentori.sentori.sentori_contact_info
"""

EXAMPLES = r"""
---
- name: Ensure Mary is a contact
  sentori.sentori.sentori_contact:
    email: mary@example.com
    fields:
      FirstName: Mary
      LastName: Example

- name: Change the address of Mary
  sentori.sentori.sentori_contact:
    email: mary@example.com
    new_email: mary.example@example.org

- name: Clear a field
  sentori.sentori.sentori_contact:
    email: mary.example@example.org
    fields:
      KnownAs: ""

- name: Delete the contact
  sentori.sentori.sentori_contact:
    email: mary.example@example.org
    state: absent
"""

RETURN = r"""
---
action:
  description:
    - What was done, or in check mode would be done. One of V(created), V(updated), V(deleted), V(unchanged), V(failed), V(in_doubt).
    - V(in_doubt) means that a response was lost, and that the contact could not be read afterwards. The task fails.
  type: str
  returned: when the contact could be read
  sample: updated
contact:
  description:
    - The contact with all its fields, as Sentori has it now.
    - In check mode as it would be, as far as that is known.
  type: dict
  returned: success, with O(state=present)
  sample:
    SystemID: 16382
    EmailAddress: mary@example.com
    FirstName: Mary
    LastName: Example
    IsSuppressed: false
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
from ansible_collections.sentori.sentori.plugins.module_utils._results import contact_result
from ansible_collections.sentori.sentori.plugins.module_utils.core.contacts.apply import apply_contact
from ansible_collections.sentori.sentori.plugins.module_utils.core.contacts.desired import desired_contact


def main():
    module = sentori_module(
        {
            "email": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "fields": {"type": "dict", "default": {}},
            "new_email": {"type": "str"},
            "state_file": {"type": "path"},
        }
    )

    def work(api):
        options = module.params
        desired = desired_contact(options["email"], options["state"], options["fields"], options["new_email"])
        memory = None
        if options["state_file"] is not None:
            # SQLite takes time to load, and few tasks need it.
            from ansible_collections.sentori.sentori.plugins.module_utils.core.memory.state_file import StateFile

            memory = StateFile(options["state_file"])
        return contact_result(apply_contact(api, desired, dry_run=module.check_mode, memory=memory))

    run_module(module, work)


if __name__ == "__main__":
    main()
