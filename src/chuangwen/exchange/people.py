"""Names and telephones in cells: padded names, several numbers, a person and a number together, numbers that a spreadsheet damaged (domain.md 5.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chuangwen.domain.values import LIST_MARK, Scalar, half_width, is_empty, plain
from chuangwen.text import _

_MOBILE = r"(?<!\d)(?:\+|00)?(?:86)?[ \-]{0,2}(?P<mobile>1[3-9]\d(?:[ \-]{0,2}[\dxX*×]){8})(?![\dxX*×])"
_LANDLINE = r"(?<!\d)(?:(?:\+|00)86[ \-]?)?\(?(?P<area>010|02\d|0[3-9]\d{2})\)?[ \-]{0,2}(?P<local>\d{7,8})(?:(?:转|[#*]|-)(?P<extension>\d{1,5}))?(?!\d)"
_SERVICE = r"(?<!\d)(?P<service>[48]00(?:[ \-]?\d{7}|[ \-]\d{3}[ \-]\d{4}|[ \-]\d{4}[ \-]\d{3}))(?!\d)"
_INSIDE = r"(?<!\d)(?P<near>[1-9]\d{6,7})(?:转|[#*]|-)(?P<inner>\d{1,5})(?!\d)"
_SHORT = r"(?<!\d)(?P<short>[1-9]\d{2,7})(?!\d)"
_NUMBERS = re.compile("|".join((_MOBILE, _LANDLINE, _SERVICE, _INSIDE, _SHORT)))
_LONG_NUMBERS = re.compile("|".join((_MOBILE, _LANDLINE, _SERVICE, _INSIDE)))
_LABELS = re.compile(r"(?:联系)?(?:电话|手机|座机|办公|短号|号码|固话|集团)+(?:号码?)?[：:]?|(?:tel|mob|phone)[：:.]?", re.IGNORECASE)
_EMPTY_BRACKETS = re.compile(r"[（(]\s*[）)]")
_WRAPPED = re.compile(r"^[（(]([^（()）]*)[）)]$")
_BETWEEN = re.compile(r"[\s、,，;；/／|]+")
_PLAIN = re.compile(r"^1[3-9][0-9]{9}$")
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?E\+?\d+$", re.IGNORECASE)
_WHOLE = re.compile(r"^(\d+)\.0+$")
_HAN = re.compile(r"^[㐀-鿿𠀀-𲎯·]+$")
_NAME = re.compile(r"^[㐀-鿿𠀀-𲎯·]{2,4}(?:[（(].*[）)])?$")
_DOUBLE_SURNAMES = frozenset({"欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐", "夏侯", "端木", "长孙", "宇文", "轩辕"})


@dataclass(frozen=True, slots=True)
class People:
    """Who a cell names and under which numbers they are called, each list joined by 、. `problem`: why a number in it cannot be used."""

    names: str = ""
    phones: str = ""
    problem: str = ""


def phones_cell(cell: Scalar) -> People:
    """A cell of a column of telephones. What reads like no number at all is kept as it stands and said."""
    text = _as_text(cell)
    if not text:
        return People()
    if _PLAIN.match(text):
        return People(phones=text)
    if _SCIENTIFIC.match(text):
        return People(problem=_("电话“{text}”被表格改成了科学计数，后几位已丢失，请向来源单位核对").format(text=text))
    rest, numbers = _taken(text, _NUMBERS)
    if re.search(r"\d", rest) or not numbers:
        return People(phones=text, problem=_("电话“{text}”位数不对或不是电话，按原文保留，请核对").format(text=text))
    names = _names(rest)
    if rest and not all(_NAME.match(name) for name in names):
        return People(phones=text)  # 400-… 转消控室: the words belong to the number
    return People(LIST_MARK.join(names), LIST_MARK.join(numbers))


def persons_cell(cell: Scalar) -> People:
    """A cell of a column of names, with the numbers that stand beside them."""
    text = _as_text(cell)
    if not text:
        return People()
    rest, numbers = _taken(text, _LONG_NUMBERS) if any(sign.isdigit() for sign in text) else (text, [])
    if not numbers:
        return People(padded(text))
    return People(LIST_MARK.join(padded(name) for name in _names(rest)), LIST_MARK.join(numbers))


def padded(name: str) -> str:
    """A name without the blanks that pad it to three signs (王　明 → 王明), each name of a list by itself. Two names side by side stay two."""
    if not re.search(r"\s", name):
        return name
    parts = re.split(r"(\s*[、,，;；/／\n]\s*)", name)
    return "".join(part if at % 2 else _unpadded(part) for at, part in enumerate(parts)).strip()


def _unpadded(name: str) -> str:
    pieces = name.split()
    whole = "".join(pieces)
    if len(pieces) < 2 or not 2 <= len(whole) <= 4 or not _HAN.match(whole):
        return name.strip()
    return whole if min(map(len, pieces)) == 1 or pieces[0] in _DOUBLE_SURNAMES else name.strip()


def _as_text(cell: Scalar) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = plain(cell).strip()
    if is_empty(text):
        return ""
    return found[1] if (found := _WHOLE.match(text)) else text


def _taken(text: str, numbers: re.Pattern[str]) -> tuple[str, list[str]]:
    """The text without its telephones and their labels, and the telephones as they are dialled."""
    found = []
    rest, end = "", 0
    for one in numbers.finditer(half_width(text)):  # one sign for each: places in it are places in the text
        found.append(_dialled(one))
        rest += text[end : one.start()] + LIST_MARK
        end = one.end()
    if not found:
        return text, []
    rest = _EMPTY_BRACKETS.sub(LIST_MARK, _LABELS.sub(LIST_MARK, rest + text[end:]).replace(f"({LIST_MARK})", "").replace(f"（{LIST_MARK}）", ""))
    rest = rest.strip(" \t\n、,，;；/／|:：-—+")
    return rest, list(dict.fromkeys(found))


def _dialled(one: re.Match[str]) -> str:
    if one["mobile"]:
        return re.sub(r"[ \-]", "", one["mobile"]).replace("×", "x")
    if one["area"]:
        return f"{one['area']}-{one['local']}" + (f"-{one['extension']}" if one["extension"] else "")
    if one["near"]:
        return f"{one['near']}-{one['inner']}"
    service = one["service"]
    return re.sub(r"[ \-]", "", service) if service else one[0]


def _names(rest: str) -> list[str]:
    joined = padded(re.sub(r"(?<=[㐀-鿿])[ \t　]+(?=[㐀-鿿](?:[、,，;；/／]|$))", "", rest))
    return [_WRAPPED.sub(r"\1", name).strip() for name in _BETWEEN.split(joined) if name.strip(" \t\n、,，;；/／|:：-—+")]
