#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_import
short_description: Import many contacts into Sentori
version_added: 0.1.0
description:
  - Imports the contacts of a file or of a list by Sentori's bulk import.
  - Contacts are read first, and only rows that differ are sent. A run in which all rows are up to date sends nothing.
  - No field is blanked by accident. Sentori treats a missing field as blank, and blanks overwrite. Therefore all rows of a request
    have the same fields, and a field that a row lacks is sent with the contact's current value.
  - Sentori returns counters and names no rows. The counters are compared with the predicted outcomes. If they differ, contacts are read
    again to find the rows that are meant.
  - After a lost response the contacts are read before anything else is sent, several times in up to half a minute, because the import
    may still be running. The request is sent again, with a warning, only if no contact has changed.
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
      - With O(scope=all), or with O(compare=false), every valid row is sent at each run.
      - A row that Sentori excludes, for example a role-based address, does not count as a change. It is sent at each run, unless O(state_file) knows it.
options:
  contacts:
    description:
      - The contacts, as flat mappings of contact fields to values. Each needs V(EmailAddress).
    type: list
    elements: dict
  ignore_unmapped:
    description:
      - Whether columns that are not contact fields, and are not in O(columns), are left out. Otherwise they are refused.
    type: bool
    default: false
  name:
    description:
      - The name of the upload group that Sentori makes of the imported rows.
    type: str
  description:
    description:
      - The description of the upload group.
    type: str
  scope:
    description:
      - V(changed) sends the rows that differ from what Sentori has.
      - V(all) sends every valid row, so that the upload group contains all of them. This always counts as a change.
    type: str
    choices: [changed, all]
    default: changed
  compare:
    description:
      - Whether the contacts are read first. Otherwise every valid row is sent, rows with different fields are sent in different requests,
        and it is unknown which row has which outcome if Sentori counts several.
    type: bool
    default: true
  on_blank:
    description:
      - What an empty cell does. V(keep) leaves the field unchanged, V(clear) clears it, V(error) makes the row invalid.
    type: str
    choices: [keep, clear, error]
    default: keep
  api_version:
    description:
      - The version of Sentori's import. V(v1) is XML, and returns no upload group.
    type: str
    choices: [v2.0, v1]
    default: v2.0
  gzip_level:
    description:
      - The compression of the XML of O(api_version=v1), from 1 to 9; 0 sends it uncompressed. 6 if not given.
    type: int
  chunk_size:
    description:
      - The maximum number of rows of a request. Each request makes an upload group.
      - Sentori's documentation names no limit.
    type: int
    default: 10000
  attach_to:
    description:
      - The draft email to which the upload groups are attached, by its ExternalID, or by its exact name if only one has it. Not with O(api_version=v1).
    type: str
  state_file:
    description:
      - A file on the target in which this task remembers the rows that Sentori has. Later runs read only the contacts of
        changed rows; an unchanged file takes no request at all.
      - The file is made if it does not exist, for one account and one import. It contains keyed hashes, no address and no value.
      - M(sentori.sentori.sentori_suppressions) can share the file. People that it has erased are then C(not_mailable), and not imported again.
      - Changes that others make in Sentori are noticed only when a row is verified; see O(verify) and O(verify_after_days).
      - With O(scope=all) every row is sent, and the file is kept up to date.
      - With O(compare=false) rows that the file does not contain are sent without a read.
    type: path
  verify:
    description:
      - Which contacts are read with O(state_file). V(changed) means contacts whose row has changed, or is due by O(verify_after_days); V(all) means all.
    type: str
    choices: [changed, all]
    default: changed
  verify_after_days:
    description:
      - With O(state_file), in how many days every unchanged row is verified once. With V(7), a seventh of the rows is due each day.
      - V(0) verifies every row at each run. If not given, 7.
    type: float
seealso:
  - module: sentori.sentori.sentori_contacts
  - module: sentori.sentori.sentori_upload_group
