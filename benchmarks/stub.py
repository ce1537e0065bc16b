# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""A server that answers at once, and counts rows instead of keeping them: what is measured is the client.

``stub.py``: prints its port, and serves until it is ended.
"""

from __future__ import annotations

import gzip
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STRUCTURE = {"FirstName": "string", "LastName": "string", "CompanyName": "string"}
COUNTERS = ("EmailableRowsCreated", "EmailableRowsUpdated", "SuppressedUpdated", "BadEmailUpdated")
EXCLUDED = ("ExcludedDuplicates", "ExcludedInvalidEmail", "ExcludedRoleBased")
V1 = ("Emailable-Rows-Created", "Emailable-Rows-Updated", "Suppressed-Rows-Updated", "Bad-Email-Address-Rows-Updated")
V1_EXCLUDED = ("Excluded-Duplicates", "Excluded-Invalid-Emails", "Excluded-Role-Based")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self._answer(STRUCTURE, {})

    def do_POST(self) -> None:
        body = self._body()
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        if ".asmx/" in self.path:
            rows = body.count(b"<Contact>")
            counts = {"Total-Rows": rows, **dict.fromkeys([*V1, *V1_EXCLUDED], 0), V1[0]: rows}
            self._answer(None, {name: str(count) for name, count in counts.items()})
            return
        rows = body.count(b'"EmailAddress"')
        counts = {"TotalRows": rows, **dict.fromkeys([*COUNTERS, *EXCLUDED], 0), COUNTERS[0]: rows}
        self._answer({**counts, "UploadGroupExternalID": "1234ABCD"}, {})

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"]))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _answer(self, value: object, headers: dict[str, str]) -> None:
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(200)
        for name, text in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
