# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Proxies and trusted certificates, from the settings and the environment. Read once for each transport."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from typing import NamedTuple

from ..errors import InvalidInput
from . import library
from .settings import Settings


def proxies(settings: Settings) -> Mapping[str, str]:
    """The proxies for this URL; none for a loopback URL, since the API key would leave this machine unencrypted."""
    found: Mapping[str, str] = {} if settings.is_loopback else library.get_environ_proxies(settings.url)
    return found


class Bundle(NamedTuple):
    """A file or folder with the certificates of authorities, and the option or variable that names it."""

    option: str
    path: str


def bundle(settings: Settings) -> Bundle | None:
    """The certificates to trust instead of the system's. Raises InvalidInput if they cannot be used."""
    candidates = [("ca_path", settings.ca_path)]
    candidates += [(variable, os.environ.get(variable)) for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")]
    for option, path in candidates if settings.validate_certs else ():
        if path:
            _check_bundle(path, option)
            return Bundle(option, path)
    return None


def check_certificates(given: Bundle) -> None:
    """Raise InvalidInput if the certificates of a file cannot be read: asked only after a connection has failed."""
    if os.path.isfile(given.path):
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(given.path)
        except OSError:
            raise InvalidInput(f"{given.path} contains no certificates in PEM format.", option=given.option) from None


def _check_bundle(path: str, option: str) -> None:
    if not os.path.exists(path):
        raise InvalidInput(f"{path} does not exist.", option=option)
    if os.path.isfile(path):
        try:
            with open(path, "rb") as file:
                # Parsing them all takes 30 ms, and the connection does it anyway.
                has_certificates = any(line.startswith(b"-----BEGIN ") for line in file)
        except OSError as error:
            raise InvalidInput(f"{path} cannot be read: {error.strerror}.", option=option) from None
        if not has_certificates:
            raise InvalidInput(f"{path} contains no certificates in PEM format.", option=option)
