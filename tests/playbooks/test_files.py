# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Every module over many rows reads files as people have them, and tells what became of each column."""

from __future__ import annotations

import json
from typing import Any

import pytest
from player import Player
from sentori_sandbox import Sandbox

PADDED = "sep=|\nE-Mail | Firstname |\n mary@example.com | Mary |\n|||\n"
PEOPLE = [{"E-Mail": "mary@example.com", "Firstname": "Mary"}]
FILES = {"people.csv": PADDED.encode("utf-16"), "people.json": json.dumps(PEOPLE, indent=1).encode()}
ONLY_ADDRESSES = {"mapped": {"E-Mail": "EmailAddress"}, "ignored": ["Firstname"]}
NEAR_MISS = "Column Firstname is ignored. Did you mean the field FirstName? Map it: columns: {Firstname: FirstName}."
# Module -> its options, the action that is counted, and its warnings.
MODULES: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "sentori_import": ({"ignore_unmapped": True}, "created", [NEAR_MISS]),
    "sentori_contacts": ({"ignore_unmapped": True}, "created", [NEAR_MISS]),
    "sentori_subscribers": ({"mailing_list": "NEWS", "create_missing": True}, "subscribed", []),
    "sentori_suppressions": ({"max_suppressions": 1}, "unverifiable", []),
}


@pytest.mark.parametrize("module", MODULES)
def test_every_module_reads_the_same_files(player: Player, sentori_sandbox: Sandbox, module: str) -> None:
    options, action, warnings = MODULES[module]
    for name, data in FILES.items():
        (player.folder / name).write_bytes(data)
    tasks = [
        {f"sentori.sentori.{module}": {**options, "src": name, "columns": {"E-Mail": "EmailAddress"}}, **more}
        for name, more in (("people.csv", {"check_mode": True}), ("people.json", {}))
    ]
    sentori_sandbox.reset(seed={"mailing_lists": [{"ExternalID": "NEWS", "Name": "News"}]})
    for result in player.play(tasks).results:
        assert {key: count for key, count in result["summary"].items() if count} == {"total": 1, action: 1}
        assert (result["columns"], result.get("warnings", [])) == (ONLY_ADDRESSES, warnings)
    if module != "sentori_suppressions":
        assert [contact["EmailAddress"] for contact in sentori_sandbox.contacts()] == ["mary@example.com"]
