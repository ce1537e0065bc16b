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
        "mailing_list": NEWS,
        "summary": {
            "total": 2,
            "subscribed": 2,
            "unsubscribed": 0,
            "unchanged": 0,
            "unverifiable": 0,
            "failed": 0,
            "in_doubt": 0,
        },
        "added": 1,
        "api": {"requests": 8, "retries": 0, "waited_seconds": 0.0},
        "plan_only": False,
    }
    assert json.loads(json.dumps(result)) == result


def test_a_failed_address_does_not_stop_the_others(sentori) -> None:
    sentori.put_contact("opted.out@example.com", IsSuppressed=True)

    with pytest.raises(AirflowFailException) as failure:
        execute(emails=[PEOPLE[0], "opted.out@example.com", "nobody@example.com", PEOPLE[1]])

    assert sentori.subscribers(NEWS) == PEOPLE[:2]
    assert str(failure.value) == (
        "2 of 4 addresses failed (subscribed 2, failed 2)."
        " emails[1] (c26431ab84358908): contact/subscribe: the address is suppressed: this person opted out of all"
        " e-mails, and was not subscribed. emails[2] (e788ea2014693dcd): contact/subscribe: no contact has this"
        " address. Add the contact first, or set create_missing."
    )


def test_the_message_names_only_the_first_failures(sentori) -> None:
    with pytest.raises(
        AirflowFailException, match=r"^7 of 7 addresses failed \(failed 7\)\..* And 2 more\.$"
    ) as failure:
        execute(emails=[f"nobody{number}@example.com" for number in range(7)])

    assert "emails[4]" in str(failure.value)
    assert "emails[5]" not in str(failure.value)


def test_the_task_is_retried_if_one_of_its_failures_is_transient(sentori, connection) -> None:
    without_wait = connection(host=sentori.url, password=sentori.api_key, extra={"max_wait": 0})
    sentori.fault("contact/subscribe", kind="status", status=429, headers={"Retry-After": "60"}, match="person1")
    wanted = {"emails": [PEOPLE[0], "nobody@example.com", PEOPLE[1]], "sentori_conn_id": without_wait}

    with pytest.raises(AirflowException, match=r"emails\[1\].*emails\[2\]") as failure:
        execute(**wanted)
    assert not isinstance(failure.value, AirflowFailException)
    assert sentori.subscribers(NEWS) == PEOPLE[:1]

    with pytest.raises(AirflowFailException, match=r"^1 of 3 addresses failed \(subscribed 1, unchanged 1, failed 1\)"):
        execute(**wanted)
    assert sentori.subscribers(NEWS) == PEOPLE[:2]


def test_a_failed_removal_by_exact_is_named_without_a_place(sentori) -> None:
    sentori.subscribe(PEOPLE[5], NEWS)
    sentori.fault("contact/unsubscribe", kind="status", status=200, body={})

    with pytest.raises(AirflowFailException, match=r"another subscriber \(\w{16}\): .* still on the list\.$"):
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
        ({}, "emails: give either emails or emails_path."),
        ({"emails": PEOPLE, "emails_path": "x"}, "emails: give either emails or emails_path."),
        ({"emails": [*PEOPLE, "no one"]}, "emails[6]: this is not an email address"),
        ({"emails": [*PEOPLE, None]}, "emails[6]: the email address is missing."),
        ({"emails": [*PEOPLE, PEOPLE[2].upper()]}, "emails[6]: emails[2] has the same address."),
        ({"emails": {"a@b.org": 1}}, "emails: a list of addresses is needed, and type dict was given."),
        ({"emails": 5}, "emails: a list of addresses is needed, and type int was given."),
        (
            {"emails": "joe@example.com"},
            "emails: a list of addresses is needed, not a text. A template renders to a list only in a DAG with"
            " render_template_as_native_obj=True.",
        ),
        ({"emails_path": " "}, "emails_path: the path of a file is needed."),
        ({"emails": PEOPLE, "state": "suppressed"}, "state: 'suppressed' is not one of subscribed, unsubscribed."),
        ({"emails": PEOPLE, "exact": "perhaps"}, "exact: 'perhaps' is neither true nor false."),
        ({"emails": PEOPLE, "state": "unsubscribed", **EXACT}, "exact: can only be used with state subscribed."),
        ({"emails": PEOPLE, "max_unsubscribes": 5}, "max_unsubscribes: can only be used with exact."),
        ({"emails": PEOPLE, "allow_empty": True}, "allow_empty: can only be used with exact."),
        ({"emails": PEOPLE, "exact": True, "max_unsubscribes": "some"}, "max_unsubscribes: exact removes all other"),
        ({"emails": PEOPLE, "exact": True}, "max_unsubscribes: exact removes all other subscribers."),
        ({"emails": [], **EXACT}, "emails: no addresses are given, and exact would empty the list."),
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

    assert counted(execute(emails_path=make_path(file))) == {"subscribed": 2}
    assert sentori.subscribers(NEWS) == PEOPLE[:2]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a@example.com\n\nEmailAddress\n", "line 3 of emails_path: this is not an email address"),
        (
            b"a@example.com\n\n\nA@example.com\n",
            "line 4 of emails_path: line 1 of emails_path has the same address.",
        ),
        (b"jos\xe9@example.com\n", "emails_path: a text file in UTF-8 is needed, with one address a line."),
    ],
)
def test_an_invalid_line_is_named_by_its_number_before_any_request(
    sentori, tmp_path: Path, content: bytes, sentence: str
) -> None:
    (tmp_path / "people.txt").write_bytes(content)

    with pytest.raises(AirflowFailException) as failure:
        execute(emails_path=str(tmp_path / "people.txt"))

    assert str(failure.value).startswith(sentence)
    assert sentori.requests() == []


def test_a_failed_address_of_a_file_is_named_by_its_line(sentori, tmp_path: Path) -> None:
    (tmp_path / "people.txt").write_text(f"\n{PEOPLE[0]}\n\nnobody@example.com\n")

    with pytest.raises(AirflowFailException, match=r"\. line 4 of emails_path \(e788ea2014693dcd\): contact/subscribe"):
        execute(emails_path=str(tmp_path / "people.txt"))


def test_a_missing_file_is_retried(sentori, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        execute(emails_path=str(tmp_path / "tomorrow.txt"))

    assert sentori.requests() == []


@task
def addresses() -> list[str]:
    return PEOPLE


def test_tasks_that_return_the_addresses_are_upstream() -> None:
    with DAG("upstream", schedule=None, start_date=datetime(2026, 1, 1)):
        whole = operator(emails=addresses())
        parts = operator(task_id="parts", emails=[addresses(), "one@example.com", addresses()])
        path = operator(task_id="path", emails_path=addresses())
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
