"""What tells a row of a list again where it has no number: a text, and a place that narrows it down (domain.md 5.8, 8.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chuangwen.domain.values import Scalar, half_width

Columns = Mapping[str, Sequence[str]]
"""Field → its values as they are compared, '' for empty."""


@dataclass(frozen=True, slots=True)
class Telling:
    """`text` tells a row together with all fields of a level; the levels are tried one after the other, each with the fields that both sides have.

    Below the first level two rows whose `places` contradict are not the same. `nearest`: the first place that both name decides, else they
    contradict only where all do. `alone`: the text tells enough by itself where it is unique.
    """

    text: str
    levels: tuple[tuple[str, ...], ...]
    places: tuple[str, ...] = ()
    nearest: bool = False
    alone: bool = True


TELLING: Mapping[str, Telling] = {
    "site": Telling("name", (("address", "street", "category"), ("address",), ("street",)), ("street", "address"), nearest=True),
    "zone": Telling("name", (("street", "community", "kind"), ("street",)), ("street",)),
    "section": Telling("name", (("start_text", "end_text", "side"), ("start_text", "end_text"), ("side",)), ("side",)),
    "unit": Telling("name", ()),
    "person": Telling("name", (("unit", "phone"), ("phone",), ("unit",)), ("unit",), alone=False),
    "issue": Telling(
        "description",
        (("site_code", "site_name", "address", "zone_code", "street"), ("site_name",), ("address",), ("zone_code",)),
        ("site_code", "site_name", "address", "zone_code", "street"),
        nearest=True,
    ),
}
"""A person's name is never unique (domain.md 8.1): it needs a telephone or a unit beside it."""

_BLANK = re.compile("[\\s\u3000\u200b\ufeff]+")
_BREAKS = re.compile(r"[\s,.;:!?、。，；：！？“”\"'‘’()（）\[\]【】《》<>—\-_~·…]+")
_MARKS = re.compile(r"\d+|[〇一二三四五六七八九十百]+|[东西南北左右]")


def folded_text(value: Scalar) -> str:
    """A value for comparing: half-width, lower case, no blanks. What stands in brackets counts: 公园（东区） is not 公园（西区）."""
    return "" if value is None else _BLANK.sub("", half_width(str(value))).lower()


def sentence(text: str) -> str:
    """A folded text without punctuation, its clauses in order: what is said first does not count."""
    parts = [part for part in _BREAKS.split(text) if part]
    return "".join(sorted(parts)) if len(parts) > 1 else parts[0] if parts else ""


def marks(text: str) -> list[str]:
    """Numbers and directions in a text: 3号楼东侧 and 5号楼西侧 read alike and are two places."""
    return sorted(_MARKS.findall(text))


def columns_of(telling: Telling, values: Mapping[str, Sequence[Scalar]]) -> dict[str, Sequence[str]]:
    """The columns that tell rows, folded, each distinct value once."""
    found: dict[str, Sequence[str]] = {}
    for name in dict.fromkeys((telling.text, *telling.places, *(field for level in telling.levels for field in level))):
        if name in values:
            known = {value: folded_text(value) for value in set(values[name])}
            found[name] = [known[value] for value in values[name]]
    return found


def contradict(telling: Telling, mine: Columns, at: int, theirs: Columns, there: int) -> bool:
    """Whether the places of two rows say that they are not the same thing."""
    differing = []
    for name in telling.places:
        here, other = mine[name][at] if name in mine else "", theirs[name][there] if name in theirs else ""
        if here and other:
            if telling.nearest:
                return here != other
            differing.append(here != other)
    return bool(differing) and all(differing)


def placed(telling: Telling, columns: Columns, at: int) -> bool:
    """Whether a row names any place."""
    return any(columns[name][at] for name in telling.places if name in columns)
