# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The state of the account: arranging, resetting, exporting it, and keeping it in a file."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sentori_sandbox import Sandbox

ADA = "ada.lovelace@example.com"


def test_empty_seed_has_only_a_structure(sentori_sandbox):
    state = sentori_sandbox.state()

    assert len(state.pop("structure")) == 11
    assert not any(state.values())


def test_demo_seed_has_contacts_of_each_kind(demo):
    contacts = demo.contacts()

    assert len(contacts) == 12
    assert all(
        contact["EmailAddress"].lower().endswith(("example.com", "example.org", "example.net")) for contact in contacts
    )
    for kind in ("IsSuppressed", "IsBadEmailAddress"):
        assert len([contact for contact in contacts if contact[kind]]) == 1
    assert len([contact for contact in contacts if not contact["IsConfirmed"]]) == 1
    assert any("+" in contact["EmailAddress"] for contact in contacts)
    assert any(not contact["FirstName"].isascii() for contact in contacts)
    assert [demo.contact(address) for address in demo.suppression_list()].count(None) == 1


def test_state_is_a_seed_that_restores_it(client, demo):
    client.contact("update", ADA, body={"Title": "Dr"})
    client.contact("unsubscribe", "ben.okafor@example.com", "NEWS2024")
    client.contact("unsubscribe", "nobody@example.com")
    group = client.import_rows({"EmailAddress": "a@example.com"}, Name="n").json()["UploadGroupExternalID"]
    client.post(f"/v2.0/contact/import/{group}/attach/DRAFT001")
    state = json.loads(json.dumps(demo.state()))

    demo.reset()
    demo.reset(seed=state)

    assert demo.state() == state


def test_reset_restores_the_seed_and_clears_everything_else(client, demo):
    client.import_rows({"EmailAddress": "a@example.com"})
    demo.assume({"code-type": "string"})
    demo.fault("contact/get", kind="html")

    demo.reset()

    assert (demo.contacts(), demo.truth(), demo.requests(), demo.unused_faults()) == ([], [], [], [])
    assert demo.assumptions()["code-type"] == "number"


def test_api_shows_what_the_methods_arranged(client, demo):
    demo.put_contact("new@example.com", FirstName="Joe", IsConfirmed=False, IsSuppressed=True, FavouriteColour="red")
    demo.put_contact(ADA, Title="Dr", IsBadEmailAddress=True)
    demo.suppress("other@example.com")
    demo.subscribe("ben.okafor@example.com", "EVNT2024")

    new = client.contact("get", "new@example.com").json()
    assert (new["FirstName"], new["IsConfirmed"], new["IsSuppressed"]) == ("Joe", False, True)
    ada = client.contact("get", ADA).json()
    assert (ada["FirstName"], ada["Title"], ada["IsBadEmailAddress"]) == ("Ada", "Dr", True)
    assert {"new@example.com", "other@example.com"} <= set(demo.suppression_list())
    assert client.subscribers("EVNT2024") == ["ben.okafor@example.com"]
    assert [entry.method for entry in demo.requests()] == ["GET", "GET", "GET"]
    demo.put_contact("new@example.com", IsSuppressed=False)
    assert "new@example.com" not in demo.suppression_list()


@pytest.mark.parametrize(
    "arrange",
    [
        lambda sandbox: sandbox.put_contact("nonsense"),
        lambda sandbox: sandbox.put_contact(ADA, Nonsense=1),
        lambda sandbox: sandbox.put_contact(ADA, SystemID=1),
        lambda sandbox: sandbox.subscribe("nobody@example.com", "NEWS2024"),
        lambda sandbox: sandbox.subscribe(ADA, "NOSUCH00"),
        lambda sandbox: sandbox.reset(seed="nonsense"),
        lambda sandbox: sandbox.reset(seed={"nonsense": []}),
        lambda sandbox: sandbox.reset(seed={"contacts": [{}]}),
        lambda sandbox: sandbox.reset(seed={"structure": {"SystemID": 0}}),
        lambda sandbox: sandbox.reset(seed={"mailing_lists": [{"ExternalID": "A", "Name": "a"}] * 2}),
    ],
)
def test_invalid_arrangement_is_refused_and_changes_nothing(demo, arrange):
    before = demo.state()

    with pytest.raises(ValueError):
        arrange(demo)

    assert demo.state() == before


def test_account_always_has_the_built_in_fields(client, sentori_sandbox):
    sentori_sandbox.reset(seed={"structure": {"FavouriteColour": "string"}})

    structure = client.get("/v2.0/contact/getstructure/single/").json()

    assert {"EmailAddress", "FirstName", "FavouriteColour"} <= structure.keys()


def test_db_file_keeps_state_and_key_across_restarts(tmp_path, connect):
    db = tmp_path / "sentori.db"
    with Sandbox(seed="demo", db=db) as first:
        connect(first).contact("update", ADA, body={"Title": "Dr"})
        state = first.state()

    with Sandbox(seed="empty", db=db) as second:
        assert second.api_key == first.api_key
        assert second.state() == state
        assert connect(second).contact("get", ADA).json()["Title"] == "Dr"


def test_seed_can_be_a_file(tmp_path):
    path = tmp_path / "seed.json"
    path.write_text('{"contacts": [{"EmailAddress": "a@example.com"}]}')

    with Sandbox(seed=path) as sandbox:
        assert [contact["EmailAddress"] for contact in sandbox.contacts()] == ["a@example.com"]


def test_concurrent_writes_are_all_stored(client, sentori_sandbox):
    def add(number: int) -> int:
        sentori_sandbox.put_contact(f"arranged{number}@example.com")
        return client.contact("add", f"added{number}@example.com").status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(add, range(40))) == {200}

    assert len(sentori_sandbox.contacts()) == 80


def test_sandbox_stops_while_a_request_waits(connect):
    with Sandbox() as sandbox:
        sandbox.fault("mailinglists/all", kind="wait", seconds=60)
        client = connect(sandbox)

        def send_request() -> None:
            with pytest.raises(OSError):
                client.get("/v2.0/mailinglists/")

        waiting = threading.Thread(target=send_request)
        waiting.start()
        while sandbox.unused_faults():
            pass

    waiting.join(timeout=5)
    assert not waiting.is_alive()


def test_env_connects_ansible_and_airflow(sentori_sandbox):
    env = sentori_sandbox.env()

    assert (env["SENTORI_URL"], env["SENTORI_API_KEY"]) == (sentori_sandbox.url, sentori_sandbox.api_key)
    assert json.loads(env["AIRFLOW_CONN_SENTORI_DEFAULT"]) == {
        "conn_type": "sentori",
        "host": sentori_sandbox.url,
        "password": sentori_sandbox.api_key,
        "extra": {},
    }
