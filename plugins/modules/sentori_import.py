#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_import
short_description: Bring many Contacts into Sentori by its bulk import
version_added: 0.1.0
description:
  - Makes sure that the Contacts of a file, or of a list, are in Sentori with these fields, by its bulk import.
  - Contacts are read first, and only rows that differ are sent. A run in which all rows hold sends nothing.
  - No field is blanked by accident. Sentori fills what a row lacks with blanks, and blanks overwrite, so all rows of a request
    have the same fields, and a field that a row lacks is sent as the Contact has it.
  - Sentori answers with counters and names no rows. The counters are held against what was to be expected, and where they differ,
    the Contacts are read again to find out which rows are meant.
  - After a lost answer the Contacts are read before anything else is sent, for half a minute, since the import may still be
    running. Only if none of them has become as asked, the request is sent again, with a warning.
author:
  - The sentori.sentori contributors (@sentori)
extends_documentation_fragment:
  - sentori.sentori.sentori
  - sentori.sentori.sentori.many
  - sentori.sentori.sentori.attributes
attributes:
  action:
    description: Indicates this has a corresponding action plugin so some parts of the options can be executed on the controller.
    support: full
  async:
    description: Supports being used with the C(async) keyword.
    support: full
  idempotent:
    support: partial
    details:
      - With O(scope=all), or with O(compare=false), every valid row is sent at each run.
      - A row that Sentori excludes, for example a role-based address, is no change. It is sent at each run, unless O(state_file) knows it.
options:
  contacts:
    description:
      - The Contacts, as flat mappings of Contact Fields to values. Each needs V(EmailAddress).
    type: list
    elements: dict
  src:
    description:
      - A file on the target, CSV with a header (C(.csv)) or JSON Lines (C(.jsonl)), also compressed (C(.csv.gz), C(.jsonl.gz)).
      - It is read as it goes, and never held in memory as a whole.
    type: path
  columns:
    description:
      - Which column of O(src), or key of O(contacts), is which Contact Field, where the names differ.
    type: dict
    default: {}
  ignore_unmapped:
    description:
      - Whether columns that are no Contact Fields, and are not in O(columns), are left out. Otherwise they are refused.
    type: bool
    default: false
  delimiter:
    description:
      - What separates the columns of O(src), if that is a CSV file and it is not a comma.
    type: str
  encoding:
    description:
      - The encoding of O(src), if it is not UTF-8.
    type: str
  source_format:
    description:
      - The format of O(src), if its name does not tell.
    type: str
    choices: [csv, jsonl]
  name:
    description:
      - The name of the Upload Group that Sentori makes of what is imported.
    type: str
  description:
    description:
      - The description of the Upload Group.
    type: str
  scope:
    description:
      - V(changed) sends the rows that differ from what Sentori has.
      - V(all) sends every valid row, so that the Upload Group holds everybody. That always counts as a change.
    type: str
    choices: [changed, all]
    default: changed
  compare:
    description:
      - Whether the Contacts are read first. Without that every valid row is sent, rows of different fields go in different requests,
        and which row had which outcome is unknown where Sentori counts more than one.
    type: bool
    default: true
  on_blank:
    description:
      - What an empty cell means. V(keep) leaves the field alone, V(clear) makes it blank, V(error) refuses the row.
    type: str
    choices: [keep, clear, error]
    default: keep
  api_version:
    description:
      - Which of Sentori's imports is used. V(v1) is XML, and tells no Upload Group.
    type: str
    choices: [v2.0, v1]
    default: v2.0
  gzip_level:
    description:
      - How much the XML of O(api_version=v1) is compressed, from 1 to 9; 0 sends it as it is. 6 if not given.
    type: int
  chunk_size:
    description:
      - How many rows go in one request, at the most. Each request makes an Upload Group.
      - Sentori's documentation names no limit.
    type: int
    default: 10000
  attach_to:
    description:
      - The ExternalID of a Draft Email to which the Upload Groups are attached. Not with O(api_version=v1).
    type: str
  state_file:
    description:
      - A file on the target in which this task keeps which rows are known to be in Sentori. Later runs read only the Contacts whose
        row has changed since; an unchanged file takes no request at all.
      - It is made where there is none, for one account and one import. It holds keyed hashes, no address and no value.
      - What others change in Sentori is noticed only when a row is verified; see O(verify) and O(verify_after_days).
      - With O(scope=all) everybody is sent as ever, and the file is kept up to date.
      - With O(compare=false) rows that are not known are sent without a read.
    type: path
  verify:
    description:
      - Which Contacts are read with O(state_file). V(changed) are those whose row has changed, or was verified too long ago; V(all) are all.
    type: str
    choices: [changed, all]
    default: changed
  verify_after_days:
    description:
      - With O(state_file), after how many days a row that has not changed is verified again. 0 verifies each at every run. 7 if not given.
    type: float
  report:
    description:
      - A file on the target, JSON Lines. It gets a line for each row that was not simply created, updated or unchanged, and the summary at its end.
      - Not written in check mode.
    type: path
  report_addresses:
    description:
      - Whether the addresses in the report are complete. Otherwise they are redacted.
    type: bool
    default: false
  progress:
    description:
      - A file on the target that says in one line how far this task is, renewed each second. It is there while the task runs.
      - With C(-v), and with C(async) and a C(poll) above 0, the task makes one by itself, and Ansible shows the line each ten seconds,
        or as often as C(poll) says.
    type: path
  max_rejected:
    description:
      - How many rows Sentori may reject, and apart from them how many may be invalid. If there are more, the task fails after everything is done.
    type: int
  max_rejected_percent:
    description:
      - The same as a percentage of all rows, once there are O(min_rows).
    type: float
  min_rows:
    description:
      - How many rows there must be for O(max_rejected_percent) to apply; goes with that only.
    type: int
    default: 0
  diff_limit:
    description:
      - How many rows the diff and RV(rejected) show at the most.
    type: int
    default: 100
