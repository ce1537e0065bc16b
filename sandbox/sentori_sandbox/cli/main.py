# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Parse the command line of ``sentori-sandbox`` and run the command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from . import commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns: the exit code: 0, or 2 for an error, which is printed to stderr.
    """
    given = sys.argv[1:] if arguments is None else arguments
    code = _run(given)
    if code and "start" in given[:1]:
        # A shell that evaluates the output must not continue with a real account's variables.
        print(f"{commands.UNSET}; false")
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
        prog="sentori-sandbox", description="Run a stand-in for the Sentori HTTP API."
    )
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = subparsers.add_parser("serve", help="run in the foreground until SIGINT or SIGTERM")
    serve.set_defaults(run=commands.serve)
    start = subparsers.add_parser(
        "start", help="run in the background; print environment variables as `env` does"
    )
    start.set_defaults(run=commands.start)
    for command in (serve, start):
        _add_serve_options(command)
    stop = subparsers.add_parser("stop", help="stop a sandbox that `start` started")
    stop.add_argument("--url", help="URL of the sandbox (default: $SENTORI_URL)")
    stop.set_defaults(run=commands.stop)
    env = subparsers.add_parser("env", help="print shell exports that Ansible and Airflow read")
    _add_env_options(env)
    env.set_defaults(run=commands.env)
    assumptions = subparsers.add_parser("assumptions", help="list the names and values of --assume")
    assumptions.add_argument("--markdown", action="store_true", help="print a Markdown table")
    assumptions.set_defaults(run=commands.assumptions)
    return parser


def _add_serve_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: %(default)s)"
    )
    parser.add_argument(
        "--port", type=int, default=0, help="port to listen on (default: 0, a free port)"
    )
    parser.add_argument("--db", metavar="FILE", help="keep the state in FILE (default: in memory)")
    parser.add_argument(
        "--seed",
        default="empty",
        metavar="demo|empty|FILE",
        help="content of the account at the start (default: %(default)s)",
    )
    parser.add_argument(
        "--api-key", type=_key, help="API key of the account (default: a random GUID)"
    )
    parser.add_argument(
        "--assume",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="switch an assumption, see `sentori-sandbox assumptions`; can be repeated",
    )


def _add_env_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", help="URL of the sandbox")
    parser.add_argument("--api-key", help="API key of its account")
    parser.add_argument(
        "--from",
        dest="ready_line",
        metavar="FILE",
        default="-",
        help="file with the line that `serve` printed, if --url is not given (default: stdin)",
    )


def _key(text: str) -> str:
    if not text or not all("!" <= character <= "~" for character in text):
        raise argparse.ArgumentTypeError("use visible ASCII characters only: it is an HTTP header")
    return text
