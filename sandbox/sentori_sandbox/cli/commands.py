# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The commands of ``sentori-sandbox``; each takes the parsed options."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..assumptions import TABLE
from ..control import connection_environment
from ..sandbox import Sandbox
from . import background

UNSET = f"unset {' '.join(connection_environment('', ''))}"


def serve(options: argparse.Namespace) -> None:
    """Run a sandbox until a signal; print one line of JSON when it is ready."""
    sandbox = Sandbox(
        seed=options.seed,
        api_key=options.api_key,
        assume=dict(_assignment(text) for text in options.assume),
        db=options.db,
        host=options.host,
        port=options.port,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sandbox.stop())
    with sandbox:
        print(json.dumps({"url": sandbox.url, "api_key": sandbox.api_key}), flush=True)
        sandbox.wait()


def start(options: argparse.Namespace) -> None:
    """Start a sandbox in the background and print its exports."""
    ready = background.start(options.given[1:])
    _print_exports(ready["url"], ready["api_key"])


def stop(options: argparse.Namespace) -> None:
    """Stop a sandbox and print a command that unsets its exports."""
    url = options.url or os.environ.get("SENTORI_URL")
    if not url:
        raise ValueError("--url: not given, and SENTORI_URL is not set. Give one of them")
    background.stop(url)
    print(UNSET)


def env(options: argparse.Namespace) -> None:
    """Print exports for a URL and a key, or for the line that ``serve`` printed."""
    url, api_key = options.url, options.api_key
    if url is None and api_key is None:
        ready = _ready_line(options.ready_line)
        url, api_key = ready["url"], ready["api_key"]
    elif url is None or api_key is None:
        missing, given = ("--url", "--api-key") if url is None else ("--api-key", "--url")
        raise ValueError(f"{missing}: required together with {given}")
    _print_exports(url, api_key)


def assumptions(options: argparse.Namespace) -> None:
    """Print the table of assumptions."""
    for line in _markdown() if options.markdown else _listing():
        print(line)


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"--assume: {text!r} has no '='. Write NAME=VALUE")
    return name, value


def _print_exports(url: str, api_key: str) -> None:
    for name, value in connection_environment(url, api_key).items():
        print(f"export {name}={shlex.quote(value)}")


def _ready_line(source: str) -> dict[str, Any]:
    if source == "-" and sys.stdin.isatty():
        raise ValueError(
            "--url: not given. Give --url and --api-key, or the line that `serve` printed: "
            "sentori-sandbox serve > sandbox.json & ... sentori-sandbox env --from sandbox.json"
        )
    text = sys.stdin.readline() if source == "-" else Path(source).read_text("utf-8")
    try:
        ready = json.loads(text)
        return {"url": ready["url"], "api_key": ready["api_key"]}
    except (ValueError, TypeError, KeyError):
        raise ValueError(
            f"--from: {source} does not contain the line that `serve` prints when it is ready, "
            f"but {text!r}"
        ) from None


def _listing() -> Iterator[str]:
    for assumption in TABLE:
        yield f"{assumption.name}: {assumption.question}"
        for value, meaning in assumption.values.items():
            mark = " (default)" if value == assumption.default else ""
            yield f"    {value}{mark}: {meaning}"


def _markdown() -> Iterator[str]:
    yield "| assumption | open question | values (the first is the default) |"
    yield "|---|---|---|"
    for assumption in TABLE:
        values = "<br>".join(
            f"`{value}`: {meaning}" for value, meaning in assumption.values.items()
        )
        yield f"| `{assumption.name}` | {assumption.question} | {values} |"
