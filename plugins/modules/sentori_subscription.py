#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_subscription
short_description: Subscribe, unsubscribe or suppress one address in Sentori
version_added: 0.1.0
description:
  - Subscribes a contact to a mailing list, unsubscribes it, or suppresses an address for good.
  - The current state is read first, and nothing is sent if it is already up to date.
  - A person who has left the list by the link in an e-mail is subscribed again, because Sentori does not show who has left. To leave such people alone, use
    M(sentori.sentori.sentori_subscribers) with its O(ignore:state_file).
  - A mailing list shows only subscribers that can be mailed. Sentori does not show whether a contact is on a list if the contact is suppressed,
    has a bad address or (depending on the account) is unconfirmed. Unsubscribing such a contact is C(unverifiable). The request is sent each
    time, and does not count as a change, because nothing that Sentori shows is different.
  - Check mode predicts C(subscribed) for an unconfirmed contact. If the list does not show such contacts, the real run returns C(unverifiable).
author:
  - The sentori.sentori contributors (@sentori)
extends_documentation_fragment:
  - sentori.sentori.sentori
  - sentori.sentori.sentori.attributes
attributes:
  idempotent:
    support: partial
    details:
      - A request whose effect Sentori does not show is sent each time, and reported as unchanged.
options:
  email:
    description:
      - The email address.
    type: str
    required: true
  mailing_list:
    description:
      - The mailing list, by its ExternalID, or by its exact name if only one list has it. An ExternalID saves one or two requests.
      - Required with O(state=subscribed) and O(state=unsubscribed), refused with O(state=suppressed).
    type: str
  state:
    description:
      - V(subscribed) subscribes the contact to the list. An address that is suppressed or bad is never subscribed. The task fails.
      - V(unsubscribed) unsubscribes the contact from this one list.
      - V(suppressed) unsubscribes the address from everything, for good, whether it has a contact or not. Nothing in Sentori's API reverts this.
    type: str
    choices: [subscribed, unsubscribed, suppressed]
    default: subscribed
  create_missing:
    description:
      - Whether to add a contact first if the address has none.
      - If the address turns out to be suppressed, the contact is added but not subscribed, and the task fails.
      - Only with O(state=subscribed).
    type: bool
    default: false
seealso:
  - module: sentori.sentori.sentori_subscribers
  - module: sentori.sentori.sentori_mailing_list_info
"""

EXAMPLES = r"""
---
- name: Subscribe Carla to the newsletter
  sentori.sentori.sentori_subscription:
    email: carla.rossi@example.org
    mailing_list: Monthly Newsletter

- name: Unsubscribe Hiro from offers
  sentori.sentori.sentori_subscription:
    email: hiro.tanaka@example.org
    mailing_list: OFFR2024
    state: unsubscribed

- name: Suppress the address of Kim for good
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
    - V(unverifiable) means that the request was sent, or would be, and that Sentori does not show its effect.
  type: str
  returned: when the address could be looked up
  sample: subscribed
mailing_list:
  description: The ExternalID of the mailing list.
  type: str
  returned: when the address could be looked up, unless O(state=suppressed)
  sample: NEWS2024
added:
  description: Whether a contact was added first.
  type: bool
  returned: when the address could be looked up, unless O(state=suppressed)
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

    run_module(module, work)


if __name__ == "__main__":
    main()
