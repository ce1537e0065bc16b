# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""HTTP to Sentori: `requests` at the level of its adapter, over one pool of kept-alive connections.

At that level there are no redirects to follow, no cookies and no netrc, and a call costs less than half of
what a ``requests.Session`` takes: what is the same for each request is looked up and prepared once.
"""

from __future__ import annotations

import logging
import os
import random
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Callable, TypeVar
from urllib.parse import urlsplit

import urllib3
import urllib3.exceptions as lower
from requests import exceptions as upper
from requests.adapters import HTTPAdapter
from requests.models import PreparedRequest, Response
from requests.structures import CaseInsensitiveDict
from requests.utils import get_environ_proxies

from . import VERSION, errors, redact
from .call import Answer, Call, Statistics
from .pace import Pace
from .settings import Settings

log = logging.getLogger(__name__)

T = TypeVar("T")

MAX_ANSWER = 256 * 1024 * 1024
PART = 64 * 1024
TRIES = 4
FIRST_BACKOFF = 0.5
LONGEST_BACKOFF = 30.0


class Transport:
    """Sends calls to one Sentori account, from any number of threads.

    ``sleep`` and ``clock`` are the passing of time, for tests that do not want to wait.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base = settings.url.rstrip("/")
        self.host = settings.host
        self._timeout = settings.timeout
        self._max_wait = settings.max_wait
        self._headers = CaseInsensitiveDict(
            {
                "ApiKey": settings.api_key,
                "User-Agent": f"sentori-automation/{VERSION} ({settings.face})",
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
            }
        )
        self._verify: bool | str = _verification(settings)
        self._proxies = get_environ_proxies(settings.url)
        self._adapter = HTTPAdapter(pool_connections=1, pool_maxsize=settings.concurrency)
        if not settings.validate_certs:
            # Said once by whoever set it; urllib3 would say it at each request.
            urllib3.disable_warnings(lower.InsecureRequestWarning)
        self._pace = Pace(settings.requests_per_second, settings.max_wait, sleep, clock)
        self._lock = threading.Lock()
        self._requests = 0
        self._retries = 0
        redact.keep_paths_out_of_logs()

    def __enter__(self) -> Transport:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._adapter.close()

    @property
    def statistics(self) -> Statistics:
        with self._lock:
            return Statistics(self._requests, self._retries, round(self._pace.waited, 3))

    def send(self, call: Call, decode: Callable[[Answer], T]) -> T:
        """Send ``call``, and again where that is safe, until ``decode`` accepts an answer.

        A read is repeated after any passing trouble. A write is repeated only where Sentori cannot have acted
        on it; otherwise its error is raised with ``ambiguous`` set, and whoever sent it reads before deciding.
        Raises a SentoriError; also what ``decode`` raises.
        """
        return self._try(call, lambda: decode(self._exchange(call)))

    def stream(self, call: Call, consume: Callable[[Answer, Iterator[bytes]], T]) -> T:
        """The same for a read with a long answer: ``consume`` gets its body in parts, and may stop early.

        The Answer that it gets has a body only if it is an error. It is called anew for each try.
        """
        return self._try(call, lambda: self._consumed(call, consume))

    def _try(self, call: Call, once: Callable[[], T]) -> T:
        tries = 1
        while True:
            try:
                return once()
            except errors.SentoriError as error:
                if not self._max_wait or not self._may_repeat(call, error, tries):
                    raise
                pause = max(error.retry_after or 0.0, _backoff(tries))
                if not self._pace.pause(pause):
                    raise error.followed_by(
                        f"Waiting {pause:.1f} seconds more would pass max_wait ({self._max_wait:g} seconds)."
                    ) from None
                log.info("%s: %s; trying again in %.1f s", call.operation, type(error).__name__, pause)
            tries += 1
            with self._lock:
                self._retries += 1

    def back_off(self) -> None:
        """Give Sentori a moment after an ambiguous answer, where ``max_wait`` still has one."""
        self._pace.pause(_backoff(1))

    @staticmethod
    def _may_repeat(call: Call, error: errors.SentoriError, tries: int) -> bool:
        if not error.retryable or (call.writes and error.ambiguous):
            return False
        return error.overloaded or tries < TRIES

    def _exchange(self, call: Call) -> Answer:
        with self._response(call) as response:
            return self._accepted(call, self._read(call, response))

    def _consumed(self, call: Call, consume: Callable[[Answer, Iterator[bytes]], T]) -> T:
        with self._response(call) as response:
            if response.status_code >= 300:
                return consume(self._accepted(call, self._read(call, response)), iter(()))
            head = Answer(response.status_code, response.raw.headers, b"", response.reason or "")
            return consume(head, response.raw.stream(PART, decode_content=True))

    @contextmanager
    def _response(self, call: Call) -> Iterator[Response]:
        """The response to one request, its body unread; what breaks on the way is raised as ours.

        A connection whose answer was read to its end is kept, any other is closed.
        """
        self._pace.wait_turn()
        with self._lock:
            self._requests += 1
        started = time.perf_counter()
        response = None
        try:
            response = self._adapter.send(
                self._prepare(call), stream=True, timeout=self._timeout, verify=self._verify, proxies=self._proxies
            )
            yield response
        except (upper.RequestException, lower.HTTPError, OSError) as error:
            raise self._no_answer(call, error) from None
        finally:
            if response is not None:
                response.close()
                spent = 1000 * (time.perf_counter() - started)
                log.debug("%s: HTTP %d in %.0f ms", call.operation, response.status_code, spent)

    def _prepare(self, call: Call) -> PreparedRequest:
        request = PreparedRequest()
        request.method = call.method
        request.url = self._base + call.path
        request.body = call.body
        request.headers = self._headers.copy()
        if call.method == "POST":
            request.headers["Content-Length"] = str(len(call.body or b""))
        request.headers.update(call.headers or {})
        return request

    @staticmethod
    def _read(call: Call, response: Response) -> Answer:
        body = response.raw.read(MAX_ANSWER + 1, decode_content=True)
        if len(body) > MAX_ANSWER:
            raise errors.NotSentori(f"the answer is longer than {MAX_ANSWER // 2**20} MiB.", operation=call.operation)
        return Answer(response.status_code, response.raw.headers, body, response.reason or "")

    def _accepted(self, call: Call, answer: Answer) -> Answer:
        """The answer, if it is one to be decoded: a success, or an error of Sentori's own."""
        status = answer.status
        if status < 300 or (400 <= status < 500 and status != 429):
            return answer
        operation, retry_after = call.operation, _retry_after(answer.headers.get("Retry-After"))
        if status == 429 or (status == 503 and retry_after is not None):
            wanted = f" It asked for a pause of {retry_after:g} seconds." if retry_after is not None else ""
            said = f"{self.host} is overloaded (HTTP {status}).{wanted}"
            raise errors.Overloaded(said, operation=operation, status=status, retry_after=retry_after)
        if status >= 500:
            said = f"{self.host} is in trouble (HTTP {status})."
            raise errors.ServerTrouble(said, operation=operation, status=status)
        target = urlsplit(answer.headers.get("Location", "")).netloc or "another place"
        raise errors.NotSentori(
            f"no Sentori answer from {self.host}: it redirects to {target} (HTTP {status})."
            " Redirects are not followed, since the API key would go along. Check url.",
            operation=operation,
            status=status,
        )

    def _no_answer(self, call: Call, error: Exception) -> errors.SentoriError:
        operation = call.operation
        causes = _causes(error)
        refused = next((cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)), None)
        if refused is not None:
            return errors.CertificateRefused(
                f"the certificate of {self.host} is refused: {refused.verify_message}."
                " If it is signed by an authority of your own, name its certificate in ca_path.",
                operation=operation,
            )
        if any(isinstance(cause, (lower.NewConnectionError, upper.ProxyError)) for cause in causes):
            via = " through the proxy" if isinstance(error, upper.ProxyError) else ""
            return errors.NoConnection(
                f"{self.host} cannot be reached{via}: {_reason(causes)}. Check url and the network.",
                operation=operation,
            )
        if any(isinstance(cause, (upper.ConnectTimeout, lower.ConnectTimeoutError)) for cause in causes):
            return errors.NoConnection(
                f"no connection to {self.host} within {self._timeout:g} seconds (timeout).", operation=operation
            )
        if any(isinstance(cause, (upper.Timeout, lower.TimeoutError, TimeoutError)) for cause in causes):
            return errors.NoAnswer(
                f"{self.host} did not answer within {self._timeout:g} seconds (timeout).", operation=operation
            )
        tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
        if tls is not None:
            return errors.NoAnswer(
                f"TLS with {self.host} failed: {tls.reason or 'no reason given'}. Does this port speak https?",
                operation=operation,
            )
        return errors.NoAnswer(
            f"the connection to {self.host} broke before the whole answer was there.", operation=operation
        )


