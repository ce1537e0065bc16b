# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Kill two Airflow workers during a run, and check that each person is in Sentori exactly once.

Then import for two nights, each with another worker, and check that the second one reads nobody.

The sandbox runs in this process. Airflow is a real one: CeleryExecutor, PostgreSQL, Redis, two workers.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from pathlib import Path

import people
from cluster import start_airflow
from processes import DemoError, Processes, Stopped
from report import problems, problems_of_nights, table_of_nights, table_of_runs, table_of_shards
from scenario import Scenario
from sentori_sandbox import Sandbox
from services import start_postgresql, start_redis

log = logging.getLogger(__name__)

SECONDS_FOR_ALL = 600
INHERITED = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LD_LIBRARY_PATH")
LINES_OF_A_LOG = 15
LONGEST_LINE = 1000


def main() -> int:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stdout)
    for ours in (__name__, "scenario"):
        logging.getLogger(ours).setLevel(logging.INFO)
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    with (
        Sandbox(seed={"contacts": people.known_before()}) as sandbox,
        tempfile.TemporaryDirectory(prefix="sentori-celery-") as temporary,
    ):
        folder = Path(temporary)
        try:
            with Processes(folder, inherited, SECONDS_FOR_ALL) as processes:
                return run(processes, folder, sandbox)
        except Stopped as stopped:
            log.error(stopped)
            return 128 + stopped.number
        except DemoError as error:
            for path in error.logs or sorted(folder.glob("*.log")):
                log.error("The end of %s:\n%s", path.relative_to(folder), end_of(path))
            log.error(error)
            return 1


def run(processes: Processes, folder: Path, sandbox: Sandbox) -> int:
    log.info("Starting PostgreSQL, Redis and Airflow.")
    database = start_postgresql(processes, folder / "postgresql")
    people.fill(database)
    environment = {
        **sandbox.env(),
        "AIRFLOW_CONN_CRM": database.url(people.DATABASE),
        "AIRFLOW_VAR_SENTORI_SHARDS": (folder / "shards").as_uri(),
    }
    airflow = start_airflow(processes, folder / "airflow", database, start_redis(processes), environment)
    scenario = Scenario(processes, airflow, sandbox)
    first, second = scenario.run()
    sys.stdout.write(f"\n{table_of_shards(first, scenario.killed)}\n\n{table_of_runs([first, second])}\n\n")
    nights = scenario.nights()
    sys.stdout.write(f"\n{table_of_nights(nights)}\n\n")
    wrong = [*problems(first, second, scenario.killed, sandbox), *problems_of_nights(*nights)]
    for problem in wrong:
        log.error(problem)
    if not wrong:
        log.info(f"Each of {people.COUNT:,} people is in Sentori exactly once and was sent at most once.")
        log.info("The second night read nobody: its worker had the memory of another one from the database.")
    return 1 if wrong else 0


def end_of(log_file: Path) -> str:
    lines = log_file.read_text(errors="replace").splitlines()[-LINES_OF_A_LOG:]
    return "\n".join(line[:LONGEST_LINE] for line in lines)


if __name__ == "__main__":
    sys.exit(main())
