# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Each value of each assumption changes the behaviour of the sandbox as described."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
import requests
from sentori_sandbox import Sandbox
from sentori_sandbox.assumptions import TABLE

ADA, BEN = "ada.lovelace@example.com", "ben.okafor@example.com"
# Has left the newsletter.
LEAVER = "12345@example.net"
FRANK, GRACE, HIRO = "frank.obrien@example.com", "grace.nkosi@example.net", "hiro.tanaka@example.org"
BLOCKED = "never.again@example.com"
LONG = "x" * 300

# Returns what the API shows in the demo account: the Code of an error, the status of a success, or more.
Scenario = Callable[[Any, Sandbox], Any]


def result_of(response: requests.Response) -> Any:
    if response.ok:
        return response.status_code
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    return f"error-{response.json()['Code']}" if is_json else f"page-{response.status_code}"


def code_type(client, demo):
    return client.contact("get", "nobody@example.com").json()["Code"]


def list_system_id(client, demo):
    return client.get("/v2.0/mailinglists/subscribers/OFFR2024").json()[0]["SystemID"]


def trailing_slash(client, demo):
    less = client.get("/v2.0/mailinglists?a=b")
    more = client.get("/v2.0/mailinglists/subscribers/OFFR2024/")
    return [(answer.status_code, answer.headers.get("Location")) for answer in (less, more)]


def empty_segments(client, demo):
    return result_of(client.get("/v2.0/contact//get/16383/"))


def path_escapes(client, demo):
    return result_of(client.contact("add", "a+b@example.com"))


def undocumented_answers(client, demo):
    answer = client.contact("subscribe", BEN, "EVNT2024")
    return answer.status_code, answer.content and (answer.json() or {}).get("EmailAddress", answer.json())


def add_status(client, demo):
    return result_of(client.contact("add", "new@example.com"))


def add_suppressed(client, demo):
    return result_of(client.contact("add", BLOCKED)), result_of(client.contact("addorupdate", BLOCKED))


def add_role_based(client, demo):
    return result_of(client.contact("add", "info@example.com"))


def update_suppressed(client, demo):
    return result_of(client.contact("update", FRANK, body={"Title": "Sir"}))


def update_bad(client, demo):
    return result_of(client.contact("addorupdate", GRACE, body={"Title": "Dame"}))


def clear_bad(client, demo):
    marks = []
    client.contact("update", GRACE, body={"IsBadEmailAddress": False})
    marks.append(demo.contact(GRACE)["IsBadEmailAddress"])
    demo.put_contact(GRACE, IsBadEmailAddress=True)
    client.import_rows({"EmailAddress": GRACE, "IsBadEmailAddress": False})
    return [*marks, demo.contact(GRACE)["IsBadEmailAddress"]]


def clear_by_null(client, demo):
    answer = client.contact("update", ADA, body={"Title": None, "IsMember": None})
    return result_of(answer), demo.contact(ADA)["Title"], demo.contact(ADA)["IsMember"]


def empty_string(client, demo):
    return result_of(client.contact("update", ADA, body={"Title": ""})), demo.contact(ADA)["Title"]


def field_names(client, demo):
    return result_of(client.contact("update", ADA, body={"title": "Dr"})), demo.contact(ADA)["Title"]


def field_values(client, demo):
    body = {"IsMember": "false", "LoyaltyPoints": "12", "CRMID": 5}
    return result_of(client.contact("update", ADA, body=body)), [demo.contact(ADA)[name] for name in body]


def long_text(client, demo):
    return result_of(client.contact("update", ADA, body={"Title": LONG})), len(demo.contact(ADA)["Title"])


def read_only_fields(client, demo):
    return result_of(client.contact("update", ADA, body={"IsConfirmed": False})), demo.contact(ADA)["IsConfirmed"]


def rename_suppressed(client, demo):
    client.contact("update", FRANK, body={"EmailAddress": "frank@example.org"})
    return FRANK in demo.suppression_list(), demo.contact("frank@example.org")["IsSuppressed"]


def delete_unknown(client, demo):
    return result_of(client.contact("delete", "nobody@example.com"))


