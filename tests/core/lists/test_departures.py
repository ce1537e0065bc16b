# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Whoever has left a mailing list is not put back on it."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from airflow_provider_sentori.core import errors
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.contacts.apply import apply_contact
from airflow_provider_sentori.core.contacts.desired import desired_contact
from airflow_provider_sentori.core.http.transport import Transport
from airflow_provider_sentori.core.lists import apply
from run_many import on_list, on_suppressions, with_memory
from sentori_sandbox import Sandbox

NEWS = "NEWS2026"
PEOPLE = [f"person{number}@example.com" for number in range(6)]


@pytest.fixture(autouse=True)
def people(sentori_sandbox: Sandbox) -> None:
    lists = [{"ExternalID": NEWS, "Name": "News", "subscribers": PEOPLE[:4]}, {"ExternalID": "OFFERS26", "Name": "O"}]
    sentori_sandbox.reset(seed={"contacts": [{"EmailAddress": email} for email in PEOPLE], "mailing_lists": lists})


@pytest.fixture
def state(tmp_path: Path) -> dict[str, Any]:
    return {"state_file": str(tmp_path / "news.db")}


def actions(outcomes: Any) -> list[str]:
    return [outcome.action for outcome in outcomes]


def test_a_person_who_left_is_not_subscribed_again(
    api: SentoriApi, sentori_sandbox: Sandbox, state: dict[str, Any]
) -> None:
    assert actions(on_list(api, NEWS, PEOPLE, **state)) == ["unchanged"] * 4 + ["subscribed"] * 2
    for email in (PEOPLE[0], PEOPLE[5]):
        api.unsubscribe_from_list(email, NEWS)
    expected = ["left", *["unchanged"] * 4, "left"]
    for dry_run in (True, False, False):
        outcomes = on_list(api, NEWS, [email.upper() for email in PEOPLE], dry_run=dry_run, **state)
        assert actions(outcomes) == expected and not any(one.changed for one in outcomes)
    assert outcomes[0].reason.startswith("This person has left the mailing list since an earlier run")
    assert PEOPLE[0] not in sentori_sandbox.subscribers(NEWS)


def test_a_person_who_left_is_subscribed_if_named_in_rejoin_or_after_coming_back(
    api: SentoriApi, sentori_sandbox: Sandbox, state: dict[str, Any]
) -> None:
    on_list(api, NEWS, PEOPLE, **state)
    for email in PEOPLE[:2]:
        api.unsubscribe_from_list(email, NEWS)
    assert actions(on_list(api, NEWS, PEOPLE[:2], rejoin=[PEOPLE[1].upper()], **state)) == ["left", "subscribed"]
    sentori_sandbox.subscribe(PEOPLE[0], NEWS)
    assert actions(on_list(api, NEWS, PEOPLE[:2], **state)) == ["unchanged"] * 2
    api.unsubscribe_from_list(PEOPLE[0], NEWS)
    assert actions(on_list(api, NEWS, PEOPLE[:2], **state)) == ["left", "unchanged"]
    assert actions(on_list(api, NEWS, PEOPLE[:2], departures="ignore", **state)) == ["subscribed", "unchanged"]


def test_a_person_whom_only_we_took_off_is_subscribed_again(
    api: SentoriApi, sentori_sandbox: Sandbox, state: dict[str, Any]
) -> None:
    exact: dict[str, Any] = {"exact": True, "max_unsubscribes": "100%", **state}
    on_list(api, NEWS, PEOPLE[:3], **exact)
    assert sentori_sandbox.subscribers(NEWS) == PEOPLE[:3]
    on_list(api, NEWS, PEOPLE[:1], state="unsubscribed", **state)
    assert actions(on_list(api, NEWS, PEOPLE, **exact)) == ["subscribed", "unchanged", "unchanged", *["subscribed"] * 3]


def test_a_suppressed_person_is_not_mailable_and_another_list_is_not_affected(
    api: SentoriApi, sentori_sandbox: Sandbox, state: dict[str, Any]
) -> None:
    on_list(api, NEWS, PEOPLE, **state)
    api.unsubscribe_from_list(PEOPLE[0], NEWS)
    sentori_sandbox.suppress(PEOPLE[1])
    assert actions(on_list(api, NEWS, PEOPLE[:2], **state)) == ["left", "not_mailable"]
    assert actions(on_list(api, "OFFERS26", PEOPLE[:1], **state)) == ["subscribed"]


