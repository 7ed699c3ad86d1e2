"""Columns of a file to values of a layer's fields, a whole column at a time; what cannot be taken is said row by row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chuangwen.domain.change import Change
from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Field, Layer, folded
from chuangwen.domain.values import LIST_MARK, Scalar, plain
from chuangwen.errors import DataProblem
from chuangwen.exchange import judging
from chuangwen.exchange.cells import PERCENT, Found, fractions, read_cell, read_percent
from chuangwen.exchange.doubts import Answer, Answers, Doubt, settled
from chuangwen.exchange.incoming import Column, Incoming, Repaired
from chuangwen.exchange.matching import Matches
from chuangwen.exchange.office_dates import DISPATCHED, Deadline, When, deadline, office_date, two_readings
from chuangwen.exchange.people import People, persons_cell, phones_cell
from chuangwen.exchange.unit_cells import read_unit_columns
from chuangwen.exchange.units import HELPS, Register
from chuangwen.text import _

_DUE = "due_at"
_TIME = "due_time"
_START, _END = "start_text", "end_text"
_BETWEEN = re.compile(r"\s*(?:——|—+|–|~|～|-{1,2}|－|至|到)\s*")
_REMARK = "remark"
_CALLED = ("person", "contact", "liaison", "chief")
"""Whose number stands in the column of telephones: the first of these that a layer has."""
_SERIAL_FROM = 20000  # a larger number in a date column is Excel's count of days
_LOST_DIGITS = 1e15
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[Ee]\+\d{2,}$")


@dataclass
class Read:
    """`values`: field → list (n). `rejected`: position → reasons; `repaired`: what was left out, moved or read in its own way. `doubts` with the answers used.

    `changes`: what the answers ask of other layers (a unit's new alias, a new unit). `rows` (n) are the source's row numbers.
    """

    layer: Layer
    rows: Sequence[int] = ()
    values: dict[str, list[Scalar]] = field(default_factory=dict)
    rejected: dict[int, list[str]] = field(default_factory=dict)
    repaired: list[Repaired] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    _notes: dict[int, list[str]] = field(default_factory=dict)
    _beside: list[tuple[str, int, str, str, Scalar]] = field(default_factory=list)

    def say(self, position: int, what: str) -> None:
        """Tell the user how a row was read."""
        self.repaired.append(Repaired(self.rows[position], what))

    def note(self, position: int, title: str, cell: Scalar) -> None:
        """Keep the words of a cell in 备注."""
        self._notes.setdefault(position, []).append(f"{title}：{plain(cell)}")

    def beside(self, name: str, position: int, value: str, title: str, cell: Scalar) -> None:
        """A value for another field, found in the cell of the column `title`. What the row's own cell says goes first; what then has no place is noted."""
        self._beside.append((name, position, value, title, cell))

    def problem(self, position: int, one: Field, cell: Scalar, problem: str) -> None:
        """A cell that cannot be read: it refuses its row where the field is required or a choice, else the field stays empty and the words are kept."""
        if one.required or one.type == "choice":
            self.rejected.setdefault(position, []).append(problem)
            return
        self.say(position, _("{problem}；{title}留空，原文记入备注").format(problem=problem, title=one.title))
        self.note(position, one.title, cell)

    def settle(self) -> None:
        """Put what was found beside and what was noted where it belongs, once all columns are read."""
        for name, position, value, title, cell in self._beside:
            column = self._column(name)
            now = column[position]
            if now is None:
                column[position] = value
            elif name == HELPS:
                column[position] = LIST_MARK.join(dict.fromkeys([*str(now).split(LIST_MARK), *value.split(LIST_MARK)]))
            elif not set(value.split(LIST_MARK)) <= set(re.split(r"[、,，;；/\s]+", str(now))):
                self.note(position, title, cell)
        if self.layer.has(_REMARK) and self._notes:
            remarks = self._column(_REMARK)
            for position, notes in self._notes.items():
                remarks[position] = "；".join(dict.fromkeys([*([str(remarks[position])] if remarks[position] else []), *notes]))

    def _column(self, name: str) -> list[Scalar]:
        if name not in self.values:
            self.values[name] = [None] * len(self.rows)
        return self.values[name]


def read_columns(
    incoming: Incoming, layer: Layer, matches: Matches, features_of: Callable[[str], Features], when: When, answers: Answers | None = None
) -> Read:
    """The matched columns as values. `features_of` gives the layers whose names or codes a field may hold; dates are read against `when`.

    A word that is no choice rejects its row. An optional date or number that cannot be read and a unit that nobody knows are left empty, said, and kept in
    备注 (docs/decisions/0047). What could be read in two ways is a doubt; `answers` settle it.
    """
    answers = answers or {}
    read = Read(layer, incoming.rows)
    units: list[tuple[Field, Column]] = []
    due: list[tuple[Field, Column]] = []
    for column in incoming.columns:
        name = matches.fields.get(column.title)
        if name is None:
            continue
        one = layer.field(name)
        if one.to:
            units.append((one, column))
        elif one.name == _DUE:
            due.append((one, column))
        elif one.type == "text":
            read.values[name] = _text_column(read, one, column, answers)
            if one.name == _START and layer.has(_END) and _END not in matches.fields.values():
                _two_ends(read)
        else:
            read.values[name] = _value_column(read, one, column, when, answers)
    for one, column in due:
        read.values[_DUE] = _deadlines(read, one, column, _starts(read, incoming, when), when, answers)
    registers: dict[str, Register] = {}

    def register_of(name: str) -> Register:
        if name not in registers:
            registers[name] = Register(features_of(name))
        return registers[name]

    read_unit_columns(read, units, layer, register_of, answers, when.today)
    read.settle()
    judging.join_codes(read, features_of, answers)
    judging.weigh_dates(read, when)
    judging.weigh_codes(read)
    return read


def _text_column(read: Read, one: Field, column: Column, answers: Answers) -> list[Scalar]:
    if one.name.endswith("phone"):
        return _people_column(read, one, column, phones_cell, who=True)
    if one.private:
        return _people_column(read, one, column, persons_cell, who=False)
    if all(value is None or isinstance(value, str) for value in column.values):
        values = _texts(column.values)
        damaged = (
            [position for position, value in enumerate(values) if value and "+" in str(value) and _SCIENTIFIC.match(str(value))]
            if one.name.endswith("code")
            else []
        )
    else:
        known: dict[object, Scalar] = {}
        values = [known[key] if (key := (type(cell), cell)) in known else known.setdefault(key, one.read(cell)) for cell in column.values]
        damaged = [position for position, cell in enumerate(column.values) if isinstance(cell, float) and abs(cell) >= _LOST_DIGITS]
    return _damaged_numbers(read, one, column, values, damaged, answers) if damaged else values


def _two_ends(read: Read) -> None:
    """起点 and 终点 that stand in one cell: 人民路—迎宾大道, 人民路至迎宾大道 (domain.md 5.4). Cells with none or several marks are left whole."""
    starts = read.values[_START]
    for position, value in enumerate(starts):
        ends = _BETWEEN.split(str(value)) if value else []
        if len(ends) == 2 and all(ends):
            starts[position] = ends[0]
            read.beside(_END, position, ends[1], read.layer.field(_START).title, value)


def _texts(values: Sequence[Scalar]) -> list[Scalar]:
    """What `Field.read` makes of texts, without a call for each of a hundred thousand."""
    return [
        (value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value).strip() or None if isinstance(value, str) else None for value in values
    ]


def _damaged_numbers(read: Read, one: Field, column: Column, values: list[Scalar], damaged: Sequence[int], answers: Answers) -> list[Scalar]:
    """Numbers of which a spreadsheet kept fifteen digits. By default they stay while they tell their rows apart; else they are no codes."""
    found = [values[position] for position in damaged]
    otherwise = "keep" if one.name != "code" or len(set(found)) == len(found) else "empty"
    possible = (Answer("keep", _("照表中数字导入")), Answer("empty", _("不用这些数字，原文记入备注")))
    chosen = settled(f"digits:{column.title}", answers, possible, otherwise)
    question = _("“{column}”中超过 15 位的数字被表格丢掉了末几位，要用吗？").format(column=column.title)
    read.doubts.append(Doubt(f"digits:{column.title}", question, possible, chosen, tuple(read.rows[position] for position in damaged)))
    for position in damaged:
        read.say(position, _("{title}“{value}”超过 15 位，末几位已被表格丢掉，请向来源单位核对").format(title=one.title, value=values[position]))
        if chosen == "empty":
            read.note(position, one.title, values[position])
            values[position] = None
    return values


def _people_column(read: Read, one: Field, column: Column, reader: Callable[[Scalar], People], *, who: bool) -> list[Scalar]:
    """A column of telephones (`who`: names beside them go to the person) or of names (numbers beside them go to the telephone)."""
    other = next((name for name in _CALLED if read.layer.has(name)), "") if who else "phone" if read.layer.has("phone") else ""
    known = {cell: reader(cell) for cell in set(column.values)}
    values: list[Scalar] = []
    for position, cell in enumerate(column.values):
        found = known[cell]
        value, rest = (found.phones, found.names) if who else (found.names, found.phones)
        if rest and not other:
            value, rest = plain(cell), ""
        values.append(value or None)
        if rest:
            read.beside(other, position, rest, one.title, cell)
        if found.problem:
            read.say(position, found.problem)
            if not value:
                read.note(position, one.title, cell)
    return values


def _value_column(read: Read, one: Field, column: Column, when: When, answers: Answers) -> list[Scalar]:
    reader: Callable[[Scalar], Found] = lambda cell: read_cell(one, cell, when.year)  # noqa: E731 - one of four ways
    if one.type in ("date", "datetime"):
        reader = _date_reader(read, one, column, when, answers)
    elif one.type == "real" and one.unit == PERCENT:
        return _percents(read, one, column, answers)
    values = _cells(read, one, column.values, reader)
    return judging.weigh_status(read, one, column, values, answers) if read.layer.id == "issue" and one.name == "status" else values


def _cells(read: Read, one: Field, cells: Sequence[Scalar], reader: Callable[[Scalar], Found]) -> list[Scalar]:
    """The values of cells, each distinct one read once."""
    known: dict[object, tuple[Found, str]] = {}
    values: list[Scalar] = []
    for position, cell in enumerate(cells):
        key = cell if isinstance(cell, str) else (type(cell), cell)
        if key not in known:
            try:
                known[key] = reader(cell), ""
            except DataProblem as problem:
                known[key] = Found(None), str(problem)
        found, wrong = known[key]
        if wrong:
            read.problem(position, one, cell, wrong)
        if found.how:
            read.say(position, f"{one.title}“{plain(cell)}”{found.how}")
        if found.kept:
            read.note(position, one.title, cell)
        values.append(found.value)
    return values


def _date_reader(read: Read, one: Field, column: Column, when: When, answers: Answers) -> Callable[[Scalar], Found]:
    """How the dates of a column are read; numbers such as 6.1 by the user's answer, else not at all (domain.md 5.8, the date 10 trap)."""
    days = {}
    for cell in {cell for cell in column.values if isinstance(cell, float) and cell < _SERIAL_FROM}:
        if len(meant := two_readings(cell, when.year)) > 1:
            days[cell] = meant
    if not days:
        return lambda cell: read_cell(one, cell, when.year)
    sentence = _("{cell} 是 {month}月{day}日")
    shown = [
        LIST_MARK.join(sentence.format(cell=f"{cell:g}", month=meant[at].month, day=meant[at].day) for cell, meant in sorted(days.items())[:3]) for at in (0, 1)
    ]
    possible = (Answer("day", shown[0]), Answer("tenth", shown[1]), Answer("empty", _("留空，原文记入备注")))
    chosen = settled(f"date:{column.title}", answers, possible, "empty")
    rows = tuple(read.rows[position] for position, cell in enumerate(column.values) if cell in days)
    question = _("“{column}”中的 {value} 是几月几日？表格分不清 6.1 和 6.10。").format(
        column=column.title, value=LIST_MARK.join(f"{cell:g}" for cell in sorted(days)[:3])
    )
    read.doubts.append(Doubt(f"date:{column.title}", question, possible, chosen, rows))
    if chosen == "empty":
        return lambda cell: read_cell(one, cell, when.year)
    at = 0 if chosen == "day" else 1
    return lambda cell: Found(one.read(days[cell][at])) if isinstance(cell, float) and cell in days else read_cell(one, cell, when.year)


def _percents(read: Read, one: Field, column: Column, answers: Answers) -> list[Scalar]:
    small, are_fractions, sure = fractions(column.values)
    if not sure or f"percent:{column.title}" in answers:
        key = f"percent:{column.title}"
        possible = (Answer("fraction", _("0.82 就是 82%")), Answer("percent", _("0.82 就是 0.82%")))
        chosen = settled(key, answers, possible, "percent")
        rows = tuple(read.rows[position] for position, one_small in enumerate(small) if one_small)
        read.doubts.append(Doubt(key, _("“{column}”中不大于 1 的数是比例还是百分数？").format(column=column.title), possible, chosen, rows))
        are_fractions = chosen == "fraction"
    values: list[Scalar] = []
    for position, cell in enumerate(column.values):
        try:
            values.append(read_percent(cell, fraction=are_fractions and small[position]))
        except DataProblem as problem:
            read.problem(position, one, cell, str(problem))
            values.append(None)
    return values


def _starts(read: Read, incoming: Incoming, when: When) -> list[dt.date]:
    """The day that deadlines in words are counted from, row by row: dispatched, else found, else the day of the list, else today."""
    day = when.listed or when.today
    found = read.values.get("found_at") or [None] * len(incoming)
    starts = [one if isinstance(one, dt.date) else day for one in found]
    column = next((one for one in incoming.columns if any(folded(word) in DISPATCHED for word in one.words)), None)
    if column is not None:
        known = {cell: _day(cell, when.year) for cell in set(column.values)}
        starts = [known[cell] or start for cell, start in zip(column.values, starts, strict=True)]
        read.warnings.append(_("“{column}”列用作“一周内”这类时限的起算日。").format(column=column.title))
    moments = read.values.get("dispatched_at") or [None] * len(incoming)
    return [_to_the_minute(moment) or _to_the_minute(start) or start for moment, start in zip(moments, starts, strict=True)]


def _when(found: Deadline) -> str:
    return f"{found.day} {found.time:%H:%M}" if found.time is not None else str(found.day)


def _to_the_minute(start: Scalar) -> dt.date | None:
    """A moment where a time of day is known, else the day; None for no date."""
    if isinstance(start, dt.datetime):
        return start if start.time() != dt.time() else start.date()
    return None


def _day(cell: Scalar, year: int) -> dt.date | None:
    return cell if isinstance(cell, dt.date) else office_date(cell, year) if isinstance(cell, str) else None


def _deadlines(read: Read, one: Field, column: Column, starts: Sequence[dt.date], when: When, answers: Answers) -> list[Scalar]:
    """Deadlines: a day as any date; words by the day they are counted from, with the priority that they name (domain.md 4.4). The words go to 备注."""
    known: dict[tuple[str, dt.date], Deadline | None] = {}
    spoken: dict[int, Deadline] = {}
    for position, cell in enumerate(column.values):
        if isinstance(cell, str):
            key = cell, starts[position]
            if key not in known:
                known[key] = deadline(cell, when, starts[position])
            found = known[key]
            if found is not None and found.counted:
                spoken[position] = found
            elif found is not None and found.time is not None and read.layer.has(_TIME):
                read.beside(_TIME, position, f"{found.time:%H:%M}", one.title, cell)
    values = _cells(read, one, [None if at in spoken else cell for at, cell in enumerate(column.values)], _date_reader(read, one, column, when, answers))
    for position, found in spoken.items():
        cell = column.values[position]
        values[position] = found.day
        if found.time is not None and read.layer.has(_TIME):
            read.beside(_TIME, position, f"{found.time:%H:%M}", one.title, cell)
        if found.priority and read.layer.has("priority"):
            priority = read.layer.field("priority")
            read.beside("priority", position, found.priority, one.title, cell)
            what = _("{title}“{words}”记为{priority}").format(title=one.title, words=cell, priority=priority.show(found.priority))
            read.say(position, what + (_("，截止 {day}").format(day=_when(found)) if found.day else ""))
        else:
            read.say(
                position, _("{title}“{words}”从 {start} 起算，截止 {day}").format(title=one.title, words=cell, start=plain(starts[position]), day=_when(found))
            )
        read.note(position, one.title, cell)
    return values
