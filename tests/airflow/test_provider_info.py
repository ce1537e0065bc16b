# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What Airflow learns about this provider at its start, and the form that it draws from it."""

from __future__ import annotations

import json
import subprocess
import sys
import types
from dataclasses import fields
from importlib.metadata import entry_points, version
from importlib.resources import files
from typing import Any

import pytest
from airflow_provider_sentori import get_provider_info
from airflow_provider_sentori._internal.connection_form import EXTRA_FIELDS
from airflow_provider_sentori.core.http.settings import Settings
from airflow_provider_sentori.hooks.sentori import SentoriHook
from versions import AIRFLOW

SENTORI = get_provider_info()["connection-types"][0]


def python(program: str) -> str:
    """What a Python of its own prints last; it imports what is installed, not what lies in this folder."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout.splitlines()[-1]


def test_provider_info_fits_airflows_own_schemas() -> None:
    import jsonschema

    for name in ("provider_info.schema.json", "provider.yaml.schema.json"):
        schema = json.loads((files("airflow") / name).read_text())
        form = schema["properties"]["connection-types"]
        jsonschema.validate(get_provider_info()["connection-types"], {**form, "definitions": schema["definitions"]})
    jsonschema.validate(get_provider_info(), json.loads((files("airflow") / "provider_info.schema.json").read_text()))


def test_the_installed_package_is_found_through_its_entry_point() -> None:
    (found,) = [point for point in entry_points(group="apache_airflow_provider") if "sentori" in point.value]

    assert found.load()() == get_provider_info()
    assert get_provider_info()["versions"] == [version("airflow-provider-sentori")]


def test_asking_for_provider_info_imports_neither_airflow_nor_requests() -> None:
    program = (
        "import sys, airflow_provider_sentori as provider; provider.get_provider_info();"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'airflow', 'requests', 'wtforms'}))"
    )

    assert python(program) == "[]"


def test_a_dag_file_that_imports_the_operator_does_not_load_http() -> None:
    program = (
        "import sys; from airflow.providers.common.compat.sdk import BaseHook, BaseOperator;"
        "before = {*sys.modules};"
        "import airflow_provider_sentori.operators.sentori; new = {*sys.modules} - before;"
        "print([name for name in new if name.startswith(('requests', 'urllib3')) or name.endswith('core.transport')])"
    )

    assert python(program) == "[]"


@pytest.mark.filterwarnings("ignore:ProvidersManager.hooks is deprecated")
def test_airflow_knows_the_connection_type() -> None:
    from airflow.providers_manager import ProvidersManager

    hook = ProvidersManager().hooks["sentori"]

    assert hook is not None
    assert (hook.hook_name, hook.connection_id_attribute_name, hook.connection_testable) == (
        "Sentori",
        "sentori_conn_id",
        True,
    )


@pytest.mark.filterwarnings("ignore:ProvidersManager.hooks is deprecated")
@pytest.mark.skipif(AIRFLOW == (3, 0), reason="Airflow 3.0 draws no provider's form without flask_appbuilder.")
def test_airflow_draws_its_form() -> None:
    labels = {field.name: field.label for field in EXTRA_FIELDS}

    assert _drawn() == {**labels, "host": "Sentori URL", "password": "API key"}


def _drawn() -> dict[str, str]:
    """Field of the form -> its label, as Airflow's own UI gets it."""
    if AIRFLOW < (3, 0):
        from airflow.providers_manager import ProvidersManager

        manager = ProvidersManager()
        widgets = {
            name.removeprefix("extra__sentori__"): _said(widget.field)[0]
            for name, widget in manager.connection_form_widgets.items()
            if name.startswith("extra__sentori__")
        }
        return widgets | manager.field_behaviours["sentori"]["relabeling"]
    program = (
        "import json; from airflow.api_fastapi.core_api.services.ui.connections import HookMetaService;"
        "(form,) = [hook for hook in HookMetaService.hook_meta_data() if hook.connection_type == 'sentori'];"
        "extras = {name: field['schema']['title'] for name, field in form.extra_fields.items()};"
        "others = {name: field.title for name, field in form.standard_fields if getattr(field, 'title', None)};"
        "print(json.dumps(extras | others))"
    )
    labels: dict[str, str] = json.loads(python(program))
    return labels


def test_every_connection_option_has_its_place_in_the_form_and_the_cores_default() -> None:
    options = {field.name: field.default for field in fields(Settings)}
    for elsewhere in ("api_key", "url", "integration"):
        del options[elsewhere]

    assert {name: field["schema"]["default"] for name, field in SENTORI["conn-fields"].items()} == options


def test_the_form_for_older_airflows_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    if AIRFLOW >= (3, 0):
        _stand_in_for_flask_appbuilder(monkeypatch)

    widgets = SentoriHook.get_connection_form_widgets()
    behaviour = SentoriHook.get_ui_field_behaviour()

    assert {name.replace("_", "-"): value for name, value in behaviour.items()} == SENTORI["ui-field-behaviour"]
    assert list(widgets) == list(SENTORI["conn-fields"])
    for name, field in SENTORI["conn-fields"].items():
        kind, default = field["schema"]["type"][0], field["schema"]["default"]
        label, description, drawn_kind, drawn_default = _said(widgets[name])
        assert (label, description) == (field["label"], field["description"])
        assert drawn_kind == ("string" if kind == "number" else kind)
        assert (float(drawn_default) if kind == "number" and drawn_default is not None else drawn_default) == default


def _said(widget: Any) -> tuple[str, str, str, Any]:
    """Label, description, kind and default of a field of wtforms, or of what stands in for it."""
    if AIRFLOW < (3, 0):
        said = widget.kwargs
        kind = widget.field_class.__name__.removesuffix("Field").lower()
        return said["label"], said["description"], kind, said["default"]
    param = widget.param
    return param.schema["title"], param.description, param.schema["type"][0], param.value


def _stand_in_for_flask_appbuilder(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Airflow 3.1 itself puts in the place of these packages where they are not installed."""
    from airflow.api_fastapi.core_api.services.ui.connections import HookMetaService

    parts = {
        "flask_appbuilder.fieldwidgets": {"BS3TextFieldWidget": HookMetaService.MockAnyWidget},
        "wtforms": {
            "BooleanField": HookMetaService.MockBooleanField,
            "IntegerField": HookMetaService.MockIntegerField,
            "StringField": HookMetaService.MockStringField,
        },
        "wtforms.validators": {"Optional": HookMetaService.MockOptional},
    }
    monkeypatch.setitem(sys.modules, "flask_appbuilder", types.ModuleType("flask_appbuilder"))
    for name, members in parts.items():
        module = types.ModuleType(name)
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, name, module)
