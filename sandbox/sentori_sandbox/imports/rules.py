# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The input of an import: its rows, and the rules by which they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ..assumptions import Assumptions

Row: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of one import request.

    Args:
        name: of the upload group that the import creates.
        version: "v1" or "v2.0", for the record.
    """

    rows: Sequence[Row]
    name: str | None
    description: str | None
    version: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of an import. The defaults are those of v1.

    Each field has the values of the assumption of the same name: ``ragged`` those of
    ``import-ragged``.
    """

    ragged: str = "widest-row"
    blanks: str = "overwrite"
    null: str = "blank"
    unknown_field: str = "error-103"
    missing_address: str = "invalid"
    empty: str = "error-105"

    @classmethod
    def assumed(cls, assumptions: Assumptions) -> Rules:
        """Return the rules of v2.0, which no page documents."""
        chosen = assumptions.as_dict()
        return cls(
            ragged=chosen["import-ragged"],
            blanks=chosen["import-blanks"],
            null=chosen["import-null"],
            unknown_field=chosen["import-unknown-field"],
            missing_address=chosen["import-missing-address"],
            empty=chosen["import-empty"],
        )
