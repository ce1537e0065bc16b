#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_suppressions
short_description: Suppress many addresses in Sentori for good, or erase people
version_added: 0.1.0
description:
  - Suppresses many addresses for good, so that they are never mailed again, whether they have a contact or not. Or erases people, see O(state=erased).
  - Nothing in Sentori's API takes a suppression back. Therefore O(max_suppressions) limits how many addresses may be newly suppressed.
  - Contacts are read first, all of them before the first address is sent. An address whose contact is suppressed already is unchanged.
  - Sentori does not show whether an address without a contact is suppressed. Suppressing it is C(unverifiable), and counts as no change. The request is
    sent at each run, unless O(state_file) remembers it.
  - An address that is invalid, a duplicate, rejected or failed never stops the others. It fails the task at the end, because an opt-out that could not be
    registered must be seen by somebody. See O(max_rejected).
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
      - An address without a contact is sent at each run, and reported as no change, unless O(state_file) remembers it.
options:
  emails:
    description:
      - The email addresses. An address that an earlier item has is C(duplicate).
    type: list
    elements: str
  state:
    description:
      - V(suppressed) puts the addresses on the Suppression List for good, and takes them off every mailing list.
      - V(erased) suppresses each address first, so that no later import can mail the person, then deletes the contact, and reads that it is gone.
        The Suppression List keeps the address.
    type: str
    choices: [suppressed, erased]
    default: suppressed
  max_suppressions:
    description:
      - How many addresses may be newly suppressed or erased, as a number or as a percentage of all rows such as V(1%).
      - If it would be more, nothing is sent, and the task fails.
      - Required with O(src), if that has more than one address.
    type: str
  state_file:
    description:
      - A file on the target in which this task remembers which addresses are suppressed or erased, so that later runs neither read nor send them again.
      - The file is made if it does not exist, for one account. It contains keyed hashes, and no address. Imports can share it, and then do not bring an
        erased person back.
      - If somebody takes an address off the Suppression List in Sentori, delete the file.
    type: path
seealso:
  - module: sentori.sentori.sentori_subscription
  - module: sentori.sentori.sentori_subscribers
"""

EXAMPLES = r"""
---
- name: Suppress the people who opted out
  sentori.sentori.sentori_suppressions:
    emails:
      - kim.park@example.com
      - opted.out@example.net

- name: Suppress the addresses of a file
  sentori.sentori.sentori_suppressions:
    src: opted-out.txt
    max_suppressions: 1%
    state_file: sentori-opted-out.db

- name: Forget a person who asked for it
  sentori.sentori.sentori_suppressions:
    emails:
      - mary@example.com
    state: erased
    report: erasures.jsonl
"""

RETURN = r"""
---
results:
  description: The outcome of each address, in the order of O(emails).
  type: list
  elements: dict
  returned: if O(emails) is given, and the contacts could be read
  contains:
    email:
      description: The address as it was given, without surrounding blanks.
      type: str
      returned: always
      sample: mary@example.com
    action:
      description:
        - One of V(suppressed), V(erased), V(unchanged), V(unverifiable), V(duplicate), V(invalid), V(rejected), V(in_doubt), V(failed).
      type: str
      returned: always
      sample: suppressed
    changed:
      description: Whether something that Sentori shows was changed, or would be in check mode.
      type: bool
      returned: always
    msg:
      description: The reason, for an address that is not as desired.
      type: str
      returned: if there is one
    code:
      description: Sentori's error code.
      type: int
      returned: if there is one
complete:
  description: Whether everything was done but what was refused (C(invalid) and C(rejected)). A later run would do no more.
  type: bool
  returned: when the contacts could be read
  sample: true
summary:
  description:
    - How many addresses have which outcome. Each has exactly one.
    - C(invalid) addresses were refused by this module, C(rejected) ones by Sentori.
  type: dict
  returned: when the contacts could be read
  sample:
    total: 2
    suppressed: 1
    erased: 0
    unchanged: 0
    unverifiable: 1
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
  returned: when the contacts could be read
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
  returned: when the contacts could be read
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
      description: One of V(invalid), V(rejected), V(duplicate), V(failed), V(in_doubt).
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
from ansible_collections.sentori.sentori.plugins.module_utils._shows import Items, RowDiff, entry
from ansible_collections.sentori.sentori.plugins.module_utils.core.runs.outcome import OF_SUPPRESSIONS
from ansible_collections.sentori.sentori.plugins.module_utils.core.suppressions.bulk import apply_suppressions


def main():
    module = sentori_module(
        {
            "emails": {"type": "list", "elements": "str"},
            "state": {"type": "str", "choices": ["suppressed", "erased"], "default": "suppressed"},
            "max_suppressions": {"type": "str"},
            "state_file": {"type": "path"},
            **SOURCE_SPEC,
            **SIZE_SPEC,
            **BULK_SPEC,
            **MANY_SPEC,
        },
        mutually_exclusive=[("emails", "src")],
        required_one_of=[("emails", "src")],
    )
    run_module(module, lambda api: work(api, module.params, module.check_mode))


def work(api, given, dry_run):
    in_file = given["src"] is not None
    shows = Items(RowDiff(given["diff_limit"]), None if in_file else entry)
    task = BulkTask(given, OF_SUPPRESSIONS, shows, dry_run, "suppressions")
    with task.progress() as progress:
        done = apply_suppressions(
            api,
            lambda: task.rows("emails"),
            task.recorder(),
            state=given["state"],
            max_suppressions=given["max_suppressions"],
            is_counted=not in_file,
            memory=task.memory,
            concurrency=given["concurrency"],
            progress=progress,
            dry_run=dry_run,
        )
    return task.result(done, **shows.result())


if __name__ == "__main__":
    main()
