"""Bytes to text once the encoding of a file is known: what fits is decoded a whole column at a time, what does not is looked at value by value.

A value in another encoding than the rest (a list that was appended to) is read in its own; a character cut by the width of a field is dropped; damaged bytes
become �, as few as can be. Nothing of this is silent: what was done stands beside the position.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from chuangwen.exchange.character_model import NOISE, share_common, weight_of
from chuangwen.exchange.encoding_names import BIG5, GB, UTF8, codec_title
from chuangwen.text import _

SPARES = (UTF8, GB, BIG5)
"""What a value may be in where the rest of the file is in another."""

_SEPARATOR = "\x00"  # no encoding here has it inside a character
_HIDDEN = {  # what is rare in the one and the rule in the other, though both can read it
    GB: (re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}[\xe3-\xe9][\x80-\xbf]"), UTF8),
    UTF8: (re.compile(rb"[\xc3-\xdf][\xa1-\xbf]"), GB),
}
_PRIVATE = re.compile("[\ue000-\uf8ff]")  # in GB18030 what bytes out of step become, and seldom a rare character
_MARGIN = 6.0  # so much likelier must a hidden encoding be
_READABLE = 0.3  # share of everyday characters
_DROPPED = -9.0  # what a byte without a meaning costs in the search for the best reading
_LONGEST = 4_000
_SOME = 10_000
_FEW = 1_000
_LOST = "\ufffd"


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text that bytes may mean; `weight` its log likelihood, bytes without a meaning included."""

    weight: float
    text: str
    damaged: bool = False


def join_values(values: Sequence[str | None]) -> bytes:
    """The bytes of a column that was read as ISO-8859-1, a zero byte between two values; a blank for None."""
    return _SEPARATOR.join(values if None not in values else [value or "" for value in values]).encode("latin-1", "replace")  # type: ignore[arg-type]


def pieces_of(whole: bytes) -> list[bytes]:
    """The values beyond ASCII of a joined column; of a long one some thousands, spread over all rows."""
    if whole.isascii():
        return []
    pieces = whole.split(b"\x00")
    some = [piece for piece in pieces[:: max(1, len(pieces) // _SOME)] if not piece.isascii()]
    return some if len(some) > _FEW else [piece for piece in pieces if not piece.isascii()]


def decode_values(
    values: Sequence[str | None], codec: str, spares: Sequence[str] = SPARES, whole: bytes | None = None
) -> tuple[list[str | None], dict[int, str]]:
    """Decode values that were read as ISO-8859-1 (`whole`: as `join_values` made them). Also what had to be done: position → words."""
    whole = join_values(values) if whole is None else whole
    if not whole or (whole.isascii() and codec != "hz"):
        return list(values), {}
    try:
        text = whole.decode(codec)
    except UnicodeDecodeError:
        text = ""
    texts = text.split(_SEPARATOR)
    if text and len(texts) == len(values) and not hides(whole, codec) and not _PRIVATE.search(text):
        return [None if raw is None else text for raw, text in zip(values, texts, strict=True)] if None in values else list(texts), {}
    seen: dict[str, tuple[str, str]] = {}
    found: list[str | None] = []
    done = {}
    for position, raw in enumerate(values):
        if raw is None:
            found.append(None)
            continue
        if raw not in seen:
            seen[raw] = decode_value(raw.encode("latin-1", "replace"), codec, spares)
        text, what = seen[raw]
        found.append(text)
        if what:
            done[position] = what
    return found, done


def decode_column(values: Sequence[str | None], codec: str) -> tuple[list[str | None], list[int]]:
    """As `decode_values`, in this encoding or damaged: the positions where bytes had to be replaced by �."""
    found, done = decode_values(values, codec, ())
    return found, list(done)


def decode_value(piece: bytes, codec: str, spares: Sequence[str] = SPARES) -> tuple[str, str]:
    """One byte string of a file in `codec` as text, and what had to be done ('' for nothing worth a word)."""
    try:
        text = piece.decode(codec)
        if not spares or piece.isascii() or not (_PRIVATE.search(text) or hides(piece, codec)):
            return text, ""
    except UnicodeDecodeError:
        pass
    own = _reading(piece, codec) or _mended(piece, codec)
    if spares and _PRIVATE.search(own.text) and (better := _mended(piece, codec)).weight > own.weight + _MARGIN:
        own = better
    readings = [(spare, one) for spare in spares if spare != codec and (one := _reading(piece, spare))]
    others = [(one.weight, spare, one.text) for spare, one in readings if spare == UTF8 or share_common(one.text) >= _READABLE]
    weight, spare, text = max(others, default=(-math.inf, "", ""))
    if weight > own.weight + (0.0 if own.damaged else _MARGIN):
        name = "GBK" if spare == GB else codec_title(spare)
        return text, _("是 {name} 编码，与文件的其余部分不同，已按 {name} 读出").format(name=name)
    return own.text, _("有损坏的字节，读不出的用�代替") if own.damaged else ""


def decode_piece(piece: bytes, codec: str) -> tuple[str, bool]:
    """One byte string as text, its cut last character dropped; and whether other bytes had to be replaced."""
    text, what = decode_value(piece, codec, ())
    return text, bool(what)


def is_cut(error: UnicodeDecodeError) -> bool:
    """Whether only the last character is incomplete, cut by the width of the field."""
    return error.start > 0 and ("unexpected end" in error.reason or "incomplete" in error.reason)


def _reading(piece: bytes, codec: str) -> _Reading | None:
    """What `codec` makes of whole bytes, or of all but a cut last character; None where it cannot read them."""
    try:
        text, left = piece.decode(codec), 0
    except UnicodeDecodeError as error:
        if not is_cut(error):
            return None
        text, left = piece[: error.start].decode(codec, "replace"), len(piece) - error.start
    return _Reading(sum(map(weight_of, text)) + NOISE * left, text)


def _mended(piece: bytes, codec: str) -> _Reading:
    """The likeliest reading of damaged bytes: characters of `codec`, and � for bytes that are left over (a lost first half must not garble the rest)."""
    if len(piece) > _LONGEST:
        text = piece.decode(codec, "replace")
        return _Reading(sum(map(weight_of, text)), text, damaged=True)
    best: list[tuple[float, int, str]] = [(0.0, 0, "")]
    for end in range(1, len(piece) + 1):
        ways = [(best[end - 1][0] + _DROPPED, end - 1, _LOST)]
        sizes = range(1, min(4, end) + 1)
        ways += [(best[end - size][0] + weight_of(sign), end - size, sign) for size in sizes if (sign := _character(piece[end - size : end], codec))]
        best.append(max(ways))
    signs: list[str] = []
    at = len(piece)
    while at:
        _weight, before, sign = best[at]
        if sign != _LOST or signs[-1:] != [_LOST]:
            signs.append(sign)
        at = before
    return _Reading(best[-1][0], "".join(reversed(signs)), damaged=True)


@lru_cache(maxsize=20_000)
def _character(piece: bytes, codec: str) -> str:
    try:
        text = piece.decode(codec)
    except UnicodeDecodeError:
        return ""
    return text if len(text) == 1 else ""


def hides(piece: bytes, codec: str) -> bool:
    """Whether bytes that `codec` can read have what is rare in it, and the rule in another encoding."""
    return codec in _HIDDEN and _HIDDEN[codec][0].search(piece) is not None
