# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""What the environment says of the way to Sentori: proxies and trusted authorities. Looked up once."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping

from . import http
from .errors import InvalidInput
from .settings import Settings


def proxies(settings: Settings) -> Mapping[str, str]:
    """The proxies for this URL; never any for this host itself, since the API key would leave it unencrypted."""
    found: Mapping[str, str] = {} if settings.is_loopback else http.get_environ_proxies(settings.url)
    return found


def verification(settings: Settings) -> bool | str:
    """What `requests` calls ``verify``; raises InvalidInput where a bundle of certificates cannot be used."""
    if not settings.validate_certs:
        return False
    named = [("ca_path", settings.ca_path)]
    named += [(variable, os.environ.get(variable)) for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")]
    for option, path in named:
        if path:
            _check_bundle(path, option)
            return path
    return True


def _check_bundle(path: str, option: str) -> None:
    if not os.path.exists(path):
        raise InvalidInput(f"there is no file or folder {path}.", option=option)
    if os.path.isfile(path):
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
        except OSError:
            raise InvalidInput(f"{path} holds no certificates in PEM form.", option=option) from None
