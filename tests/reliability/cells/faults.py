# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The table of faults: what a server or a network does to one request, and what the message about it must name.

A fault is met before Sentori sees the request, or after Sentori has acted on it: these are two faults.
"""

from __future__ import annotations

import datetime
import email.utils
import gzip
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from doors import EXPIRED, FOREIGN, OTHER_HOST, REFUSED, UNANSWERED

RESET, CLOSE, SILENCE, HELD = "reset", "close", "silence", "held"
START, MIDDLE = "start", "middle"

# Bytes to send; a pause in seconds; or how the connection ends. HELD: the client has waited far too long by now.
Step = bytes | float | str

JSON = "application/json; charset=utf-8"
PAGE = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body>Sign in to this network.</body></html>"
ONE_GB = 1 << 30
PART = b"a" * (1 << 20)
# Parts that are compressed each are one answer.
BOMB = gzip.compress(b'{"EmailAddress": "') + 64 * gzip.compress(PART) + gzip.compress(b'"}')


@dataclass(frozen=True)
class Answer:
    """The answer to one request; ``asked``: the request, as a server may repeat it."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    reason: str = "Answer"
    asked: str = ""

    def encoded(self, length: int | None = None, **more: str) -> bytes:
        """The answer as it is sent; ``length``: another one than that of its body."""
        lines = [f"HTTP/1.1 {self.status} {self.reason or 'Answer'}"]
        lines += [f"{name}: {value}" for name, value in {**self.headers, **more}.items()]
        if self.status not in (204, 304):
            lines.append(f"Content-Length: {len(self.body) if length is None else length}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


@dataclass(frozen=True)
class Fault:
    """One fault.

    ``says``: a pattern of what a message about it names. ``acted``: Sentori acted on the request. ``script``: what is
    sent, made of Sentori's answer. ``door``: what meets the connection of the request; ``cut``: where the request is
    cut off. ``lasts``: all later requests of the run meet it, too. ``invents``: the answer may be taken for a success
    of an operation whose answer is not documented.
    """

    name: str
    says: str
    script: Callable[[Answer], Iterable[Step]] = lambda real: []
    acted: bool = False
    door: str | None = None
    cut: str | None = None
    lasts: bool = False
    invents: bool = False

    @property
    def id(self) -> str:
        return f"{self.name}, acted" if self.acted else self.name

    def meets(self, number: int, at: int) -> bool:
        """Whether an exchange meets it: request ``number`` of a run whose request ``at`` is chosen."""
        return self.door is None and (number == at or (self.lasts and number > at))

    @property
    def is_tls(self) -> bool:
        return self.door in (OTHER_HOST, EXPIRED, FOREIGN)


def both(fault: Fault) -> list[Fault]:
    """The fault before Sentori sees the request, and after Sentori has acted on it."""
    return [fault, replace(fault, acted=True)]


def sent(status: int, body: bytes = b"", **headers: str) -> Callable[[Answer], list[Step]]:
    """A script that sends this answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda real: [Answer(status, named, body).encoded()]


def json_of(value: object, status: int = 200) -> Callable[[Answer], list[Step]]:
    return sent(status, json.dumps(value).encode(), Content_Type=JSON)


def changed(change: Callable[[bytes], bytes]) -> Callable[[Answer], list[Step]]:
    """A script that sends Sentori's answer with another body."""

    def script(real: Answer) -> list[Step]:
        headers = {"Content-Type": JSON, **real.headers}
        return [replace(real, headers=headers, body=change(real.body)).encoded()]

    return script


def with_first(text: str) -> Callable[[bytes], bytes]:
    """A body whose first object also has these members, as text; of an answer without an object, one of its own."""

    def change(body: bytes) -> bytes:
        begin = body.find(b"{")
        if begin < 0:
            return b'{"EmailAddress": "joe@example.com", ' + text.encode() + b"}"
        rest = body[begin + 1 :].lstrip()
        return body[: begin + 1] + text.encode() + (b"" if rest.startswith(b"}") else b", ") + rest

    return change


def dripping_headers(real: Answer) -> Iterable[Step]:
    yield b"HTTP/1.1 200 OK\r\n"
    for _ in range(100):
        yield b"X-Drip: drop\r\n"
        yield 0.03
    yield HELD


def dripping_body(real: Answer) -> Iterable[Step]:
    yield real.encoded(len(real.body) + 200)
    for _ in range(199):
        yield b" "
        yield 0.03
    yield HELD


def endless(real: Answer) -> Iterable[Step]:
    yield Answer(200, {"Content-Type": JSON}, b'{"EmailAddress": "').encoded(ONE_GB)
    for _ in range(ONE_GB // len(PART)):
        yield PART


def cut_short(real: Answer) -> Iterable[Step]:
    return [real.encoded(len(real.body) + 9), CLOSE]


def answered_twice(real: Answer) -> Iterable[Step]:
    other = Answer(200, {"Content-Type": JSON}, b'{"EmailAddress": "other@example.com"}')
    return [real.encoded() + other.encoded()]


def compressed_twice(real: Answer) -> Iterable[Step]:
    return sent(200, gzip.compress(gzip.compress(real.body)), Content_Type=JSON, Content_Encoding="gzip, gzip")(real)


def withdrawn(real: Answer) -> Iterable[Step]:
    # v2.0 says it in the body, v1 in the reason phrase.
    body = json.dumps({"Code": 1, "Message": "API Key not valid"}).encode()
    return [Answer(403, {"Content-Type": JSON}, body, "Invalid API Key").encoded()]


def repeated_in_an_error(real: Answer) -> Iterable[Step]:
    return json_of({"Code": 999, "Message": f"No: {real.asked}"}, 400)(real)


def repeated_in_a_header(real: Answer) -> Iterable[Step]:
    return sent(404, PAGE, Content_Type=f"text/{real.asked}")(real)


def repeated_in_a_redirect(real: Answer) -> Iterable[Step]:
    return sent(302, Location=f"https://ann.person@elsewhere.example/?{real.asked}")(real)


def first_half(body: bytes) -> bytes:
    return body[: len(body) // 2] or b'{"Email'


def in_five_seconds() -> str:
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=5)
    return email.utils.format_datetime(moment, usegmt=True)


def overloaded(name: str, retry_after: Any, status: int = 429) -> Fault:
    """A refusal that Sentori has not acted on."""

    def script(real: Answer) -> list[Step]:
        value = retry_after() if callable(retry_after) else retry_after
        return [Answer(status, {} if value is None else {"Retry-After": value}).encoded()]

    return Fault(name, rf"is overloaded \(HTTP {status}\)|HTTP {status} \(server error\)", script)


UNREADABLE = "no Sentori response from"
BROKEN = "broke before the response was complete"
TIMEOUT = r"did not answer within [\d.]+ seconds \(timeout\)"
NO_EFFECT = "accepted the request, but|no Sentori response from|redirects to"
TOO_LONG = "is longer than 16 MiB|" + UNREADABLE
COMPRESSED = {"Content_Type": JSON, "Content_Encoding": "gzip"}
NO_CERTIFICATE = "the certificate of localhost:[0-9]+ was refused"

FAMILIES: dict[str, tuple[Fault, ...]] = {
    "no connection": (
        Fault("connection refused", "cannot be reached: Connection refused", door=REFUSED),
        Fault("no answer to the connection", r"no connection to .* within .*\(timeout\)", door=UNANSWERED),
        Fault("certificate of another host", NO_CERTIFICATE, door=OTHER_HOST),
        Fault("expired certificate", NO_CERTIFICATE, door=EXPIRED),
        Fault("certificate of a foreign authority", NO_CERTIFICATE, door=FOREIGN),
    ),
    "broken connection": (
        Fault("reset before the request", BROKEN, cut=START),
        Fault("reset in the middle of the request", BROKEN, cut=MIDDLE),
        *both(Fault("reset instead of the answer", BROKEN, lambda real: [RESET])),
        *both(Fault("closed instead of the answer", BROKEN, lambda real: [CLOSE])),
        Fault("closed in the middle of the answer", BROKEN, cut_short, acted=True),
        Fault("a second answer", "-", answered_twice, acted=True),
    ),
    "timeout": (
        *both(Fault("no first byte", TIMEOUT, lambda real: [SILENCE])),
        *both(Fault("headers that drip", TIMEOUT, dripping_headers)),
        *both(Fault("a body that drips", TIMEOUT, dripping_body)),
    ),
    "overload": (
        overloaded("429", None),
        overloaded("429, Retry-After in seconds", "3"),
        overloaded("429, Retry-After as a date", in_five_seconds),
        overloaded("429, Retry-After of 30 years", "999999999"),
        overloaded("429, Retry-After below zero", "-5"),
        overloaded("429, Retry-After as a word", "soon"),
        overloaded("429, Retry-After in the year 9999", "Fri, 31 Dec 9999 23:59:59 GMT"),
        overloaded("503, Retry-After in seconds", "3", 503),
    ),
    "server error": tuple(
        fault
        for status in (500, 502, 503, 504)
        for fault in both(Fault(f"{status}", rf"HTTP {status} \(server error\)", sent(status, PAGE)))
    ),
    "no content": (
        *both(Fault("empty 200", NO_EFFECT, sent(200), invents=True)),
        *both(Fault("empty 204", NO_EFFECT, sent(204), invents=True)),
        *both(Fault("empty 205", NO_EFFECT, sent(205), invents=True)),
        *both(Fault("empty 304", UNREADABLE, sent(304))),
    ),
    "other content": (
        *both(Fault("HTML with 200", UNREADABLE, sent(200, PAGE, Content_Type="text/html"))),
        *both(Fault("HTML with 200 that claims to be JSON", UNREADABLE, sent(200, PAGE, Content_Type=JSON))),
        Fault("half a JSON document", UNREADABLE, sent(200, b'{"EmailAddr', Content_Type=JSON)),
        Fault("half a JSON document", UNREADABLE, changed(first_half), acted=True),
        *both(Fault("a JSON object of another shape", NO_EFFECT, json_of({"hello": "world"}), invents=True)),
        *both(Fault("a JSON array of another shape", NO_EFFECT, json_of(["hello", 1]), invents=True)),
        *both(Fault("a JSON text", NO_EFFECT, json_of("hello"), invents=True)),
        *both(Fault("a Code with 200", NO_EFFECT, json_of({"Code": 101, "Message": "Contact not found"}))),
        Fault("Code as a text", "HTTP 400", json_of({"Code": "-1", "Message": "Bad request"}, 400)),
        Fault("Code as an object", UNREADABLE, json_of({"Code": {"value": 101}, "Message": ["No"]}, 404)),
        Fault("two equal keys", UNREADABLE, changed(with_first('"SystemID": 1, "SystemID": 2')), acted=True),
        Fault("NaN", UNREADABLE, changed(with_first('"LoyaltyPoints": NaN')), acted=True),
        Fault("half of a character", UNREADABLE, changed(with_first(r'"KnownAs": "\ud800"')), acted=True),
        Fault("a nested value", UNREADABLE, changed(with_first('"KnownAs": {"a": ["b"]}')), acted=True),
    ),
    "huge answer": (
        *both(Fault("an answer of 1 GB", TOO_LONG, endless)),
        *both(Fault("an answer of 64 MiB in 64 KiB", TOO_LONG, sent(200, BOMB, **COMPRESSED))),
        *both(Fault("an answer compressed twice", "an encoding that was not asked for", compressed_twice)),
    ),
    "repeated request": (
        Fault("an error that repeats the request", "HTTP 400", repeated_in_an_error),
        Fault("a header that repeats the request", "HTTP 404", repeated_in_a_header),
        Fault("a redirect that repeats the request", r"it redirects to elsewhere\.example", repeated_in_a_redirect),
    ),
    "redirect": (
        Fault("a redirect to another host", r"it redirects to elsewhere\.example \(HTTP 302\)",
              sent(302, Location="https://elsewhere.example/")),
        Fault("a redirect to itself", r"it redirects to .* \(HTTP 307\)", sent(307, Location="/v2.0/contact/get/")),
    ),
    "key": (
        Fault("401 from here on", "HTTP 401", sent(401, PAGE, Content_Type="text/html"), lasts=True),
        Fault("a key that is withdrawn", "Sentori does not know this API key", withdrawn, lasts=True),
    ),
}  # fmt: skip

FAULTS = tuple(fault for family in FAMILIES.values() for fault in family)
