"""Telephones, identity numbers and names of persons in free text: found, and masked (domain.md 7.8)."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from chuangwen.domain.values import half_width
from chuangwen.text import _

MOBILE, LANDLINE, IDENTITY, NAME = "mobile", "landline", "identity", "name"
"""Kinds of personal data."""
TITLES = {MOBILE: _("手机号码"), LANDLINE: _("电话号码"), IDENTITY: _("身份证号"), NAME: _("姓名")}

_GAP = r"[\s\-.·—–－_]{0,2}"
_MOBILE = re.compile(rf"(?<!\d)((?:\+?86{_GAP})?1[3-9]\d){_GAP}(\d{{4}}){_GAP}(\d{{4}})(?!\d)")
_MOBILE_334 = re.compile(rf"(?<!\d)((?:\+?86{_GAP})?1[3-9]\d){_GAP}(\d{{3}}){_GAP}(\d{{3}}){_GAP}(\d{{2}})(?!\d)")
_LOCAL = r"[2-9](?:[\s\-—]?\d){6,7}(?!\d)"
_LANDLINE = re.compile(
    rf"(?<![\dA-Za-z])[（(]?0(?:10|2\d|[3-9]\d{{2}})[）)]?{_GAP}{_LOCAL}"
    rf"|(?:电话|座机|热线|手机|联系方式|联系|致电|拨打|tel)[^\d\n]{{0,4}}{_LOCAL}",
    re.IGNORECASE,
)
_IDENTITY = re.compile(r"(?<![\dA-Za-z])(?:\d[ \-]?){17}[\dXx](?![\dA-Za-z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_CHECKS = "10X98765432"
_BREAK = re.compile(r"[、,，;；/|\n\s:：]+")
_ASIDE = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]")
_PERSON = re.compile(r"[\u3400-\u9fff·]{2,12}\d{0,6}|[\u3400-\u9fff]{1,4}[某*×xX]{1,2}\d{0,6}|[A-Za-z][A-Za-z.' ]{2,40}")


@dataclass(frozen=True, slots=True)
class Found:
    """Something personal in a text: its `kind`, and the `words` as they stand there."""

    kind: str
    words: str

    @property
    def hint(self) -> str:
        """Enough to find it by, not enough to use it."""
        return self.words[:3] + "…" if self.kind != NAME else self.words


def found_in(text: str, names: Names | None = None) -> list[Found]:
    """Telephones, identity numbers and known `names` in a text, whatever separators and widths they are written with."""
    if not text:
        return []
    bare = _bare(text)
    if len(bare) < 2:
        return []
    found: list[Found] = []
    if any(one.isdigit() for one in bare):
        found += [Found(IDENTITY, one.group()) for one in _IDENTITY.finditer(bare) if is_identity(one.group())]
        found += [Found(MOBILE, one.group()) for pattern in (_MOBILE, _MOBILE_334) for one in pattern.finditer(bare)]
        found += [Found(LANDLINE, one.group()) for one in _LANDLINE.finditer(bare)]
    if names is not None:
        found += [Found(NAME, name) for name in names.within(bare)]
    return found


def is_identity(text: str) -> bool:
    """Whether 18 characters are a citizen's identity number: the check digit of GB 11643 is right and the day of birth is one."""
    digits = re.sub(r"[ \-]", "", text).upper()
    if len(digits) != 18:
        return False
    try:
        born = dt.date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    return 1850 <= born.year <= 2100 and _CHECKS[sum(int(one) * weight for one, weight in zip(digits, _WEIGHTS, strict=False)) % 11] == digits[17]


def masked(text: str) -> str:
    """`text` with the middle of mobile numbers hidden: 138****0000, also of those that are written with blanks, hyphens or full-width digits."""
    narrow = half_width(text)  # one character for each, so that places in it are places in `text`
    pieces, last = [], 0
    for one in sorted((*_MOBILE.finditer(narrow), *_MOBILE_334.finditer(narrow)), key=lambda match: match.start()):
        if one.start() >= last:
            digits = re.sub(r"\D", "", one.group())[-11:]
            pieces += [text[last : one.start()], f"{digits[:3]}****{digits[7:]}"]
            last = one.end()
    return "".join((*pieces, text[last:])) if pieces else text


class Names:
    """Names of persons to look for in texts, found by their first two characters: a thousand names in a million characters take a second."""

    def __init__(self, names: Iterable[str], but: Iterable[str] = ()) -> None:
        others = set(but)
        self._by_start: dict[str, list[str]] = {}
        for name in sorted({_bare(name) for name in names} - others, key=lambda one: (-len(one), one)):
            if len(name) >= 2:
                self._by_start.setdefault(name[:2], []).append(name)

    def __len__(self) -> int:
        return sum(map(len, self._by_start.values()))

    def within(self, text: str) -> list[str]:
        """The names that stand in a text, each once. A name that ends in a digit is not the beginning of a longer one (某某1 in 某某12)."""
        found: list[str] = []
        for at in range(len(text) - 1):
            for name in self._by_start.get(text[at : at + 2], ()):
                end = at + len(name)
                if text.startswith(name, at) and not (name[-1].isdigit() and text[end : end + 1].isdigit()) and name not in found:
                    found.append(name)
        return found


def persons(cell: str) -> list[str]:
    """The names of persons in a cell of a private field: 张三、李四（局长）13800000000 has two. What is no name (a telephone, a figure) is left out."""
    bare = _ASIDE.sub(" ", _bare(cell))
    bare = re.sub(r"\+?\d[\d\-]{6,}", " ", bare)
    return [part for part in (piece.strip("·.- ") for piece in _BREAK.split(bare)) if len(part) >= 2 and _PERSON.fullmatch(part)]


def _bare(text: str) -> str:
    """Half-width, compatibility forms resolved, without characters that are not seen."""
    plain = unicodedata.normalize("NFKC", text) if not text.isascii() else text
    return "".join(one for one in plain if unicodedata.category(one) != "Cf") if not plain.isascii() else plain
