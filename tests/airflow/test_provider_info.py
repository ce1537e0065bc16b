# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The provider info that Airflow reads at its start, and the connection form that it renders."""

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
    """The last line that a program prints in a new process, which imports the installed packages."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout.splitlines()[-1]


def test_provider_info_conforms_to_the_schemas_of_airflow() -> None:
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


def test_provider_info_imports_neither_airflow_nor_requests() -> None:
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
@pytest.mark.skipif(AIRFLOW == (3, 0), reason="Without flask_appbuilder, Airflow 3.0 renders no form of a provider.")
def test_airflow_renders_the_form() -> None:
    labels = {field.name: field.label for field in EXTRA_FIELDS}

    assert _rendered() == {**labels, "host": "Sentori URL", "password": "API key"}


def _rendered() -> dict[str, str]:
    """Field of the form -> its label, as the UI of Airflow gets it."""
    if AIRFLOW < (3, 0):
        from airflow.providers_manager import ProvidersManager

        manager = ProvidersManager()
        widgets = {
            name.removeprefix("extra__sentori__"): _described(widget.field)[0]
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


def test_the_form_has_every_connection_option_with_the_default_of_the_core() -> None:
    options = {field.name: field.default for field in fields(Settings)}
    for elsewhere in ("api_key", "url", "integration"):
        del options[elsewhere]

    assert {name: field["schema"]["default"] for name, field in SENTORI["conn-fields"].items()} == options


def test_the_form_for_older_airflow_versions_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    if AIRFLOW >= (3, 0):
        _mock_flask_appbuilder(monkeypatch)

    widgets = SentoriHook.get_connection_form_widgets()
    behaviour = SentoriHook.get_ui_field_behaviour()

    assert {name.replace("_", "-"): value for name, value in behaviour.items()} == SENTORI["ui-field-behaviour"]
    assert list(widgets) == list(SENTORI["conn-fields"])
    for name, field in SENTORI["conn-fields"].items():
        kind, default = field["schema"]["type"][0], field["schema"]["default"]
        label, description, rendered_kind, rendered_default = _described(widgets[name])
        assert (label, description) == (field["label"], field["description"])
        assert rendered_kind == ("string" if kind == "number" else kind)
        assert (
            float(rendered_default) if kind == "number" and rendered_default is not None else rendered_default
        ) == default


def _described(widget: Any) -> tuple[str, str, str, Any]:
    """Label, description, kind and default of a field of wtforms or of its mock."""
    if AIRFLOW < (3, 0):
        given = widget.kwargs
        kind = widget.field_class.__name__.removesuffix("Field").lower()
        return given["label"], given["description"], kind, given["default"]
    param = widget.param
    return param.schema["title"], param.description, param.schema["type"][0], param.value


def _mock_flask_appbuilder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the mocks that Airflow 3.1 uses if these packages are missing."""
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
