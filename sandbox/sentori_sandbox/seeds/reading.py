# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Read a seed from its source and check its keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, TypeAlias

Seed: TypeAlias = Mapping[str, Any]
SeedSource: TypeAlias = str | Path | Seed

_BUNDLED = ("empty", "demo")
_KEYS = {
    "structure",
    "contacts",
    "mailing_lists",
    "suppression_list",
    "emails",
    "upload_groups",
}


def read_seed(source: SeedSource) -> Seed:
    """Return the seed of a source.

    Args:
        source: "empty", "demo", the path of a JSON file, or a seed.

    Raises:
        ValueError: not a seed; the message says why.
    """
    seed = _read(source) if isinstance(source, (str, Path)) else source
    if not isinstance(seed, Mapping):
        raise ValueError(f"seed: expected a JSON object, got {type(seed).__name__}")
    if unknown := seed.keys() - _KEYS:
        raise ValueError(f"seed: unknown keys {sorted(unknown)}. The keys are: {sorted(_KEYS)}")
    return seed


def _read(source: str | Path) -> Any:
    if source in _BUNDLED:
        text = resources.files(__package__).joinpath(f"{source}.json").read_text("utf-8")
    else:
        path = Path(source)
        if not path.is_file():
            raise ValueError(
                f"seed: there is no file {str(source)!r}. Give a JSON file, 'demo' or 'empty'"
            )
        text = path.read_text("utf-8")
    try:
        return json.loads(text)
    except ValueError as error:
        raise ValueError(f"seed: {str(source)!r} is not valid JSON: {error}") from error
