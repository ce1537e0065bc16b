#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_contact
short_description: Keep one Contact of Sentori present with its fields, renamed, or absent
version_added: 0.1.0
description:
  - Makes sure that a Contact is present in Sentori with the given fields, or absent.
  - The Contact is read first, and written only if something differs.
  - Adding a Contact subscribes it to no Mailing List.
author:
  - The sentori.sentori contributors (@sentori)
extends_documentation_fragment:
  - sentori.sentori.sentori
  - sentori.sentori.sentori.attributes
attributes:
  idempotent:
    support: partial
    details:
      - A value that Sentori stores otherwise than it was sent (for example cut to a length) differs at each run, and is sent each time.
        A warning names the field.
options:
  email:
    description:
      - The email address of the Contact. Case and surrounding blanks do not count when addresses are compared.
    type: str
    required: true
  state:
    description:
      - V(present) makes sure that the Contact is there, with O(fields) as given.
      - V(absent) deletes the Contact. Deleting is not suppressing, if the address is imported again later it can be
        mailed again. An entry in the Suppression List stays.
    type: str
    choices: [present, absent]
    default: present
  fields:
    description:
      - Contact Fields by their names in Sentori, such as V(FirstName), and the values that they are to have.
      - A field that is left out is left alone. Both null and an empty text mean blank.
      - Which fields there are differs from account to account, M(sentori.sentori.sentori_contact_structure_info) lists them.
      - A read-only field (V(SystemID), V(IsSuppressed), V(IsConfirmed), V(CreatedTimestamp) and the like) may be given with the value that it has,
        and is refused with any other.
      - Only with O(state=present).
    type: dict
    default: {}
  new_email:
    description:
      - The address that the Contact is to have from now on.
      - If no Contact has O(email) and one has O(new_email), the Contact counts as renamed already. If neither exists, it is created with O(new_email).
      - If two different Contacts have the two addresses, the task fails with Sentori's code 102.
      - Sentori's documentation does not say whether a suppression moves along with the address.
      - Only with O(state=present).
    type: str
seealso:
  - module: sentori.sentori.sentori_contacts
  - module: sentori.sentori.sentori_contact_info
"""

EXAMPLES = r"""
---
- name: Mary is a Contact, and this is her name
  sentori.sentori.sentori_contact:
    email: mary@example.com
    fields:
      FirstName: Mary
      LastName: Example

- name: Mary has a new address
  sentori.sentori.sentori_contact:
    email: mary@example.com
    new_email: mary.example@example.org

- name: Mary is known by no other name
  sentori.sentori.sentori_contact:
    email: mary.example@example.org
    fields:
      KnownAs: ""

- name: Mary is no Contact any more
  sentori.sentori.sentori_contact:
    email: mary.example@example.org
    state: absent
"""

RETURN = r"""
---
action:
  description:
    - What was done, or in check mode would be done. One of V(created), V(updated), V(deleted), V(unchanged), V(failed), V(in_doubt).
    - V(in_doubt) means that an answer was lost, and that the Contact could not be read afterwards. The task fails.
  type: str
  returned: when the Contact could be read
  sample: updated
contact:
  description:
    - The Contact with all its fields, as Sentori has it now.
    - In check mode as it would be, as far as that can be told.
  type: dict
  returned: success, with O(state=present)
  sample:
    SystemID: 16382
    EmailAddress: mary@example.com
    FirstName: Mary
    LastName: Example
    IsSuppressed: false
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

from ansible_collections.sentori.sentori.plugins.module_utils._module import run, sentori_module
from ansible_collections.sentori.sentori.plugins.module_utils._results import contact_result
from ansible_collections.sentori.sentori.plugins.module_utils.core.contacts.apply import Contacts
from ansible_collections.sentori.sentori.plugins.module_utils.core.contacts.desired import desired_contact


def main():
    module = sentori_module(
        {
            "email": {"type": "str", "required": True},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "fields": {"type": "dict", "default": {}},
            "new_email": {"type": "str"},
        }
    )

    def work(api):
        options = module.params
        desired = desired_contact(options["email"], options["state"], options["fields"], options["new_email"])
        return contact_result(Contacts(api).run([desired], dry_run=module.check_mode)[0])

    run(module, work)


if __name__ == "__main__":
    main()
