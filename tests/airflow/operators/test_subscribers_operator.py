# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The subscribers operator: subscribe or unsubscribe many addresses, or make a list exact."""

from __future__ import annotations

import json
import random
import traceback
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from airflow.providers.common.compat.sdk import (
    DAG,
    AirflowException,
    AirflowFailException,
    BaseOperator,
    ObjectStoragePath,
    task,
)
from airflow_provider_sentori.operators.sentori import SentoriSubscribersOperator
from sentori_sandbox import Sandbox
from versions import serialized

NEWS = "NEWS2026"
LISTS = [{"ExternalID": NEWS, "Name": "News / UK"}, {"ExternalID": "OFFERS26", "Name": "Offers"}]
PEOPLE = [f"person{number}@example.com" for number in range(6)]
ASSUMPTIONS: list[dict[str, str]] = [
    {},
    {
        "code-type": "string",
        "list-system-id": "number",
        "undocumented-answers": "contact",
        "subscribe-suppressed": "unsuppresses",
    },
    {
        "undocumented-answers": "no-content",
        "subscribe-suppressed": "ignored",
        "subscribe-unknown": "create",
        "subscribers-unconfirmed": "excluded",
        "unsubscribe-not-member": "error-101",
    },
]
EXACT = {"exact": True, "max_unsubscribes": "50%"}
# Subscribers before, arguments, counts of the result, subscribers after.
STEPS: dict[str, tuple[list[str], dict[str, Any], dict[str, int], list[str]]] = {
    "create": (PEOPLE[:2], {"emails": PEOPLE}, {"subscribed": 4, "unchanged": 2}, PEOPLE),
    "change": (
        PEOPLE[2:],
        {"emails": PEOPLE[:4], **EXACT},
        {"subscribed": 2, "unsubscribed": 2, "unchanged": 2},
        PEOPLE[:4],
    ),
    "remove": (PEOPLE[3:], {"emails": PEOPLE, "state": "unsubscribed"}, {"unsubscribed": 3, "unchanged": 3}, []),
}


@pytest.fixture(autouse=True)
def people(sentori: Sandbox) -> None:
    sentori.reset(seed={"mailing_lists": LISTS})
    for email in PEOPLE:
        sentori.put_contact(email)


def operator(**arguments: Any) -> SentoriSubscribersOperator:
    return SentoriSubscribersOperator(**{"task_id": "news", "mailing_list": NEWS, **arguments})


def execute(**arguments: Any) -> dict[str, Any]:
    return operator(**arguments).execute({})


def without_cost(result: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in result.items() if name not in ("api", "plan_only")}


def counted(result: dict[str, Any]) -> dict[str, int]:
    return {action: count for action, count in result["summary"].items() if count and action != "total"}


def routes(sentori: Sandbox) -> Counter[str]:
    found = Counter(entry.route for entry in sentori.requests())
    sentori.clear_requests()
    return found


@pytest.mark.parametrize("assumptions", ASSUMPTIONS, ids=["default", "otherwise", "silent"])
@pytest.mark.parametrize("step", STEPS)
def test_each_change_is_predicted_applied_and_then_unchanged(sentori, step: str, assumptions: dict[str, str]) -> None:
    before, wanted, counts, after = STEPS[step]
    sentori.assume(assumptions)
    for email in before:
        sentori.subscribe(email, NEWS)
    again = {
        **wanted,
        "emails": [email.upper() for email in random.Random(step).sample(wanted["emails"], k=len(wanted["emails"]))],
    }

    predicted = execute(**wanted, plan_only=True)
    assert sentori.writes() == []
    done = execute(**wanted)
    assert sentori.subscribers(NEWS) == after
    sentori.clear_requests()
    predicted_again = execute(**again, plan_only=True)
    done_again = execute(**again)
    assert sentori.writes() == []

    assert without_cost(predicted) == without_cost(done)
    assert (done["changed"], counted(done)) == (True, counts)
    assert without_cost(predicted_again) == without_cost(done_again)
    assert (done_again["changed"], counted(done_again)) == (False, {"unchanged": len(again["emails"])})
    assert sentori.suppression_list() == []


def test_only_missing_addresses_take_a_read_and_a_write(sentori) -> None:
    for email in PEOPLE[:4]:
        sentori.subscribe(email, NEWS)

    execute(emails=PEOPLE)
    assert routes(sentori) == {"mailinglists/subscribers": 2, "contact/get": 2, "contact/subscribe": 2}
    execute(emails=PEOPLE[::-1])
    assert routes(sentori) == {"mailinglists/subscribers": 1}
    execute(emails=PEOPLE[:4], exact=True, max_unsubscribes=2)
    assert routes(sentori) == {"mailinglists/subscribers": 2, "contact/unsubscribe": 2}


