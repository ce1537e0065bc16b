# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The connection options, checked before any request."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..errors import InvalidInput

DEFAULT_URL = "https://api.sentoriapp.com"
# The options of one connection, and those that bound many requests at once. Each integration's list of options is
# held equal to these by a test.
CONNECTION_OPTIONS = ("api_key", "url", "timeout", "max_wait", "validate_certs", "ca_path", "allow_http")
MANY_OPTIONS = ("concurrency", "requests_per_second")


@dataclass(frozen=True)
class Settings:
    """The connection options, with the names that both integrations use.

    ``url``: Sentori's URL, with or without a path before ``/v2.0``. ``timeout``: seconds for the connection, and
    again for the headers of the response; as a whole it may take ten times that. ``max_wait``: seconds of waiting for
    Sentori in the whole run.
    ``ca_path``: a file or folder of certificates to trust instead of the system's. ``allow_http``: send the key
    unencrypted to another host. ``concurrency``: requests at once. ``requests_per_second``: None for no limit.
    ``integration``: the name in the User-Agent (``ansible``, ``airflow``).

    Raises InvalidInput on construction.
    """

    api_key: str = field(repr=False)
    url: str = DEFAULT_URL
    timeout: float = 30.0
    max_wait: float = 60.0
    validate_certs: bool = True
    ca_path: str | None = None
    allow_http: bool = False
    concurrency: int = 8
    requests_per_second: float | None = None
    integration: str = "python"

    def __post_init__(self) -> None:
        _check_key(self.api_key)
        _check_url(self.url, self.allow_http)
        _check_number("timeout", self.timeout, above=0)
        _check_number("max_wait", self.max_wait, least=0)
        _check_number("concurrency", self.concurrency, least=1)
        if self.requests_per_second is not None:
            _check_number("requests_per_second", self.requests_per_second, above=0)

    def __reduce__(self) -> str:
        raise TypeError("Settings contain the API key, and are not pickled.")

    @property
    def host(self) -> str:
        """``api.sentoriapp.com``, with the port where one is given."""
        return urlsplit(self.url).netloc

    @property
    def is_loopback(self) -> bool:
        """Whether the URL is on this machine, as the sandbox's is."""
        return _is_loopback(urlsplit(self.url).hostname or "")


def _check_key(key: object) -> None:
    if not isinstance(key, str) or not key:
        raise InvalidInput("no API key was given. Find it in Sentori under Settings, API.", option="api_key")
    if any(not "!" <= character <= "~" for character in key):
        raise InvalidInput(
            "the API key contains a blank, a line break or a character outside ASCII, which no HTTP header can carry."
            " Copy the key again, without the text around it.",
            option="api_key",
        )


def _check_url(url: object, allow_http: bool) -> None:
    wanted = f"Give a URL such as {DEFAULT_URL}"
    if not isinstance(url, str) or any(not "!" <= character <= "~" for character in url):
        raise InvalidInput(f"the URL contains a blank or a character outside ASCII. {wanted}.", option="url")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise InvalidInput(f"the URL is malformed. {wanted}.", option="url") from None
    if parts.scheme not in ("https", "http") or not host:
        raise InvalidInput(f"the URL has no https:// or no host. {wanted}.", option="url")
    if "@" in parts.netloc or "?" in url or "#" in url:
        raise InvalidInput(f"the URL contains a user, a password, a query or a fragment. {wanted}.", option="url")
    if parts.scheme == "http" and not allow_http and not _is_loopback(host):
        raise InvalidInput(
            f"http:// would send the API key to {host} unencrypted. Use https://, or set allow_http if the network"
            " is safe.",
            option="url",
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_number(option: str, value: object, least: float | None = None, above: float | None = None) -> None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if least is not None and least <= value < float("inf"):
            return
        if above is not None and above < value < float("inf"):
            return
    bound = f"above {above}" if above is not None else f"of at least {least}"
    raise InvalidInput(f"{value!r} is not a number {bound}.", option=option)
