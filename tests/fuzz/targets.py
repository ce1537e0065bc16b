# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Everything that reads or writes foreign bytes, by name, and the inputs to begin with."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import answers
import sources
import writers

Target = Callable[[bytes], None]

CASES = Path(__file__).parents[1] / "core" / "rows" / "cases"

TARGETS: dict[str, Target] = {
    target.__name__: target
    for target in (
        sources.csv,
        sources.csv_with_a_delimiter,
        sources.json_array,
        sources.json_lines,
        sources.addresses,
        answers.contact,
        answers.json_document,
        answers.json_stream,
        answers.counters,
        answers.xml_template,
        answers.retry_after,
        answers.redirect,
        answers.http_response,
        writers.xml,
        writers.json_text,
        writers.path,
        writers.header,
        writers.redactor,
        writers.address,
    )
}
# What a mutation is to begin with, so that it gets beyond the first bytes.
SEEDS: dict[str, list[bytes]] = {
    "json_array": [b'[{"EmailAddress": "a@b.de", "IsMember": true}, {"EmailAddress": null, "P": 1.5e3}]'],
    "json_lines": [b'{"EmailAddress": "a@b.de"}\n\n{"EmailAddress": "c@d.de", "P": -0}\n', b"\xef\xbb\xbf{}"],
    "addresses": [b"# people\na@b.de\n\n<c@d.de>\nmailto:e@f.de\n"],
    "contact": [
        b'\0{"SystemID": 16382, "EmailAddress": "joe@example.com", "FirstName": "Jo\\u00eb"}',
        b'\7{"Code": "101", "Message": "Contact not found"}',
        b'\0[{"ExternalID": "NEWS", "Name": "News"}]',
        b"\0<html>",
    ],
    "json_document": [b'{"a": [1, -2.5e3, NaN, "\\ud83d\\ude00", null], "b": {"c": true}}'],
    "json_stream": [b'\5[{"SystemID": "1", "EmailAddress": "a@b.de"}, {"SystemID": 2, "EmailAddress": "},{"},]'],
    "counters": [
        b'{"TotalRows": 3, "EmailableRowsCreated": 1, "EmailableRowsUpdated": 2, "SuppressedUpdated": 0,'
        b' "BadEmailUpdated": 0, "ExcludedDuplicates": 0, "ExcludedInvalidEmail": 0, "ExcludedRoleBased": 0}',
        b"Total-Rows: 3\r\nRows-To-Create: 1\r\nRows-To-Update: 2\r\nIn-Suppression-List: 0\r\n"
        b"Invalid-Duplicates: 0\r\nInvalid-Emails: 0\r\n\r\n",
    ],
    "xml_template": [b"<Contacts><Contact><EmailAddress>Email Address</EmailAddress></Contact></Contacts>"],
    "retry_after": [b"120", b"Wed, 21 Oct 2026 07:28:00 GMT"],
    "redirect": [b"https://user:pass@[::1]:443/a?b#c", b"//elsewhere.example/"],
    "http_response": [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}"),
    ],
    "xml": [b"a@b.de\xffJo & <b>\xffc@d.de\xff]]>\r\n"],
    "redactor": [b"joe@example.com", b"a b@c", b'%40"<>'],
    "path": [b"joe+tag/../x@example.com", "j\uff0fe@example.com".encode(), b"NEWS2026\xff../x"],
    "header": [b"https://api.example/a\r\nX: y", b"http://[::1", b"0123-key"],
    "address": [b"joe@example.com\xffJoe <joe@example.com>\xff\xff"],
}


def seeds(name: str) -> list[bytes]:
    """The inputs to begin with; for files of CSV those of the tests of sources."""
    files = [path.read_bytes() for path in sorted(CASES.iterdir())] if name.startswith("csv") else []
    if name == "csv_with_a_delimiter":
        files = [b";" + data for data in files]
    return [*SEEDS.get(name, []), *files]