def test_the_result_contains_counts_and_no_personal_data(sentori) -> None:
    result = execute(mailing_list="News / UK", emails=[PEOPLE[0], "new@example.com"], create_missing="yes")

    assert result == {
        "changed": True,
        "complete": True,
        "columns": {"mapped": {}, "ignored": []},
        "mailing_list": NEWS,
        "summary": {
            "total": 2,
            "subscribed": 2,
            "unsubscribed": 0,
            "unchanged": 0,
            "unverifiable": 0,
            "not_mailable": 0,
            "left": 0,
            "duplicate": 0,
            "invalid": 0,
            "rejected": 0,
            "in_doubt": 0,
            "failed": 0,
        },
        "added": 1,
        "warnings": [],
        "report": None,
        "rejects": None,
        "api": {"requests": 8, "retries": 0, "waited_seconds": 0.0},
        "plan_only": False,
    }
    assert json.loads(json.dumps(result)) == result


def test_the_task_is_retried_if_one_of_its_failures_is_transient(sentori, connection) -> None:
    without_wait = connection(host=sentori.url, password=sentori.api_key, extra={"max_wait": 0})
    sentori.fault("contact/subscribe", kind="status", status=429, headers={"Retry-After": "60"}, match="person1")
    wanted = {"emails": [PEOPLE[0], "nobody@example.com", PEOPLE[1]], "sentori_conn_id": without_wait}

    with pytest.raises(AirflowException, match=r"^The run is at fault.*emails\[2\].*emails\[1\]") as failure:
        execute(**wanted)
    assert not isinstance(failure.value, AirflowFailException)
    assert sentori.subscribers(NEWS) == PEOPLE[:1]

    with pytest.raises(AirflowFailException, match=r"\(subscribed 1, unchanged 1, rejected 1\)$"):
        execute(**wanted)
    assert sentori.subscribers(NEWS) == PEOPLE[:2]


def test_a_failed_removal_by_exact_is_named_without_an_address(sentori) -> None:
    sentori.subscribe(PEOPLE[5], NEWS)
    sentori.fault("contact/unsubscribe", kind="status", status=200, body={})

    with pytest.raises(AirflowFailException, match=r" subscriber: contact/unsubscribe: .* still on the list\. \("):
        execute(emails=PEOPLE[:1], exact=True, max_unsubscribes=1)