def test_a_rename_moves_the_memory_along(api: SentoriApi, sentori_sandbox: Sandbox, state: dict[str, Any]) -> None:
    on_list(api, NEWS, PEOPLE, **state)
    api.unsubscribe_from_list(PEOPLE[0], NEWS)
    renamed = desired_contact(PEOPLE[0], new_email="renamed@example.com")
    assert apply_contact(api, renamed, **with_memory(state)).action == "updated"
    assert actions(on_list(api, NEWS, ["renamed@example.com"], **state)) == ["left"]


def test_a_suppression_does_not_move_along_with_a_rename(
    api: SentoriApi, sentori_sandbox: Sandbox, state: dict[str, Any]
) -> None:
    opted_out: dict[str, Any] = {"is_counted": True, **state}
    on_suppressions(api, PEOPLE[:1], **opted_out)
    apply_contact(api, desired_contact(PEOPLE[0], new_email="renamed@example.com"), **with_memory(state))
    assert actions(on_suppressions(api, ["renamed@example.com"], **opted_out)) == ["suppressed"]
    assert "renamed@example.com" in sentori_sandbox.suppression_list()


def test_exact_is_refused_if_everybody_has_left(
    api: SentoriApi, sentori_sandbox: Sandbox, state: dict[str, Any]
) -> None:
    on_list(api, NEWS, PEOPLE[:2], **state)
    for email in PEOPLE[:2]:
        api.unsubscribe_from_list(email, NEWS)
    with pytest.raises(errors.InvalidInput, match=r"^emails: none of these 2 addresses is on the list or can be"):
        on_list(api, NEWS, PEOPLE[:2], exact=True, max_unsubscribes="100%", **state)
    assert sentori_sandbox.subscribers(NEWS) == PEOPLE[2:4]


