# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""``sentori-sandbox``: the sandbox as a process of its own."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from . import background
from .assumptions import TABLE
from .sandbox import Sandbox, environment

_UNSET = f"unset {' '.join(environment('', ''))}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns: the exit code: 0, or 2 where it was not called as it can be."""
    given = sys.argv[1:] if arguments is None else arguments
    code = _run(given)
    if code and "start" in given[:1]:
        # Whoever evaluates this must not go on with what led to the real Sentori.
        print(f"{_UNSET}; false")
    return code


def _run(given: Sequence[str]) -> int:
    parser = _parser()
    try:
        options = parser.parse_args(given, argparse.Namespace(given=given))
        options.run(options)
    except SystemExit as ended:
        return int(ended.code or 0)
    except (ValueError, OSError, OverflowError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sentori-sandbox", description="A stand-in for the Sentori HTTP API."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="answer requests until SIGINT or SIGTERM")
    serve.set_defaults(run=_serve)
    start = commands.add_parser(
        "start", help="serve in the background, and print what `env` prints"
    )
    start.set_defaults(run=_start)
    for command in (serve, start):
        _add_options_of_serve(command)
    stop = commands.add_parser("stop", help="end what `start` started")
    stop.add_argument("--url", help="of the sandbox (default: SENTORI_URL of the environment)")
    stop.set_defaults(run=_stop)
    env = commands.add_parser("env", help="print shell exports for Ansible and Airflow")
    env.add_argument("--url", help="of the sandbox")
    env.add_argument("--api-key", help="that opens its account")
    env.add_argument(
        "--from",
        dest="ready_line",
        metavar="FILE",
        default="-",
        help="where the line that `serve` printed is, when no --url is given (default: stdin)",
    )
    env.set_defaults(run=_env)
    assumptions = commands.add_parser("assumptions", help="list what --assume can switch")
    assumptions.add_argument("--markdown", action="store_true", help="as the table of the docs")
    assumptions.set_defaults(run=_assumptions)
    return parser


def _add_options_of_serve(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--host", default="127.0.0.1", help="(default: %(default)s)")
    serve.add_argument("--port", type=int, default=0, help="0, the default, picks one")
    serve.add_argument("--db", metavar="FILE", help="keeps the state in FILE, not in memory")
    serve.add_argument(
        "--seed", default="empty", metavar="demo|empty|FILE", help="(default: %(default)s)"
    )
    serve.add_argument(
        "--api-key", type=_key, help="that opens the account (default: a random GUID)"
    )
    serve.add_argument(
        "--assume",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="see `sentori-sandbox assumptions`; may be repeated",
    )


def _serve(options: argparse.Namespace) -> None:
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


def _start(options: argparse.Namespace) -> None:
    ready = background.start(options.given[1:])
    _print_exports(ready["url"], ready["api_key"])


def _stop(options: argparse.Namespace) -> None:
    url = options.url or os.environ.get("SENTORI_URL")
    if not url:
        raise ValueError("which sandbox? Give --url, or set SENTORI_URL")
    background.stop(url)
    print(_UNSET)


def _key(text: str) -> str:
    if not text or not all("!" <= character <= "~" for character in text):
        raise argparse.ArgumentTypeError("this cannot stand in a header")
    return text


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"--assume {text!r} is not NAME=VALUE")
    return name, value


def _env(options: argparse.Namespace) -> None:
    url, api_key = options.url, options.api_key
    if url is None and api_key is None:
        ready = _ready_line(options.ready_line)
        url, api_key = ready["url"], ready["api_key"]
    elif url is None or api_key is None:
        raise ValueError("--url and --api-key go together")
    _print_exports(url, api_key)


def _print_exports(url: str, api_key: str) -> None:
    for name, value in environment(url, api_key).items():
        print(f"export {name}={shlex.quote(value)}")


def _ready_line(source: str) -> dict[str, Any]:
    if source == "-" and sys.stdin.isatty():
        raise ValueError(
            "which sandbox? Give --url and --api-key, or the line that `serve` printed: "
            "sentori-sandbox serve > sandbox.json & ... sentori-sandbox env --from sandbox.json"
        )
    text = sys.stdin.readline() if source == "-" else Path(source).read_text("utf-8")
    try:
        ready = json.loads(text)
        return {"url": ready["url"], "api_key": ready["api_key"]}
    except (ValueError, TypeError, KeyError):
        raise ValueError(
            f"{source} does not hold the line that `serve` prints when it is ready: {text!r}"
        ) from None


def _assumptions(options: argparse.Namespace) -> None:
    for line in _markdown() if options.markdown else _listing():
        print(line)


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
