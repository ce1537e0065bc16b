#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_contact_structure_info
short_description: Read the contact fields of an account of Sentori
version_added: 0.1.0
description:
  - Reads the contact fields that can be written in this account, including custom fields.
author:
  - The sentori.sentori contributors (@sentori)
extends_documentation_fragment:
  - sentori.sentori.sentori
  - sentori.sentori.sentori.info_attributes
seealso:
  - module: sentori.sentori.sentori_contact
"""

EXAMPLES = r"""
---
- name: Read the contact fields
  sentori.sentori.sentori_contact_structure_info:
  register: structure

- name: Show their names
  ansible.builtin.debug:
    var: structure.fields
"""

RETURN = r"""
---
structure:
  description: An example of a contact, as Sentori returns it.
  type: dict
  returned: success
  sample:
    EmailAddress: string
    FirstName: string
    IsBadEmailAddress: false
fields:
  description: The names of the fields, sorted, and their types as the example shows them.
  type: list
  elements: dict
  returned: success
  contains:
    name:
      description: The name of the field.
      type: str
      returned: always
      sample: FirstName
    type:
      description: One of V(text), V(boolean), V(number).
      type: str
      returned: always
      sample: text
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
from ansible_collections.sentori.sentori.plugins.module_utils.core.fields import kind_of


def main():
    def work(api):
        structure = api.contact_structure()
        fields = [{"name": name, "type": kind_of(structure[name])} for name in sorted(structure)]
        return {"changed": False, "structure": structure, "fields": fields}

    run_module(sentori_module({}), work)


if __name__ == "__main__":
    main()