def subscribe_unknown(client, demo):
    answer = client.contact("subscribe", "new@example.com", "EVNT2024")
    return result_of(answer), demo.subscribers("EVNT2024")


def subscribe_suppressed(client, demo):
    answer = client.contact("subscribe", FRANK, "EVNT2024")
    return result_of(answer), demo.subscribers("EVNT2024"), client.subscribers("EVNT2024")


def subscribe_bad(client, demo):
    answer = client.contact("subscribe", GRACE, "EVNT2024")
    return result_of(answer), demo.subscribers("EVNT2024"), client.subscribers("EVNT2024")


def subscribe_again(client, demo):
    return result_of(client.contact("subscribe", LEAVER, "NEWS2024")), LEAVER in demo.subscribers("NEWS2024")


def unsubscribe_unknown(client, demo):
    return result_of(client.contact("unsubscribe", "nobody@example.com", "NEWS2024"))


def unsubscribe_not_member(client, demo):
    return result_of(client.contact("unsubscribe", BEN, "OFFR2024"))


def subscribers_unconfirmed(client, demo):
    demo.subscribe(HIRO, "EVNT2024")
    return client.subscribers("EVNT2024")


def attach_unknown_group(client, demo):
    return result_of(client.post("/v2.0/contact/import/NOSUCH00/attach/DRAFT001"))


def import_status(client, demo):
    return result_of(client.import_rows({"EmailAddress": ADA}))


def import_ragged(client, demo):
    """The first row has the most fields; the second lacks one of them and has another one."""
    answer = client.import_rows(
        {"EmailAddress": ADA, "Title": "Dr", "FirstName": "A"},
        {"EmailAddress": BEN, "KnownAs": "Benny"},
    )
    return result_of(answer), demo.contact(BEN)["Title"], demo.contact(BEN)["KnownAs"]


def import_blanks(client, demo):
    rows = [{"EmailAddress": ADA, "Title": "", "IsMember": ""}, {"EmailAddress": BEN}]
    client.import_rows(*rows)
    return demo.contact(ADA)["Title"], demo.contact(ADA)["IsMember"], demo.contact(BEN)["Title"]


def import_null(client, demo):
    client.import_rows({"EmailAddress": ADA, "Title": None})
    return demo.contact(ADA)["Title"]


def import_unknown_field(client, demo):
    return result_of(client.import_rows({"EmailAddress": "new@example.com", "Nonsense": 1}))


def import_missing_address(client, demo):
    answer = client.import_rows({"EmailAddress": ADA}, {"Title": "Dr"})
    return result_of(answer), answer.json().get("ExcludedInvalidEmail")


def import_empty(client, demo):
    answer = client.import_rows()
    return result_of(answer), answer.json().get("TotalRows")


def import_duplicates(client, demo):
    client.import_rows({"EmailAddress": ADA, "Title": "one"}, {"EmailAddress": ADA.upper(), "Title": "two"})
    return demo.contact(ADA)["Title"], [row["outcome"] for row in demo.truth()[0]["rows"]]


def import_check_order(client, demo):
    client.import_rows({"EmailAddress": "info@example.com"}, {"EmailAddress": "info@example.com"})
    return [row["outcome"] for row in demo.truth()[0]["rows"]]


def import_role_based(client, demo):
    return client.import_rows({"EmailAddress": "info@example.com"}).json()["ExcludedRoleBased"]


def import_suppressed_new(client, demo):
    answer = client.import_rows({"EmailAddress": BLOCKED}).json()
    return answer["SuppressedUpdated"], answer["EmailableRowsCreated"], demo.contact(BLOCKED) is not None


def import_while_running(client, demo):
    """Send the second import while the first one waits."""
    demo.fault("contact/import", kind="wait", seconds=0.3)
    first = Thread(target=_import_elsewhere, args=[client.url, demo.api_key])
    first.start()
    while demo.unused_faults():
        pass
    second = client.import_rows({"EmailAddress": "second@example.com"})
    first.join()
    created = [row["SystemID"] for row in demo.contacts() if row["EmailAddress"].startswith(("first", "second"))]
    return second.status_code, len(created)


