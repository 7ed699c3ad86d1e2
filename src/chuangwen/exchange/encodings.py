"""Which character encoding a file is in, by evidence: what the bytes allow, then what the file says about itself (domain.md 7.6).

A declaration is a hint that may lie: bytes that only one encoding explains win over it. Text values come from GDAL read as ISO-8859-1, which keeps every
byte, and are decoded here a whole column at a time (facts.md 10).
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from chuangwen.errors import UserError
from chuangwen.text import _

_SEPARATOR = "\x00"  # no encoding here has it inside a character
_MOST_PIECES = 5_000
_SPELLINGS = {
    "oem": "gb18030",
    "ansi": "gb18030",
    "936": "gb18030",
    "gb": "gb18030",
    "gb2312": "gb18030",
    "gb231280": "gb18030",
    "eucchs": "gb18030",
    "euccn": "gb18030",
    "gbk": "gb18030",
    "ms936": "gb18030",
    "54936": "gb18030",
    "gb18030": "gb18030",
    "65001": "utf-8",
    "utf8": "utf-8",
    "unicode": "utf-8",
    "950": "big5hkscs",
    "big5": "big5hkscs",
    "88591": "latin-1",
    "1252": "cp1252",
}
_LDID = {0x4D: "gb18030", 0x4F: "big5hkscs", 0x03: "cp1252", 0x57: "latin-1", 0x58: "cp1252", 0x59: "cp1252", 0x01: "cp437", 0x02: "cp850", 0xC9: "cp1251"}
_TITLES = {"utf-8": "UTF-8", "gb18030": "GB18030", "big5hkscs": "Big5", "latin-1": "ISO-8859-1", "cp1252": "Windows-1252"}


@dataclass(frozen=True, slots=True)
class Encoding:
    """A conclusion: `name` for people, `codec` for Python, `evidence` a sentence, `samples` up to three decoded values."""

    name: str
    codec: str
    evidence: str
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Trial:
    """How a codec does on the pieces. `common`: share of the non-ASCII characters that everyday Chinese text has."""

    codec: str
    bad: int
    cut: int
    common: float
    low: bool  # only two-byte UTF-8 characters

    def score(self, pieces: int) -> float:
        return self.common - 3 * self.bad / max(pieces, 1)


def codec_of(declared: str) -> str | None:
    """The Python codec that a .cpg, an option or a code page number means; None where nobody can tell."""
    word = declared.strip().strip("\ufeff").lower()
    key = "".join(sign for sign in word if sign.isalnum())
    for prefix in ("ansi", "oem", "windows", "cp", "ms", "iso", "ldid"):
        if key.startswith(prefix) and key != prefix and key not in _SPELLINGS:
            key = key.removeprefix(prefix)
    if key in _SPELLINGS:
        return _SPELLINGS[key]
    for spelling in (word, f"cp{key}"):
        try:
            if key:
                return codecs.lookup(spelling).name
        except (LookupError, ValueError):  # ValueError: a NUL in the name
            continue
    return None


def forced(name: str, pieces: Iterable[bytes]) -> Encoding:
    """The encoding that the user demands. Raises `UserError` for a name nobody knows."""
    codec = codec_of(name)
    if codec is None:
        raise UserError(_("不认识编码“{name}”。").format(name=name), hint=_("请用 auto、GBK、GB18030、UTF-8 或 Big5。"))
    return Encoding(_title(codec, []), codec, _("由用户指定为 {name}。").format(name=name), _samples(_distinct(pieces), codec))


def detect(pieces: Iterable[bytes], cpg: str = "", ldid: int = 0) -> Encoding:
    """The encoding of byte strings (names and values of one file), with the evidence.

    `cpg` is the content of the .cpg ('' for none), `ldid` byte 29 of the DBF. A last character that was cut by the field's width is tolerated.
    """
    known = _distinct(pieces)
    says, declared = _declaration(cpg, ldid)
    if not known:
        name = _title(declared, []) if declared else "ASCII"
        return Encoding(name, declared or "ascii", _("名称和取值都是英文字母与数字，编码不影响内容。"))
    tried = {codec: _trial(known, codec) for codec in dict.fromkeys(["utf-8", "gb18030", *([declared] if declared else []), "big5hkscs"])}
    codec = _chosen(tried, declared, len(known))
    trial = tried.get(codec) or _trial(known, codec)
    name = _title(codec, known)
    return Encoding(name, codec, _sentence(name, codec, declared, says, trial, len(known)), _samples(known, codec))


def decode_column(values: Sequence[str | None], codec: str) -> tuple[list[str | None], list[int]]:
    """Decode values that were read as ISO-8859-1; a cut last character is dropped. Also the positions where bytes had to be replaced by �."""
    joined = _SEPARATOR.join([value or "" for value in values]).encode("latin-1", "replace")
    if not joined:
        return list(values), []
    try:
        texts: list[str] = joined.decode("ascii" if joined.isascii() else codec).split(_SEPARATOR)
    except UnicodeDecodeError:
        texts = []
    if len(texts) == len(values):
        return [None if raw is None else text for raw, text in zip(values, texts, strict=True)], []
    seen: dict[str, tuple[str, bool]] = {}
    found: list[str | None] = []
    damaged = []
    for position, raw in enumerate(values):
        if raw is None:
            found.append(None)
            continue
        if raw not in seen:
            seen[raw] = decode_piece(raw.encode("latin-1", "replace"), codec)
        text, bad = seen[raw]
        found.append(text)
        if bad:
            damaged.append(position)
    return found, damaged


def decode_piece(piece: bytes, codec: str) -> tuple[str, bool]:
    """One byte string as text, its cut last character dropped; and whether other bytes had to be replaced."""
    try:
        return piece.decode(codec), False
    except UnicodeDecodeError as error:
        if _is_cut(piece, error):
            return piece[: error.start].decode(codec, "replace"), False
        return piece.decode(codec, "replace"), True


def decode_text(raw: bytes, wanted: str = "auto") -> tuple[str, Encoding, int]:
    """A whole text file (CSV): its text, the encoding, and how many bytes had to be replaced."""
    for mark, codec, name in ((codecs.BOM_UTF8, "utf-8-sig", "UTF-8"), (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"), (codecs.BOM_UTF16_BE, "utf-16", "UTF-16")):
        if raw.startswith(mark) and wanted == "auto":
            text = raw.decode(codec, "replace")
            return text, Encoding(name, codec, _("文件开头有 {name} 标记（BOM）。").format(name=name), ()), text.count("\ufffd")
    pieces = [line for line in raw.replace(b"\r", b"\n").split(b"\n") if not line.isascii()]
    encoding = detect(pieces) if wanted == "auto" else forced(wanted, pieces)
    text = raw.decode(encoding.codec, "replace")
    return text, encoding, text.count("\ufffd")


def title_of(codec: str) -> str:
    """What people call a codec."""
    return "GBK" if codec == "gb18030" else _TITLES.get(codec, codec.upper())


def _declaration(cpg: str, ldid: int) -> tuple[str, str | None]:
    """What the file says of itself: where it says so, and the codec."""
    if cpg.strip():
        return _(".cpg 声明 {name}").format(name=cpg.strip()[:20]), codec_of(cpg)
    if ldid in _LDID:
        return _("DBF 语言标志为 0x{ldid:02X}").format(ldid=ldid), _LDID[ldid]
    return _("文件没有声明编码"), None


def _chosen(tried: dict[str, _Trial], declared: str | None, pieces: int) -> str:
    utf8, gb = tried["utf-8"], tried["gb18030"]
    if utf8.bad == 0:
        doubtful = utf8.low and declared != "utf-8" and gb.bad == 0 and gb.common > 0.9 > utf8.common
        return "gb18030" if doubtful else "utf-8"
    best = max(tried.values(), key=lambda trial: trial.score(pieces) + (0.02 if trial.codec == declared else 0))
    if best.common >= 0.4 and best.score(pieces) > 0:
        return best.codec
    if declared and tried[declared].bad == 0:
        return declared
    if best.score(pieces) > 0:
        return best.codec
    return "cp1252"  # bytes that no Chinese encoding explains


def _sentence(name: str, codec: str, declared: str | None, says: str, trial: _Trial, pieces: int) -> str:
    share = round(trial.common * 100)
    fits = _("{count} 个带汉字的文本能按 {name} 解读，其中常用字占 {share}%").format(count=pieces - trial.bad, name=name, share=share)
    if trial.bad:
        fits += _("（{count} 个含有损坏的字节）").format(count=trial.bad)
    if trial.cut:
        fits += _("（{count} 个被字段宽度截断，已去掉残缺的末字）").format(count=trial.cut)
    if declared is None:
        return _("{says}；{fits}。").format(says=says, fits=fits)
    if declared == codec:
        return _("{says}，与内容相符：{fits}。").format(says=says, fits=fits)
    return _("{says}，但与内容不符，以内容为准：{fits}。").format(says=says, fits=fits)


def _trial(pieces: Sequence[bytes], codec: str) -> _Trial:
    bad = cut = 0
    parts = []
    for piece in pieces:
        try:
            parts.append(piece.decode(codec))
        except UnicodeDecodeError as error:
            if _is_cut(piece, error):
                cut += 1
                parts.append(piece[: error.start].decode(codec, "ignore"))
            else:
                bad += 1
    signs = {sign: count for sign, count in Counter("".join(parts)).items() if sign > "\x7f"}
    everyday = _everyday(codec)
    common = sum(count for sign, count in signs.items() if sign in everyday or _is_sign(sign)) / sum(signs.values()) if signs else 0.0
    return _Trial(codec, bad, cut, common, low=bool(signs) and max(signs) < "\u0800")


def _is_cut(piece: bytes, error: UnicodeDecodeError) -> bool:
    """Whether only the last character is incomplete, cut by the width of the field. Two bytes before the end a stray sign may follow (\\xe4 of facts 10)."""
    return error.start > 0 and len(piece) - error.start <= 3 and len(piece) >= 4


def _is_sign(sign: str) -> bool:
    return "\u3000" <= sign <= "\u303f" or "\uff01" <= sign <= "\uff5e" or sign in "“”‘’—…·№①②③④⑤⑥⑦⑧⑨⑩×÷°℃㎡"


@cache
def _everyday(codec: str) -> frozenset[str]:
    """The common characters: level one of GB 2312, for Big5 its own first level, for Unicode both."""
    simplified = "".join(bytes((lead, trail)).decode("gb2312", "ignore") for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF))
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    traditional = "".join(bytes((lead, trail)).decode("big5", "ignore") for lead in range(0xA4, 0xC7) for trail in trails)
    if codec == "gb18030":
        return frozenset(simplified)
    return frozenset(traditional) if codec.startswith("big5") else frozenset(simplified + traditional)


def _distinct(pieces: Iterable[bytes]) -> list[bytes]:
    known: dict[bytes, None] = {}
    for piece in pieces:
        if not piece.isascii():
            known[piece] = None
    found = list(known)
    return found[:: max(1, -(-len(found) // _MOST_PIECES))]


def _samples(pieces: Sequence[bytes], codec: str) -> tuple[str, ...]:
    longest_first = sorted(pieces[:200], key=len, reverse=True)
    return tuple(decode_piece(piece, codec)[0].strip() for piece in longest_first[:3])


def _title(codec: str, pieces: Sequence[bytes]) -> str:
    if codec == "gb18030":
        try:
            for piece in pieces:
                decode_piece(piece, "gb18030")[0].encode("gbk")
        except UnicodeEncodeError:
            return "GB18030"
        return "GBK"
    return _TITLES.get(codec, codec.upper())
