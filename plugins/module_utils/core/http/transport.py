# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Requests to one account, over ``requests`` at the level of its adapter and one pool of kept-alive connections.

At that level nothing follows redirects, keeps cookies or reads a netrc file, and a request costs less than half of
what a ``requests.Session`` takes: whatever is the same for each request is looked up and prepared once.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
import time
from collections.abc import Iterator
from typing import Callable, TypeVar

from .. import VERSION, errors, redaction
from . import _diagnosis, _environment, _retry, library
from ._pace import Pace
from .request import Request, Response, Statistics
from .settings import Settings

log = logging.getLogger(__name__)

T = TypeVar("T")

MAX_BODY = 16 * 1024 * 1024
READ_SIZE = 64 * 1024
SMALL_READ_SIZE = 1024
# The body of a response may take this many timeouts as a whole, however steadily it drips.
MAX_TIMEOUTS = 10


class Transport:
    """Sends requests to one Sentori account, from any number of threads.

    ``sleep`` and ``clock`` are the passing of time, for tests that must not wait.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.host = settings.host
        self._settings = settings
        self._base = re.sub(r"(/v2\.0)?/*$", "", settings.url)
        self._key = _pattern_of(settings.api_key)
        self._headers = library.CaseInsensitiveDict(
            {
                "ApiKey": settings.api_key,
                "User-Agent": f"sentori-automation/{VERSION} ({settings.integration})",
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
            }
        )
        self._verify = _environment.verification(settings)
        self._proxies = _environment.proxies(settings)
        self._adapter = library.HTTPAdapter(pool_connections=1, pool_maxsize=settings.concurrency)
        if not settings.validate_certs:
            # The user has set this once; urllib3 would warn at each request.
            library.urllib3.disable_warnings(library.urllib3.exceptions.InsecureRequestWarning)
        self._pace = Pace(settings.requests_per_second, settings.max_wait, sleep, clock)
        self._lock = threading.Lock()
        self._requests = 0
        self._retries = 0
        redaction.keep_paths_out_of_logs()

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
        """32 bytes that identify this account, derived from its API key; ``salt``: up to 64 bytes."""
        key = self._settings.api_key.replace("-", "").lower()
        return hashlib.blake2b(f"{self._base} {key}".encode(), digest_size=32, key=salt).digest()

    def redacted(self, text: str, limit: int = 300) -> str:
        """A text of the server as it may be shown: without the key, its addresses redacted, cut at ``limit``."""
        return redaction.text(self._key.sub("***", text[: 10 * limit]), limit)

    def back_off(self, times: int = 1) -> bool:
        """Pause after an ambiguous response, longer each time; False if ``max_wait`` leaves no time."""
        return self._pace.pause(_retry.backoff(times))

    def send(self, request: Request, decode: Callable[[Response], T]) -> T:
        """Send ``request``, again where that is safe, until ``decode`` accepts a response; returns what it decoded.

        A read is repeated after any passing error. A write is repeated only if Sentori cannot have acted on it;
        otherwise its error is raised with ``ambiguous`` set, and the caller reads before it decides.
        Raises a SentoriError; also what ``decode`` raises.
        """
        return self._retried(request, lambda: decode(self._exchange(request, self._complete)))

    def stream(self, request: Request, consume: Callable[[Response, Iterator[bytes]], T]) -> T:
        """The same for a read with a long body: ``consume`` gets the body in parts, and may stop early.

        Its Response has a body only if it is an error. ``consume`` is called anew for each try.
        """

        def take(request: Request, raw: library.Response, parts: Iterator[bytes]) -> T:
            if raw.status_code >= 300:
                return consume(self._complete(request, raw, parts), iter(()))
            return consume(_response(raw, b""), parts)

        return self._retried(request, lambda: self._exchange(request, take))

    def _retried(self, request: Request, once: Callable[[], T]) -> T:
        max_wait, tries = self._settings.max_wait, 1
        while True:
            started = self._pace.now()
            try:
                return once()
            except errors.SentoriError as error:
                if error.retryable and not error.overloaded:
                    self._pace.lose(started)
                    if max_wait and self._pace.waited >= max_wait:
                        raise self._given_up(error, "With that, {} is used up.") from None
                if not max_wait or not _retry.may_repeat(request, error, tries):
                    raise
                pause = max(error.retry_after or 0.0, _retry.backoff(tries))
                if not self._pace.pause(pause):
                    raise self._given_up(error, f"A pause of {pause:,.1f} seconds more would exceed {{}}.") from None
                log.info("%s: %s; trying again in %.1f s", request.operation, type(error).__name__, pause)
            tries += 1
            with self._lock:
                self._retries += 1

    def _given_up(self, error: errors.SentoriError, sentence: str) -> errors.SentoriError:
        """The error that ends the waiting, and the run: no time is left for any other request."""
        last = error.followed_by(sentence.format(f"max_wait ({self._settings.max_wait:g} seconds for the whole run)"))
        last.concerns_run = True
        return last

    def _exchange(self, request: Request, take: Callable[[Request, library.Response, Iterator[bytes]], T]) -> T:
        """What ``take`` returns for the response to one request; raises errors of ours only.

        A connection whose response was read to its end is kept, any other one is closed.
        """
        self._pace.wait_turn()
        with self._lock:
            self._requests += 1
        started = time.perf_counter()
        raw = None
        try:
            raw = self._adapter.send(
                self._prepare(request),
                stream=True,
                timeout=self._settings.timeout,
                verify=self._verify,
                proxies=self._proxies,
            )
            return take(request, raw, self._parts(raw))
        except (library.exceptions.RequestException, library.urllib3.exceptions.HTTPError, OSError) as error:
            failure = _diagnosis.of_exception(self.host, self._settings.timeout, request, error)
        finally:
            if raw is not None:
                raw.close()
                spent = 1000 * (time.perf_counter() - started)
                log.debug("%s: HTTP %d in %.0f ms", request.operation, raw.status_code, spent)
        # Outside of the handler, so that no exception with the address or the key in it is attached to ours.
        raise failure

    def _prepare(self, request: Request) -> library.PreparedRequest:
        prepared = library.PreparedRequest()
        prepared.method = request.method
        prepared.url = self._base + request.path
        prepared.body = request.body
        prepared.headers = self._headers.copy()
        if request.method == "POST":
            prepared.headers["Content-Length"] = str(len(request.body or b""))
        prepared.headers.update(request.headers or {})
        return prepared

    def _parts(self, raw: library.Response) -> Iterator[bytes]:
        """The body as it comes, decompressed; raises a timeout if it drips for too long."""
        stream = raw.raw
        stream.enforce_content_length = True  # urllib3 1.26 would accept half a response.
        read, size = stream.read, SMALL_READ_SIZE
        if hasattr(stream, "read1"):  # urllib3 2.2: returns what has arrived, without waiting for more
            read, size = stream.read1, READ_SIZE
        deadline = time.monotonic() + MAX_TIMEOUTS * self._settings.timeout
        while True:
            part = read(size, decode_content=True)
            if not part:
                return
            yield part
            if time.monotonic() > deadline:
                raise TimeoutError

    def _complete(self, request: Request, raw: library.Response, parts: Iterator[bytes]) -> Response:
        """The complete response, if it can be decoded: a success, or one of Sentori's own errors."""
        body = bytearray()
        for part in parts:
            body += part
            if len(body) > MAX_BODY:
                kind = errors.UnreadableResponse if request.writes else errors.NotSentori
                message = f"the response of {self.host} is longer than {MAX_BODY // 2**20} MiB."
                raise kind(message, operation=request.operation, status=raw.status_code)
        response = _response(raw, bytes(body))
        failure = _diagnosis.of_status(self.host, request, response)
        if failure is not None:
            raise failure
        return response


def _pattern_of(api_key: str) -> re.Pattern[str]:
    """The key in any spelling: servers often return a GUID in the other case, or without its dashes."""
    plain = api_key.replace("-", "")
    return re.compile("-*".join(map(re.escape, plain)) or re.escape(api_key), re.IGNORECASE)


def _response(raw: library.Response, body: bytes) -> Response:
    return Response(raw.status_code, raw.raw.headers, body, raw.reason or "")
