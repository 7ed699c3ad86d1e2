"""Pages: who may see what, and that nothing else is in the file."""

from __future__ import annotations

import base64
import re
import zlib
from html import unescape
from pathlib import Path

_CONTENT = re.compile(r'<script type="application/octet-stream" id="content">([A-Za-z0-9+/=]*)</script>')


def decoded(path: Path) -> str:
    """All that a page says, its packed part unpacked: what a curious reader could find in it."""
    text = path.read_text(encoding="utf-8")
    packed = _CONTENT.search(text)
    inside = zlib.decompress(base64.b64decode(packed.group(1))).decode("utf-8", "replace") if packed else ""
    return unescape(text) + inside