"""

EXAMPLES = r"""
---
- name: Import customers
  sentori.sentori.sentori_import:
    contacts:
      - EmailAddress: mary@example.com
        FirstName: Mary
      - EmailAddress: john@example.com
        CompanyName: Example Ltd
    name: Customers
    max_rejected: 5%

- name: Import a file, and remember its rows for the next run
  sentori.sentori.sentori_import:
    src: "{{ playbook_dir }}/newcomers.csv"
    delimiter: ";"
    columns:
      mail: EmailAddress
      Vorname: FirstName
    ignore_unmapped: true
    state_file: "{{ playbook_dir }}/newcomers.state"
    report: "{{ playbook_dir }}/newcomers-report.jsonl"

- name: Attach all rows of a list to a draft
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
complete:
  description: Whether everything was done but what was refused (C(invalid) and C(rejected)). A later run would do no more.
  type: bool
  returned: when rows could be read
  sample: true
summary:
  description:
    - How many rows have which outcome. Each row has exactly one.
    - C(invalid) rows were refused by this module, C(rejected) rows by Sentori.
  type: dict
  returned: when rows could be read
  sample:
    total: 2
    created: 1
    updated: 0
    unchanged: 1
    suppressed_updated: 0
    bad_email_updated: 0
    unverifiable: 0
    not_mailable: 0
    duplicate: 0
    invalid: 0
    rejected: 0
    in_doubt: 0
    failed: 0
counters:
  description: Sentori's own counters, added up over all requests of this task. Empty if nothing was sent.
  type: dict
  returned: when rows could be read
  sample:
    TotalRows: 1
    EmailableRowsCreated: 1
    EmailableRowsUpdated: 0
    SuppressedUpdated: 0
    BadEmailUpdated: 0
    ExcludedDuplicates: 0
    ExcludedInvalidEmail: 0
    ExcludedRoleBased: 0
upload_groups:
  description: The ExternalIDs of the upload groups that were made, in order.
  type: list
  elements: str
  returned: when rows could be read
  sample: [1234ABCD]
columns:
  description:
    - What became of the columns of the source.
    - A column that is ignored, but has nearly the name of a contact field, is a warning.
  type: dict
  returned: when rows could be read
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
  description: The first 100 rows that Sentori does not have as desired. Rows that failed or are in doubt come first, then rejected and invalid ones.
  type: list
  elements: dict
  returned: when rows could be read
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
      description: One of V(not_mailable), V(invalid), V(rejected), V(duplicate), V(failed), V(in_doubt).
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

from dataclasses import fields

from ansible_collections.sentori.sentori.plugins.module_utils._bulk import BULK_SPEC, SIZE_SPEC, SOURCE_SPEC, BulkTask
from ansible_collections.sentori.sentori.plugins.module_utils._module import MANY_SPEC, run_module, sentori_module
from ansible_collections.sentori.sentori.plugins.module_utils._shows import RowDiff
from ansible_collections.sentori.sentori.plugins.module_utils.core.imports.options import ImportOptions
from ansible_collections.sentori.sentori.plugins.module_utils.core.imports.run import import_rows
from ansible_collections.sentori.sentori.plugins.module_utils.core.runs.outcome import OF_IMPORTS


def main():
    module = sentori_module(
        {
            "contacts": {"type": "list", "elements": "dict"},
            "ignore_unmapped": {"type": "bool", "default": False},
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
    task = BulkTask(given, OF_IMPORTS, RowDiff(given["diff_limit"]), dry_run, "import")
    named = {field.name: given[field.name] for field in fields(ImportOptions) if field.name in given}
    options = ImportOptions(**named, memory=task.memory)
    with task.progress() as progress:
        done = import_rows(
            api,
            lambda schema: task.rows("contacts", schema),
            options,
            task.recorder(),
            progress=progress,
            dry_run=dry_run,
        )
    return task.result(done, counters=dict(done.counters), upload_groups=done.upload_groups)


if __name__ == "__main__":
    main()
