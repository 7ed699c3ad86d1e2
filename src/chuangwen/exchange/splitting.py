"""Several problems in one cell, each its own record: `1.…2.…`, `（1）…`, `①…②…`, `一是…二是…`; `；` and line breaks only on consent (domain.md 5.8)."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from chuangwen.domain.layer import folded
from chuangwen.domain.values import Scalar, plain
from chuangwen.exchange.doubts import Answer, Answers, Doubt, settled
from chuangwen.exchange.incoming import Column, Incoming, Picture, Repaired
from chuangwen.text import _

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五")
_MOST = 40
_BULLETS = (
    tuple(re.compile(rf"(?<![\dA-Za-z.．\-—~第#（(]){number}\s*(?:[.．、]|[)）])(?![\d０-９])") for number in range(1, _MOST)),
    tuple(re.compile(rf"[（(]\s*{number}\s*[）)]") for number in range(1, _MOST)),
    tuple(re.compile(sign) for sign in _CIRCLED),
    tuple(re.compile(rf"(?<![{''.join(_NUMERALS[:10])}])(?:第?{number}是|其{number}[，,、：:])") for number in _NUMERALS),
    tuple(re.compile(rf"(?:^|(?<=[\s；;。，,：:]))[（(]?{number}[）)]?\s*[、.．]") for number in _NUMERALS),
)
_ENDS = "；;，,、。\n\t \u3000"
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Splitting:
    """Folded headers of the columns whose cells may hold several records, and of the one that numbers records: part 2 of 17 becomes 17-2."""

    texts: Set[str]
    codes: Set[str] = frozenset()


def numbered_parts(text: str) -> list[str]:
    """The parts of a text with explicit numbers, in their order, without the numbers; [] where it has fewer than two.

    What stands before the first number belongs to every part: `文昌路：1.占道；2.积水` → 文昌路：占道, 文昌路：积水.
    """
    for marks in _marks(text):
        lead = text[: marks[0][0]].strip()
        if len(lead) > _MOST or lead[-1:].isdigit():
            continue
        ends = [start for start, _end in marks[1:]] + [len(text)]
        parts = [text[begin:end].strip().rstrip(_ENDS).strip() for (_start, begin), end in zip(marks, ends, strict=True)]
        if all(len(part) > 1 for part in parts):
            return [_led(lead, part) for part in parts]
    return []


def loose_parts(text: str) -> list[str]:
    """The parts between semicolons or line breaks; [] where there are fewer than two, or one is too short to be a problem."""
    parts = [part.strip().rstrip(_ENDS).strip() for part in re.split(r"[；;\n]+", text)]
    parts = [part for part in parts if part]
    return parts if len(parts) > 1 and all(len(part) >= _SHORTEST for part in parts) else []


def split_rows(incoming: Incoming, splitting: Splitting, answers: Answers) -> Incoming:
    """Each part a record of its own. Other cells are repeated, but where another cell of the row has as many numbered parts they are dealt out.

    `rows` stay those of the source, `parts` number the pieces. One doubt a column, `split:<列>`: numbers, semicolons, no.
    """
    column = next((one for one in incoming.columns if any(folded(word) in splitting.texts for word in one.words)), None)
    if column is None:
        return incoming
    numbered = {position: parts for position, value in enumerate(column.values) if isinstance(value, str) and (parts := numbered_parts(value))}
    loose = {
        position: parts for position, value in enumerate(column.values) if position not in numbered and isinstance(value, str) and (parts := loose_parts(value))
    }
    if not numbered and not loose:
        return incoming
    key = f"split:{column.title}"
    possible = [Answer("no", _("不拆"), _("一格一条"))]
    if numbered:
        possible.insert(
            0, Answer("numbers", _("按编号拆开"), _("{count} 行拆成 {parts} 条").format(count=len(numbered), parts=sum(map(len, numbered.values()))))
        )
    if loose:
        parts_of_all = numbered | loose
        note = _("{count} 行拆成 {parts} 条").format(count=len(parts_of_all), parts=sum(map(len, parts_of_all.values())))
        possible.append(Answer("semicolons", _("按编号、分号和换行拆开"), note))
    chosen = settled(key, answers, possible, "numbers" if numbered else "no")
    cut = numbered | loose if chosen == "semicolons" else numbered if chosen == "numbers" else {}
    rows = tuple(incoming.rows[position] for position in sorted(numbered | loose))
    question = _("“{title}”列有 {count} 行一格写了几个问题，要拆成一条一个吗？").format(title=column.title, count=len(numbered) or len(loose))
    done = _("已拆开，{count} 行成为 {parts} 条。").format(count=len(cut), parts=sum(map(len, cut.values()))) if cut else _("现在没有拆。")
    doubts = (*incoming.doubts, Doubt(key, question + done, tuple(possible), chosen, rows))
    return _cut(replace(incoming, doubts=doubts), column, cut, splitting) if cut else replace(incoming, doubts=doubts)


def _cut(incoming: Incoming, column: Column, cut: dict[int, list[str]], splitting: Splitting) -> Incoming:
    sources = [position for position in range(len(incoming)) for _part in cut.get(position, [""])]
    parts = [number if position in cut else 0 for position in range(len(incoming)) for number in range(1, len(cut.get(position, [""])) + 1)]
    columns = tuple(_dealt(one, column, cut, sources, parts, splitting) for one in incoming.columns)
    repaired = [
        Repaired(incoming.rows[position], _("“{title}”写了 {count} 个问题，拆成 {count} 条").format(title=column.title, count=len(texts)))
        for position, texts in sorted(cut.items())
    ]
    pictures: dict[int, tuple[Picture, ...]] = {}
    for new, (position, part) in enumerate(zip(sources, parts, strict=True)):
        some = incoming.pictures.get(position, ())
        if own := _pictures_of(some, part, len(cut.get(position, ()))):
            pictures[new] = own
    return replace(
        incoming,
        columns=columns,
        rows=[incoming.rows[position] for position in sources],
        parts=parts,
        sheets=[incoming.sheets[position] for position in sources] if len(incoming.sheets) else (),
        pictures=pictures,
        repaired=(*incoming.repaired, *repaired),
    )


def _dealt(one: Column, column: Column, cut: dict[int, list[str]], sources: Sequence[int], parts: Sequence[int], splitting: Splitting) -> Column:
    """The values of a column after the cut: its own parts, a parallel list dealt out, a code with the part's number, else the same for all parts."""
    if one is column:
        return replace(one, values=[cut[position][part - 1] if part else one.values[position] for position, part in zip(sources, parts, strict=True)])
    is_code = any(folded(word) in splitting.codes for word in one.words)
    lists: dict[int, list[str]] = {}
    for position, texts in cut.items():
        value = one.values[position]
        if isinstance(value, str) and len(found := numbered_parts(value)) == len(texts):
            lists[position] = found
    values: list[Scalar] = []
    for position, part in zip(sources, parts, strict=True):
        value = one.values[position]
        if part and position in lists:
            value = lists[position][part - 1]
        elif part and is_code and value is not None:
            value = f"{plain(value)}-{part}"
        values.append(value)
    return replace(one, values=values)


def _pictures_of(some: tuple[Picture, ...], part: int, parts: int) -> tuple[Picture, ...]:
    """A part's pictures: its own where a column has as many as there are parts, else all."""
    found: tuple[Picture, ...] = ()
    for title in dict.fromkeys(one.column for one in some):
        own = [one for one in some if one.column == title]
        found += (own[part - 1],) if part and len(own) == parts else tuple(own)
    return found


def _marks(text: str) -> list[list[tuple[int, int]]]:
    """(start, end) of the marks 1, 2, 3 … as far as they follow each other, for each style of numbers that `text` uses twice, the outermost first."""
    found = [marks for patterns in _BULLETS if len(marks := _followed(text, patterns)) > 1]
    return sorted(found, key=lambda marks: marks[0][0])


def _followed(text: str, patterns: Sequence[re.Pattern[str]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    position = 0
    for pattern in patterns:
        mark = pattern.search(text, position)
        if mark is None:
            break
        found.append(mark.span())
        position = mark.end()
    return found


def _led(lead: str, part: str) -> str:
    lead = lead.rstrip("；;，,。")
    if not lead:
        return part
    return f"{lead}{part}" if lead[-1] in "：:、" else f"{lead}：{part}"
