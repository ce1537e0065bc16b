# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Start and stop a sandbox that runs in the background."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any


def start(arguments: Sequence[str]) -> dict[str, Any]:
    """Run ``serve`` with these arguments in a process of its own.

    Returns: what it prints when it is ready: ``{"url": ..., "api_key": ...}``.

    Raises:
        ValueError: it did not start; the message is its error message.
    """
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "sentori_sandbox", "serve", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None and process.stderr is not None
    ready = process.stdout.readline()
    if not ready:
        raise ValueError(process.stderr.read().strip().removeprefix("sentori-sandbox: "))
    return dict(json.loads(ready))


def stop(url: str) -> None:
    """Stop the sandbox at this URL.

    Raises:
        ValueError: no sandbox responds.
    """
    directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        request = urllib.request.Request(f"{url.rstrip('/')}/_sandbox/stop", method="POST")
        directly.open(request, timeout=10)
    except (OSError, HTTPException) as error:
        raise ValueError(f"--url: no sandbox responds at {url}: {error}") from None
