"""What whole columns say about their cells: whose word a status is, which zone a code means, dates that cannot be right."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Field, folded
from chuangwen.domain.values import Scalar
from chuangwen.exchange.codes import joins
from chuangwen.exchange.doubts import Answer, Answers, Doubt, settled
from chuangwen.exchange.incoming import Column
from chuangwen.exchange.office_dates import When
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.exchange.reading import Read

_DONE = ("rectified", "closed")
_PAST = ("found_at", "done_at", "checked_at", "taken_at")
_FAR = dt.timedelta(days=730)
_UNIT_CODE = re.compile(r"^(?:\d{14}|\d{15}|\d{20})$")
_SHOWN = 12


def weigh_status(read: Read, one: Field, column: Column, values: list[Scalar], answers: Answers) -> list[Scalar]:
    """已整改, 完成, 已销号 and √ are the word of a unit, not a check: rectified, unless the list is said to be one after the check (domain.md 4.1).

    A column with our own header or words (状态, 已整改·待核查) says itself which of the two it means.
    """
    done = [position for position, value in enumerate(values) if value in _DONE]
    if not done:
        return values
    own_words = {folded(word) for word in (one.name, one.title)}
    exact = {folded(choice.title) for choice in one.choices if choice.value == _DONE[0]}
    ours = any(folded(word) in own_words for word in column.words) or any(isinstance(cell, str) and folded(cell) in exact for cell in set(column.values))
    possible = (Answer("rectified", _("单位自报：记为已整改·待核查")), Answer("closed", _("已经核查：记为已销号")))
    if ours and "status_words" not in answers:
        return values
    chosen = settled("status_words", answers, possible, "rectified")
    words = "、".join(dict.fromkeys(str(column.values[position]) for position in done))
    question = _("“{column}”中的“{words}”是单位自报，还是核查结果？").format(column=column.title, words=words[:60])
    read.doubts.append(Doubt("status_words", question, possible, chosen, tuple(read.rows[position] for position in done)))
    return [chosen if value in _DONE else value for value in values]


def join_codes(read: Read, features_of: Callable[[str], Features], answers: Answers) -> None:
    """第3网格, 3号网格, 03 for the zone 3: taken for the same only on consent (domain.md 5.3)."""
    name = "code" if read.layer.id == "zone" else "zone_code"
    values = read.values.get(name)
    if values is None or not read.layer.has(name) or not any(values):
        return
    zones = features_of("zone")
    codes = [str(code or "") for code in zones.column("code")]
    meant = joins((str(value) for value in values if value is not None), codes, [str(one or "") for one in zones.column("name")] if name != "code" else ())
    if name == "code":  # a zone that has two spellings in one list would be there twice
        there = {str(value) for value in values}
        several = {code for code, count in Counter(meant.values()).items() if count > 1}
        meant = {text: code for text, code in meant.items() if code not in there and code not in several}
    if not meant:
        return
    rows = [position for position, value in enumerate(values) if value in meant]
    shown = "、".join(f"{text} = {code}" for text, code in list(meant.items())[:3])
    possible = (Answer("join", _("当作同一网格：{shown}").format(shown=shown)), Answer("keep", _("按原文，不对应")))
    chosen = settled("codes", answers, possible, "keep")
    question = _("有 {count} 个网格编号与项目中的写法不同（{shown}），是同一网格吗？").format(count=len(meant), shown=shown)
    read.doubts.append(Doubt("codes", question, possible, chosen, tuple(read.rows[position] for position in rows)))
    if chosen == "join":
        for position in rows:
            text = str(values[position])
            values[position] = meant[text]
            read.say(position, _("网格“{text}”按项目中的 {code} 导入").format(text=text, code=meant[text]))


def weigh_dates(read: Read, when: When) -> None:
    """Warn of days that have not come yet where they must have, of deadlines before the issue was found, of days years away."""
    found_at = read.values.get("found_at")
    for one in read.layer.fields:
        if one.type not in ("date", "datetime") or one.name not in read.values:
            continue
        future, far, early = [], [], []
        for position, value in enumerate(read.values[one.name]):
            if not isinstance(value, dt.date):
                continue
            day = value.date() if isinstance(value, dt.datetime) else value
            if one.name in _PAST and day > when.today:
                future.append(position)
            elif abs(day - when.today) > _FAR:
                far.append(position)
            elif one.name == "due_at" and found_at and isinstance(start := found_at[position], dt.date) and day < start:
                early.append(position)
        _warn(read, future, _("{title}晚于今天（{today}）：第 {rows} 行，请核对年份。"), one, when)
        _warn(read, far, _("{title}离今天超过两年：第 {rows} 行，请核对年份。"), one, when)
        _warn(read, early, _("{title}早于发现时间：第 {rows} 行，请核对。"), one, when)


def weigh_codes(read: Read) -> None:
    """Warn of unit-grid codes that are not 15 digits (GB/T 30428; 14 in old data, 20 for professional grids: domain.md 3.2)."""
    kinds, codes = read.values.get("kind"), read.values.get("code")
    if read.layer.id != "zone" or kinds is None or codes is None:
        return
    wrong = [at for at, (kind, code) in enumerate(zip(kinds, codes, strict=True)) if kind == "unit" and code and not _UNIT_CODE.match(str(code))]
    if wrong:
        read.warnings.append(_("单元网格编码应为 15 位数字：第 {rows} 行不是，请核对。").format(rows=_rows(read, wrong)))


def _warn(read: Read, positions: list[int], sentence: str, one: Field, when: When) -> None:
    if positions:
        read.warnings.append(sentence.format(title=one.title, rows=_rows(read, positions), today=when.today))


def _rows(read: Read, positions: list[int]) -> str:
    rows = "、".join(str(read.rows[position]) for position in positions[:_SHOWN])
    return rows if len(positions) <= _SHOWN else _("{rows} 等 {count}").format(rows=rows, count=len(positions))