def _import_elsewhere(url: str, api_key: str) -> None:
    rows = {"Contacts": [{"EmailAddress": "first@example.com"}]}
    requests.post(f"{url}/v2.0/contact/import/", json=rows, headers={"ApiKey": api_key}, timeout=10)


def v1_error_text(client, demo):
    answer = client.import_xml("<Contacts/>")
    return answer.reason, answer.text


def v1_header_names(client, demo):
    answer = client.import_xml("<Contacts><Contact><EmailAddress>v1@example.com</EmailAddress></Contact></Contacts>")
    return answer.headers.get("Emailable-Rows-Created"), answer.headers.get("Rows-To-Create")


FAILED = "Failed To Match Email Address Field"
NOT_ON_LIST: list[str] = []
# Assumption -> the scenario, and its result for each value.
SCENARIOS: dict[str, tuple[Scenario, dict[str, Any]]] = {
    "code-type": (code_type, {"number": 101, "string": "101"}),
    "list-system-id": (list_system_id, {"string": "16382", "number": 16382}),
    "trailing-slash": (
        trailing_slash,
        {
            "accept": [(200, None), (200, None)],
            "redirect": [(301, "/v2.0/mailinglists/?a=b"), (301, "/v2.0/mailinglists/subscribers/OFFR2024")],
            "404": [(404, None), (404, None)],
        },
    ),
    "empty-segments": (empty_segments, {"merged": 200, "404": "page-404"}),
    "path-escapes": (path_escapes, {"accept": 200, "404": "page-404"}),
    "undocumented-answers": (
        undocumented_answers,
        {
            "empty": (200, b""),
            "no-content": (204, b""),
            "object": (200, {}),
            "null": (200, None),
            "contact": (200, BEN),
        },
    ),
    "add-status": (add_status, {"200": 200, "201": 201}),
    "add-suppressed": (add_suppressed, {"accepted": (200, 200), "error-106": ("error-106", "error-106")}),
    "add-role-based": (add_role_based, {"accepted": 200, "error-100": "error-100"}),
    "update-suppressed": (update_suppressed, {"accepted": 200, "error-106": "error-106"}),
    "update-bad": (update_bad, {"accepted": 200, "error-107": "error-107"}),
    "clear-bad": (clear_bad, {"clears": [False, False], "ignored": [True, True]}),
    "clear-by-null": (
        clear_by_null,
        {
            "clears": (200, None, False),
            "ignored": (200, "Ms", True),
            "error-103": ("error-103", "Ms", True),
        },
    ),
    "empty-string": (
        empty_string,
        {
            "stored-as-null": (200, None),
            "stored": (200, ""),
            "ignored": (200, "Ms"),
            "error-103": ("error-103", "Ms"),
        },
    ),
    "field-names": (field_names, {"exact": ("error-103", "Ms"), "any-case": (200, "Dr")}),
    "field-values": (
        field_values,
        {"strict": ("error-103", [True, 1815, "C-1001"]), "lenient": (200, [False, 12, "5"])},
    ),
    "long-text": (
        long_text,
        {"stored": (200, 300), "truncated": (200, 255), "error-103": ("error-103", 2)},
    ),
    "read-only-fields": (read_only_fields, {"error-103": ("error-103", True), "ignored": (200, True)}),
    "rename-suppressed": (rename_suppressed, {"stays": (True, False), "moves": (False, True)}),
    "delete-unknown": (delete_unknown, {"error-101": "error-101", "accepted": 200}),
    "subscribe-unknown": (
        subscribe_unknown,
        {"error-101": ("error-101", NOT_ON_LIST), "create": (200, ["new@example.com"])},
    ),
    "subscribe-suppressed": (
        subscribe_suppressed,
        {
            "accepted": (200, [FRANK], NOT_ON_LIST),
            "ignored": (200, NOT_ON_LIST, NOT_ON_LIST),
            "error-106": ("error-106", NOT_ON_LIST, NOT_ON_LIST),
            "unsuppresses": (200, [FRANK], [FRANK]),
        },
    ),
    "subscribe-bad": (
        subscribe_bad,
        {
            "accepted": (200, [GRACE], NOT_ON_LIST),
            "ignored": (200, NOT_ON_LIST, NOT_ON_LIST),
            "error-107": ("error-107", NOT_ON_LIST, NOT_ON_LIST),
        },
    ),
    "subscribe-again": (subscribe_again, {"subscribes": (200, True), "ignored": (200, False)}),
    "unsubscribe-unknown": (unsubscribe_unknown, {"error-101": "error-101", "accepted": 200}),
    "unsubscribe-not-member": (unsubscribe_not_member, {"accepted": 200, "error-101": "error-101"}),
    "subscribers-unconfirmed": (subscribers_unconfirmed, {"included": [HIRO], "excluded": NOT_ON_LIST}),
    "attach-unknown-group": (attach_unknown_group, {"error-401": "error-401", "error-300": "error-300"}),
    "import-status": (import_status, {"200": 200, "201": 201}),
    "import-ragged": (
        import_ragged,
        {
            "widest-row": (200, None, None),
            "all-columns": (200, None, "Benny"),
            "row-by-row": (200, "Mr", "Benny"),
            "error-103": ("error-103", "Mr", None),
        },
    ),
    "import-blanks": (import_blanks, {"overwrite": (None, False, None), "keep": ("Ms", True, "Mr")}),
    "import-null": (import_null, {"blank": None, "keep": "Ms"}),
    "import-unknown-field": (import_unknown_field, {"error-103": "error-103", "ignored": 200}),
    "import-missing-address": (
        import_missing_address,
        {"invalid": (200, 1), "error-105": ("error-105", None)},
    ),
    "import-empty": (import_empty, {"zeros": (200, 0), "error-105": ("error-105", None)}),
    "import-duplicates": (
        import_duplicates,
        {"first": ("one", ["updated", "duplicate"]), "last": ("two", ["duplicate", "updated"])},
    ),
    "import-check-order": (
        import_check_order,
        {"address-first": ["role_based", "role_based"], "duplicate-first": ["role_based", "duplicate"]},
    ),
    "import-role-based": (import_role_based, {"common": 1, "none": 0}),
    "import-suppressed-new": (
        import_suppressed_new,
        {
            "suppressed-updated": (1, 0, True),
            "emailable-created": (0, 1, True),
            "not-created": (1, 0, False),
        },
    ),
    "import-while-running": (import_while_running, {"409": (409, 1), "wait": (200, 2)}),
    "v1-header-names": (v1_header_names, {"new": ("1", None), "old": (None, "1")}),
    "v1-error-text": (v1_error_text, {"reason": (FAILED, ""), "body": ("Bad Request", FAILED)}),
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, (_, expected) in SCENARIOS.items() for value in expected]
)
def test_assumption_value_has_the_described_effect(client, demo, name, value):
    scenario, expected = SCENARIOS[name]
    demo.assume({name: value})

    result = scenario(client, demo)

    assert result == expected[value]
    assert type(result) is type(expected[value])


def test_every_value_of_every_assumption_has_a_scenario():
    assert {name: list(expected) for name, (_, expected) in SCENARIOS.items()} == {
        assumption.name: list(assumption.values) for assumption in TABLE
    }


def test_unknown_name_or_value_is_refused_with_the_known_ones(sentori_sandbox):
    with pytest.raises(ValueError, match=r"no assumption is named 'nonsense'\. The assumptions are: code-type, "):
        sentori_sandbox.assume({"code-type": "string", "nonsense": "x"})
    with pytest.raises(ValueError, match=r"'code-type' cannot have the value 'text'\. Its values are: number, string"):
        sentori_sandbox.assume({"code-type": "text"})
    assert sentori_sandbox.assumptions()["code-type"] == "number"


def test_reset_restores_the_assumptions_of_the_start():
    with Sandbox(assume={"subscribe-suppressed": "error-106"}) as sandbox:
        sandbox.assume({"subscribe-suppressed": "ignored", "code-type": "string"})
        sandbox.reset()

        assert sandbox.assumptions()["subscribe-suppressed"] == "error-106"
        assert sandbox.assumptions()["code-type"] == "number"
