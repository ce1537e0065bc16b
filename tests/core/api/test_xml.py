# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What is sent in XML is what its reader gets."""

from __future__ import annotations

from xml.etree import ElementTree

from airflow_provider_sentori.core.api.xml_v1 import contact_elements
from hypothesis import given
from hypothesis import strategies as st

carried = st.sampled_from("\r\n\t &<>\"']\x85\u2028") | st.characters(
    min_codepoint=0x20, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"
)


@given(st.lists(st.dictionaries(st.sampled_from(["A", "B"]), st.text(carried), min_size=1), min_size=1))
def test_any_text_that_xml_can_carry_comes_out_the_same(rows: list[dict[str, str]]) -> None:
    elements = [one for row in rows for one in contact_elements(list(row), [[value] for value in row.values()])]
    document = ElementTree.fromstring(f"<Contacts>{''.join(elements)}</Contacts>")
    assert [{field.tag: field.text or "" for field in contact} for contact in document] == rows
