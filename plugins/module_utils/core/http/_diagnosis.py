# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Which error a failed exchange means, and whether Sentori may have acted on the request."""

from __future__ import annotations

import math
import re
import ssl
import time
from urllib.parse import urlsplit

from .. import errors
from . import library
from .request import Request, Response

# OpenSSL's verification errors that a private certificate authority explains (X509_V_ERR_*).
_UNKNOWN_AUTHORITY = frozenset({2, 18, 19, 20, 21})
# No pause is longer: about three years.
_LONGEST = 99_999_999.0
# What may be shown of a host that a server names; an address of IPv6 has colons.
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")


def of_status(host: str, request: Request, response: Response) -> errors.SentoriError | None:
    """The error of a response that is neither a success nor one of Sentori's own errors, which are 4xx (api-errors)."""
    status, operation = response.status, request.operation
    if status < 300 or (400 <= status < 500 and status != 429):
        return None
    retry_after = seconds_to_wait(response.headers.get("Retry-After"))
    if status == 429 or (status == 503 and retry_after is not None):
        asked = f" It asked for a pause of {retry_after:,.0f} seconds." if retry_after is not None else ""
        message = f"{host} is overloaded (HTTP {status}).{asked}"
        return errors.Overloaded(message, operation=operation, status=status, retry_after=retry_after)
    if status >= 500:
        return errors.ServerError(f"{host} returned HTTP {status} (server error).", operation=operation, status=status)
    location = response.headers.get("Location")
    if location is None:
        # 304 after a write: a cache answered, and Sentori may have acted.
        message = (
            f"no Sentori response from {host}: HTTP {status} without content. Check url, and any proxy on the way."
        )
        return errors.UnreadableResponse(message, operation=operation, status=status)
    return errors.Intercepted(
        f"{host} is not Sentori: it redirects to {_target(location)} (HTTP {status})."
        " Redirects are not followed, because they would carry the API key along. Check url.",
        operation=operation,
        status=status,
    )


def of_exception(
    host: str, timeout: float, request: Request, error: Exception, *, is_open: bool, is_proxied: bool
) -> errors.SentoriError:
    """The error for what was raised before the response was complete.

    ``is_open``: the connection was made before; otherwise nothing can have arrived.
    """
    operation, causes = request.operation, _causes(error)
    upper, lower = library.exceptions, library.urllib3.exceptions
    refused = next((cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)), None)
    if refused is not None:
        return errors.CertificateRefused(_certificate_sentence(host, refused), operation=operation)
    if isinstance(error, (upper.InvalidSchema, upper.InvalidProxyURL)):
        return errors.InvalidInput("the proxy named in the environment cannot be used.", option="HTTPS_PROXY")
    if _any(causes, lower.LocationParseError, upper.InvalidURL):
        return errors.InvalidInput("the host, or that of the proxy, is malformed.", option="url")
    if not is_open:
        return errors.NoConnection(_not_connected(host, timeout, causes, is_proxied), operation=operation)
    if _any(causes, TimeoutError):
        return errors.NoResponse(f"{host} did not answer within {timeout:g} seconds (timeout).", operation=operation)
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if tls is not None:
        message = f"TLS with {host} failed: {tls.reason or 'no reason given'}. Check that this port speaks https."
        return errors.NoResponse(message, operation=operation)
    return errors.NoResponse(f"the connection to {host} broke before the response was complete.", operation=operation)


def _not_connected(host: str, timeout: float, causes: list[BaseException], is_proxied: bool) -> str:
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if tls is not None and not _any(causes, TimeoutError):
        return f"TLS with {host} failed: {tls.reason or 'no reason given'}. Check that this port speaks https."
    if is_proxied:
        return f"{host} cannot be reached through the proxy: {_reason(causes)}. Check HTTPS_PROXY and NO_PROXY."
    lower = library.urllib3.exceptions
    # A refused connection is one of the timeouts of urllib3.
    if _any(causes, lower.ConnectTimeoutError, TimeoutError) and not _any(causes, lower.NewConnectionError):
        return f"no connection to {host} within {timeout:g} seconds (timeout)."
    return f"{host} cannot be reached: {_reason(causes)}. Check url and the network."


def seconds_to_wait(retry_after: str | None) -> float | None:
    """Seconds from now, at most some years, from either form of the header (RFC 9110, 10.2.3), or None."""
    if retry_after is None:
        return None
    seconds = _seconds(retry_after.strip())
    return None if seconds is None or math.isnan(seconds) else min(max(0.0, seconds), _LONGEST)


def _seconds(retry_after: str) -> float | None:
    if retry_after.isascii() and retry_after.isdecimal():
        return float(retry_after)
    from email.utils import parsedate_to_datetime

    try:
        seconds: float = parsedate_to_datetime(retry_after).timestamp() - time.time()
    except (TypeError, ValueError, OverflowError):
        return None
    return seconds


def _target(location: str) -> str:
    """The host of a redirect, without a user and password before it."""
    try:
        host = urlsplit(location).hostname or ""
    except ValueError:
        host = ""
    return host if _HOST.fullmatch(host) else "another place"


def _certificate_sentence(host: str, refused: ssl.SSLCertVerificationError) -> str:
    sentence = f"the certificate of {host} was refused: {refused.verify_message.rstrip('.')}."
    if refused.verify_code in _UNKNOWN_AUTHORITY:
        sentence += " If your own authority signed it, give that authority's certificate as ca_path."
    return sentence


def _causes(error: BaseException) -> list[BaseException]:
    """The error and everything that led to it, also what urllib3 keeps in ``reason`` or ``args``."""
    found: list[BaseException] = []
    ahead: list[object] = [error]
    while ahead:
        cause = ahead.pop()
        if isinstance(cause, BaseException) and cause not in found:
            found.append(cause)
            ahead += [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]
    return found


def _any(causes: list[BaseException], *kinds: type[BaseException]) -> bool:
    return any(isinstance(cause, kinds) for cause in causes)


def _reason(causes: list[BaseException]) -> str:
    """The system's words for a failed connection ("Connection refused"), or http.client's about a proxy's tunnel."""
    system = [str(cause.strerror) for cause in causes if isinstance(cause, OSError) and cause.strerror]
    return next(iter([*_tunnel(causes), *system]), "no connection")


def _tunnel(causes: list[BaseException]) -> list[str]:
    """What http.client says if a proxy refused to connect further; the request was not sent then."""
    return [str(cause) for cause in causes if isinstance(cause, OSError) and str(cause).startswith("Tunnel")]
