#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_subscribers
short_description: Manage the subscribers of a mailing list of Sentori
version_added: 0.1.0
description:
  - Subscribes many contacts to a mailing list, unsubscribes them, or has exactly these contacts on the list.
  - The list is read once before and, if something was sent, once after.
  - Contacts are only unsubscribed from this one list, and never suppressed.
  - An address that fails does not stop the others. The task fails at the end, and returns the results of all addresses.
  - A mailing list shows only subscribers that can be mailed. Sentori does not show whether a contact is on a list if the contact is suppressed,
    has a bad address or (depending on the account) is unconfirmed. Unsubscribing such a contact is C(unverifiable). The request is sent each
    time, and does not count as a change, because nothing that Sentori shows is different.
  - Check mode predicts C(subscribed) for an unconfirmed contact. If the list does not show such contacts, the real run returns C(unverifiable).
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
      - A request whose effect Sentori does not show is sent each time, and reported as unchanged.
options:
  mailing_list:
    description:
      - The mailing list, by its ExternalID, or by its exact name if only one list has it. An ExternalID saves one or two requests.
    type: str
    required: true
  emails:
    description:
      - The email addresses. The same address twice is an error.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(subscribed) subscribes the contacts to the list. An address that is suppressed, is bad or has no contact fails.
      - V(unsubscribed) unsubscribes the contacts from this one list.
    type: str
    choices: [subscribed, unsubscribed]
    default: subscribed
  exact:
    description:
      - Whether to unsubscribe all other subscribers that the list shows. A subscriber with a bad address is not shown, and stays.
      - Only with O(state=subscribed). Requires O(max_unsubscribes).
    type: bool
    default: false
  max_unsubscribes:
    description:
      - With O(exact=true), the maximum number of subscribers to unsubscribe, as a number or as a percentage of the list's subscribers such as V(5%).
      - If it would be more, nothing is sent, and the task fails.
    type: str
  allow_empty:
    description:
      - With O(exact=true), whether the list may become empty, because O(emails) is empty or none of its addresses can be subscribed.
    type: bool
    default: false
  create_missing:
    description:
      - Whether to add a contact first for an address that has none.
      - If an address turns out to be suppressed, the contact is added but not subscribed, and the task fails.
      - Only with O(state=subscribed).
    type: bool
    default: false
  diff_limit:
    description:
      - The maximum number of addresses on each side of the diff.
    type: int
    default: 100
seealso:
  - module: sentori.sentori.sentori_subscription
  - module: sentori.sentori.sentori_mailing_list_info
"""

EXAMPLES = r"""
---
- name: Subscribe people to the newsletter
  sentori.sentori.sentori_subscribers:
    mailing_list: NEWS2024
    emails:
      - hiro.tanaka@example.org
      - kim.park@example.com

- name: Have exactly these people on the list of events
  sentori.sentori.sentori_subscribers:
    mailing_list: Events
    emails:
      - carla.rossi@example.org
      - hiro.tanaka@example.org
    exact: true
    max_unsubscribes: 5%
"""

RETURN = r"""
---
results:
  description: The outcome of each address, in the order of O(emails), then of those that O(exact) unsubscribes, sorted.
  type: list
  elements: dict
  returned: when the list could be read
  contains:
    email:
      description: The address as it was given, without surrounding blanks.
      type: str
      returned: always
      sample: mary@example.com
    action:
      description: One of V(subscribed), V(unsubscribed), V(unchanged), V(unverifiable), V(failed), V(in_doubt).
      type: str
      returned: always
      sample: subscribed
    changed:
      description: Whether something was changed, or would be in check mode.
      type: bool
      returned: always
    added:
      description: Whether a contact was added first.
      type: bool
      returned: always
    msg:
      description: Why the address failed, or what is not known about it.
      type: str
      returned: when RV(results[].action) is V(failed) or V(in_doubt)
    code:
      description: Sentori's error code.
      type: int
      returned: when RV(results[].action) is V(failed) and there is one
summary:
  description: How many addresses have which outcome.
  type: dict
  returned: when the list could be read
  sample:
    total: 2
    subscribed: 1
    unsubscribed: 0
    unchanged: 1
    unverifiable: 0
    failed: 0
    in_doubt: 0
mailing_list:
  description: The ExternalID of the mailing list.
  type: str
  returned: when the list could be read
  sample: NEWS2024
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
from ansible_collections.sentori.sentori.plugins.module_utils._results import subscribers_result
from ansible_collections.sentori.sentori.plugins.module_utils.core.errors import InvalidInput
from ansible_collections.sentori.sentori.plugins.module_utils.core.lists.options import apply_subscribers

OPTIONS = {
    "mailing_list": {"type": "str", "required": True},
    "emails": {"type": "list", "elements": "str", "required": True},
    "state": {"type": "str", "choices": ["subscribed", "unsubscribed"], "default": "subscribed"},
    "exact": {"type": "bool", "default": False},
    "max_unsubscribes": {"type": "str"},
    "allow_empty": {"type": "bool", "default": False},
    "create_missing": {"type": "bool", "default": False},
}


def main():
    module = sentori_module(
        {**OPTIONS, "diff_limit": {"type": "int", "default": 100}, **MANY_SPEC},
        required_if=[("exact", True, ["max_unsubscribes"])],
    )

    def work(api):
        diff_limit, concurrency = module.params["diff_limit"], module.params["concurrency"]
        if diff_limit < 0:
            raise InvalidInput(f"{diff_limit} is below 0.", option="diff_limit")
        given = {option: module.params[option] for option in OPTIONS}
        outcomes, mailing_list = apply_subscribers(api, **given, concurrency=concurrency, dry_run=module.check_mode)
        return subscribers_result(outcomes, mailing_list, diff_limit)

    run_module(module, work)


if __name__ == "__main__":
    main()
