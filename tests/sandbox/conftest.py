# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""An HTTP client for the sandbox, independent of the core."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pytest
import requests
from sentori_sandbox import Sandbox


class Client:
    """Send requests to one sandbox over one connection, with the account's key."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.url = sandbox.url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["ApiKey"] = sandbox.api_key

    def send(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        return self.session.request(method, self.url + path, allow_redirects=False, timeout=10, **kwargs)

    def get(self, path: str, **kwargs: Any) -> requests.Response:
        return self.send("GET", path, **kwargs)

    def post(self, path: str, body: Any = None, **kwargs: Any) -> requests.Response:
        return self.send("POST", path, json=body, **kwargs)

    def contact(self, verb: str, *segments: str, body: Any = None) -> requests.Response:
        """Send ``contact/{verb}/{segment}/.../`` with percent-encoded segments."""
        path = "".join(f"{quote(segment, safe='')}/" for segment in segments)
        return self.send("GET" if verb == "get" else "POST", f"/v2.0/contact/{verb}/{path}", json=body)

    def subscribers(self, list_id: str) -> list[str]:
        return [row["EmailAddress"] for row in self.get(f"/v2.0/mailinglists/subscribers/{list_id}").json()]

    def import_rows(self, *rows: Mapping[str, Any], **more: Any) -> requests.Response:
        return self.post("/v2.0/contact/import/", {"Contacts": list(rows), **more})

    def import_xml(self, xml: str, zipped: bool = False, **headers: str) -> requests.Response:
        headers = {"Content-Type": "application/xml", **headers}
        body = xml.encode()
        if zipped:
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body)
        return self.send("POST", "/v1/contacts.asmx/Import", data=body, headers=headers)


@pytest.fixture
def client(sentori_sandbox: Sandbox) -> Iterator[Client]:
    """Return a client of this test's ``sentori_sandbox``."""
    client = Client(sentori_sandbox)
    yield client
    client.session.close()


@pytest.fixture
def connect() -> Callable[[Sandbox], Client]:
    """Return a function that creates a client of another sandbox."""
    return Client


@pytest.fixture
def demo(sentori_sandbox: Sandbox) -> Sandbox:
    """Return this test's sandbox with the demo seed."""
    sentori_sandbox.reset(seed="demo")
    return sentori_sandbox
