# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The sandbox as a process, and its administration over HTTP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
import requests
from sentori_sandbox import Sandbox

ADA = "ada.lovelace@example.com"
COMMAND = [sys.executable, "-m", "sentori_sandbox"]
Serve = Callable[..., tuple["subprocess.Popen[str]", dict[str, str]]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts the process with these arguments; returns it and its ready line."""
    processes = []

    def start(*arguments: str) -> tuple[subprocess.Popen[str], dict[str, str]]:
        process = subprocess.Popen([*COMMAND, "serve", *arguments], stdout=subprocess.PIPE, text=True)
        processes.append(process)
        assert process.stdout is not None
        return process, json.loads(process.stdout.readline())

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    elsewhere = {name: value for name, value in os.environ.items() if not name.startswith("SENTORI_")}
    return subprocess.run(
        [*COMMAND, *arguments], env=elsewhere, input=stdin, capture_output=True, text=True, timeout=30
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_prints_one_line_answers_and_ends_well_on_a_signal(serve, number):
    process, ready = serve("--seed", "demo", "--assume", "code-type=string", "--api-key", "my-key")

    answer = requests.get(f"{ready['url']}/v2.0/contact/get/1/", headers={"ApiKey": "my-key"}, timeout=10)
    process.send_signal(number)
    rest, _ = process.communicate(timeout=10)

    assert list(ready) == ["url", "api_key"]
    assert answer.json()["Code"] == "101"
    assert (process.returncode, rest) == (0, "")


def test_serve_keeps_its_state_in_a_file(serve, tmp_path):
    db = str(tmp_path / "sentori.db")
    process, ready = serve("--db", db, "--seed", "demo")
    headers = {"ApiKey": ready["api_key"]}
    requests.post(f"{ready['url']}/v2.0/contact/delete/{ADA}/", headers=headers, timeout=10)
    process.kill()
    process.wait()

    _, again = serve("--db", db)

    assert again["api_key"] == ready["api_key"]
    assert requests.get(f"{again['url']}/v2.0/contact/get/{ADA}/", headers=headers, timeout=10).status_code == 404


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["serve", "--assume", "nonsense=x"], "no assumption 'nonsense'; there are: code-type"),
        (["serve", "--assume", "nonsense"], "--assume 'nonsense' is not NAME=VALUE"),
        (["serve", "--seed", "nonsense"], "no seed 'nonsense'"),
        (["start", "--seed", "nonsense"], "sentori-sandbox: no seed 'nonsense'"),
        (["stop", "--url", "http://127.0.0.1:1"], "no sandbox answers at http://127.0.0.1:1: "),
        (["stop", "--url", "http://127.0.0.1:9 x"], "no sandbox answers at http://127.0.0.1:9 x: "),
        (["stop"], "which sandbox? Give --url, or set SENTORI_URL"),
        ([], "the following arguments are required: COMMAND"),
        (["env", "--url", "http://127.0.0.1:1"], "--url and --api-key go together"),
        (["env", "--from", "/dev/null"], "does not hold the line that `serve` prints"),
        (["env"], "does not hold the line that `serve` prints"),
    ],
)
def test_a_wrong_argument_is_answered_with_a_sentence(arguments, message):
    result = run(*arguments)

    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("given", ["arguments", "file", "stdin"])
def test_env_prints_exports_that_a_shell_can_evaluate(tmp_path, given):
    ready = {"url": "http://127.0.0.1:8025", "api_key": 'it\'s $HOME "quoted"'}
    line = tmp_path / "sandbox.json"
    line.write_text(json.dumps(ready) + "\n")
    arguments = {
        "arguments": ["--url", ready["url"], "--api-key", ready["api_key"]],
        "file": ["--from", str(line)],
        "stdin": [],
    }[given]

    exports = run("env", *arguments, stdin=line.read_text() if given == "stdin" else "").stdout
    names = ["SENTORI_URL", "SENTORI_API_KEY", "AIRFLOW_CONN_SENTORI_DEFAULT"]
    script = f"{exports}\nexec {sys.executable} -c 'import json, os; print(json.dumps(dict(os.environ)))'"
    result = subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]}
    )

    url, key, connection = (json.loads(result.stdout)[name] for name in names)
    assert (url, key) == (ready["url"], ready["api_key"])
    assert json.loads(connection)["password"] == ready["api_key"]


def test_a_shell_starts_one_in_the_background_and_stops_it():
    ask = "import os, requests; print(requests.get(os.environ['SENTORI_URL'] + '/_sandbox/health').status_code)"
    sandbox = " ".join(COMMAND)
    script = (
        f'eval "$({sandbox} start --seed demo)"; echo $SENTORI_URL; {sys.executable} -c "{ask}"'
        f'; eval "$({sandbox} stop)"; echo "left: $SENTORI_URL$SENTORI_API_KEY$AIRFLOW_CONN_SENTORI_DEFAULT"'
    )
    environment = {"PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1"}

    result = subprocess.run(["sh", "-ec", script], capture_output=True, text=True, timeout=60, env=environment)

    url, answered, left, *more = result.stdout.split()
    assert (answered, left, more, result.stderr) == ("200", "left:", [], "")
    with pytest.raises(requests.ConnectionError):
        for _ in range(100):
            requests.get(url, timeout=10)
            time.sleep(0.1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("--seed nonsense", "sentori-sandbox: no seed 'nonsense'"),
        ("--sead demo", "unrecognized arguments: --sead demo"),
        ("--port abc", "argument --port: invalid int value: 'abc'"),
    ],
)
def test_where_none_starts_a_shell_is_not_left_with_a_real_account(arguments, sentence):
    sandbox = " ".join(COMMAND)
    script = f'eval "$({sandbox} start {arguments})" || echo "failed: $SENTORI_URL$SENTORI_API_KEY"'
    environment = {"PATH": os.environ["PATH"], "SENTORI_URL": "https://real", "SENTORI_API_KEY": "real"}

    result = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60, env=environment)

    assert result.stdout == "failed: \n"
    assert sentence in result.stderr


def test_what_lies_in_the_folder_of_a_shell_is_not_run(tmp_path):
    (tmp_path / "secrets.py").write_text("raise SystemExit('this is not what is wanted')")
    sandbox = f"{sys.executable} -P -m sentori_sandbox"
    script = f'eval "$({sandbox} start)" && {sandbox} stop --url "$SENTORI_URL/"'

    result = subprocess.run(["sh", "-ec", script], cwd=tmp_path, capture_output=True, text=True, timeout=60)

    assert (result.returncode, result.stderr) == (0, "")


def test_assumptions_are_listed_with_their_defaults():
    listing = run("assumptions").stdout

    assert "subscribe-suppressed: What does subscribing a suppressed contact do?\n    accepted (default): " in listing


def test_administration_over_http_does_what_the_object_does(client, sentori_sandbox):
    def ask(method: str, path: str, body: object = None) -> requests.Response:
        return requests.request(method, f"{sentori_sandbox.url}/_sandbox/{path}", json=body, timeout=10)

    assert ask("GET", "health").json() == {"status": "ok", "url": sentori_sandbox.url}
    assert ask("POST", "reset", {"seed": "demo"}).status_code == 204
    assert ask("GET", "state").json() == sentori_sandbox.state()
    assert ask("POST", "assumptions", {"code-type": "string"}).json() == ask("GET", "assumptions").json()
    assert ask("POST", "faults", {"route": "contact/get", "kind": "html", "times": 2}).status_code == 201
    client.contact("get", ADA)
    assert ask("GET", "faults?unused=1").json() == sentori_sandbox.unused_faults() != []
    assert ask("DELETE", "faults").status_code == 204
    assert ask("GET", "faults").json() == []
    client.import_rows({"EmailAddress": ADA})
    assert ask("GET", "truth").json() == sentori_sandbox.truth() != []
    assert [entry["route"] for entry in ask("GET", "requests").json()] == ["contact/get", "contact/import"]
    assert ask("GET", "requests?writes=1&count=1").json() == {"count": 1}
    assert ask("GET", "requests?status=200&route=contact/get&method=GET&path=ada.&count=1").json() == {"count": 1}
    assert ask("DELETE", "requests").status_code == 204
    assert ask("GET", "requests?count=1").json() == {"count": 0}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "faults", {"route": "nonsense", "kind": "html"}),
        ("POST", "faults", {"kind": "html"}),
        ("POST", "faults", {"route": "*", "kind": "html", "nonsense": 1}),
        ("POST", "assumptions", {"nonsense": "x"}),
        ("POST", "reset", {"seed": "nonsense"}),
        ("POST", "reset", []),
        ("GET", "requests?nonsense=1", None),
        ("GET", "requests?status=x", None),
    ],
)
def test_administration_answers_what_it_cannot_do_with_400_and_a_reason(sentori_sandbox, method, path, body):
    answer = requests.request(method, f"{sentori_sandbox.url}/_sandbox/{path}", json=body, timeout=10)

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_sandbox_can_be_stopped_over_http(serve):
    process, ready = serve()

    assert requests.post(f"{ready['url']}/_sandbox/stop", timeout=10).status_code == 204
    assert process.wait(timeout=10) == 0


def test_nothing_answers_after_the_end_of_a_sandbox():
    with Sandbox() as other:
        url = other.url

    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/_sandbox/health", timeout=5)
