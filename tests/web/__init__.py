"""Pages: who may see what, and that nothing else is in the file."""

from __future__ import annotations

from html import unescape
from pathlib import Path


def decoded(path: Path) -> str:
    """All that a page says, its packed parts unpacked: what a curious reader could find in it."""
    return unescape(path.read_text(encoding="utf-8"))
