# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Requests to one account, over connections that ``requests`` configures and that are kept for the next request.

Nothing here follows redirects, keeps cookies or reads a netrc file. Whatever is the same for each request is looked up
and prepared once.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
import time
import zlib
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, Callable, TypeVar

from .. import VERSION, errors, redaction
from . import _retry, library
from ._body import UnknownEncoding
from ._body import parts as body_parts
from ._connections import Connections
from ._deadline import Deadlines, Exchange
from ._pace import Pace
from .request import Request, Response, Statistics
from .settings import Settings

log = logging.getLogger(__name__)

T = TypeVar("T")

# What an exchange that fails raises. Where ``requests`` is missing, nothing is sent.
_BROKEN: tuple[type[Exception], ...] = (OSError, HTTPException, zlib.error)
if library.IMPORT_ERROR is None:
    _BROKEN += (library.exceptions.RequestException, library.urllib3.exceptions.HTTPError)

MAX_BODY = 16 * 1024 * 1024
# A request as a whole, and the body of a response as a whole, may take this many timeouts, however steadily they drip.
# The headers of a response may take one timeout.
MAX_TIMEOUTS = 10
# Seconds for the responses that are awaited when a run is stopped. Airflow kills a task 5 seconds after SIGTERM.
GRACE = 3.0
# Seconds between two looks, in a pause, at whether the run was stopped.
_STOP_INTERVAL = 0.2
# Bytes of a body that are sent together with the headers.
SMALL = 16 * 1024


