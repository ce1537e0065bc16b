#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_contacts
short_description: Manage many contacts of Sentori
version_added: 0.1.0
description:
  - Adds, updates or deletes each contact of a list or of a file, by requests of its own.
  - Contacts are read first, a thousand at a time and several at once, and only those that differ are written.
  - An item that is invalid, a duplicate, rejected or failed never stops the others. See O(max_rejected) for when the task fails at the end.
  - No upload group is made.
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
      - A value that Sentori changes when it stores it (for example, cuts to a length) differs at each run, and is sent each time.
        A warning names the field.
options:
  contacts:
    description:
      - The contacts, as flat mappings of contact fields to values. Each needs V(EmailAddress).
      - Fields that are left out stay unchanged. Both null and an empty text mean blank.
      - The contacts that M(sentori.sentori.sentori_contact_info) returns can be given unchanged.
      - An address that an earlier item has is C(duplicate), and not applied again.
    type: list
    elements: dict
  state:
    description:
      - V(present) adds or updates the contacts.
      - V(absent) deletes the contacts. Fields other than V(EmailAddress) are ignored. This does not suppress the addresses.
    type: str
    choices: [present, absent]
    default: present
  on_blank:
    description:
      - What a blank value does. V(keep) leaves the field unchanged, V(clear) clears it, V(error) makes the item invalid.
      - If not given, V(clear) for O(contacts), where somebody has written it, and V(keep) for O(src).
    type: str
    choices: [keep, clear, error]
  ignore_unmapped:
    description:
      - Whether columns of O(src) that are not contact fields, and are not in O(columns), are left out. Otherwise they are refused.
    type: bool
    default: false
  state_file:
    description:
      - A file on the target in which this task remembers how many rows there were, for O(max_source_drop). It can be the one of other tasks.
      - The file is made if it does not exist, for one account.
    type: path
seealso:
  - module: sentori.sentori.sentori_contact
  - module: sentori.sentori.sentori_contact_info
"""

EXAMPLES = r"""
---
- name: Ensure these people are contacts
  sentori.sentori.sentori_contacts:
    contacts:
      - EmailAddress: mary@example.com
        FirstName: Mary
      - EmailAddress: john@example.com
        FirstName: John
        CompanyName: Example Ltd

- name: Delete contacts
  sentori.sentori.sentori_contacts:
    contacts:
      - EmailAddress: john@example.com
    state: absent
"""

RETURN = r"""
---
results:
  description: The outcome of each item, in the order of O(contacts).
  type: list
  elements: dict
  returned: if O(contacts) is given, and the contacts could be read
  contains:
    email:
      description: The address as it was given, without surrounding blanks.
      type: str
      returned: always
      sample: mary@example.com
    action:
      description: One of V(created), V(updated), V(deleted), V(unchanged), V(duplicate), V(invalid), V(rejected), V(in_doubt), V(failed).
      type: str
      returned: always
      sample: updated
    changed:
      description: Whether the contact was changed, or would be in check mode.
      type: bool
      returned: always
    fields:
      description: The names of the fields that were set or changed.
      type: list
      elements: str
      returned: always
      sample: [FirstName]
    msg:
      description: The reason, for an item that is not as desired.
      type: str
      returned: if there is one
    code:
      description: Sentori's own error code.
      type: int
      returned: if there is one
complete:
  description: Whether everything was done but what was refused (C(invalid) and C(rejected)). A later run would do no more.
  type: bool
  returned: when the contacts could be read
  sample: true
summary:
  description:
    - How many items have which outcome. Each has exactly one.
    - C(invalid) items were refused by this module, C(rejected) items by Sentori.
  type: dict
  returned: when the contacts could be read
  sample:
    total: 2
    created: 0
    updated: 1
    deleted: 0
    unchanged: 1
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
      description: The columns that were left out by O(ignore_unmapped).
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
      description: The place of the row, such as C(line 7) or C(contacts[3]).
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
from ansible_collections.sentori.sentori.plugins.module_utils._shows import ContactDiff, Items, contact_entry
from ansible_collections.sentori.sentori.plugins.module_utils.core.contacts.bulk import apply_contacts
from ansible_collections.sentori.sentori.plugins.module_utils.core.runs.outcome import OF_CONTACTS


def main():
    module = sentori_module(
        {
            "contacts": {"type": "list", "elements": "dict"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "on_blank": {"type": "str", "choices": ["keep", "clear", "error"]},
            "ignore_unmapped": {"type": "bool", "default": False},
            "state_file": {"type": "path"},
            **SOURCE_SPEC,
            **SIZE_SPEC,
            **BULK_SPEC,
            **MANY_SPEC,
        },
        mutually_exclusive=[("contacts", "src")],
        required_one_of=[("contacts", "src")],
    )
    run_module(module, lambda api: work(api, module.params, module.check_mode))


def work(api, given, dry_run):
    in_file = given["src"] is not None
    shows = Items(ContactDiff(given["diff_limit"]), None if in_file else contact_entry)
    task = BulkTask(given, OF_CONTACTS, shows, dry_run, "contacts")
    with task.progress() as progress:
        done = apply_contacts(
            api,
            lambda schema: task.rows("contacts", schema if in_file else None),
            task.recorder(),
            state=given["state"],
            memory=task.memory,
            on_blank=given["on_blank"] or ("keep" if in_file else "clear"),
            concurrency=given["concurrency"],
            progress=progress,
            dry_run=dry_run,
        )
    return task.result(done, **shows.result())


if __name__ == "__main__":
    main()
