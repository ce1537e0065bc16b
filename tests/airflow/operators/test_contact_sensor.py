# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The contact sensor: in a worker, rescheduled, and in the triggerer."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from airflow.exceptions import AirflowRescheduleException
from airflow.providers.common.compat.sdk import (
    AirflowException,
    AirflowFailException,
    AirflowSensorTimeout,
    AirflowSkipException,
    BaseSensorOperator,
    TaskDeferred,
)
from airflow_provider_sentori.sensors.sentori import SentoriContactSensor
from airflow_provider_sentori.triggers.sentori import SentoriContactTrigger
from sentori_sandbox import Sandbox
from versions import AIRFLOW

MARY = "mary.major@example.com"
NEWS = "NEWS2026"
KEY = "6b8f7c2e-0000-4000-8000-000000000001"

Happens = Callable[[Sandbox], None]
UNTIL: dict[str, tuple[dict[str, Any], Happens, Happens]] = {
    "exists": (
        {},
        lambda sentori: None,
        lambda sentori: sentori.put_contact(MARY),
    ),
    "confirmed": (
        {"until": "confirmed"},
        lambda sentori: sentori.put_contact(MARY, IsConfirmed=False),
        lambda sentori: sentori.put_contact(MARY, IsConfirmed=True),
    ),
    "subscribed": (
        {"until": "subscribed", "mailing_list": NEWS},
        lambda sentori: sentori.put_contact(MARY),
        lambda sentori: sentori.subscribe(MARY, NEWS),
    ),
    "suppressed": (
        {"until": "suppressed"},
        lambda sentori: sentori.put_contact(MARY),
        lambda sentori: sentori.suppress(MARY),
    ),
}


@pytest.fixture(autouse=True)
def lists(sentori: Sandbox) -> None:
    sentori.reset(seed={"mailing_lists": [{"ExternalID": NEWS, "Name": "News"}]})


def sensor(**arguments: Any) -> SentoriContactSensor:
    given = {"task_id": "mary", "email": MARY.upper(), "poke_interval": 0.01, "timeout": 30, **arguments}
    return SentoriContactSensor(**given)


def deferred(**arguments: Any) -> TaskDeferred:
    with pytest.raises(TaskDeferred) as deferral:
        sensor(**arguments, deferrable=True).execute({})
    return deferral.value


def stored(trigger: SentoriContactTrigger) -> SentoriContactTrigger:
    """The trigger as the triggerer creates it from the database."""
    classpath, arguments = trigger.serialize()
    assert classpath == "airflow_provider_sentori.triggers.sentori.SentoriContactTrigger"
    return SentoriContactTrigger(**json.loads(json.dumps(arguments)))


async def first_event(trigger: SentoriContactTrigger) -> dict[str, Any]:
    async for event in trigger.run():
        return event.payload
    raise AssertionError("the trigger ended without an event")


@contextmanager
def after_requests(sentori: Sandbox, happens: Happens, count: int = 2) -> Iterator[None]:
    """Call ``happens`` in another thread after ``count`` requests."""

    def elsewhere() -> None:
        deadline = time.monotonic() + 20
        while len(sentori.requests()) < count and time.monotonic() < deadline:
            time.sleep(0.005)
        happens(sentori)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    try:
        yield
    finally:
        thread.join()


@pytest.mark.parametrize("assumptions", [{}, {"code-type": "string", "list-system-id": "number"}], ids=str)
@pytest.mark.parametrize("until", UNTIL)
def test_the_sensor_waits_in_a_worker_until_the_condition_is_met(
    sentori, until: str, assumptions: dict[str, str]
) -> None:
    arguments, before, happens = UNTIL[until]
    sentori.assume(assumptions)
    before(sentori)

    with after_requests(sentori, happens):
        assert sensor(**arguments).execute({}) is None

    assert len(sentori.requests()) > 2
    assert sentori.writes() == []