class Transport:
    """Sends requests to one Sentori account, from any number of threads.

    ``sleep`` and ``clock`` are the passing of time, for tests that must not wait. ``stop`` ends a pause otherwise.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        sleep: Callable[[float], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.host = settings.host
        self._settings = settings
        self._base = re.sub(r"(/v2\.0)?/*$", "", settings.url)
        self._key = _pattern_of(settings.api_key)
        self._connections = Connections(settings, self._base)
        self._deadlines = Deadlines(settings.timeout)
        self._fixed_headers = "\r\n".join(
            [
                f"Host: {self._connections.host}",
                f"ApiKey: {settings.api_key}",
                f"User-Agent: sentori-automation/{VERSION} ({settings.integration})",
                "Accept-Encoding: gzip",
            ]
        )
        self._pace = Pace(settings.requests_per_second, settings.max_wait, sleep or self._sleep, clock)
        self._is_stopped = False
        self._lock = threading.Lock()
        self._requests = 0
        self._retries = 0

    def __enter__(self) -> Transport:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._deadlines.close()
        self._connections.close()

    def stop(self) -> None:
        """Send no more requests, and wait GRACE seconds at most for responses: what is not done raises Stopped.

        It takes no lock, so that the handler of a signal can call it.
        """
        self._deadlines.hasten(GRACE)
        self._is_stopped = True

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

        def take(request: Request, response: Response, parts: Iterator[bytes]) -> T:
            if response.status >= 300:
                return consume(self._complete(request, response, parts), iter(()))
            return consume(response, parts)

        return self._retried(request, lambda: self._exchange(request, take))

    def _retried(self, request: Request, once: Callable[[], T]) -> T:
        max_wait, tries = self._settings.max_wait, 1
        while True:
            started = self._pace.now()
            try:
                return once()
            except errors.SentoriError as error:
                if self._is_stopped and error.retryable and not (request.writes and error.ambiguous):
                    raise self._stopped(request) from None
                if error.retryable and not error.overloaded:
                    self._pace.lose(started)
                    if max_wait and self._pace.waited >= max_wait:
                        raise self._given_up(error, "With that, {} is used up.") from None
                if self._is_stopped or not max_wait or not _retry.may_repeat(request, error, tries):
                    # A traceback with local variables would show the response, and whoever wrote it knows the key.
                    raise error.with_traceback(None) from None
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

    def _stopped(self, request: Request) -> errors.Stopped:
        message = "the run was stopped. Run it again: what is done is not done a second time."
        return errors.Stopped(message, operation=request.operation)

    def _sleep(self, seconds: float) -> None:
        """Sleep, unless the run is stopped."""
        until = time.monotonic() + seconds
        while not self._is_stopped and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _STOP_INTERVAL))

    def _exchange(self, request: Request, take: Callable[[Request, Response, Iterator[bytes]], T]) -> T:
        """What ``take`` returns for the response to one request; raises errors of ours only.

        A connection whose response was read to its end is kept, any other one is closed.
        """
        self._pace.wait_turn()
        if self._is_stopped:
            raise self._stopped(request)
        with self._lock:
            self._requests += 1
        started = time.perf_counter()
        status, is_open = 0, False
        connection: HTTPConnection | None = None
        exchange: Exchange | None = None
        failure: errors.SentoriError
        try:
            connection = self._connections.take()
            exchange = self._deadlines.begin(connection)
            if connection.sock is None:
                exchange.allow(2 * self._settings.timeout)
                self._connections.open(connection)
            is_open = True
            response = self._sent(request, connection, exchange)
            status = response.status
            headers: Any = response.headers
            taken = take(request, Response(status, headers, b"", response.reason), body_parts(response))
            if exchange.is_late:
                raise TimeoutError
            if response.isclosed() and not response.will_close:
                self._connections.keep(connection)
                connection = None
            return taken
        except UnknownEncoding:
            failure = self._refused(request, status, "has an encoding that was not asked for")
        except _BROKEN as error:
            from ._diagnosis import of_exception

            is_late = exchange is not None and exchange.is_late
            failure = of_exception(
                self.host,
                self._settings.timeout,
                request,
                TimeoutError() if is_late else error,
                is_open=is_open,
                is_proxied=self._connections.is_proxied,
            )
        finally:
            if exchange is not None:
                self._deadlines.finish(exchange)
            if connection is not None:
                connection.close()
            spent = 1000 * (time.perf_counter() - started)
            log.debug("%s: HTTP %d in %.0f ms", request.operation, status, spent)
        # Outside of the handler, so that no exception with the address or the key in it is attached to ours.
        raise failure

    def _sent(self, request: Request, connection: HTTPConnection, exchange: Exchange) -> HTTPResponse:
        """The response, up to the end of its headers."""
        length = sum(map(len, request.body))
        exchange.allow(MAX_TIMEOUTS * self._settings.timeout)
        head = self._head(request, length)
        # Not by the connection's own methods, which print the key if somebody has set http.client's debuglevel.
        if length < SMALL:
            connection.sock.sendall(b"".join([head, *request.body]))
        else:
            for part in (head, *request.body):
                connection.sock.sendall(part)
        exchange.allow(self._settings.timeout)
        response = HTTPResponse(connection.sock, method=request.method)
        response.begin()
        if response.status < 200:  # http.client knows of 100 alone, and takes another one for the response
            raise HTTPException
        exchange.allow(MAX_TIMEOUTS * self._settings.timeout)
        return response

    def _head(self, request: Request, length: int) -> bytes:
        """The request line and the headers. Every part of them was checked where it came in."""
        if not request.path.isascii() or not request.path.isprintable() or " " in request.path:
            raise errors.InvalidInput("a path with blanks or control characters cannot be requested.")
        lines = [f"{request.method} {self._connections.target_prefix}{request.path} HTTP/1.1", self._fixed_headers]
        headers = {"Accept": "application/json", **(request.headers or {})}
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if request.method == "POST":
            lines.append(f"Content-Length: {length}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def _complete(self, request: Request, response: Response, parts: Iterator[bytes]) -> Response:
        """The complete response, if it can be decoded: a success, or one of Sentori's own errors."""
        body = bytearray()
        for part in parts:
            body += part
            if len(body) > MAX_BODY:
                raise self._refused(request, response.status, f"is longer than {MAX_BODY // 2**20} MiB")
        complete = response._replace(body=bytes(body))
        if response.status >= 300:
            # Few tasks meet a failure, and Ansible compiles each file that is imported.
            from ._diagnosis import of_status

            failure = of_status(self.host, request, complete)
            if failure is not None:
                raise failure
        return complete

    def _refused(self, request: Request, status: int, reason: str) -> errors.SentoriError:
        kind = errors.UnreadableResponse if request.writes else errors.NotSentori
        return kind(f"the response of {self.host} {reason}.", operation=request.operation, status=status)


def _pattern_of(api_key: str) -> re.Pattern[str]:
    """The key in any spelling: servers often return a GUID in the other case, or without its dashes."""
    plain = api_key.replace("-", "")
    return re.compile("-*".join(map(re.escape, plain)) or re.escape(api_key), re.IGNORECASE)