seealso:
  - module: sentori.sentori.sentori_contacts
  - module: sentori.sentori.sentori_upload_group
"""

EXAMPLES = r"""
---
- name: The customers are in Sentori
  sentori.sentori.sentori_import:
    contacts:
      - EmailAddress: mary@example.com
        FirstName: Mary
      - EmailAddress: john@example.com
        CompanyName: Example Ltd
    name: Customers
    max_rejected_percent: 5

- name: The newcomers are in Sentori, and the next run reads only whose row has changed
  sentori.sentori.sentori_import:
    src: "{{ playbook_dir }}/newcomers.csv"
    delimiter: ";"
    columns:
      mail: EmailAddress
      Vorname: FirstName
    ignore_unmapped: true
    state_file: "{{ playbook_dir }}/newcomers.state"
    report: "{{ playbook_dir }}/newcomers-report.jsonl"

- name: Everybody of the list gets the draft
  sentori.sentori.sentori_import:
    contacts:
      - mail: mary@example.com
      - mail: john@example.com
    columns:
      mail: EmailAddress
    scope: all
    attach_to: DRAFT001
"""

RETURN = r"""
---
summary:
  description:
    - How many rows there were, and how many had which outcome. Each row is in exactly one.
    - C(invalid) rows were refused by this module, C(rejected) ones by Sentori.
  type: dict
  returned: when rows could be read
  sample:
    total: 2
    created: 1
    updated: 0
    unchanged: 1
    suppressed_updated: 0
    bad_email_updated: 0
    duplicate: 0
    invalid: 0
    rejected: 0
    in_doubt: 0
    failed: 0
upload_groups:
  description: The ExternalIDs of the Upload Groups that were made, in order.
  type: list
  elements: str
  returned: when rows could be read
  sample: [1234ABCD]
rejected:
  description: The first rows that are not in Sentori as asked, O(diff_limit) at the most.
  type: list
  elements: dict
  returned: when rows could be read
  contains:
    place:
      description: Where the row is, such as C(line 7) or C(contacts[3]).
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
    reason:
      description: Why.
      type: str
      returned: always
    certainty:
      description: Whether that it is this row is known (V(exact)), V(inferred) from reading, or V(unknown).
      type: str
      returned: always
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

from ansible_collections.sentori.sentori.plugins.module_utils._import import import_result
from ansible_collections.sentori.sentori.plugins.module_utils._module import MANY_SPEC, run, sentori_module


def main():
    module = sentori_module(
        {
            "contacts": {"type": "list", "elements": "dict"},
            "src": {"type": "path"},
            "columns": {"type": "dict", "default": {}},
            "ignore_unmapped": {"type": "bool", "default": False},
            "delimiter": {"type": "str"},
            "encoding": {"type": "str"},
            "source_format": {"type": "str", "choices": ["csv", "jsonl"]},
            "name": {"type": "str"},
            "description": {"type": "str"},
            "scope": {"type": "str", "choices": ["changed", "all"], "default": "changed"},
            "compare": {"type": "bool", "default": True},
            "on_blank": {"type": "str", "choices": ["keep", "clear", "error"], "default": "keep"},
            "api_version": {"type": "str", "choices": ["v2.0", "v1"], "default": "v2.0"},
            "gzip_level": {"type": "int"},
            "chunk_size": {"type": "int", "default": 10000},
            "attach_to": {"type": "str"},
            "state_file": {"type": "path"},
            "verify": {"type": "str", "choices": ["changed", "all"], "default": "changed"},
            "verify_after_days": {"type": "float"},
            "report": {"type": "path"},
            "report_addresses": {"type": "bool", "default": False},
            "progress": {"type": "path"},
            "max_rejected": {"type": "int"},
            "max_rejected_percent": {"type": "float"},
            "min_rows": {"type": "int", "default": 0},
            "diff_limit": {"type": "int", "default": 100},
            **MANY_SPEC,
        },
        mutually_exclusive=[("contacts", "src")],
        required_one_of=[("contacts", "src")],
    )
    run(module, lambda api: import_result(api, module.params, dry_run=module.check_mode))


if __name__ == "__main__":
    main()
