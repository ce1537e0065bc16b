#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: sentori_export
short_description: Write what Sentori knows to a file
version_added: 0.1.0
description:
  - Writes the subscribers of a mailing list, contacts by their addresses, the mailing lists, or the draft emails to a file on the target.
  - The file is replaced as a whole, and only if its content differs. Nobody ever sees half of it, and only its owner can read it.
  - If somebody cannot be read, the task fails, and the file stays as it was.
  - Sentori's API can list neither all contacts nor the Suppression List. To learn who is suppressed, read the contacts that you know by O(what=contacts).
author:
  - The sentori.sentori contributors (@sentori)
extends_documentation_fragment:
  - sentori.sentori.sentori
  - sentori.sentori.sentori.source
  - sentori.sentori.sentori.bulk
  - sentori.sentori.sentori.many
  - sentori.sentori.sentori.attributes
attributes:
  diff_mode:
    details:
      - The diff shows the lines that the file loses and gains, at most O(diff_limit) of each, and how many lines it has.
options:
  what:
    description:
      - V(subscribers) are those of O(mailing_list). Sentori shows only subscribers that can be mailed, no contact that is suppressed or has a bad address.
      - V(contacts) are the people of O(emails) or O(src), one row for each, also if there is no contact. The column C(email) has the address as you gave
        it, and C(exists) whether there is a contact.
      - V(mailing_lists) and V(draft_emails) are all of the account.
    type: str
    choices: [subscribers, contacts, mailing_lists, draft_emails]
    required: true
  dest:
    description:
      - The file to write, on the target. Its name says the format. CSV (C(.csv)) or JSON Lines (C(.jsonl)), both also compressed (C(.gz)).
      - The rows are sorted by SystemID, so that the same content is the same file.
    type: path
    required: true
  mailing_list:
    description:
      - The mailing list whose subscribers are read, by its ExternalID, or by its exact name if only one list has it.
      - Required if O(what=subscribers).
    type: str
  emails:
    description:
      - The email addresses of the contacts to read, with O(what=contacts). An address that an earlier item has is C(duplicate).
    type: list
    elements: str
  fields:
    description:
      - The contact fields to read, or V(all).
      - With O(what=contacts), all are read if this is not given.
      - With O(what=subscribers), only SystemID and EmailAddress are read if this is not given. Otherwise the contact of each subscriber is read.
    type: list
    elements: str
  safe_for_spreadsheets:
    description:
      - Whether a cell of CSV that a spreadsheet would run as a formula gets a C(') in front. These cells begin with C(=), C(+), C(-), C(@), a tab or a
        carriage return.
      - Phone numbers that begin with C(+) get it, too. Leave it off for programs.
    type: bool
    default: false
seealso:
  - module: sentori.sentori.sentori_contact_info
  - module: sentori.sentori.sentori_mailing_list_info
"""

EXAMPLES = r"""
---
- name: Write the subscribers of the newsletter to a file
  sentori.sentori.sentori_export:
    what: subscribers
    mailing_list: Monthly Newsletter
    dest: newsletter.csv

- name: Write them with some of their fields, compressed
  sentori.sentori.sentori_export:
    what: subscribers
    mailing_list: Monthly Newsletter
    fields: [FirstName, LastName, CompanyName]
    dest: newsletter.jsonl.gz

- name: Write which of our people can still be mailed
  sentori.sentori.sentori_export:
    what: contacts
    emails:
      - ada.lovelace@example.com
      - kim.park@example.com
      - nobody@example.com
    fields: [IsSuppressed, IsBadEmailAddress]
    dest: people.csv
    safe_for_spreadsheets: true
"""

RETURN = r"""
---
dest:
  description: The file.
  type: str
  returned: when everybody could be read
  sample: /home/ops/newsletter.csv
state:
  description: What is at O(dest), such as V(file), or V(absent) in check mode.
  type: str
  returned: when everybody could be read
  sample: file
mode:
  description: The permissions of the file.
  type: str
  returned: if the file exists
  sample: "0600"
owner:
  description: The owner of the file.
  type: str
  returned: if the file exists
  sample: ops
group:
  description: The group of the file.
  type: str
  returned: if the file exists
  sample: ops
uid:
  description: The ID of its owner.
  type: int
  returned: if the file exists
  sample: 1000
gid:
  description: The ID of its group.
  type: int
  returned: if the file exists
  sample: 1000
size:
  description: Its size in bytes.
  type: int
  returned: if the file exists
  sample: 1520
rows:
  description: The number of rows in the file.
  type: int
  returned: when everybody could be read
  sample: 2
fields:
  description: The columns of the file.
  type: list
  elements: str
  returned: when everybody could be read
  sample: [SystemID, EmailAddress]
complete:
  description: Whether everybody was read but those whose addresses were refused (C(invalid) and C(rejected)).
  type: bool
  returned: when Sentori could be read
  sample: true
summary:
  description:
    - How many rows have which outcome.
    - C(missing) people have no contact.
    - C(invalid) addresses were refused by this module, C(rejected) ones by Sentori.
  type: dict
  returned: when Sentori could be read
  sample:
    total: 3
    exported: 2
    missing: 1
    duplicate: 0
    invalid: 0
    rejected: 0
    failed: 0
columns:
  description: What became of the columns of O(src).
  type: dict
  returned: when Sentori could be read
  contains:
    mapped:
      description: The field that each column was read as.
      type: dict
      returned: always
      sample:
        mail: EmailAddress
    ignored:
      description: All other columns. Only addresses are used.
      type: list
      elements: str
      returned: always
      sample: [Notes]
problems:
  description: The first 100 people who are not in the file. Rows that failed come first, then rejected and invalid ones, then duplicates.
  type: list
  elements: dict
  returned: when Sentori could be read
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
      description: One of V(invalid), V(rejected), V(duplicate), V(failed).
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
      description: Always V(exact).
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

from ansible_collections.sentori.sentori.plugins.module_utils._bulk import BULK_SPEC, SOURCE_SPEC, BulkTask
from ansible_collections.sentori.sentori.plugins.module_utils._module import MANY_SPEC, run_module, sentori_module
from ansible_collections.sentori.sentori.plugins.module_utils._shows import FileDiff
from ansible_collections.sentori.sentori.plugins.module_utils.core.exports.difference import difference
from ansible_collections.sentori.sentori.plugins.module_utils.core.exports.file import LocalFile, save_to_file
from ansible_collections.sentori.sentori.plugins.module_utils.core.exports.file_form import form_of
from ansible_collections.sentori.sentori.plugins.module_utils.core.exports.run import export
from ansible_collections.sentori.sentori.plugins.module_utils.core.exports.selection import CONTACTS, WHAT, Selection
from ansible_collections.sentori.sentori.plugins.module_utils.core.runs.options import check_only_with
from ansible_collections.sentori.sentori.plugins.module_utils.core.runs.outcome import OF_EXPORTS


def main():
    module = sentori_module(
        {
            "what": {"type": "str", "choices": list(WHAT), "required": True},
            "dest": {"type": "path", "required": True},
            "mailing_list": {"type": "str"},
            "emails": {"type": "list", "elements": "str"},
            "fields": {"type": "list", "elements": "str"},
            "safe_for_spreadsheets": {"type": "bool", "default": False},
            **SOURCE_SPEC,
            **BULK_SPEC,
            **MANY_SPEC,
        },
        mutually_exclusive=[("emails", "src")],
        required_if=[("what", "subscribers", ["mailing_list"]), ("what", "contacts", ["emails", "src"], True)],
    )
    run_module(module, lambda api: work(api, module.params, module.check_mode, module._diff))


def work(api, given, dry_run, shows_diff):
    selection = Selection(given["what"], given["mailing_list"], given["fields"])
    of_people = selection.what == CONTACTS
    check_only_with(of_people, "what: contacts", emails=given["emails"] is not None, src=given["src"] is not None)
    form = form_of(given["dest"], safe_for_spreadsheets=given["safe_for_spreadsheets"])
    shows = FileDiff(given["dest"])
    task = BulkTask(given, OF_EXPORTS, shows, dry_run)
    file = LocalFile(given["dest"])
    saved = {}

    def save(snapshot):
        saved.update(dest=given["dest"], rows=len(snapshot), fields=snapshot.columns)
        if shows_diff:
            limit = 0 if given["redact_results"] else given["diff_limit"]
            shows.sides = difference(snapshot, file, form, limit)
        return save_to_file(snapshot, file, form, dry_run=dry_run)

    with task.progress() as progress:
        done = export(
            api,
            selection,
            (lambda: task.rows("emails")) if of_people else None,
            task.recorder(),
            save,
            concurrency=given["concurrency"],
            progress=progress,
        )
    return task.result(done, **saved)


if __name__ == "__main__":
    main()