def test_without_a_state_file_a_person_who_left_is_subscribed_again(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    on_list(api, NEWS, PEOPLE)
    api.unsubscribe_from_list(PEOPLE[0], NEWS)
    assert actions(on_list(api, NEWS, PEOPLE[:1])) == ["subscribed"]
    sentori_sandbox.assume({"subscribe-again": "ignored"})
    api.unsubscribe_from_list(PEOPLE[0], NEWS)
    (outcome,) = on_list(api, NEWS, PEOPLE[:1])
    assert outcome.action == "failed" and "this person has probably left it" in outcome.reason


@pytest.mark.parametrize("given", [{"departures": "ignore"}, {"rejoin": PEOPLE[:1]}])
def test_options_of_the_memory_need_a_state_file(api: SentoriApi, sentori_sandbox: Sandbox, given: Any) -> None:
    with pytest.raises(errors.InvalidInput, match=r"can only be used with state_file"):
        on_list(api, NEWS, PEOPLE, **given)
    with pytest.raises(errors.InvalidInput, match=r"^rejoin\[0\]: this is not an email address"):
        on_list(api, NEWS, PEOPLE, state_file="x.db", rejoin=["nobody"])
    assert sentori_sandbox.requests() == []


# The statement that the memory cannot do any more.
BROKEN = {
    "remember": "INSERT ON entry WHEN NOT EXISTS (SELECT 1 FROM entry WHERE address = NEW.address)",
    "forget": "DELETE ON entry",
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_memory_that_cannot_be_written_stops_the_run_and_every_outcome_is_true(
    api: SentoriApi, sentori_sandbox: Sandbox, state: dict[str, Any], broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply, "PAGE", 1)
    on_list(api, NEWS, PEOPLE[:4], **state)
    with closing(sqlite3.connect(state["state_file"])) as database, database:
        database.execute(f"CREATE TRIGGER full BEFORE {BROKEN[broken]} BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    if broken == "remember":
        outcomes = on_list(api, NEWS, PEOPLE, concurrency=1, **state)
        assert actions(outcomes) == [*["unchanged"] * 4, "subscribed", "failed"]
        assert sentori_sandbox.subscribers(NEWS) == PEOPLE[:5]
    else:
        outcomes = on_list(api, NEWS, PEOPLE[:2], state="unsubscribed", concurrency=1, **state)
        assert actions(outcomes) == ["failed", "failed"] and sentori_sandbox.writes() == []


def test_a_rename_whose_memory_cannot_be_moved_is_a_change_with_a_warning(
    api: SentoriApi, sentori_sandbox: Sandbox, state: dict[str, Any]
) -> None:
    on_list(api, NEWS, PEOPLE, **state)
    with closing(sqlite3.connect(state["state_file"])) as database, database:
        database.execute("CREATE TRIGGER full BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    outcome = apply_contact(api, desired_contact(PEOPLE[0], new_email="renamed@example.com"), **with_memory(state))
    assert (outcome.action, outcome.changed) == ("updated", True) and "disk full" in outcome.warnings[0]


class Killed(BaseException):
    """The process ends."""


class DyingApi(SentoriApi):
    """Ends the process at one of its writes, before or after Sentori has acted."""

    def __init__(self, transport: Transport, at: int, *, after: bool) -> None:
        super().__init__(transport)
        self._left = at
        self._after = after
        self.last = ""

    def subscribe(self, email: str, mailing_list: str) -> None:
        self._write(lambda: super(DyingApi, self).subscribe(email, mailing_list), email)

    def unsubscribe_from_list(self, email: str, mailing_list: str) -> None:
        self._write(lambda: super(DyingApi, self).unsubscribe_from_list(email, mailing_list), email)

    def _write(self, send: Any, email: str) -> None:
        self.last = email
        self._left -= 1
        if self._left < 0 or (self._left == 0 and not self._after):
            raise Killed
        send()
        if self._left == 0:
            raise Killed


def test_thirty_nights_put_nobody_back_and_hold_nobody_back(
    api: SentoriApi, sentori_sandbox: Sandbox, state: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Otherwise all who were put on the list since the last page cannot be told from those who never were.
    monkeypatch.setattr(apply, "PAGE", 1)
    chance = random.Random(2026)
    everybody = [f"p{number}@example.com" for number in range(2000)]
    lists = [{"ExternalID": NEWS, "Name": "News"}]
    sentori_sandbox.reset(seed={"contacts": [{"EmailAddress": e} for e in everybody], "mailing_lists": lists})
    exact: dict[str, Any] = {"exact": True, "max_unsubscribes": "100%", "concurrency": 1, **state}
    wanted, left, stopped = set(everybody[:1900]), set[str](), set[str]()
    just_put_on: set[str] = set()

    for night in range(30):
        listed = set(sentori_sandbox.subscribers(NEWS))
        # A person who was put on the list at the very moment of the end cannot be told from one who never was.
        leaving = chance.sample(sorted(listed - stopped - just_put_on), min(10, len(listed))) if night else []
        for email in leaving:
            api.unsubscribe_from_list(email, NEWS)
        left |= set(leaving)
        for email in chance.sample(sorted(left), min(2, len(left))):
            if email not in stopped:
                sentori_sandbox.subscribe(email, NEWS)
                left.discard(email)
        renamed = chance.choice(sorted(wanted - stopped))
        new = f"night{night}.{renamed}"
        apply_contact(api, desired_contact(renamed, new_email=new), **with_memory(state))
        for group in (wanted, left):
            if renamed in group:
                group.remove(renamed)
                group.add(new)
        suppressed = chance.choice(sorted(wanted))
        sentori_sandbox.suppress(suppressed)
        stopped.add(suppressed)
        back = [email for email in chance.sample(sorted(set(everybody) - wanted), 5) if sentori_sandbox.contact(email)]
        wanted = (wanted - set(chance.sample(sorted(wanted - left), 5))) | set(back)

        killed = night % 3 == 1
        dying = DyingApi(api.transport, chance.randint(1, 8), after=chance.random() < 0.5)
        just_put_on = set()
        try:
            on_list(dying if killed else api, NEWS, sorted(wanted), max_rejected="100%", **exact)
        except Killed:
            just_put_on = {dying.last}
        listed = set(sentori_sandbox.subscribers(NEWS))
        assert not listed & (left - stopped), f"put back in night {night}"
        if not killed:
            assert wanted - left - stopped <= listed, f"held back in night {night}"
            assert listed - stopped <= wanted
