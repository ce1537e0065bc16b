# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The docstrings of operators document every argument, and every template field is an argument."""

from __future__ import annotations

import inspect
import re

import pytest
from airflow.providers.common.compat.sdk import BaseOperator
from airflow_provider_sentori.operators import sentori as operators
from airflow_provider_sentori.sensors.sentori import SentoriContactSensor
from airflow_provider_sentori.transfers import sql_to_sentori

IMPORT = sql_to_sentori.SqlToSentoriImportOperator
OPERATORS = [
    *(getattr(operators, name) for name in operators.__all__),
    SentoriContactSensor,
    IMPORT,
    sql_to_sentori.SqlToSentoriContactsOperator,
    sql_to_sentori.SqlToSentoriSubscribersOperator,
    sql_to_sentori.SqlToSentoriSuppressionsOperator,
]
# Template field -> the argument that it holds.
RENAMED = {"contact_email": "email"}


def arguments(operator: type[BaseOperator]) -> set[str]:
    ours = [
        one
        for one in operator.__mro__
        if one.__module__.startswith("airflow_provider_sentori") and "__init__" in vars(one)
    ]
    signatures = [inspect.signature(one.__init__) for one in ours]
    found = {name for one in signatures for name, what in one.parameters.items() if what.kind is what.KEYWORD_ONLY}
    return found - {"kwargs"}


@pytest.mark.parametrize("operator", OPERATORS, ids=lambda operator: operator.__name__)
def test_every_argument_is_documented_and_every_template_field_is_an_argument(operator: type[BaseOperator]) -> None:
    # The import of a query accepts the arguments that the import operator documents.
    explained = [operator] if operator is not IMPORT else [operator, operators.SentoriImportOperator]
    documented = {name for one in explained for name in re.findall(r":param (\w+):", inspect.getdoc(one) or "")}

    assert arguments(operator) <= documented
    assert {RENAMED.get(name, name) for name in operator.template_fields} <= arguments(operator)
    if operator is not IMPORT:
        assert documented == arguments(operator)
