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
    """The trigger as the triggerer makes it anew out of the database."""
    classpath, arguments = trigger.serialize()
    assert classpath == "airflow_provider_sentori.triggers.sentori.SentoriContactTrigger"
    return SentoriContactTrigger(**json.loads(json.dumps(arguments)))


async def first_event(trigger: SentoriContactTrigger) -> dict[str, Any]:
    async for event in trigger.run():
        return event.payload
    raise AssertionError("the trigger ended without an event")


@contextmanager
def as_soon_as_it_waits(sentori: Sandbox, happens: Happens, looks: int = 2) -> Iterator[None]:
    """``happens`` after so many looks, from elsewhere."""

    def elsewhere() -> None:
        deadline = time.monotonic() + 20
        while len(sentori.requests()) < looks and time.monotonic() < deadline:
            time.sleep(0.005)
        happens(sentori)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    try:
        yield
    finally:
        thread.join()


@pytest.mark.parametrize("world", [{}, {"code-type": "string", "list-system-id": "number"}], ids=str)
@pytest.mark.parametrize("until", UNTIL)
def test_it_waits_in_a_worker_until_it_is_so(sentori, until: str, world: dict[str, str]) -> None:
    arguments, before, happens = UNTIL[until]
    sentori.assume(world)
    before(sentori)

    with as_soon_as_it_waits(sentori, happens):
        assert sensor(**arguments).execute({}) is None

    assert len(sentori.requests()) > 2
    assert sentori.writes() == []


@pytest.mark.parametrize("until", UNTIL)
def test_rescheduled_it_leaves_the_worker_until_it_is_so(sentori, until: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if AIRFLOW < (3, 0):
        # There a sensor asks Airflow's database for what later ones ask the task instance.
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
    # What Airflow 2 looks at.
    dag_id, task_id, run_id, map_index, max_tries = "dag", "mary", "run", -1, 0

    def get_first_reschedule_date(self, _: object) -> None:
        return None


@pytest.mark.parametrize("until", UNTIL)
def test_deferred_it_waits_in_the_triggerer_until_it_is_so(sentori, until: str) -> None:
    arguments, before, happens = UNTIL[until]
    before(sentori)

    deferral = deferred(**arguments)
    with as_soon_as_it_waits(sentori, happens, looks=3):
        event = asyncio.run(first_event(stored(deferral.trigger)))

    assert len(sentori.requests()) > 3
    assert (deferral.method_name, deferral.timeout) == ("execute_complete", timedelta(seconds=30))
    assert sensor(**arguments).execute_complete({}, event=event) is None


@pytest.mark.parametrize("until", UNTIL)
def test_what_is_so_already_takes_one_read_and_no_triggerer(sentori, until: str) -> None:
    arguments, before, happens = UNTIL[until]
    before(sentori)
    happens(sentori)

    assert sensor(**arguments, deferrable=True).execute({}) is None

    assert len(sentori.requests()) == 1


def test_a_list_is_found_by_its_name_too(sentori) -> None:
    sentori.put_contact(MARY)
    sentori.subscribe(MARY, NEWS)
    sentori.put_contact("other@example.com")

    assert sensor(until="subscribed", mailing_list="News").poke({}) is True
    assert sensor(until="subscribed", mailing_list="News", email="other@example.com").poke({}) is False


@pytest.mark.parametrize("until", ["exists", "confirmed", "suppressed"])
def test_an_address_without_a_contact_is_waited_for_even_if_it_is_suppressed(sentori, until: str) -> None:
    sentori.suppress(MARY)

    assert sensor(until=until).poke({}) is False


def test_the_triggers_reads_do_not_hold_up_the_event_loop(connection) -> None:
    """Sentori is served by the very loop that the trigger runs in."""

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


def test_what_airflow_stores_while_it_waits_is_small_and_without_the_key(sentori) -> None:
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
def test_bad_input_fails_for_good_before_any_request(
    sentori, arguments: dict[str, Any], sentence: str, deferrable: bool
) -> None:
    with pytest.raises(AirflowFailException) as failure:
        sensor(**arguments, deferrable=deferrable).execute({})

    assert str(failure.value) == sentence
    assert sentori.requests() == []


def test_an_unknown_list_fails_for_good_wherever_it_waits(sentori) -> None:
    trigger = SentoriContactTrigger(MARY, "subscribed", "NEWS2025", "sentori_default", 0.01, silent_fail=True)

    with pytest.raises(AirflowFailException, match=r"There are: NEWS2026 \(News\)\.$"):
        sensor(until="subscribed", mailing_list="NEWS2025").execute({})
    with pytest.raises(AirflowFailException, match=r"There are: NEWS2026 \(News\)\.$"):
        sensor().execute_complete({}, event=asyncio.run(first_event(trigger)))


def test_what_may_pass_is_left_to_airflows_retries_wherever_it_waits(sentori, connection) -> None:
    hasty = connection(host=sentori.url, password=sentori.api_key, extra={"max_wait": 0})
    sentori.fault("contact/get", kind="status", status=502, times=2)

    with pytest.raises(AirflowException) as in_a_worker:
        sensor(sentori_conn_id=hasty).execute({})
    event = asyncio.run(first_event(SentoriContactTrigger(MARY, "exists", None, hasty, 0.01)))
    with pytest.raises(AirflowException) as in_the_triggerer:
        sensor().execute_complete({}, event=event)

    assert str(in_a_worker.value) == str(in_the_triggerer.value)
    assert not any(isinstance(one.value, AirflowFailException) for one in (in_a_worker, in_the_triggerer))


@pytest.mark.parametrize("deferrable", [True, False])
def test_with_silent_fail_it_goes_on_waiting_after_what_may_pass(sentori, connection, deferrable: bool) -> None:
    hasty = connection(host=sentori.url, password=sentori.api_key, extra={"max_wait": 0})
    sentori.fault("contact/get", kind="status", status=502)
    sentori.put_contact(MARY)

    if deferrable:
        trigger = SentoriContactTrigger(MARY, "exists", None, hasty, 0.01, silent_fail=True)
        assert asyncio.run(first_event(trigger)) == {}
    else:
        sensor(sentori_conn_id=hasty, silent_fail=True).execute({})

    assert len(sentori.requests()) == 2


def test_the_first_look_of_a_deferrable_sensor_fails_as_any_other(sentori, connection) -> None:
    hasty = connection(host=sentori.url, password=sentori.api_key, extra={"max_wait": 0})
    sentori.fault("contact/get", kind="status", status=502, times=3)

    with pytest.raises(TaskDeferred):
        sensor(sentori_conn_id=hasty, deferrable=True, silent_fail=True).execute({})
    for deferrable in (True, False):
        with pytest.raises(AirflowSkipException):
            sensor(sentori_conn_id=hasty, deferrable=deferrable, never_fail=True).execute({})
    for deferrable in (True, False):
        with pytest.raises(AirflowSkipException):
            sensor(until="gone", deferrable=deferrable, soft_fail=True).execute({})


def test_it_does_not_wait_for_ever(sentori) -> None:
    with pytest.raises(AirflowSensorTimeout):
        sensor(timeout=0.05).execute({})


def test_no_log_and_no_repr_holds_an_address(
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


def test_no_argument_hides_one_of_airflows_own_attributes() -> None:
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
