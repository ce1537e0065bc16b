# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The members of a mailing list: reads, writes, and outcomes that cannot be verified."""

from __future__ import annotations

from typing import Any

import pytest
from airflow_provider_sentori.core import errors
from airflow_provider_sentori.core.api.client import SentoriApi
from airflow_provider_sentori.core.api.subscribers import read_subscribers
from airflow_provider_sentori.core.lists import limit
from airflow_provider_sentori.core.lists.membership import among
from airflow_provider_sentori.core.lists.subscriptions import Subscriptions
from airflow_provider_sentori.core.runs.outcome import OF_SUBSCRIPTIONS
from airflow_provider_sentori.core.suppressions.one import suppress
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from run_many import on_list, summary_of
from sentori_sandbox import Sandbox
from sentori_sandbox.assumptions import TABLE

NEWS = "NEWS2026"
PEOPLE = [f"person{number}@example.com" for number in range(6)]
TESTED = {
    "code-type", "list-system-id", "undocumented-answers", "subscribe-unknown", "subscribe-suppressed",
    "subscribe-bad", "unsubscribe-unknown", "unsubscribe-not-member", "subscribers-unconfirmed", "empty-segments",
    "trailing-slash",
}  # fmt: skip
ASSUMPTIONS = [{one.name: value} for one in TABLE if one.name in TESTED for value in one.values]
LISTS = [{"ExternalID": NEWS, "Name": "News / UK", "Description": None}, {"ExternalID": "OFFERS26", "Name": "Offers"}]


