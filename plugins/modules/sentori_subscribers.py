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
  - The list is read once before and, if something was sent, once after. O(exact) subscribes first, then removes, and reads after each of the two.
  - Contacts are only unsubscribed from this one list, and never suppressed.
  - An address that is invalid, a duplicate, rejected or not mailable never stops the others. See O(max_rejected) for when the task fails at the end.
  - A contact that is suppressed or has a bad address is not subscribed. It is C(not_mailable), which is not a failure.
  - A mailing list shows only subscribers that can be mailed. Sentori does not show whether a contact is on a list if the contact is suppressed,
    has a bad address or (depending on the account) is unconfirmed. Unsubscribing such a contact is C(unverifiable). The request is sent each
    time, and does not count as a change, because nothing that Sentori shows is different.
  - Check mode predicts C(subscribed) for an unconfirmed contact. If the list does not show such contacts, the real run returns C(unverifiable).
author:
  - The sentori.sentori contributors (@sentori)
extends_documentation_fragment:
  - sentori.sentori.sentori
  - sentori.sentori.sentori.source
  - sentori.sentori.sentori.source_size
  - sentori.sentori.sentori.bulk
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
      - The email addresses. An address that an earlier item has is C(duplicate), and not applied again.
    type: list
    elements: str
  state:
    description:
      - V(subscribed) subscribes the contacts to the list. An address without a contact is C(rejected), unless O(create_missing) adds the contact.
      - V(unsubscribed) unsubscribes the contacts from this one list.
    type: str
    choices: [subscribed, unsubscribed]
    default: subscribed
  exact:
    description:
      - Whether to unsubscribe all other subscribers that the list shows. A subscriber with a bad address is not shown, and stays.
      - Nobody is unsubscribed if more of the given addresses could not be placed (invalid, rejected, failed, in doubt) than O(max_rejected) allows,
        because they may be subscribers in another spelling.
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
      - With O(exact=true), whether the list may become empty, because no address is given or none can be subscribed.
    type: bool
    default: false
  create_missing:
    description:
      - Whether to add a contact first for an address that has none.
      - If an address turns out to be suppressed, the contact is added but not subscribed.
      - Only with O(state=subscribed).
    type: bool
    default: false
  state_file:
    description:
      - A file on the target in which this task remembers who is on the list after each run, so that a person who leaves the list is not put back on it.
        Such an address is C(left), until the list shows it again or O(rejoin) names it. This is not a failure.
      - The first run remembers who is on the list. The file is made if it does not exist, for one account. Several lists and other modules can share it.
        It contains keyed hashes, and no address.
      - Without it, a person who has left the list by the link in an e-mail is subscribed again, as an ordinary change, because Sentori does not show who
        has left.
    type: path
  departures:
    description:
      - With O(state_file), whether people who have left the list stay off it (V(respect)), or are subscribed again (V(ignore)).
    type: str
    choices: [respect, ignore]
    default: respect
  rejoin:
    description:
      - With O(state_file), addresses of people who have left the list and asked to come back.
    type: list
    elements: str
    default: []
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

- name: Subscribe people, but nobody who has left the list
  sentori.sentori.sentori_subscribers:
    mailing_list: NEWS2024
    emails:
      - hiro.tanaka@example.org
      - kim.park@example.com
    state_file: sentori-newsletter.db
"""

RETURN = r"""
---
results:
  description: The outcome of each address, in the order of O(emails), then of those that O(exact) unsubscribes, sorted.
  type: list
  elements: dict
  returned: if O(emails) is given, and the list could be read
  contains:
    email:
      description: The address as it was given, without surrounding blanks.
      type: str
      returned: always
      sample: mary@example.com
    action:
      description:
        - One of V(subscribed), V(unsubscribed), V(unchanged), V(unverifiable), V(not_mailable), V(left), V(duplicate), V(invalid), V(rejected),
          V(in_doubt), V(failed).
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
      description: The reason, for an address that is not as desired, or that O(exact) removed.
      type: str
      returned: if there is one
    code:
      description: Sentori's error code.
      type: int
      returned: if there is one
complete:
  description: Whether everything was done but what was refused (C(invalid) and C(rejected)). A later run would do no more.
  type: bool
  returned: when the list could be read
  sample: true
