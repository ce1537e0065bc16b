# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# SPDX-License-Identifier: Apache-2.0
"""The memory of one account: all that it remembers are hashes by a key that is derived from the API key."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Callable

from ..addresses import all_comparable
from .storage import SOURCES, SUPPRESSED, Entry, Place, Proof, Storage

# A salt -> 32 bytes that only this account has.
Account = Callable[[bytes], bytes]


class AccountMemory:
    """The memory at a place, opened and checked; its ``with`` block, or ``close``, ends that.

    Tasks of several kinds can share it. With ``dry_run`` it is only read, and never made: ``exists`` is False if
    there is none. Raises InvalidInput, naming the place's option, if it belongs to another account, is in use, or
    cannot be used; so do its methods if it cannot be used any more, or if another run has taken over.
    """

    def __init__(self, place: Place, account: Account, *, dry_run: bool = False) -> None:
        self._dry_run = dry_run
        self._storage = place.open(dry_run=dry_run)
        self._secret = b""
        if self._storage is not None:
            try:
                secret = self._unlocked(self._storage, account)
            except BaseException:
                self._storage.close()
                raise
            if secret is None:
                self.close()
            else:
                self._secret = secret
        self.now = 0 if self._storage is None else self._storage.now

    def __enter__(self) -> AccountMemory:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def exists(self) -> bool:
        return self._storage is not None

    def close(self) -> None:
        if self._storage is not None:
            self._storage.close()
            self._storage = None

    def digest(self, content: bytes, context: bytes = b"") -> int:
        """64 bits that stand for a content in a context (up to 16 bytes), by the key of this account."""
        return self.digests([content], context)[0]

    def digests(self, contents: Iterable[bytes], context: bytes = b"") -> list[int]:
        """The same for many contents."""
        # A copy of a hash that has taken in the key costs less than half of a new one.
        copy = hashlib.blake2b(digest_size=8, key=self._secret, person=context).copy
        found = bytearray()
        for content in contents:
            one = copy()
            one.update(content)
            found += one.digest()
        return list(struct.unpack(f">{len(found) // 8}q", found))

    def addresses(self, emails: Iterable[str]) -> list[int]:
        """The hashes of addresses, the same for all spellings."""
        return self.digests(email.encode(errors="surrogatepass") for email in all_comparable(list(emails)))

    def find(self, kinds: Sequence[int], keys: Iterable[int]) -> list[Entry]:
        """The entries of these kinds that these keys have."""
        return [] if self._storage is None else self._storage.find(kinds, keys)

    def put(self, kind: int, values: Mapping[int, int]) -> None:
        """Remember the value of each key."""
        if values and (storage := self._writable) is not None:
            storage.put(kind, values)

    def remove(self, kinds: Sequence[int], keys: Sequence[int]) -> None:
        """Forget the entries of these kinds that these keys have."""
        if keys and (storage := self._writable) is not None:
            storage.remove(kinds, keys)

    def erase(self, emails: Sequence[str]) -> None:
        """Forget all about these people but that they were erased."""
        if emails and (storage := self._writable) is not None:
            addresses = self.addresses(emails)
            storage.remove((), addresses)
            storage.put(SUPPRESSED, dict.fromkeys(addresses, 1))

    def rename(self, email: str, new_email: str) -> None:
        """Move to another address which mailing lists a person was on.

        Not whether the address is suppressed: no page says that a suppression moves along (API Contact Endpoints).
        """
        if (storage := self._writable) is not None:
            storage.move(*self.addresses([email, new_email]))

    def source_rows(self, name: str) -> int | None:
        """How many rows a source had, as ``remember_source_rows`` was last told; None if it never was."""
        if self._storage is None:
            return None
        found = self._storage.find((SOURCES,), [self._source(name)])
        return next((value for _key, _kind, value, _seen in found), None)

    def remember_source_rows(self, name: str, rows: int) -> None:
        """Remember how many rows a source had in a run that has succeeded."""
        self.put(SOURCES, {self._source(name): rows})

    def field_names(self) -> tuple[list[str], int]:
        """The names of the account's fields as they were last remembered, and when; none if they never were."""
        names, read = (None, None) if self._storage is None else self._storage.field_names()
        return ([str(name) for name in json.loads(names)], read) if names and read else ([], 0)

    def remember_field_names(self, names: Sequence[str]) -> None:
        if (storage := self._writable) is not None:
            storage.keep_field_names(json.dumps(list(names)))

    def check(self) -> None:
        """Raise MemoryUnavailable if another run has taken over: then nothing may be sent any more."""
        if (storage := self._writable) is not None:
            with storage.writing():
                pass

    @property
    def _writable(self) -> Storage | None:
        return None if self._dry_run else self._storage

    def _source(self, name: str) -> int:
        return self.digest(name.encode(errors="surrogatepass"), b"source")

    def _unlocked(self, storage: Storage, account: Account) -> bytes | None:
        """The key of all hashes; None if the memory is new, and must not be made."""
        found = storage.proof()
        if found is None and self._dry_run:
            return None
        if found is None:
            salt = secrets.token_bytes(16)
            secret = account(salt)
            storage.make(Proof(salt, _proof(secret)))
            return secret
        secret = account(found.salt)
        if not secrets.compare_digest(found.proof, _proof(secret)):
            raise storage.unusable("belongs to another account, or to this one with another API key or URL")
        return secret


@contextmanager
def opened(place: Place | None, account: Account, *, dry_run: bool) -> Iterator[AccountMemory | None]:
    """The memory at this place; None without a place. Raises as AccountMemory."""
    if place is None:
        yield None
        return
    with AccountMemory(place, account, dry_run=dry_run) as memory:
        yield memory


def _proof(secret: bytes) -> bytes:
    return hashlib.blake2b(b"the account of a memory", digest_size=16, key=secret).digest()
