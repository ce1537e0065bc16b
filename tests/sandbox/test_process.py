# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The command `sentori-sandbox`, and the administration over HTTP."""

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
    """Return a function that starts `serve` with arguments, and returns the process and its ready line."""
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
def test_serve_prints_one_line_and_exits_with_0_on_a_signal(serve, number):
    process, ready = serve("--seed", "demo", "--assume", "code-type=string", "--api-key", "my-key")

    answer = requests.get(f"{ready['url']}/v2.0/contact/get/1/", headers={"ApiKey": "my-key"}, timeout=10)
    process.send_signal(number)
    rest, _ = process.communicate(timeout=10)

    assert list(ready) == ["url", "api_key"]
    assert answer.json()["Code"] == "101"
    assert (process.returncode, rest) == (0, "")


def test_serve_keeps_its_state_in_the_file_of_db(serve, tmp_path):
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
        (
            ["serve", "--assume", "nonsense=x"],
            "assume: no assumption is named 'nonsense'. The assumptions are: code-type",
        ),
        (["serve", "--assume", "nonsense"], "--assume: 'nonsense' has no '='. Write NAME=VALUE"),
        (["serve", "--seed", "nonsense"], "seed: there is no file 'nonsense'. Give"),
        (["start", "--seed", "nonsense"], "sentori-sandbox: seed: there is no file 'nonsense'"),
        (["stop", "--url", "http://127.0.0.1:1"], "--url: no sandbox responds at http://127.0.0.1:1: "),
        (["stop", "--url", "http://127.0.0.1:9 x"], "--url: no sandbox responds at http://127.0.0.1:9 x: "),
        (["stop"], "--url: not given, and SENTORI_URL is not set. Give one of them"),
        ([], "the following arguments are required: COMMAND"),
        (["env", "--url", "http://127.0.0.1:1"], "--api-key: required together with --url"),
        (["env", "--from", "/dev/null"], "does not contain the line that `serve` prints"),
        (["env"], "does not contain the line that `serve` prints"),
    ],
)
def test_wrong_argument_exits_with_2_and_a_message(arguments, message):
    result = run(*arguments)

    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("given", ["arguments", "file", "stdin"])
def test_env_prints_exports_that_a_shell_evaluates(tmp_path, given):
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


def test_start_and_stop_run_a_sandbox_in_the_background():
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
        ("--seed nonsense", "sentori-sandbox: seed: there is no file 'nonsense'"),
        ("--sead demo", "unrecognized arguments: --sead demo"),
        ("--port abc", "argument --port: invalid int value: 'abc'"),
    ],
)
def test_failed_start_unsets_the_variables_of_a_real_account(arguments, sentence):
    sandbox = " ".join(COMMAND)
    script = f'eval "$({sandbox} start {arguments})" || echo "failed: $SENTORI_URL$SENTORI_API_KEY"'
    environment = {"PATH": os.environ["PATH"], "SENTORI_URL": "https://real", "SENTORI_API_KEY": "real"}

    result = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60, env=environment)

    assert result.stdout == "failed: \n"
    assert sentence in result.stderr


def test_start_does_not_import_files_of_the_current_folder(tmp_path):
    (tmp_path / "secrets.py").write_text("raise SystemExit('imported from the current folder')")
    sandbox = f"{sys.executable} -P -m sentori_sandbox"
    script = f'eval "$({sandbox} start)" && {sandbox} stop --url "$SENTORI_URL/"'

    result = subprocess.run(["sh", "-ec", script], cwd=tmp_path, capture_output=True, text=True, timeout=60)

    assert (result.returncode, result.stderr) == (0, "")


def test_assumptions_lists_names_with_defaults():
    listing = run("assumptions").stdout

    assert "subscribe-suppressed: What does subscribing a suppressed contact do?\n    accepted (default): " in listing


def test_administration_over_http_matches_the_methods(client, sentori_sandbox):
    def send(method: str, path: str, body: object = None) -> requests.Response:
        return requests.request(method, f"{sentori_sandbox.url}/_sandbox/{path}", json=body, timeout=10)

    assert send("GET", "health").json() == {"status": "ok", "url": sentori_sandbox.url}
    assert send("POST", "reset", {"seed": "demo"}).status_code == 204
    assert send("GET", "state").json() == sentori_sandbox.state()
    assert send("POST", "assumptions", {"code-type": "string"}).json() == send("GET", "assumptions").json()
    assert send("POST", "faults", {"route": "contact/get", "kind": "html", "times": 2}).status_code == 201
    client.contact("get", ADA)
    assert send("GET", "faults?unused=1").json() == sentori_sandbox.unused_faults() != []
    assert send("DELETE", "faults").status_code == 204
    assert send("GET", "faults").json() == []
    client.import_rows({"EmailAddress": ADA})
    assert send("GET", "truth").json() == sentori_sandbox.truth() != []
    assert [entry["route"] for entry in send("GET", "requests").json()] == ["contact/get", "contact/import"]
    assert send("GET", "requests?writes=1&count=1").json() == {"count": 1}
    assert send("GET", "requests?status=200&route=contact/get&method=GET&path=ada.&count=1").json() == {"count": 1}
    assert send("DELETE", "requests").status_code == 204
    assert send("GET", "requests?count=1").json() == {"count": 0}


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
def test_administration_refuses_invalid_requests_with_400_and_a_message(sentori_sandbox, method, path, body):
    answer = requests.request(method, f"{sentori_sandbox.url}/_sandbox/{path}", json=body, timeout=10)

    assert answer.status_code == 400
    assert answer.json()["error"]


def test_stop_over_http_ends_the_process(serve):
    process, ready = serve()

    assert requests.post(f"{ready['url']}/_sandbox/stop", timeout=10).status_code == 204
    assert process.wait(timeout=10) == 0


def test_sandbox_accepts_no_connection_after_its_end():
    with Sandbox() as other:
        url = other.url

    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/_sandbox/health", timeout=5)