summary:
  description:
    - How many addresses have which outcome. Each has exactly one.
    - C(not_mailable) addresses are suppressed or bad, and were not subscribed. C(invalid) addresses were refused by this module, C(rejected) ones
      by Sentori.
  type: dict
  returned: when the list could be read
  sample:
    total: 2
    subscribed: 1
    unsubscribed: 0
    unchanged: 1
    unverifiable: 0
    not_mailable: 0
    left: 0
    duplicate: 0
    invalid: 0
    rejected: 0
    in_doubt: 0
    failed: 0
columns:
  description:
    - What became of the columns of the source.
    - A column that is ignored, but has nearly the name of a contact field, is a warning.
  type: dict
  returned: when the list could be read
  contains:
    mapped:
      description: The field that each column was read as.
      type: dict
      returned: always
      sample:
        mail: EmailAddress
        FirstName: FirstName
    ignored:
      description: All other columns. Only addresses are used.
      type: list
      elements: str
      returned: always
      sample: [Notes]
problems:
  description: The first 100 rows that are not as desired. Rows that failed or are in doubt come first, then rejected and invalid ones, then others.
  type: list
  elements: dict
  returned: when the list could be read
  contains:
    place:
      description: The place of the row, such as C(line 7) or C(emails[3]).
      type: str
      returned: always
    email:
      description: The address.
      type: str
      returned: always
    outcome:
      description: One of V(not_mailable), V(left), V(invalid), V(rejected), V(duplicate), V(failed), V(in_doubt).
      type: str
      returned: always
    code:
      description: Sentori's error code.
      type: int
      returned: if there is one
    reason:
      description: The reason.
      type: str
      returned: always
    certainty:
      description: Whether the outcome of this row is known (V(exact)), V(inferred) from reading, or V(unknown).
      type: str
      returned: always
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

from ansible_collections.sentori.sentori.plugins.module_utils._bulk import BULK_SPEC, SIZE_SPEC, SOURCE_SPEC, BulkTask
from ansible_collections.sentori.sentori.plugins.module_utils._module import MANY_SPEC, run_module, sentori_module
from ansible_collections.sentori.sentori.plugins.module_utils._shows import Items, ListDiff, subscriber_entry
from ansible_collections.sentori.sentori.plugins.module_utils.core.lists.bulk import apply_subscribers
from ansible_collections.sentori.sentori.plugins.module_utils.core.runs.outcome import OF_SUBSCRIPTIONS

OPTIONS = {
    "mailing_list": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["subscribed", "unsubscribed"], "default": "subscribed"},
    "exact": {"type": "bool", "default": False},
    "max_unsubscribes": {"type": "str"},
    "allow_empty": {"type": "bool", "default": False},
    "create_missing": {"type": "bool", "default": False},
    "state_file": {"type": "path"},
    "departures": {"type": "str", "choices": ["respect", "ignore"], "default": "respect"},
    "rejoin": {"type": "list", "elements": "str", "default": []},
}


def main():
    module = sentori_module(
        {
            "emails": {"type": "list", "elements": "str"},
            **OPTIONS,
            **SOURCE_SPEC,
            **SIZE_SPEC,
            **BULK_SPEC,
            **MANY_SPEC,
        },
        mutually_exclusive=[("emails", "src")],
        required_one_of=[("emails", "src")],
        required_if=[("exact", True, ["max_unsubscribes"])],
    )
    run_module(module, lambda api: work(api, module.params, module.check_mode))


def work(api, given, dry_run):
    shows = Items(ListDiff(given["diff_limit"]), subscriber_entry if given["src"] is None else None)
    task = BulkTask(given, OF_SUBSCRIPTIONS, shows, dry_run, f"subscribers {given['mailing_list']}")
    with task.progress() as progress:
        recorder = task.recorder()
        mailing_list = apply_subscribers(
            api,
            open_rows=lambda: task.rows("emails"),
            recorder=recorder,
            thresholds=task.thresholds,
            concurrency=given["concurrency"],
            progress=progress,
            dry_run=dry_run,
            memory=task.memory,
            **{option: given[option] for option in OPTIONS if option != "state_file"},
        )
    return task.result(recorder.result, mailing_list=mailing_list, **shows.result())


if __name__ == "__main__":
    main()
