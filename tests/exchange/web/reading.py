"""Reads a written page back, packed parts and all, so that a test can look for what must not be in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_BLOCK = re.compile(r'<script type="application/octet-stream" id="content"(?: data-lock="([^"]*)")?>([^<]*)</script>')


def content_of(html: str, password: str = "") -> bytes:
    """The packed content, inflated. Raises `cryptography.exceptions.InvalidTag` for a wrong password."""
    lock, text = _BLOCK.search(html).groups()  # type: ignore[union-attr]
    content = base64.b64decode(text)
    if lock:
        rounds, salt, nonce = lock.split(".")
        key = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(rounds))
        content = AESGCM(key).decrypt(base64.b64decode(nonce), content, None)
    return zlib.decompress(content)


def head_of(html: str, password: str = "") -> dict[str, Any]:
    """Everything but places: titles, texts, classes, notes."""
    content = content_of(html, password)
    head: dict[str, Any] = json.loads(content[4 : 4 + int.from_bytes(content[:4], "little")])
    return head


def without_content(html: str) -> str:
    """The page but for its data."""
    return _BLOCK.sub("", html)


def whole_text(path: Path, password: str = "") -> str:
    """All that a page holds as text, readable or packed: what a search for a name or a telephone has to go through. Fails where there is no packed part."""
    html = path.read_text(encoding="utf-8")
    return unescape(without_content(html)) + json.dumps(head_of(html, password), ensure_ascii=False)


def numbers(content: bytes, at: int, count: int) -> tuple[np.ndarray[Any, Any], int]:
    """`count` varints from a place on, and the place after them."""
    found = []
    for _ in range(count):
        value, shift = 0, 0
        while True:
            byte = content[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        found.append(value)
    return np.array(found, dtype=np.int64), at


def unzigzag(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Whole numbers of both signs."""
    return (values >> 1) ^ -(values & 1)


def rings(content: bytes, count: int) -> list[list[tuple[int, int]]]:
    """The runs of a layer of `count` features, in steps."""
    runs, at = numbers(content, 0, count)
    lengths, at = numbers(content, at, int(runs.sum()))
    steps, at = numbers(content, at, int(lengths.sum()) * 2)
    places = np.cumsum(unzigzag(steps).reshape(-1, 2), axis=0)
    ends = np.cumsum(lengths)
    return [[(int(x), int(y)) for x, y in places[end - length : end]] for end, length in zip(ends, lengths, strict=True)]
