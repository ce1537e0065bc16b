# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is the same in the documentation of all modules, and of lookups."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  api_key:
    description:
      - The API key of the Sentori account, a GUID. Find it in Sentori under Settings, API.
      - If not given, the environment variable E(SENTORI_API_KEY) of the host where the task runs is used. One of the two is required.
    type: str
  url:
    description:
      - The URL of Sentori.
      - If not given, the environment variable E(SENTORI_URL) is used.
    type: str
    default: https://api.sentoriapp.com
  timeout:
    description:
      - Seconds to wait for a connection, and again for the headers of a response. As a whole it may take ten times that.
      - If not given, the environment variable E(SENTORI_TIMEOUT) is used.
    type: float
    default: 30.0
  max_wait:
    description:
      - Seconds that the whole task may wait for Sentori when something goes wrong, including pauses between tries and requests without a response.
      - If not given, the environment variable E(SENTORI_MAX_WAIT) is used.
    type: float
    default: 60.0
  validate_certs:
    description:
      - Whether the TLS certificate of O(url) is verified.
      - If not given, the environment variable E(SENTORI_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - A file or a folder, on the target, with the certificates of the authorities to trust instead of the system's.
      - If not given, the environment variables E(SENTORI_CA_PATH), E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE) are used, in this order.
    type: path
  allow_http:
    description:
      - Whether the API key may be sent unencrypted, by C(http://), to a host other than the target itself.
      - If not given, the environment variable E(SENTORI_ALLOW_HTTP) is used.
    type: bool
    default: false
  redact_results:
    description:
      - Whether results, diffs and the arguments in the result have addresses only as C(m***@example.com), and no values of fields.
      - For logs of jobs that are kept. Registered variables are redacted too.
    type: bool
    default: false
requirements:
  - Python 3.9 or later on the target
  - requests
notes:
  - Proxies are taken from the environment (E(HTTPS_PROXY), E(NO_PROXY)). A C(.netrc) is never read, and no redirect is followed.
"""

    LOOKUP = r"""
options:
  api_key:
    description:
      - The API key of the Sentori account, a GUID. Find it in Sentori under Settings, API.
      - Required, in one of these ways.
    type: str
    env:
      - name: SENTORI_API_KEY
    vars:
      - name: sentori_api_key
  url:
    description:
      - The URL of Sentori.
    type: str
    default: https://api.sentoriapp.com
    env:
      - name: SENTORI_URL
    vars:
      - name: sentori_url
  timeout:
    description:
      - Seconds to wait for a connection, and again for the headers of a response. As a whole it may take ten times that.
    type: float
    default: 30.0
    env:
      - name: SENTORI_TIMEOUT
    vars:
      - name: sentori_timeout
  max_wait:
    description:
      - Seconds that the whole lookup may wait for Sentori when something goes wrong.
    type: float
    default: 60.0
    env:
      - name: SENTORI_MAX_WAIT
    vars:
      - name: sentori_max_wait
  validate_certs:
    description:
      - Whether the TLS certificate of O(url) is verified.
    type: bool
    default: true
    env:
      - name: SENTORI_VALIDATE_CERTS
    vars:
      - name: sentori_validate_certs
  ca_path:
    description:
      - A file or a folder, on the controller, with the certificates of the authorities to trust instead of the system's.
    type: path
    env:
      - name: SENTORI_CA_PATH
    vars:
      - name: sentori_ca_path
  allow_http:
    description:
      - Whether the API key may be sent unencrypted, by C(http://), to a host other than the controller itself.
    type: bool
    default: false
    env:
      - name: SENTORI_ALLOW_HTTP
    vars:
      - name: sentori_allow_http
requirements:
  - requests, on the controller
"""

    MANY = r"""
options:
  concurrency:
    description:
      - The maximum number of requests at once.
    type: int
    default: 8
  requests_per_second:
    description:
      - The maximum number of requests started in a second.
      - Without it there is no limit. Sentori's documentation names none.
    type: float
"""

    SOURCE = r"""
options:
  src:
    description:
      - A file on the target. CSV with a header (C(.csv), C(.tsv)), JSON Lines (C(.jsonl), C(.ndjson)), a JSON array of objects (C(.json)), or one address
        a line (C(.txt)). Each can also be compressed by gzip.
      - The file is streamed, and never held in memory as a whole.
      - A row that does not fit the header of CSV, or that is not a JSON object, is C(invalid), and does not stop the others. Rows without any value
        are left out.
      - Warnings name columns whose values a spreadsheet has changed, such as a number in scientific notation.
        A row with C(#N/A) or another such error of a spreadsheet is C(invalid).
    type: path
  columns:
    description:
      - Column of the source to contact field, where the names differ. One must be V(EmailAddress).
    type: dict
    default: {}
  delimiter:
    description:
      - The character between the columns of O(src), if it is a CSV file.
      - If not given, a first line such as C(sep=;) tells it. Otherwise it is the one of comma, semicolon, tab and C(|) by which the header has the column
        with the addresses.
    type: str
  encoding:
    description:
      - The encoding of O(src), if it is not UTF-8. If the file begins with a byte order mark, that tells the encoding.
    type: str
  source_format:
    description:
      - The format of O(src), if its name does not tell.
    type: str
    choices: [csv, jsonl, json, txt]
  strip:
    description:
      - Whether blanks and invisible characters are removed at the ends of the names and cells of O(src), if it is a CSV file, and C(="0012") is read as
        C(0012).
      - Addresses are always stripped.
    type: bool
    default: true
"""

    SOURCE_SIZE = r"""
options:
  min_source_rows:
    description:
      - The fewest rows that the source may have. With fewer rows nothing is sent, and the task fails.
      - The rows are counted before anything is sent. A file is read once more for that.
    type: int
  max_source_drop:
    description:
      - By how many rows the source may be smaller than in the last successful run, as a number or as a percentage of its rows then such as V(10%).
        With fewer rows nothing is sent, and the task fails.
      - Only with O(state_file), which remembers the number for this module and mailing list. Give sources of different size state files of their own.
    type: str
"""

    BULK = r"""
options:
  max_rejected:
    description:
      - How many rows may be invalid or rejected, as a number or as a percentage of all rows such as V(1%).
      - Such a row never stops the others. If there are more, the task fails after everything is done and the report is complete.
      - Rows that failed or are in doubt always fail the task.
    type: str
    default: "0"
  report:
    description:
      - A file on the target for a report as JSON Lines. It has a line for each row that was not simply done, and a summary as its last line.
      - Only its owner can read it. Not written in check mode.
    type: path
  report_addresses:
    description:
      - Whether the report contains whole addresses. Otherwise they are redacted.
    type: bool
    default: false
  rejects:
    description:
      - A file on the target for the rows that are invalid, rejected, failed or in doubt, as they are in the source, with the reason in C(_reason).
      - It has the format, the columns, the delimiter and the encoding of O(src), and can be given as O(src) when it is corrected.
      - Only its owner can read it. Not written in check mode.
    type: path
  progress:
    description:
      - A file on the target that shows the progress of this task in one line, updated each second, while the task runs.
      - With C(-v), and with C(async) and a C(poll) above 0, the task makes such a file by itself, and Ansible shows the line each ten seconds,
        or at the interval of C(poll).
    type: path
  diff_limit:
    description:
      - The maximum number of rows in the diff, on each side.
    type: int
    default: 100
attributes:
  action:
    description: Indicates this has a corresponding action plugin so some parts of the options can be executed on the controller.
    support: full
  async:
    description: Supports being used with the C(async) keyword.
    support: full
"""

    ATTRIBUTES = r"""
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying target.
    support: full
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check_mode), when in diff mode.
    support: full
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
    support: full
  action_group:
    description: Use C(group/sentori.sentori.sentori) in C(module_defaults) to set the connection options for all modules.
    support: full
    membership:
      - sentori.sentori.sentori
"""

    INFO_ATTRIBUTES = r"""
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying target.
    support: full
    details:
      - This module only reads.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check_mode), when in diff mode.
    support: N/A
    details:
      - This module only reads.
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second invocation indicates no change.
    support: full
    details:
      - This module only reads.
  action_group:
    description: Use C(group/sentori.sentori.sentori) in C(module_defaults) to set the connection options for all modules.
    support: full
    membership:
      - sentori.sentori.sentori
"""
