# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The body of an import has all rows, in whatever parts it is made."""

from __future__ import annotations

import gzip
import json

from airflow_provider_sentori.core.api import xml_v1
from airflow_provider_sentori.core.api.json_rows import import_body, json_objects
from hypothesis import given
from hypothesis import strategies as st

counts = st.sampled_from([0, 1, 499, 500, 501, 1_300])
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(counts, texts, st.none() | texts)
def test_a_body_of_json_has_all_rows(count: int, text: str, name: str | None) -> None:
    names = [f"{text}{number}" for number in range(count)]
    body = b"".join(import_body(json_objects(["FirstName"], [names]), name))
    given_name = {} if name is None else {"Name": name}
    assert json.loads(body) == {"Contacts": [{"FirstName": one} for one in names], **given_name}


@given(counts, st.integers(0, 9))
def test_a_body_of_xml_is_compressed_as_it_is_made(count: int, level: int) -> None:
    rows = xml_v1.contact_elements(["FirstName"], [[f"Zoë {number}" for number in range(count)]])
    body = b"".join(xml_v1.import_body(rows, level))
    plain = gzip.decompress(body) if level else body
    assert plain.decode() == f"<Contacts>{''.join(rows)}</Contacts>"
