# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""Proxies and trusted certificates, from the settings and the environment. Read once for each transport."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ..errors import InvalidInput
from . import library
from .settings import Settings


def proxies(settings: Settings) -> Mapping[str, str]:
    """The proxies for this URL; none for a loopback URL, since the API key would leave this machine unencrypted."""
    found: Mapping[str, str] = {} if settings.is_loopback else library.get_environ_proxies(settings.url)
    return found


def verification(settings: Settings) -> bool | str:
    """What ``requests`` calls ``verify``. Raises InvalidInput if a file of certificates cannot be used."""
    if not settings.validate_certs:
        return False
    candidates = [("ca_path", settings.ca_path)]
    candidates += [(variable, os.environ.get(variable)) for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")]
    for option, path in candidates:
        if path:
            _check_bundle(path, option)
            return path
    return True


def _check_bundle(path: str, option: str) -> None:
    if not os.path.exists(path):
        raise InvalidInput(f"{path} does not exist.", option=option)
    if os.path.isfile(path):
        with open(path, "rb") as file:
            # Parsing them all takes 30 ms, and the connection does it anyway.
            if not any(line.startswith(b"-----BEGIN ") for line in file):
                raise InvalidInput(f"{path} contains no certificates in PEM format.", option=option)
