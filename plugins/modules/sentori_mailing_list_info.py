#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_mailing_list_info
short_description: Read the Mailing Lists of Sentori, and who is on them
version_added: 0.1.0
description:
  - Reads all Mailing Lists, or one, and on request their subscribers.
author:
  - The sentori.sentori contributors (@sentori)
extends_documentation_fragment:
  - sentori.sentori.sentori
  - sentori.sentori.sentori.info_attributes
options:
  mailing_list:
    description:
      - The Mailing List to read, by its ExternalID, or by its exact name if only one list has it.
      - Without it, all are read.
    type: str
  subscribers:
    description:
      - Whether to read who is on each list.
      - Sentori shows only who is subscribed and can be mailed, nobody who is suppressed or has a bad address.
    type: bool
    default: false
seealso:
  - module: sentori.sentori.sentori_subscribers
"""

EXAMPLES = r"""
---
- name: Which lists are there
  sentori.sentori.sentori_mailing_list_info:
  register: lists

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ lists.mailing_lists | map(attribute='Name') | list }}"

- name: Who reads the newsletter
  sentori.sentori.sentori_mailing_list_info:
    mailing_list: Monthly Newsletter
    subscribers: true
  register: newsletter
"""

RETURN = r"""
---
mailing_lists:
  description: The Mailing Lists.
  type: list
  elements: dict
  returned: success
  contains:
    ExternalID:
      description: The ID by which other modules find the list.
      type: str
      returned: always
      sample: NEWS2024
    Name:
      description: The name of the list.
      type: str
      returned: always
      sample: Monthly Newsletter
    Description:
      description: The description of the list.
      type: str
      returned: always
    subscribers:
      description: Who is subscribed and can be mailed, each with V(SystemID) and V(EmailAddress).
      type: list
      elements: dict
      returned: if O(subscribers=true)
      sample:
        - SystemID: 16382
          EmailAddress: mary@example.com
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
from ansible_collections.sentori.sentori.plugins.module_utils.core.lists.lookup import describe


def main():
    module = sentori_module({"mailing_list": {"type": "str"}, "subscribers": {"type": "bool", "default": False}})

    def work(api):
        lists = describe(api, module.params["mailing_list"])
        if module.params["subscribers"]:
            lists = [{**one, "subscribers": api.read_subscribers(one["ExternalID"], list)} for one in lists]
        return {"changed": False, "mailing_lists": lists}

    run(module, work)


if __name__ == "__main__":
    main()
