# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Find the supported Python versions of managed hosts on this machine.

``python tests/pythons.py 3.12`` prints the path of the oldest version from 3.12 on, and exits with 1 if there is none.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13")


def found() -> dict[str, str]:
    """Version -> its interpreter, oldest first: next to this one, where pyenv and uv keep them, or from PATH."""
    folders = [*Path(sys.base_prefix).parent.glob("*/bin"), *map(Path, os.environ["PATH"].split(os.pathsep))]
    first = {}
    for version in VERSIONS:
        candidates = (folder / f"python{version}" for folder in folders)
        python = next((python for python in candidates if python.exists() and answers(python)), None)
        if python:
            first[version] = str(python)
    return first


def answers(python: Path) -> bool:
    """Whether the interpreter works: pyenv's shims on PATH fail for versions that are not selected."""
    command = [str(python), "-c", "import ensurepip, venv"]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    late_enough = VERSIONS[VERSIONS.index(sys.argv[1]) :] if sys.argv[1] in VERSIONS else ()
    fitting = [python for version, python in found().items() if version in late_enough]
    sys.stdout.writelines(f"{python}\n" for python in fitting[:1])
    sys.exit(0 if fitting else 1)
