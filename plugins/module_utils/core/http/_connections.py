# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Connections to one host: opened as ``requests`` opens them, and kept for the next request.

``requests`` and urllib3 decide on proxies, TLS and certificates. The exchange itself goes through ``http.client``, on
which urllib3 stands: a read costs 0.7 to 0.8 of what it costs through urllib3's pool (``benchmarks/reads.py``).
"""

from __future__ import annotations

from collections import deque
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from ..errors import InvalidInput
from . import _environment, library
from .settings import Settings


class Connections:
    """The connections of one transport, for any number of threads.

    ``base``: the URL before ``/v2.0``. ``is_proxied``: whether a proxy stands between. ``target_prefix``: what stands
    before the path of each request; ``host``: the content of the header Host.
    """

    def __init__(self, settings: Settings, base: str) -> None:
        """Raises InvalidInput if a file of certificates cannot be used; opens nothing."""
        self._base = base
        self._timeout = settings.timeout
        self._most = settings.concurrency
        self._bundle = _environment.bundle(settings)
        self._verify: bool | str = settings.validate_certs if self._bundle is None else self._bundle.path
        self._proxies = _environment.proxies(settings)
        self._adapter = library.HTTPAdapter(pool_connections=1, pool_maxsize=1)
        self._pool: Any = None
        self._idle: deque[Any] = deque()
        parts = urlsplit(base)
        self._is_tls = parts.scheme == "https"
        proxy = library.select_proxy(base, self._proxies)
        self.is_proxied = proxy is not None
        self.target_prefix = base if self.is_proxied and not self._is_tls else parts.path
        default = 443 if self._is_tls else 80
        self.host = parts.netloc if parts.port != default else parts.netloc.rpartition(":")[0]

    def take(self) -> HTTPConnection:
        """A connection for one exchange: one that is open, or a new one that is not open yet."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread took it
                break
            if not _has_more(connection):
                kept: HTTPConnection = connection
                return kept
            connection.close()
        new: HTTPConnection = self._pool_of_urllib3()._get_conn()
        new.timeout = self._timeout
        return new

    def open(self, connection: HTTPConnection) -> None:
        """Connect a new connection, through the proxy if there is one.

        Raises what urllib3 and the system raise, and InvalidInput for certificates that cannot be read.
        """
        try:
            if self.is_proxied and self._is_tls:
                self._pool_of_urllib3()._prepare_proxy(connection)
            if connection.sock is None:
                connection.connect()
        except library.urllib3.exceptions.SSLError:
            if self._bundle is not None:
                _environment.check_certificates(self._bundle)
            raise

    def keep(self, connection: HTTPConnection) -> None:
        """Take back a connection whose last response was read to its end."""
        if len(self._idle) < self._most:
            self._idle.append(connection)
        else:
            connection.close()

    def close(self) -> None:
        """Close the connections that are not in use."""
        while self._idle:
            self._idle.pop().close()
        self._adapter.close()

    def _pool_of_urllib3(self) -> Any:
        """The pool of ``requests``, which makes connections, but keeps none."""
        if self._pool is None:
            self._pool = self._made_pool()
        return self._pool

    def _made_pool(self) -> Any:
        request = library.PreparedRequest()
        request.method, request.url = "GET", f"{self._base}/"
        request.headers = library.CaseInsensitiveDict()
        if hasattr(self._adapter, "get_connection_with_tls_context"):  # since requests 2.32
            pool = self._adapter.get_connection_with_tls_context(request, self._verify, proxies=self._proxies)
        else:
            pool = self._adapter.get_connection(request.url, self._proxies)
        try:
            self._adapter.cert_verify(pool, request.url, self._verify, None)  # type: ignore[no-untyped-call]
        except OSError as error:
            raise InvalidInput(f"{error}.", option="ca_path") from None
        return pool


def _has_more(connection: Any) -> bool:
    """Whether something has arrived since the last response: the end of the connection, or a response to nothing.

    TLS may have decrypted more than was read, of which the system's socket knows nothing.
    """
    pending = getattr(connection.sock, "pending", None)
    return library.is_connection_dropped(connection) or (pending is not None and pending() > 0)
