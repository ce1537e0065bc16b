# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Run all parts of ``make faults``, or one, or one cell; write the page. Exits with 1 if anything broke the law."""

from __future__ import annotations

import argparse
import logging
import sys
import time

import page
from campaign import run_kills
from matrix import Bench, cell_named
from parts import run_cells, run_load, run_races, say

PARTS = {"cells": run_cells, "load": run_load, "races": run_races, "kills": run_kills}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="run this part")
    parser.add_argument("--cell", help='judge this cell, such as "contact added / 500, acted / request 3"')
    given = parser.parse_args()
    if given.cell:
        with Bench() as bench:
            breaches = bench.judge(cell_named(given.cell))
        say("\n".join(f"{breach.kind}: {breach.sentence}" for breach in breaches) or "it holds")
        return bool(breaches)
    logging.disable(logging.WARNING)  # of retries, by the thousand
    started = time.monotonic()
    results = [PARTS[name]() for name in ([given.only] if given.only else PARTS)]
    page.write()
    say(f"{page.PAGE.relative_to(page.ROOT)} is written, after {time.monotonic() - started:.0f} seconds")
    return not all(results)


if __name__ == "__main__":
    sys.exit(main())
