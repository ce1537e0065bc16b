#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_mailing_list_info
short_description: Read the mailing lists of Sentori and their subscribers
version_added: 0.1.0
description:
  - Reads all mailing lists, or one, and on request their subscribers.
author:
  - The sentori.sentori contributors (@sentori)
extends_documentation_fragment:
  - sentori.sentori.sentori
  - sentori.sentori.sentori.info_attributes
options:
  mailing_list:
    description:
      - The mailing list to read, by its ExternalID, or by its exact name if only one list has it.
      - Without it, all are read.
    type: str
  subscribers:
    description:
      - Whether to read the subscribers of each list.
      - Sentori shows only subscribers that can be mailed, no contact that is suppressed or has a bad address.
      - They are all in the result. For a long list, write them to a file with M(sentori.sentori.sentori_export).
    type: bool
    default: false
  max_subscribers:
    description:
      - With O(subscribers=true), the task fails if a list has more subscribers than this, because a result is held in memory, and shown, several times.
      - Write a longer list to a file with M(sentori.sentori.sentori_export).
    type: int
    default: 10000
seealso:
  - module: sentori.sentori.sentori_export
  - module: sentori.sentori.sentori_subscribers
"""

EXAMPLES = r"""
---
- name: Read all mailing lists
  sentori.sentori.sentori_mailing_list_info:
  register: lists

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ lists.mailing_lists | map(attribute='Name') | list }}"

- name: Read the subscribers of the newsletter
  sentori.sentori.sentori_mailing_list_info:
    mailing_list: Monthly Newsletter
    subscribers: true
  register: newsletter
"""

RETURN = r"""
---
mailing_lists:
  description: The mailing lists.
  type: list
  elements: dict
  returned: success
  contains:
    ExternalID:
      description: The ID of the list, for other modules.
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
      description: The subscribers that can be mailed, each with V(SystemID) and V(EmailAddress).
      type: list
      elements: dict
      returned: if O(subscribers=true)
      sample:
        - SystemID: 16382
          EmailAddress: mary@example.com
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

from itertools import islice

from ansible_collections.sentori.sentori.plugins.module_utils._module import run_module, sentori_module
from ansible_collections.sentori.sentori.plugins.module_utils.core.api.subscribers import read_subscribers
from ansible_collections.sentori.sentori.plugins.module_utils.core.errors import InvalidInput
from ansible_collections.sentori.sentori.plugins.module_utils.core.lists.lookup import describe


def main():
    module = sentori_module(
        {
            "mailing_list": {"type": "str"},
            "subscribers": {"type": "bool", "default": False},
            "max_subscribers": {"type": "int", "default": 10000},
        }
    )

    def work(api):
        limit = module.params["max_subscribers"]
        lists = describe(api, module.params["mailing_list"])
        if module.params["subscribers"]:
            lists = [{**one, "subscribers": subscribers(api, one["ExternalID"], limit)} for one in lists]
        return {"changed": False, "mailing_lists": lists}

    run_module(module, work)


def subscribers(api, mailing_list, limit):
    found = read_subscribers(api, mailing_list, lambda stream: list(islice(stream, limit + 1)))
    if len(found) > limit:
        message = (
            f"mailing list {mailing_list} has more than {limit} subscribers. Use sentori_export, or raise this limit."
        )
        raise InvalidInput(message, option="max_subscribers")
    return found


if __name__ == "__main__":
    main()
