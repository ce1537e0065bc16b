# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""HTTP to Sentori: `requests` at the level of its adapter, over one pool of kept-alive connections.

At that level there are no redirects to follow, no cookies and no netrc, and a call costs less than half of
what a ``requests.Session`` takes: what is the same for each request is looked up and prepared once.
"""

from __future__ import annotations

import hashlib
import logging
import random
import re
import threading
import time
from collections.abc import Iterator
from typing import Callable, TypeVar

from . import VERSION, diagnosis, environment, errors, http, redact
from .call import Answer, Call, Statistics
from .pace import Pace
from .settings import Settings

log = logging.getLogger(__name__)

T = TypeVar("T")

MAX_ANSWER = 16 * 1024 * 1024
PART = 64 * 1024
SMALL_PART = 1024
TRIES = 4
FIRST_BACKOFF = 0.5
LONGEST_BACKOFF = 30.0
# The body of an answer may take this many timeouts as a whole, however steadily it drips.
TIMEOUTS_FOR_ALL = 10


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
        self.host = settings.host
        self._base = re.sub(r"(/v2\.0)?/*$", "", settings.url)
        # The key in any spelling: a GUID is often given back in the other case, or without its dashes.
        plain = settings.api_key.replace("-", "")
        self._key = re.compile("-*".join(map(re.escape, plain)) or re.escape(settings.api_key), re.IGNORECASE)
        self._timeout = settings.timeout
        self._max_wait = settings.max_wait
        self._headers = http.CaseInsensitiveDict(
            {
                "ApiKey": settings.api_key,
                "User-Agent": f"sentori-automation/{VERSION} ({settings.face})",
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
            }
        )
        self._verify = environment.verification(settings)
        self._proxies = environment.proxies(settings)
        self._adapter = http.HTTPAdapter(pool_connections=1, pool_maxsize=settings.concurrency)
        if not settings.validate_certs:
            # Said once by whoever set it; urllib3 would say it at each request.
            http.urllib3.disable_warnings(http.urllib3.exceptions.InsecureRequestWarning)
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

    def account(self, salt: bytes) -> bytes:
        """32 bytes that stand for this account, and that only its API key makes; ``salt``: up to 64 bytes."""
        spelled = self._headers["ApiKey"].replace("-", "").lower()
        return hashlib.blake2b(f"{self._base} {spelled}".encode(), digest_size=32, key=salt).digest()

    def redacted(self, said: str, limit: int = 300) -> str:
        """A text of the other side's as it may be shown: without the key, its addresses redacted, cut."""
        return redact.text(self._key.sub("***", said[: 10 * limit]), limit)

    def send(self, call: Call, decode: Callable[[Answer], T]) -> T:
        """Send ``call``, and again where that is safe, until ``decode`` accepts an answer.

        A read is repeated after any passing trouble. A write is repeated only where Sentori cannot have acted
        on it; otherwise its error is raised with ``ambiguous`` set, and whoever sent it reads before deciding.
        Raises a SentoriError; also what ``decode`` raises.
        """
        return self._try(call, lambda: decode(self._exchange(call, self._whole)))

    def stream(self, call: Call, consume: Callable[[Answer, Iterator[bytes]], T]) -> T:
        """The same for a read with a long answer: ``consume`` gets its body in parts, and may stop early.

        The Answer that it gets has a body only if it is an error. It is called anew for each try.
        """

        def take(call: Call, response: http.Response, parts: Iterator[bytes]) -> T:
            if response.status_code >= 300:
                return consume(self._whole(call, response, parts), iter(()))
            return consume(_answer(response, b""), parts)

        return self._try(call, lambda: self._exchange(call, take))

    def _try(self, call: Call, once: Callable[[], T]) -> T:
        tries = 1
        while True:
            started = self._pace.now()
            try:
                return once()
            except errors.SentoriError as error:
                if error.retryable and not error.overloaded:
                    self._pace.lose(started)
                    if self._max_wait and self._pace.waited >= self._max_wait:
                        raise self._given_up(error, "With that, {} is used up.") from None
                if not self._max_wait or not self._may_repeat(call, error, tries):
                    raise
                pause = max(error.retry_after or 0.0, _backoff(tries))
                if not self._pace.pause(pause):
                    raise self._given_up(error, f"Waiting {pause:.1f} seconds more would pass {{}}.") from None
                log.info("%s: %s; trying again in %.1f s", call.operation, type(error).__name__, pause)
            tries += 1
            with self._lock:
                self._retries += 1

    def _given_up(self, error: errors.SentoriError, sentence: str) -> errors.SentoriError:
        """The error that ends the waiting, and with it the run: there is no time left for any other request."""
        last = error.followed_by(sentence.format(f"max_wait ({self._max_wait:g} seconds for the whole run)"))
        last.concerns_run = True
        return last

    def back_off(self, times: int = 1) -> bool:
        """Give Sentori a moment after an ambiguous answer, a longer one each time; False if ``max_wait`` has none."""
        return self._pace.pause(_backoff(times))

    @staticmethod
    def _may_repeat(call: Call, error: errors.SentoriError, tries: int) -> bool:
        if not error.retryable or (call.writes and error.ambiguous):
            return False
        return error.overloaded or tries < TRIES

    def _exchange(self, call: Call, take: Callable[[Call, http.Response, Iterator[bytes]], T]) -> T:
        """What ``take`` makes of the response to one request; what breaks on the way is raised as ours.

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
            return take(call, response, self._parts(response))
        except (http.exceptions.RequestException, http.urllib3.exceptions.HTTPError, OSError) as error:
            failure = diagnosis.of_exception(self.host, self._timeout, call, error)
        finally:
            if response is not None:
                response.close()
                spent = 1000 * (time.perf_counter() - started)
                log.debug("%s: HTTP %d in %.0f ms", call.operation, response.status_code, spent)
        # Outside of the handler, so that no exception with the address or the key in it hangs on ours.
        raise failure

    def _prepare(self, call: Call) -> http.PreparedRequest:
        request = http.PreparedRequest()
        request.method = call.method
        request.url = self._base + call.path
        request.body = call.body
        request.headers = self._headers.copy()
        if call.method == "POST":
            request.headers["Content-Length"] = str(len(call.body or b""))
        request.headers.update(call.headers or {})
        return request

    def _parts(self, response: http.Response) -> Iterator[bytes]:
        """The body as it comes, decompressed; raises a timeout where it drips for too long."""
        raw = response.raw
        raw.enforce_content_length = True  # urllib3 1.26 would take half an answer for a whole one.
        read, size = raw.read, SMALL_PART
        if hasattr(raw, "read1"):  # urllib3 2.2: what is there, without waiting for more
            read, size = raw.read1, PART
        deadline = time.monotonic() + TIMEOUTS_FOR_ALL * self._timeout
        while True:
            part = read(size, decode_content=True)
            if not part:
                return
            yield part
            if time.monotonic() > deadline:
                raise TimeoutError

    def _whole(self, call: Call, response: http.Response, parts: Iterator[bytes]) -> Answer:
        """The answer, if it is one to be decoded: a success, or an error of Sentori's own."""
        body = bytearray()
        for part in parts:
            body += part
            if len(body) > MAX_ANSWER:
                kind = errors.UnreadableAnswer if call.writes else errors.NotSentori
                said = f"no Sentori answer from {self.host}: more than {MAX_ANSWER // 2**20} MiB came."
                raise kind(said, operation=call.operation, status=response.status_code)
        answer = _answer(response, bytes(body))
        failure = diagnosis.of_status(self.host, call, answer)
        if failure is not None:
            raise failure
        return answer


def _answer(response: http.Response, body: bytes) -> Answer:
    return Answer(response.status_code, response.raw.headers, body, response.reason or "")


def _backoff(tries: int) -> float:
    return random.uniform(0.5, 1.0) * min(LONGEST_BACKOFF, FIRST_BACKOFF * 2.0 ** (tries - 1))
