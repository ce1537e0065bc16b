# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What an exchange that brought no answer of Sentori's means: which error, and whether Sentori may have acted."""

from __future__ import annotations

import ssl
import time
from urllib.parse import urlsplit

from . import errors, http
from .call import Answer, Call

# OpenSSL's verification errors that an authority of one's own explains (X509_V_ERR_*).
_UNKNOWN_AUTHORITY = frozenset({2, 18, 19, 20, 21})


def of_status(host: str, call: Call, answer: Answer) -> errors.SentoriError | None:
    """The error in an answer that is no success and no error of Sentori's own, which are all 4xx (api-errors)."""
    status, operation = answer.status, call.operation
    if status < 300 or (400 <= status < 500 and status != 429):
        return None
    retry_after = seconds_to_wait(answer.headers.get("Retry-After"))
    if status == 429 or (status == 503 and retry_after is not None):
        wanted = f" It asked for a pause of {retry_after:g} seconds." if retry_after is not None else ""
        said = f"{host} is overloaded (HTTP {status}).{wanted}"
        return errors.Overloaded(said, operation=operation, status=status, retry_after=retry_after)
    if status >= 500:
        return errors.ServerTrouble(f"{host} is in trouble (HTTP {status}).", operation=operation, status=status)
    return errors.KeptFromSentori(
        f"no Sentori answer from {host}: it redirects to {_target(answer.headers.get('Location'))} (HTTP {status})."
        " Redirects are not followed, since the API key would go along. Check url.",
        operation=operation,
        status=status,
    )


def of_exception(host: str, timeout: float, call: Call, error: Exception) -> errors.SentoriError:
    """The error for what `requests` or urllib3 raised before a whole answer was there."""
    operation, causes = call.operation, _causes(error)
    upper, lower = http.exceptions, http.urllib3.exceptions
    refused = next((cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)), None)
    if refused is not None:
        return errors.CertificateRefused(_certificate_sentence(host, refused), operation=operation)
    if isinstance(error, (upper.InvalidSchema, upper.InvalidProxyURL)):
        return errors.InvalidInput("the proxy that the environment names cannot be used.", option="HTTPS_PROXY")
    if _any(causes, lower.LocationParseError, upper.InvalidURL):
        return errors.InvalidInput("this host, or that of the proxy, cannot be read.", option="url")
    # A proxy that breaks off after the request was sent raises ProxyError as well.
    not_sent = _any(causes, lower.NewConnectionError, lower.ConnectTimeoutError) or bool(_tunnel(causes))
    if _any(causes, upper.ProxyError, lower.ProxyError) and not_sent:
        said = f"{host} cannot be reached through the proxy: {_reason(causes)}. Check HTTPS_PROXY and NO_PROXY."
        return errors.NoConnection(said, operation=operation)
    if _any(causes, lower.NewConnectionError):
        said = f"{host} cannot be reached: {_reason(causes)}. Check url and the network."
        return errors.NoConnection(said, operation=operation)
    if _any(causes, upper.ConnectTimeout, lower.ConnectTimeoutError):
        said = f"no connection to {host} within {timeout:g} seconds (timeout)."
        return errors.NoConnection(said, operation=operation)
    if _any(causes, upper.Timeout, lower.TimeoutError, TimeoutError):
        return errors.NoAnswer(f"{host} did not answer within {timeout:g} seconds (timeout).", operation=operation)
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if tls is not None:
        said = f"TLS with {host} failed: {tls.reason or 'no reason given'}. Does this port speak https?"
        return errors.NoAnswer(said, operation=operation)
    said = f"no Sentori answer from {host}: the connection broke before a whole answer was there."
    return errors.NoAnswer(said, operation=operation)


def seconds_to_wait(retry_after: str | None) -> float | None:
    """Seconds from now, out of either form of the header (RFC 9110, 10.2.3); None if it is neither."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    from email.utils import parsedate_to_datetime

    try:
        seconds: float = parsedate_to_datetime(retry_after).timestamp() - time.time()
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0.0, seconds)


def _target(location: str | None) -> str:
    """The host of a redirect, without what may stand before it."""
    try:
        return urlsplit(location or "").hostname or "another place"
    except ValueError:
        return "another place"


def _certificate_sentence(host: str, refused: ssl.SSLCertVerificationError) -> str:
    sentence = f"the certificate of {host} is refused: {refused.verify_message.rstrip('.')}."
    if refused.verify_code in _UNKNOWN_AUTHORITY:
        sentence += " If it is signed by an authority of your own, name its certificate in ca_path."
    return sentence


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


def _any(causes: list[BaseException], *kinds: type[BaseException]) -> bool:
    return any(isinstance(cause, kinds) for cause in causes)


def _reason(causes: list[BaseException]) -> str:
    """The system's words for a failed connection ("Connection refused"), or http.client's of a proxy's tunnel."""
    system = [str(cause.strerror) for cause in causes if isinstance(cause, OSError) and cause.strerror]
    return next(iter([*_tunnel(causes), *system]), "no connection")


def _tunnel(causes: list[BaseException]) -> list[str]:
    """What http.client says where a proxy refused to connect further; the request was not sent then."""
    return [str(cause) for cause in causes if isinstance(cause, OSError) and str(cause).startswith("Tunnel")]