@pytest.fixture(autouse=True)
def people(sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.reset(seed={"mailing_lists": LISTS})
    for email in PEOPLE:
        sentori_sandbox.put_contact(email)


def shown(sandbox: Sandbox, api: SentoriApi) -> list[str]:
    """The subscribed and emailable addresses; the request is removed from the journal."""
    found = read_subscribers(api, NEWS, lambda subscribers: sorted(one["EmailAddress"] for one in subscribers))
    sandbox.clear_requests()
    return found


def routes(sandbox: Sandbox) -> dict[str, int]:
    found: dict[str, int] = {}
    for entry in sandbox.requests():
        found[entry.route] = found.get(entry.route, 0) + 1
    return found


def actions(outcomes: Any) -> list[str]:
    return [outcome.action for outcome in outcomes]


@pytest.mark.parametrize("assumptions", ASSUMPTIONS, ids=str)
def test_create_change_remove_are_predicted_applied_and_then_unchanged(
    api: SentoriApi, sentori_sandbox: Sandbox, assumptions: dict[str, str]
) -> None:
    sentori_sandbox.assume(assumptions)
    upper = [email.upper() for email in reversed(PEOPLE)]
    three = PEOPLE[:3]
    steps: list[tuple[Any, list[str], list[str]]] = [
        (lambda dry: on_list(api, NEWS, PEOPLE, dry_run=dry), ["subscribed"] * 6, PEOPLE),
        (
            lambda dry: on_list(api, NEWS, three, max_unsubscribes="50%", dry_run=dry, exact=True),
            ["unchanged"] * 3 + ["unsubscribed"] * 3,
            three,
        ),
        (
            lambda dry: on_list(api, NEWS, upper, dry_run=dry, state="unsubscribed"),
            ["unchanged"] * 3 + ["unsubscribed"] * 3,
            [],
        ),
    ]
    for run, expected, members in steps:
        assert actions(run(True)) == expected
        assert sentori_sandbox.writes() == []
        assert actions(run(False)) == expected
        assert shown(sentori_sandbox, api) == members
        for dry in (True, False):
            assert set(actions(run(dry))) <= {"unchanged"}
        assert sentori_sandbox.writes() == []
        assert sentori_sandbox.suppression_list() == []


def test_only_missing_addresses_take_a_read_and_a_write(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    for email in PEOPLE[:4]:
        sentori_sandbox.subscribe(email, NEWS)
    on_list(api, NEWS, PEOPLE)
    assert routes(sentori_sandbox) == {"mailinglists/subscribers": 2, "contact/get": 2, "contact/subscribe": 2}
    sentori_sandbox.clear_requests()
    on_list(api, NEWS, list(reversed(PEOPLE)))
    assert routes(sentori_sandbox) == {"mailinglists/subscribers": 1}


@pytest.mark.parametrize(
    ("put", "kind"),
    [
        ({"IsSuppressed": True}, errors.EmailAddressSuppressed),
        ({"IsBadEmailAddress": True}, errors.EmailAddressBad),
        (None, errors.ContactNotFound),
    ],
)
def test_an_ineligible_address_is_refused_before_the_call_and_the_others_are_subscribed(
    api: SentoriApi, sentori_sandbox: Sandbox, put: Any, kind: type[errors.ApiError]
) -> None:
    if put is not None:
        sentori_sandbox.put_contact("odd@example.com", **put)
    for dry_run in (True, False):
        outcomes = on_list(api, NEWS, [PEOPLE[0], "odd@example.com", PEOPLE[1]], dry_run=dry_run)
        refused = "rejected" if put is None else "not_mailable"
        assert actions(outcomes) == ["subscribed", refused, "subscribed"]
        assert isinstance(outcomes[1].error, kind)
    assert not any("odd" in entry.path for entry in sentori_sandbox.writes())


def test_create_missing_adds_the_contact_first(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    for dry_run in (True, False):
        outcomes = on_list(api, NEWS, ["new@example.com"], create_missing=True, dry_run=dry_run)
        assert [(one.action, one.added) for one in outcomes] == [("subscribed", True)]
    assert [entry.route for entry in sentori_sandbox.writes()] == ["contact/add", "contact/subscribe"]
    assert shown(sentori_sandbox, api) == ["new@example.com"]


@pytest.mark.parametrize("answer", ["accepted", "ignored", "error-106", "unsuppresses"])
def test_a_contact_found_suppressed_when_added_is_not_subscribed(
    api: SentoriApi, sentori_sandbox: Sandbox, answer: str
) -> None:
    sentori_sandbox.assume({"subscribe-suppressed": answer})
    sentori_sandbox.suppress("opted.out@example.com")
    (outcome,) = on_list(api, NEWS, ["opted.out@example.com"], create_missing=True)
    assert isinstance(outcome.error, errors.EmailAddressSuppressed)
    assert (outcome.action, outcome.added, outcome.changed) == ("not_mailable", True, True)
    assert [entry.route for entry in sentori_sandbox.writes()] == ["contact/add"]
    assert sentori_sandbox.suppression_list() == ["opted.out@example.com"]


@pytest.mark.parametrize("assumptions", ASSUMPTIONS, ids=str)
def test_unsubscribing_a_suppressed_contact_is_unverifiable_and_is_no_change(
    api: SentoriApi, sentori_sandbox: Sandbox, assumptions: dict[str, str]
) -> None:
    sentori_sandbox.assume(assumptions)
    sentori_sandbox.put_contact("odd@example.com", IsSuppressed=True)
    sentori_sandbox.subscribe("odd@example.com", NEWS)
    (predicted,) = on_list(api, NEWS, ["odd@example.com"], dry_run=True, state="unsubscribed")
    assert sentori_sandbox.writes() == []
    (done,) = on_list(api, NEWS, ["odd@example.com"], state="unsubscribed")
    assert (predicted.action, done.action, done.changed) == ("unverifiable", "unverifiable", False)
    assert len(sentori_sandbox.writes()) == 1
    assert sentori_sandbox.subscribers(NEWS) == []


def test_a_call_without_effect_is_a_failure(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.subscribe(PEOPLE[0], NEWS)
    json = {"Content-Type": "application/json"}
    sentori_sandbox.fault("contact/unsubscribe", kind="status", status=200, body="{}", headers=json)
    (outcome,) = on_list(api, NEWS, [PEOPLE[0]], state="unsubscribed")
    assert (
        str(outcome.error) == "contact/unsubscribe: Sentori accepted the request, but the contact is still on the list."
    )


def test_an_unconfirmed_contact_that_is_not_listed_is_unverifiable(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.assume({"subscribers-unconfirmed": "excluded"})
    sentori_sandbox.put_contact("odd@example.com", IsConfirmed=False)
    assert actions(on_list(api, NEWS, ["odd@example.com"])) == ["unverifiable"]
    assert sentori_sandbox.subscribers(NEWS) == ["odd@example.com"]


@pytest.mark.parametrize("kind", ["drop-before", "drop-after", "html"])
@pytest.mark.parametrize("route", ["contact/subscribe", "contact/unsubscribe", "contact/add"])
def test_a_lost_answer_is_looked_up_before_the_call_is_repeated(
    api: SentoriApi, sentori_sandbox: Sandbox, kind: str, route: str
) -> None:
    sentori_sandbox.subscribe(PEOPLE[0], NEWS)
    sentori_sandbox.fault(route, kind=kind)
    if route == "contact/unsubscribe":
        outcomes = on_list(api, NEWS, [PEOPLE[0]], state="unsubscribed")
    else:
        outcomes = on_list(api, NEWS, ["new@example.com"], create_missing=True)
    assert outcomes[0].changed
    calls = [entry.route for entry in sentori_sandbox.writes()].count(route)
    assert calls == (1 if kind == "drop-after" else 2)


def test_a_lost_answer_is_in_doubt_if_the_list_cannot_be_read(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.fault("mailinglists/subscribers", kind="wait", seconds=0)
    sentori_sandbox.fault("mailinglists/subscribers", kind="status", status=500, times=4)
    (outcome,) = on_list(api, NEWS, [PEOPLE[0]])
    assert (outcome.action, outcome.changed) == ("in_doubt", False)


def test_a_list_is_found_by_its_exact_name(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    on_list(api, "News / UK", PEOPLE)
    assert sentori_sandbox.subscribers(NEWS) == PEOPLE


def test_an_unknown_list_is_refused_and_the_existing_ones_are_named(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    there_are = r"NEWS2026 \(News / UK\), OFFERS26 \(Offers\)"
    sentence = rf"^mailing_list: no mailing list has the ID or name '.*'\. There are: {there_are}\.$"
    for given_list in ("NEWS", "news / uk", "NEWS2026/"):
        with pytest.raises(errors.InvalidInput, match=sentence):
            on_list(api, given_list, PEOPLE)
    assert sentori_sandbox.writes() == []


def test_an_ambiguous_list_name_is_refused_with_the_ids(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    twins = [{"ExternalID": "A1", "Name": "Twin"}, {"ExternalID": "B2", "Name": "Twin"}]
    sentori_sandbox.reset(seed={"mailing_lists": twins})
    with pytest.raises(errors.InvalidInput, match=r"2 mailing lists are named 'Twin'.*: A1 \(Twin\), B2 \(Twin\)\."):
        on_list(api, "Twin", PEOPLE)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.text(), st.text(alphabet="./\\ \n\x00%?#\t"), st.sampled_from(["", " ", "..", "/", "%2F", None, 5]))
)
def test_no_input_makes_a_list_unsubscribe_global(api: SentoriApi, sentori_sandbox: Sandbox, mailing_list: Any) -> None:
    for unsubscribe in (
        lambda: api.unsubscribe_from_list(PEOPLE[0], mailing_list),
        lambda: on_list(api, mailing_list, [PEOPLE[0]], state="unsubscribed"),
    ):
        with pytest.raises(errors.SentoriError):
            unsubscribe()
    assert "contact/unsubscribe/all" not in routes(sentori_sandbox)
    assert sentori_sandbox.suppression_list() == []


@pytest.mark.parametrize("mailing_list", ["", " ", ".", "..", "/", "//", "../..", "\n", "\x00", "NEWS2026\n", None, 5])
def test_an_invalid_list_is_refused_before_any_request(
    api: SentoriApi, sentori_sandbox: Sandbox, mailing_list: Any
) -> None:
    with pytest.raises(errors.InvalidInput, match=r"^mailing_list: .* is not the ID or the name"):
        on_list(api, mailing_list, [PEOPLE[0]], state="unsubscribed")
    with pytest.raises(errors.InvalidInput, match=r"^mailing_list: .* is not an ExternalID"):
        api.unsubscribe_from_list(PEOPLE[0], mailing_list)
    assert sentori_sandbox.requests() == []


LIMITS = [
    (2, 2, True),
    (2, 3, False),
    ("50%", 3, True),
    ("50%", 4, False),
    ("0", 0, True),
    (0, 1, False),
    ("99.9%", 6, False),
]


@pytest.mark.parametrize(("limit", "leaving", "allowed"), LIMITS)
def test_max_unsubscribes_limits_removals(
    api: SentoriApi, sentori_sandbox: Sandbox, limit: Any, leaving: int, allowed: bool
) -> None:
    for email in PEOPLE:
        sentori_sandbox.subscribe(email, NEWS)
    staying = PEOPLE[leaving:]
    options = {"exact": True, "max_unsubscribes": limit, "allow_empty": True}
    if allowed:
        on_list(api, NEWS, staying, **options)
        assert sentori_sandbox.subscribers(NEWS) == staying
        return
    with pytest.raises(
        errors.InvalidInput, match=rf"^max_unsubscribes: {leaving} of 6 subscribers .* They are: p\*\*\*@"
    ):
        on_list(api, NEWS, staying, **options)
    assert sentori_sandbox.writes() == []


def test_a_percentage_is_rounded_down() -> None:
    assert [limit.parse_limit(given).of(375) for given in ("18.4%", "18.3%", "0%", "100%")] == [69, 68, 0, 375]
    assert limit.parse_limit("5%").of(10) == 0


@pytest.mark.parametrize("limit", [None, "", "some", "-1", "101%", True, 1.5, "%"])
def test_exact_without_a_valid_limit_is_refused_before_any_request(
    api: SentoriApi, sentori_sandbox: Sandbox, limit: Any
) -> None:
    with pytest.raises(errors.InvalidInput, match=r"^max_unsubscribes: exact removes all other subscribers"):
        on_list(api, NEWS, PEOPLE, max_unsubscribes=limit, exact=True)
    assert sentori_sandbox.requests() == []


def test_exact_without_addresses_is_refused_unless_allowed(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    with pytest.raises(errors.InvalidInput, match=r"^emails: no valid address is given, and exact would"):
        on_list(api, NEWS, [], max_unsubscribes="100%", exact=True)
    assert sentori_sandbox.requests() == []


def test_reading_for_one_contact_stops_at_its_entry(connect: Any, sentori_sandbox: Sandbox) -> None:
    crowd = [PEOPLE[0], *(f"crowd{number}@example.com" for number in range(30_000))]
    lists = [{"ExternalID": NEWS, "Name": "News", "subscribers": crowd}]
    sentori_sandbox.reset(seed={"contacts": [{"EmailAddress": email} for email in crowd], "mailing_lists": lists})
    api = connect(url=sentori_sandbox.url, api_key=sentori_sandbox.api_key)
    seen = 0

    def count(subscribers: Any) -> None:
        nonlocal seen
        for seen, _ in enumerate(subscribers, 1):
            if seen == 3:
                return

    read_subscribers(api, NEWS, count)
    assert seen == 3
    assert actions(on_list(api, NEWS, [PEOPLE[0]])) == ["unchanged"]
    assert len(read_subscribers(api, NEWS, list)) == 30_001


@pytest.mark.parametrize("assumptions", ASSUMPTIONS, ids=str)
def test_suppressing_is_predicted_applied_and_then_unchanged(
    api: SentoriApi, sentori_sandbox: Sandbox, assumptions: dict[str, str]
) -> None:
    sentori_sandbox.assume(assumptions)
    sentori_sandbox.subscribe(PEOPLE[0], NEWS)
    assert suppress(api, PEOPLE[0], dry_run=True).action == "suppressed"
    assert sentori_sandbox.writes() == []
    done = suppress(api, PEOPLE[0].upper())
    assert (done.action, done.changed) == ("suppressed", True)
    assert sentori_sandbox.suppression_list() == [PEOPLE[0]]
    assert sentori_sandbox.subscribers(NEWS) == []
    sentori_sandbox.clear_requests()
    assert [suppress(api, PEOPLE[0], dry_run=dry).action for dry in (True, False)] == ["unchanged"] * 2
    assert sentori_sandbox.writes() == []


def test_suppressing_an_address_without_a_contact_is_unverifiable(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    assert suppress(api, "nobody@example.com", dry_run=True).action == "unverifiable"
    assert suppress(api, "nobody@example.com").action == "unverifiable"
    assert sentori_sandbox.suppression_list() == ["nobody@example.com"]
    assert len(sentori_sandbox.writes()) == 1


@pytest.mark.parametrize("kind", ["drop-before", "drop-after", "html"])
@pytest.mark.parametrize("email", [PEOPLE[0], "nobody@example.com"])
def test_a_suppression_with_a_lost_answer_is_looked_up_or_repeated(
    api: SentoriApi, sentori_sandbox: Sandbox, kind: str, email: str
) -> None:
    sentori_sandbox.fault("contact/unsubscribe/all", kind=kind)
    assert suppress(api, email).action == ("suppressed" if email == PEOPLE[0] else "unverifiable")
    assert sentori_sandbox.suppression_list() == [email]


@pytest.mark.parametrize("answer", ["accepted", "unsuppresses"])
def test_a_contact_suppressed_during_a_lost_answer_is_not_subscribed_again(
    api: SentoriApi, sentori_sandbox: Sandbox, passing_time: Any, answer: str
) -> None:
    sentori_sandbox.assume({"subscribe-suppressed": answer})
    sentori_sandbox.fault("contact/subscribe", kind="drop-before")
    passing_time.meanwhile = lambda: sentori_sandbox.suppress(PEOPLE[0])
    (outcome,) = on_list(api, NEWS, [PEOPLE[0]])
    assert isinstance(outcome.error, errors.EmailAddressSuppressed)
    assert len(sentori_sandbox.writes()) == 1
    assert sentori_sandbox.suppression_list() == [PEOPLE[0]]


def test_exact_without_an_eligible_address_is_refused_as_empty(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    for email in PEOPLE:
        sentori_sandbox.subscribe(email, NEWS)
    typos = [email.replace(".com", ".con") for email in PEOPLE]
    with pytest.raises(errors.InvalidInput, match=r"^emails: none of these 6 addresses is on the list or can be"):
        on_list(api, NEWS, typos, max_unsubscribes="100%", exact=True)
    assert sentori_sandbox.writes() == []


def test_at_most_ten_lists_are_named_and_an_id_is_preferred_to_a_name(
    api: SentoriApi, sentori_sandbox: Sandbox
) -> None:
    lists = [{"ExternalID": f"LIST{number}", "Name": f"Name {number} of joe@example.com"} for number in range(12)]
    sentori_sandbox.reset(seed={"mailing_lists": [*lists, {"ExternalID": "REAL", "Name": "LIST3"}]})
    with pytest.raises(errors.InvalidInput) as refused:
        on_list(api, "No such list", [])
    assert str(refused.value).count("LIST") == 10 and str(refused.value).endswith(", and 3 more.")
    assert "joe@example.com" not in str(refused.value)
    subscriptions = Subscriptions(api, "LIST3")
    subscriptions.subscribe([])
    assert subscriptions.mailing_list_id == "LIST3"


def test_reading_for_some_contacts_stops_after_the_last_of_them() -> None:
    crowd = iter([[f"crowd{number}@example.com"] for number in range(100)])
    assert set(among(["CROWD3@example.com", "crowd1@example.com"], crowd)) == {
        "crowd1@example.com",
        "crowd3@example.com",
    }
    assert next(crowd) == ["crowd4@example.com"]


def test_a_contact_that_was_added_elsewhere_meanwhile_is_subscribed(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    sentori_sandbox.fault("contact/get", kind="wait", seconds=0)
    sentori_sandbox.fault("contact/add", kind="drop-after")
    (outcome,) = on_list(api, NEWS, ["new@example.com"], create_missing=True)
    assert (outcome.action, outcome.added) == ("subscribed", True)
    body = '{"Code": 102, "Message": "Email Address already in use"}'
    sentori_sandbox.put_contact("late@example.com")
    absent = '{"Code": 101, "Message": "Contact not found"}'
    sentori_sandbox.fault("contact/get", kind="status", status=404, body=absent, match="late@")
    sentori_sandbox.fault("contact/add", kind="status", status=400, body=body)
    (outcome,) = on_list(api, NEWS, ["late@example.com"], create_missing=True)
    assert (outcome.action, outcome.added) == ("subscribed", False)


def test_a_revoked_key_stops_the_remaining_calls(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    body = '{"Code": 1, "Message": "API Key not valid"}'
    sentori_sandbox.fault("contact/subscribe", kind="status", status=403, body=body)
    outcomes = on_list(api, NEWS, PEOPLE, concurrency=1)
    assert actions(outcomes) == ["failed"] * 6
    assert len(sentori_sandbox.writes()) == 1


def test_a_suppression_without_effect_is_a_failure(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    json = {"Content-Type": "application/json"}
    sentori_sandbox.fault("contact/unsubscribe/all", kind="status", status=200, body="{}", headers=json)
    outcome = suppress(api, PEOPLE[0])
    assert str(outcome.error).endswith("Sentori accepted the request, but the contact is not suppressed.")


def test_the_summary_counts_each_outcome_once(api: SentoriApi) -> None:
    outcomes = on_list(api, NEWS, [*PEOPLE, "nobody@example.com"])
    counts = summary_of(outcomes, OF_SUBSCRIPTIONS)
    assert (counts["total"], counts["subscribed"], counts["rejected"]) == (7, 6, 1)
    assert counts.pop("total") == sum(counts.values())


def test_an_item_that_was_not_sent_because_the_run_stopped_is_failed(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    hidden, member = "hidden@example.com", PEOPLE[0]
    sentori_sandbox.put_contact(hidden, IsSuppressed=True)
    sentori_sandbox.subscribe(member, NEWS)
    body = '{"Code": 1, "Message": "API Key not valid"}'
    headers = {"Content-Type": "application/json"}
    sentori_sandbox.fault("contact/unsubscribe", kind="status", status=403, body=body, headers=headers)
    outcomes = on_list(api, NEWS, [hidden, member], state="unsubscribed")
    assert actions(outcomes) == ["failed", "failed"]
    assert outcomes[1].reason.endswith("This item was not sent.") and not outcomes[1].changed
    assert len(sentori_sandbox.writes()) == 1


def test_a_run_without_time_for_a_second_try_reports_what_was_done(connect: Any, sentori_sandbox: Sandbox) -> None:
    api = connect(url=sentori_sandbox.url, api_key=sentori_sandbox.api_key, max_wait=1)
    sentori_sandbox.fault("contact/subscribe", kind="drop-before", match="person1", times=5)
    sentori_sandbox.fault("contact/get", kind="wait", seconds=0, times=2)
    sentori_sandbox.fault("contact/get", kind="status", status=503, headers={"Retry-After": "50"}, times=9)
    outcomes = on_list(api, NEWS, PEOPLE[:2])
    sentori_sandbox.clear_faults()
    assert actions(outcomes) == ["subscribed", "in_doubt"]


@pytest.mark.parametrize(
    ("emails", "expected"),
    [
        (["per..son0@example.com", *PEOPLE[1:]], "rejected"),
        (["person0.example.com", *PEOPLE[1:]], "invalid"),
        (["person0@example.con", *PEOPLE[1:]], "rejected"),
    ],
)
@pytest.mark.parametrize("dry_run", [True, False])
def test_exact_removes_nobody_while_a_wanted_person_could_not_be_placed(
    api: SentoriApi, sentori_sandbox: Sandbox, emails: list[str], expected: str, dry_run: bool
) -> None:
    for email in PEOPLE[:5]:
        sentori_sandbox.subscribe(email, NEWS)
    exact: dict[str, Any] = {"exact": True, "max_unsubscribes": "100%", "dry_run": dry_run}
    outcomes = on_list(api, NEWS, emails, **exact)
    assert actions(outcomes) == [expected, *["unchanged"] * 4, "subscribed"]
    assert sentori_sandbox.subscribers(NEWS) == (PEOPLE[:5] if dry_run else PEOPLE)
    outcomes = on_list(api, NEWS, emails, max_rejected=1, **exact)
    assert (outcomes[-1].email, outcomes[-1].action) == (PEOPLE[0], "unsubscribed")
    assert "removed by exact" in outcomes[-1].reason


def test_a_list_that_is_gone_in_the_middle_stops_the_run(api: SentoriApi, sentori_sandbox: Sandbox) -> None:
    body = '{"Code": 200, "Message": "Mailing List not found"}'
    sentori_sandbox.fault("contact/subscribe", kind="status", status=404, body=body)
    assert actions(on_list(api, NEWS, PEOPLE, concurrency=1)) == ["failed"] * 6
    assert len(sentori_sandbox.writes()) == 1