def _verification(settings: Settings) -> bool | str:
    """What `requests` calls ``verify``; raises InvalidInput where the bundle cannot be used."""
    if not settings.validate_certs:
        return False
    if settings.ca_path:
        _check_bundle(settings.ca_path, "ca_path")
        return settings.ca_path
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        bundle = os.environ.get(variable)
        if bundle:
            _check_bundle(bundle, variable)
            return bundle
    return True


def _check_bundle(path: str, option: str) -> None:
    if not os.path.exists(path):
        raise errors.InvalidInput(f"there is no file or folder {path}.", option=option)
    if os.path.isfile(path):
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
        except OSError:
            raise errors.InvalidInput(f"{path} holds no certificates in PEM form.", option=option) from None


def _backoff(tries: int) -> float:
    return random.uniform(0.5, 1.0) * min(LONGEST_BACKOFF, FIRST_BACKOFF * 2.0 ** (tries - 1))


def _retry_after(value: str | None) -> float | None:
    """Seconds from now, out of either form of the header (RFC 9110, 10.2.3); None if it is neither."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    from email.utils import parsedate_to_datetime

    try:
        seconds: float = parsedate_to_datetime(value).timestamp() - time.time()
    except (TypeError, ValueError):
        return None
    return max(0.0, seconds)


def _causes(error: BaseException) -> list[BaseException]:
    """The error and all that led to it, also where urllib3 keeps it in ``reason`` or ``args``."""
    found: list[BaseException] = []
    ahead: list[object] = [error]
    while ahead:
        cause = ahead.pop()
        if isinstance(cause, BaseException) and cause not in found:
            found.append(cause)
            ahead += [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]
    return found


def _reason(causes: list[BaseException]) -> str:
    """The operating system's words for a failed connection ("Connection refused")."""
    said = (cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror)
    return next(said, "no connection")
