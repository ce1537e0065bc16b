# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""``run.py SECONDS [TARGET...]``: fuzz each target for so long, two at a time, with atheris (libFuzzer).

Inputs that reach something new are kept in ``build/fuzz``, for the next time. An input that fails is kept there too:
make a test of it. The figures become a part of ``docs/reliability.md``.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

BUILD = Path(__file__).parents[2] / "build"
AT_ONCE = 2
MAX_BYTES = 16 * 1024
_RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_printing = threading.Lock()


def fuzz(name: str, seconds: int) -> dict[str, Any]:
    """Fuzz one target in a process of its own."""
    from targets import seeds

    corpus, findings = BUILD / "fuzz" / name, BUILD / "fuzz" / "findings" / f"{name}-"
    corpus.mkdir(parents=True, exist_ok=True)
    findings.parent.mkdir(exist_ok=True)
    for number, data in enumerate(seeds(name)):
        (corpus / f"seed-{number}").write_bytes(data)
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={MAX_BYTES}",
        f"-artifact_prefix={findings}",
        "-print_final_stats=1",
        "-timeout=20",
        "-rss_limit_mb=2048",
    ]
    command = [sys.executable, __file__, "--one", name, str(corpus), *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    runs = _RUNS.search(done.stdout)
    with _printing:
        sys.stdout.write(f"{name}: {runs[1] if runs else '?'} inputs{'' if done.returncode == 0 else ', a finding'}\n")
        if done.returncode:
            sys.stdout.write(f"{done.stdout[-4000:]}\n")
    return {"target": name, "seconds": seconds, "inputs": int(runs[1]) if runs else 0, "found": done.returncode != 0}


def fuzz_one(name: str, options: list[str]) -> None:
    """Fuzz a target in this process, until libFuzzer ends it."""
    import atheris

    with atheris.instrument_imports(include=["airflow_provider_sentori"]):
        from targets import TARGETS
    atheris.Setup([sys.argv[0], *options], TARGETS[name])
    atheris.Fuzz()


def part(found: list[dict[str, Any]]) -> dict[str, Any]:
    """What ``docs/reliability.md`` says of it, in the form that ``tests/reliability/page.py`` reads."""
    return {
        "title": "Fuzzing",
        "text": "Each reader of files, each parser of answers, and each writer is fed with random input, which\n"
        "libFuzzer changes towards what it has not reached yet. No input may break what a target promises.\n"
        "`make fuzz` does it again.",
        "figures": {
            "bad inputs tried": sum(one["inputs"] for one in found),
            "inputs that broke something": sum(one["found"] for one in found),
        },
        "tables": [
            {
                "head": ["target", "seconds", "inputs"],
                "rows": [[one["target"], one["seconds"], one["inputs"]] for one in found],
            }
        ],
    }


def main(seconds: int, names: list[str]) -> int:
    from targets import TARGETS

    with ThreadPoolExecutor(AT_ONCE) as executor:
        found = list(executor.map(lambda name: fuzz(name, seconds), names or TARGETS))
    if not names:
        (BUILD / "reliability").mkdir(parents=True, exist_ok=True)
        (BUILD / "reliability" / "fuzz.json").write_text(json.dumps(part(found), indent=2))
    return 1 if any(one["found"] for one in found) else 0


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        fuzz_one(sys.argv[2], sys.argv[3:])
    else:
        sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
