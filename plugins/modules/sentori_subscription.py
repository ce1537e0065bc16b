#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_subscription
short_description: Keep one address on a Mailing List of Sentori, off it, or suppressed
version_added: 0.1.0
description:
  - Makes sure that a Contact is on a Mailing List, or off it, or that an address is never mailed again.
  - What is so already is read first, and nothing is sent that is not needed.
  - Sentori shows of a Mailing List only who is subscribed and can be mailed. Whether a Contact that is suppressed, has a bad address, or
    (depending on the account) is unconfirmed is on a list cannot be seen. Taking such a Contact off a list is C(unverifiable). The call is sent each time,
    and counts as no change, since nothing that Sentori shows is different.
  - Check mode foretells C(subscribed) for an unconfirmed Contact. Where the list does not show such Contacts, the real run says C(unverifiable).
author:
  - The sentori.sentori contributors (@sentori)
extends_documentation_fragment:
  - sentori.sentori.sentori
  - sentori.sentori.sentori.attributes
attributes:
  idempotent:
    support: partial
    details:
      - A call whose effect Sentori shows nobody is sent each time, and reported as unchanged.
options:
  email:
    description:
      - The email address.
    type: str
    required: true
  mailing_list:
    description:
      - The Mailing List, by its ExternalID, or by its exact name if only one list has it. An ExternalID saves one or two requests.
      - Required with O(state=subscribed) and O(state=unsubscribed), refused with O(state=suppressed).
    type: str
  state:
    description:
      - V(subscribed) makes sure that the Contact is on the list. Somebody who is suppressed or has a bad address is never subscribed, the task fails.
      - V(unsubscribed) makes sure that the Contact is off this one list.
      - V(suppressed) unsubscribes the address from everything, for good, whether it has a Contact or not. Nothing in Sentori's API takes this back.
    type: str
    choices: [subscribed, unsubscribed, suppressed]
    default: subscribed
  create_missing:
    description:
      - Whether an address without a Contact is added as one first.
      - If it turns out to be suppressed, it is added but not subscribed, and the task fails.
      - Only with O(state=subscribed).
    type: bool
    default: false
seealso:
  - module: sentori.sentori.sentori_subscribers
  - module: sentori.sentori.sentori_mailing_list_info
"""

EXAMPLES = r"""
---
- name: Carla reads the newsletter
  sentori.sentori.sentori_subscription:
    email: carla.rossi@example.org
    mailing_list: Monthly Newsletter

- name: Hiro does not want offers
  sentori.sentori.sentori_subscription:
    email: hiro.tanaka@example.org
    mailing_list: OFFR2024
    state: unsubscribed

- name: Kim must never be mailed again
  sentori.sentori.sentori_subscription:
    email: kim.park@example.com
    state: suppressed
"""

RETURN = r"""
---
action:
  description:
    - What was done, or in check mode would be done. One of V(subscribed), V(unsubscribed), V(suppressed), V(unchanged), V(unverifiable),
      V(failed), V(in_doubt).
    - V(unverifiable) means that the call was sent, or would be, and that Sentori does not show whether it had an effect.
  type: str
  returned: when the address could be looked up
  sample: subscribed
mailing_list:
  description: The ExternalID of the Mailing List.
  type: str
  returned: when the address could be looked up, unless O(state=suppressed)
  sample: NEWS2024
added:
  description: Whether a Contact was added first.
  type: bool
  returned: when the address could be looked up, unless O(state=suppressed)
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
from ansible_collections.sentori.sentori.plugins.module_utils._results import subscription_result
from ansible_collections.sentori.sentori.plugins.module_utils.core.lists.options import apply_subscription


def main():
    module = sentori_module(
        {
            "email": {"type": "str", "required": True},
            "mailing_list": {"type": "str"},
            "state": {"type": "str", "choices": ["subscribed", "unsubscribed", "suppressed"], "default": "subscribed"},
            "create_missing": {"type": "bool", "default": False},
        },
        required_if=[("state", "subscribed", ["mailing_list"]), ("state", "unsubscribed", ["mailing_list"])],
    )

    def work(api):
        given = {option: module.params[option] for option in ("email", "mailing_list", "state", "create_missing")}
        return subscription_result(*apply_subscription(api, **given, dry_run=module.check_mode))

    run(module, work)


if __name__ == "__main__":
    main()
