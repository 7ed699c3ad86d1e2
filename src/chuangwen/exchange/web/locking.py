"""The content of a page behind a password: AES-256-GCM, the key from the password by PBKDF2; the page opens it with the browser's own WebCrypto."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

ROUNDS = 600_000
"""Of PBKDF2-HMAC-SHA256 (OWASP's figure of 2023): half a second on a phone, and that for each guess."""


@dataclass(frozen=True, slots=True)
class Locked:
    """What is kept in the page: nothing of it is secret."""

    salt: bytes
    nonce: bytes
    rounds: int
    content: bytes  # with the tag of 16 bytes at its end, as WebCrypto wants it


def locked(content: bytes, password: str) -> Locked:
    """`content` encrypted with a fresh salt and nonce: two pages of one content and password differ.

    The password counts as typed but for blanks around it, which a copy from a chat brings along.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = os.urandom(16), os.urandom(12)
    key = hashlib.pbkdf2_hmac("sha256", password.strip().encode(), salt, ROUNDS)
    return Locked(salt, nonce, ROUNDS, AESGCM(key).encrypt(nonce, content, None))