@pytest.mark.parametrize("until", UNTIL)
def test_a_rescheduled_sensor_leaves_the_worker_until_the_condition_is_met(
    sentori, until: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if AIRFLOW < (3, 0):
        # In Airflow 2 a sensor reads from the database what later versions read from the task instance.
        monkeypatch.setattr("airflow.sensors.base._orig_start_date", lambda **_: None)
    arguments, before, happens = UNTIL[until]
    before(sentori)
    context: Any = {"ti": TaskInstance()}

    for _ in range(2):
        with pytest.raises(AirflowRescheduleException):
            sensor(**arguments, mode="reschedule").execute(context)
    happens(sentori)

    assert sensor(**arguments, mode="reschedule").execute(context) is None
    assert len(sentori.requests()) == 3


class TaskInstance:
    # Attributes that Airflow 2 reads.
    dag_id, task_id, run_id, map_index, max_tries = "dag", "mary", "run", -1, 0

    def get_first_reschedule_date(self, _: object) -> None:
        return None


@pytest.mark.parametrize("until", UNTIL)
def test_a_deferred_sensor_waits_in_the_triggerer_until_the_condition_is_met(sentori, until: str) -> None:
    arguments, before, happens = UNTIL[until]
    before(sentori)

    deferral = deferred(**arguments)
    with after_requests(sentori, happens, count=3):
        event = asyncio.run(first_event(stored(deferral.trigger)))

    assert len(sentori.requests()) > 3
    assert (deferral.method_name, deferral.timeout) == ("execute_complete", timedelta(seconds=30))
    assert sensor(**arguments).execute_complete({}, event=event) is None


@pytest.mark.parametrize("until", UNTIL)
def test_a_condition_that_is_met_takes_one_read_and_no_triggerer(sentori, until: str) -> None:
    arguments, before, happens = UNTIL[until]
    before(sentori)
    happens(sentori)

    assert sensor(**arguments, deferrable=True).execute({}) is None

    assert len(sentori.requests()) == 1


def test_a_list_can_be_given_by_name(sentori) -> None:
    sentori.put_contact(MARY)
    sentori.subscribe(MARY, NEWS)
    sentori.put_contact("other@example.com")

    assert sensor(until="subscribed", mailing_list="News").poke({}) is True
    assert sensor(until="subscribed", mailing_list="News", email="other@example.com").poke({}) is False


@pytest.mark.parametrize("until", ["exists", "confirmed", "suppressed"])
def test_a_suppressed_address_without_a_contact_does_not_meet_the_condition(sentori, until: str) -> None:
    sentori.suppress(MARY)

    assert sensor(until=until).poke({}) is False


def test_the_reads_of_the_trigger_do_not_block_the_event_loop(connection) -> None:
    """The server runs in the event loop of the trigger."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = json.dumps({"EmailAddress": MARY}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        writer.close()

    async def both() -> dict[str, Any]:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        stored = connection(host=f"http://127.0.0.1:{port}", password=KEY, extra={"timeout": 5, "max_wait": 0})
        async with server:
            return await first_event(SentoriContactTrigger(MARY, "exists", None, stored, 0.01))

    assert asyncio.run(both()) == {}


def test_the_stored_trigger_is_small_and_contains_no_key(sentori) -> None:
    _, arguments = deferred(until="subscribed", mailing_list=NEWS).trigger.serialize()

    assert arguments == {
        "email": MARY.upper(),
        "until": "subscribed",
        "mailing_list": NEWS,
        "sentori_conn_id": "sentori_default",
        "poke_interval": 0.01,
        "silent_fail": False,
    }


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"email": "nobody"}, "email: this is not an email address (a name, @ and a domain are expected)."),
        ({"email": None}, "email: the email address is missing."),
        ({"until": "gone"}, "until: 'gone' is not one of exists, confirmed, subscribed, suppressed."),
        ({"until": "subscribed"}, "mailing_list: None is not the ID or the name of a mailing list."),
        ({"mailing_list": NEWS}, "mailing_list: can only be used with until subscribed."),
    ],
)
@pytest.mark.parametrize("deferrable", [True, False])
def test_invalid_input_fails_without_retry_before_any_request(
    sentori, arguments: dict[str, Any], sentence: str, deferrable: bool
) -> None:
    with pytest.raises(AirflowFailException) as failure:
        sensor(**arguments, deferrable=deferrable).execute({})

    assert str(failure.value) == sentence
    assert sentori.requests() == []


def test_an_unknown_list_fails_without_retry_in_worker_and_triggerer(sentori) -> None:
    trigger = SentoriContactTrigger(MARY, "subscribed", "NEWS2025", "sentori_default", 0.01, silent_fail=True)

    with pytest.raises(AirflowFailException, match=r"There are: NEWS2026 \(News\)\.$"):
        sensor(until="subscribed", mailing_list="NEWS2025").execute({})
    with pytest.raises(AirflowFailException, match=r"There are: NEWS2026 \(News\)\.$"):
        sensor().execute_complete({}, event=asyncio.run(first_event(trigger)))


def test_a_transient_error_is_retried_from_worker_and_triggerer(sentori, connection) -> None:
    without_wait = connection(host=sentori.url, password=sentori.api_key, extra={"max_wait": 0})
    sentori.fault("contact/get", kind="status", status=502, times=2)

    with pytest.raises(AirflowException) as in_a_worker:
        sensor(sentori_conn_id=without_wait).execute({})
    event = asyncio.run(first_event(SentoriContactTrigger(MARY, "exists", None, without_wait, 0.01)))
    with pytest.raises(AirflowException) as in_the_triggerer:
        sensor().execute_complete({}, event=event)

    assert str(in_a_worker.value) == str(in_the_triggerer.value)
    assert not any(isinstance(one.value, AirflowFailException) for one in (in_a_worker, in_the_triggerer))


@pytest.mark.parametrize("deferrable", [True, False])
def test_with_silent_fail_the_sensor_waits_on_after_a_transient_error(sentori, connection, deferrable: bool) -> None:
    without_wait = connection(host=sentori.url, password=sentori.api_key, extra={"max_wait": 0})
    sentori.fault("contact/get", kind="status", status=502)
    sentori.put_contact(MARY)

    if deferrable:
        trigger = SentoriContactTrigger(MARY, "exists", None, without_wait, 0.01, silent_fail=True)
        assert asyncio.run(first_event(trigger)) == {}
    else:
        sensor(sentori_conn_id=without_wait, silent_fail=True).execute({})

    assert len(sentori.requests()) == 2


def test_the_first_poke_of_a_deferrable_sensor_fails_as_any_other(sentori, connection) -> None:
    without_wait = connection(host=sentori.url, password=sentori.api_key, extra={"max_wait": 0})
    sentori.fault("contact/get", kind="status", status=502, times=3)

    with pytest.raises(TaskDeferred):
        sensor(sentori_conn_id=without_wait, deferrable=True, silent_fail=True).execute({})
    for deferrable in (True, False):
        with pytest.raises(AirflowSkipException):
            sensor(sentori_conn_id=without_wait, deferrable=deferrable, never_fail=True).execute({})
    for deferrable in (True, False):
        with pytest.raises(AirflowSkipException):
            sensor(until="gone", deferrable=deferrable, soft_fail=True).execute({})


def test_the_sensor_times_out(sentori) -> None:
    with pytest.raises(AirflowSensorTimeout):
        sensor(timeout=0.05).execute({})


def test_no_log_and_no_repr_contains_an_address(
    sentori, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    deferral = deferred()
    sentori.put_contact(MARY)
    asyncio.run(first_event(deferral.trigger))
    sensor().execute({})

    shown = capsys.readouterr().out + caplog.text + repr(deferral.trigger) + str(deferral.trigger)
    assert "Contact 787dae5563747183, until exists: not yet" in shown
    assert "mary.major" not in shown.lower()
    assert "until exists" in repr(deferral.trigger)


def test_no_argument_shadows_an_attribute_of_airflow() -> None:
    plain = BaseSensorOperator(task_id="any")

    assert sensor().email is None
    assert not {*dir(plain), *vars(plain)} & (set(vars(sensor())) - set(vars(plain)))


def test_each_argument_is_templated(sentori) -> None:
    sentori.put_contact(MARY)
    sentori.subscribe(MARY, NEWS)
    wanted = sensor(
        email="{{ who }}@example.com",
        until="{{ 'subscribed' }}",
        mailing_list="{{ list }}",
        sentori_conn_id="{{ 'sentori' }}_default",
    )

    wanted.render_template_fields({"who": "mary.major", "list": NEWS})

    assert wanted.poke({}) is True
