# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of all modules, what they show and log, and errors as failures of the task."""

from __future__ import annotations

import signal
from contextlib import contextmanager

from ansible.module_utils.basic import AnsibleModule, env_fallback, missing_required_lib

from ._results import failure
from .core import errors
from .core.api.client import SentoriApi
from .core.http import library
from .core.http.settings import CONNECTION_OPTIONS, DEFAULT_URL, MANY_OPTIONS, Settings
from .core.http.transport import Transport

CONNECTION_SPEC = {
    "api_key": {"type": "str", "no_log": True, "fallback": (env_fallback, ["SENTORI_API_KEY"])},
    "url": {"type": "str", "default": DEFAULT_URL, "fallback": (env_fallback, ["SENTORI_URL"])},
    "timeout": {"type": "float", "default": 30.0, "fallback": (env_fallback, ["SENTORI_TIMEOUT"])},
    "max_wait": {"type": "float", "default": 60.0, "fallback": (env_fallback, ["SENTORI_MAX_WAIT"])},
    "validate_certs": {"type": "bool", "default": True, "fallback": (env_fallback, ["SENTORI_VALIDATE_CERTS"])},
    "ca_path": {"type": "path", "fallback": (env_fallback, ["SENTORI_CA_PATH"])},
    "allow_http": {"type": "bool", "default": False, "fallback": (env_fallback, ["SENTORI_ALLOW_HTTP"])},
}
# These versions of ansible-core take "results" for those of a loop, and with no_log show each entry that is not marked
# by itself. (2.18 and 2.21 show none of them, and 2.21 would register the mark.)
SHOWS_RESULTS = ("2.19.", "2.20.")
RESULT_SPEC = {"redact_results": {"type": "bool", "default": False}}
MANY_SPEC = {
    "concurrency": {"type": "int", "default": 8},
    "requests_per_second": {"type": "float"},
}


class SentoriModule(AnsibleModule):
    """A module whose options hold people's data: the log of the host where it runs names none of them."""

    def log(self, msg, log_args=None):
        super().log("Invoked")

    def exit_json(self, **kwargs):
        super().exit_json(**self._shown(kwargs))

    def fail_json(self, msg, **kwargs):
        super().fail_json(**self._shown({"msg": msg, **kwargs}))

    def _shown(self, result):
        if not self.params.get("redact_results"):
            return result
        from ._redact import redacted

        return {**redacted(result), "invocation": {"module_args": redacted(self.params)}}


def sentori_module(argument_spec, **constraints):
    """A module with the options of all modules in addition to ``argument_spec``."""
    return SentoriModule({**CONNECTION_SPEC, **RESULT_SPEC, **argument_spec}, supports_check_mode=True, **constraints)


def run_module(module, work):
    """Exit with the result of ``work(api)``, or fail with the error that it raised.

    A result with ``failed`` fails the task, with everything in it. Its ``warnings`` become Ansible's.
    """
    if library.IMPORT_ERROR is not None:
        module.fail_json(msg=missing_required_lib("requests"), exception=library.IMPORT_ERROR)
    try:
        with Transport(_settings(module.params)) as transport, stopped_by_signals(transport):
            result = _outcome(SentoriApi(transport), work)
    except errors.InvalidInput as error:
        result = failure(error)
    for warning in result.pop("warnings", ()):
        module.warn(warning)
    if module.no_log and module.ansible_version.startswith(SHOWS_RESULTS):
        for entry in result.get("results", ()):
            entry["_ansible_no_log"] = True
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)


@contextmanager
def stopped_by_signals(transport):
    """Stop the run at the first signal, with its report and its result; a second one ends the process.

    A signal that is ignored stays ignored, such as SIGHUP under nohup.
    """

    def stop(number, frame):
        signal.signal(number, signal.SIG_DFL)
        transport.stop()

    earlier = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    earlier = {number: handler for number, handler in earlier.items() if handler not in (None, signal.SIG_IGN)}
    for number in earlier:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def _settings(params):
    if params["api_key"] is None:
        advice = "Set api_key, or the environment variable SENTORI_API_KEY on the host where the task runs."
        raise errors.InvalidInput(f"no API key was given. {advice}", option="api_key")
    given = {option: params[option] for option in (*CONNECTION_OPTIONS, *MANY_OPTIONS) if option in params}
    return Settings(integration="ansible", **given)


def _outcome(api, work):
    try:
        result = work(api)
    except errors.SentoriError as error:
        result = failure(error)
    return {**result, "api": api.statistics._asdict()}