@pytest.mark.parametrize("plan_only", [True, False])
def test_too_many_unsubscribes_fail_without_retry_before_any_write(sentori, plan_only: bool) -> None:
    for email in PEOPLE:
        sentori.subscribe(email, NEWS)

    with pytest.raises(
        AirflowFailException, match=r"^max_unsubscribes: 5 of 6 subscribers would be .*p\*\*\*@"
    ) as failure:
        execute(emails=PEOPLE[:1], exact=True, max_unsubscribes="50%", plan_only=plan_only)

    assert PEOPLE[2] not in str(failure.value)
    assert sentori.writes() == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({}, "emails: give either emails or source."),
        ({"emails": PEOPLE, "source": "x.txt"}, "emails: give either emails or source."),
        ({"emails": PEOPLE, "encoding": "latin-1"}, "encoding: can only be used with source."),
        ({"source": "people.dat"}, "source: the name "),
        ({"emails": {"a@b.org": 1}}, "emails: a list of addresses is needed, and type dict was given."),
        ({"emails": 5}, "emails: a list of addresses is needed, and type int was given."),
        (
            {"emails": "joe@example.com"},
            "emails: a list of addresses is needed, not a text. A template renders to a list only in a DAG with"
            " render_template_as_native_obj=True.",
        ),
        ({"emails": PEOPLE, "max_rejected": "some"}, "max_rejected: 'some' is neither a number"),
        ({"emails": PEOPLE, "report_addresses": True}, "report_addresses: can only be used with report."),
        ({"emails": PEOPLE, "state": "suppressed"}, "state: 'suppressed' is not one of subscribed, unsubscribed."),
        ({"emails": PEOPLE, "exact": "perhaps"}, "exact: 'perhaps' is neither true nor false."),
        ({"emails": PEOPLE, "state": "unsubscribed", **EXACT}, "exact: can only be used with state subscribed."),
        ({"emails": PEOPLE, "max_unsubscribes": 5}, "max_unsubscribes: can only be used with exact."),
        ({"emails": PEOPLE, "allow_empty": True}, "allow_empty: can only be used with exact."),
        ({"emails": PEOPLE, "exact": True, "max_unsubscribes": "some"}, "max_unsubscribes: exact removes all other"),
        ({"emails": PEOPLE, "exact": True}, "max_unsubscribes: exact removes all other subscribers."),
        ({"emails": [], **EXACT}, "emails: no valid address is given, and exact would empty the list."),
        ({"emails": PEOPLE, "mailing_list": "//"}, "mailing_list: '//' is not the ID or the name of a mailing list"),
    ],
)  # fmt: skip
def test_invalid_input_fails_without_retry_before_any_request(
    sentori, arguments: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(AirflowFailException) as failure:
        execute(**arguments)

    assert str(failure.value).startswith(sentence)
    assert sentori.requests() == []


def test_no_addresses_change_nothing_and_empty_the_list_only_with_allow_empty(sentori) -> None:
    sentori.subscribe(PEOPLE[0], NEWS)

    assert execute(emails=[])["changed"] is False
    assert sentori.writes() == []
    execute(emails=[], exact=True, allow_empty=True, max_unsubscribes=1)
    assert sentori.subscribers(NEWS) == []


@pytest.mark.parametrize("make_path", [str, ObjectStoragePath, lambda path: ObjectStoragePath(f"file://{path}")])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_has_one_address_per_line(sentori, tmp_path: Path, make_path: Any, end: str) -> None:
    file = tmp_path / "people.txt"
    file.write_bytes(f"\ufeff{PEOPLE[0]}{end}{end}  {PEOPLE[1]} {end}".encode())

    assert counted(execute(source=make_path(file))) == {"subscribed": 2}
    assert sentori.subscribers(NEWS) == PEOPLE[:2]


def test_one_person_never_stops_the_rest(sentori, tmp_path: Path) -> None:
    lines = [PEOPLE[0], "EmailAddress", PEOPLE[0].upper(), "nobody@example.com", "opted.out@example.com", PEOPLE[1]]
    (tmp_path / "people.txt").write_text("\n".join(lines))
    sentori.put_contact("opted.out@example.com", IsSuppressed=True)
    report, rejects = tmp_path / "report.jsonl", tmp_path / "rejects.txt"
    task = operator(source=str(tmp_path / "people.txt"), report=str(report), rejects=str(rejects))
    pushed = Pushed()

    with pytest.raises(AirflowFailException) as failure:
        task.execute({"ti": pushed})

    message = str(failure.value)
    assert message.startswith("The data is at fault, and a retry does not help. Invalid or rejected rows: 2 of 6;")
    assert "line 4: contact/subscribe: no contact has this address." in message
    assert "line 2: this is not an email address" in message
    assert not any(line in message for line in lines[3:])
    assert sentori.subscribers(NEWS) == PEOPLE[:2]
    counts = {"subscribed": 2, "not_mailable": 1, "duplicate": 1, "invalid": 1, "rejected": 1}
    result = pushed.values["sentori_result"]
    assert counted(result) == counts and result["report"] == f"file://{report}"
    outcomes = [json.loads(line) for line in report.read_text().splitlines()]
    assert [line.get("outcome") for line in outcomes[:-1]] == ["invalid", "duplicate", "rejected", "not_mailable"]
    written = rejects.read_text().splitlines()
    assert written[1::2] == ["EmailAddress", "nobody@example.com"] and written[0].startswith("# line 2: this is not")
    assert {file.stat().st_mode & 0o777 for file in (report, rejects)} == {0o600}

    assert counted(execute(emails=PEOPLE[:2])) == {"unchanged": 2}
    again = {"unchanged": 2, "not_mailable": 1, "duplicate": 1, "invalid": 1, "rejected": 1}
    assert counted(execute(source=str(tmp_path / "people.txt"), max_rejected="50%")) == again


class Pushed:
    """A task instance that keeps what is pushed."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def xcom_push(self, key: str, value: Any) -> None:
        self.values[key] = value


def test_a_missing_file_is_retried(sentori, tmp_path: Path) -> None:
    with pytest.raises(AirflowException, match=r"^The run is at fault, and a retry may help\. source: ") as failure:
        execute(source=str(tmp_path / "tomorrow.txt"))

    assert not isinstance(failure.value, AirflowFailException)
    assert sentori.requests() == []


@task
def addresses() -> list[str]:
    return PEOPLE


def test_tasks_that_return_the_addresses_are_upstream() -> None:
    with DAG("upstream", schedule=None, start_date=datetime(2026, 1, 1)):
        whole = operator(emails=addresses())
        parts = operator(task_id="parts", emails=[addresses(), "one@example.com", addresses()])
        path = operator(task_id="path", source=addresses())
        shards = SentoriSubscribersOperator.partial(task_id="shards", mailing_list=NEWS).expand(emails=addresses())
        states = SentoriSubscribersOperator.partial(task_id="states", mailing_list=NEWS, emails=addresses()).expand(
            state=["subscribed"]
        )

    assert whole.upstream_task_ids == {"addresses"}
    assert parts.upstream_task_ids == {"addresses__1", "addresses__2"}
    assert path.upstream_task_ids == {"addresses__3"}
    assert shards.upstream_task_ids == {"addresses__4"}
    assert states.upstream_task_ids == {"addresses__5"}


class TaskInstance:
    """The result of another task."""

    def __init__(self, returned: object) -> None:
        self.returned = returned

    def get_relevant_upstream_map_indexes(self, *_: object, **__: object) -> None:
        """Airflow before 3.1 calls it."""

    def xcom_pull(self, *_: object, **__: object) -> object:
        return self.returned

    def xcom_push(self, *_: object, **__: object) -> None:
        """What a failed task pushes."""


@pytest.mark.parametrize("native", ["{{ ti.xcom_pull('addresses') }}", "{{ params.people }}", None])
def test_addresses_are_read_when_the_task_runs_and_are_in_no_rendered_field(sentori, native: str | None) -> None:
    with DAG("lazy", schedule=None, start_date=datetime(2026, 1, 1), render_template_as_native_obj=True):
        lazy = operator(emails=native or addresses())
    context: Any = {"ti": TaskInstance(PEOPLE), "expanded_ti_count": None, "params": {"people": PEOPLE}}

    lazy.render_template_fields(context)

    assert "xcom_pull" in str(lazy.emails) or str(lazy.emails) == native
    assert not any("person" in str(getattr(lazy, field)) for field in lazy.template_fields)
    assert counted(lazy.execute(context)) == {"subscribed": 6}


@pytest.mark.parametrize("returned", [None, "joe@example.com", {"a@example.com": 1}])
def test_an_upstream_result_that_is_not_a_list_is_refused_before_any_request(sentori, returned: object) -> None:
    with DAG("none", schedule=None, start_date=datetime(2026, 1, 1)):
        lazy = operator(emails=addresses(), exact=True, allow_empty=True, max_unsubscribes="100%")

    with pytest.raises(AirflowFailException, match=r"^emails: a list of addresses is needed"):
        lazy.execute({"ti": TaskInstance(returned), "expanded_ti_count": None})

    assert sentori.requests() == []


def test_no_serialized_dag_and_no_rendered_field_contains_an_address() -> None:
    with DAG("serialized", schedule=None, start_date=datetime(2026, 1, 1)) as dag:
        literal = operator(emails=PEOPLE)

    assert "person" not in json.dumps(serialized(dag))
    literal.render_template_fields({})
    assert str(literal.emails) == "addresses out of the DAG file"


def test_a_failure_and_its_frames_contain_no_personal_data(sentori) -> None:
    with pytest.raises(AirflowException) as failure:
        execute(emails=[*PEOPLE, "nobody@example.com"])

    error = failure.value
    assert (error.__cause__, error.__context__) == (None, None)
    shown = traceback.TracebackException.from_exception(error, capture_locals=True, limit=-2).format()
    for personal in (*PEOPLE, "nobody@example.com", sentori.api_key):
        assert not any(personal in line for line in shown)


def test_no_argument_shadows_an_attribute_of_airflow() -> None:
    inherited = {*dir(BaseOperator(task_id="any")), *vars(BaseOperator(task_id="any"))}

    assert not inherited & (set(vars(operator())) - set(vars(BaseOperator(task_id="any"))))
    assert not inherited & set(SentoriSubscribersOperator.template_fields)


def test_each_argument_is_templated(sentori) -> None:
    sentori.subscribe(PEOPLE[5], NEWS)
    wanted = operator(
        mailing_list="{{ list }}",
        emails=["{{ who }}@example.com"],
        state="{{ 'subscribed' }}",
        exact="{{ real }}",
        max_unsubscribes="{{ 100 }}%",
        allow_empty="{{ not real }}",
        create_missing="{{ not real }}",
        plan_only="{{ not real }}",
        sentori_conn_id="{{ 'sentori' }}_default",
    )
    context: Any = {"list": NEWS, "who": "person0", "real": True}

    wanted.render_template_fields(context)

    assert counted(wanted.execute(context)) == {"subscribed": 1, "unsubscribed": 1}
