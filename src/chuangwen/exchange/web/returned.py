"""The small file that a patrol's page saves and that comes back by WeChat: read as what a stranger may have written."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from chuangwen.errors import DataProblem, FileProblem
from chuangwen.text import _

FORMAT, VERSION = "chuangwen-patrol", 1
DONE, NOT_DONE = "done", "not_done"
MOST_BYTES = 8_000_000
"""A page of 20,000 issues, each with a long note, comes back with less."""
MOST_ENTRIES = 50_000
_CHINA = dt.timezone(dt.timedelta(hours=8))
_HEAD = {"format": str, "version": int, "project": str, "packet": str, "subject": str, "data_time": str, "saved_at": str, "patroller": str, "entries": list}
_ENTRY = {"layer": str, "id": str, "result": str, "note": str, "photo": str, "at": str}
_LONGEST = {"project": 100, "packet": 100, "subject": 200, "patroller": 200, "layer": 60, "id": 100, "note": 2_000, "photo": 260}


@dataclass(frozen=True, slots=True)
class Entry:
    """One tick: `result` done or not_done of feature `id` of `layer`, at `at` (local time); `photo`: the name of a picture that is sent besides, '' none."""

    layer: str
    id: str
    result: str
    note: str
    photo: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Returned:
    """What a patrol sent back. `project` and `packet` as in `content.PatrolForm`; `data_time`: what its page knew; times are local."""

    project: str
    packet: str
    subject: str
    data_time: dt.datetime
    saved_at: dt.datetime
    patroller: str
    entries: tuple[Entry, ...]


def read_returned(path: Path) -> Returned:
    """Read the file. Nothing in it is run, followed or believed: types, lengths and words are checked one by one.

    Raises `FileProblem` where it cannot be read or is too large, `DataProblem` where it is no such file, of another version, or was changed.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            size = path.stat().st_size / 1e6
            raise FileProblem(_("{file} 有 {size:.0f} MB，不会是巡查回传文件。").format(file=path.name, size=size), hint=_("请选网页里“保存”得到的小文件。"))
        text = path.read_bytes()
    except OSError as error:
        raise FileProblem(_("无法读取 {file}：{error}。").format(file=path.name, error=error.strerror or error), hint=_("请检查文件还在不在。")) from error
    return _Reader(path.name).read(text)


class _Reader:
    """Knows the file's name for its sentences."""

    def __init__(self, name: str) -> None:
        self._name = name

    def read(self, text: bytes) -> Returned:
        table = self._table(text)
        if table.get("format") != FORMAT:
            raise self._no_such_file()
        version = table.get("version")
        if version != VERSION or isinstance(version, bool):
            raise DataProblem(_("{file} 是另一版程序的回传文件。").format(file=self._name), hint=_("请用同一版的网页和程序。"))
        self._check_keys(table, _HEAD, "")
        entries = table["entries"]
        if len(entries) > MOST_ENTRIES:
            self._changed(_("勾选了 {count} 条").format(count=len(entries)))
        found = tuple(self._entry(number, one) for number, one in enumerate(entries, 1))
        seen: set[tuple[str, str]] = set()
        for number, one in enumerate(found, 1):
            if (one.layer, one.id) in seen:
                self._changed(_("第 {number} 条与前面重复").format(number=number))
            seen.add((one.layer, one.id))
        return Returned(
            project=self._text(table, "project", ""),
            packet=self._text(table, "packet", ""),
            subject=self._text(table, "subject", ""),
            data_time=self._moment(table["data_time"], "data_time"),
            saved_at=self._moment(table["saved_at"], "saved_at"),
            patroller=self._text(table, "patroller", ""),
            entries=found,
        )

    def _table(self, text: bytes) -> Mapping[str, Any]:
        try:
            table = json.loads(text.decode("utf-8-sig"), parse_constant=self._no_number, object_pairs_hook=self._object)
        except (ValueError, RecursionError) as error:
            if isinstance(error, UnicodeDecodeError) or not text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
                raise self._no_such_file() from error
            raise DataProblem(_("{file} 不完整或被改过，读不出来。").format(file=self._name), hint=_("请让巡查人在网页里重新保存、重新发送。")) from error
        if not isinstance(table, dict):
            raise self._no_such_file()
        return table

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _value in pairs}) != len(pairs):
            self._changed(_("有重复的项目"))
        return dict(pairs)

    def _no_number(self, word: str) -> NoReturn:
        self._changed(_("出现了 {word}").format(word=word))

    def _entry(self, number: int, entry: object) -> Entry:
        place = _("第 {number} 条").format(number=number)
        if not isinstance(entry, dict):
            self._changed(place)
        self._check_keys(entry, _ENTRY, place)
        if entry["result"] not in (DONE, NOT_DONE):
            self._changed(_("{place}的结果不是已整改或未整改").format(place=place))
        photo = self._text(entry, "photo", place).replace("\\", "/").rpartition("/")[2]  # a name, never a path
        layer, row_id, note = (self._text(entry, name, place) for name in ("layer", "id", "note"))
        return Entry(layer, row_id, entry["result"], note, photo, self._moment(entry["at"], _("{place}的时间").format(place=place)))

    def _check_keys(self, table: Mapping[str, Any], wanted: Mapping[str, type], place: str) -> None:
        for name, kind in wanted.items():
            if name not in table:
                self._changed(_("{place}缺少 {name}").format(place=place, name=name))
            if not isinstance(table[name], kind) or isinstance(table[name], bool):
                self._changed(_("{place}的 {name} 类型不对").format(place=place, name=name))
        extra = [name for name in table if name not in wanted]
        if extra:
            self._changed(_("{place}多出 {name}").format(place=place, name=extra[0][:40]))

    def _text(self, table: Mapping[str, Any], name: str, place: str) -> str:
        """Without what is not seen (control and direction marks), line ends kept."""
        text: str = table[name]
        if len(text) > _LONGEST.get(name, 40):
            self._changed(_("{place}的 {name} 长 {count} 字").format(place=place, name=name, count=len(text)))
        return "".join(one for one in text.replace("\r\n", "\n") if one == "\n" or unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Cn")).strip()

    def _moment(self, text: str, place: str) -> dt.datetime:
        """A time as local time without a zone: a page may write its own clock or UTC."""
        try:
            moment = dt.datetime.fromisoformat(text) if len(text) <= 40 else None
            found = moment.astimezone(_CHINA).replace(tzinfo=None) if moment is not None and moment.tzinfo is not None else moment
        except (ValueError, OverflowError):
            found = None
        if found is None or not 2000 <= found.year <= 2200:
            self._changed(_("{place}不是时间").format(place=place))
        return found.replace(microsecond=0)

    def _no_such_file(self) -> DataProblem:
        return DataProblem(_("{file} 不是巡查回传文件。").format(file=self._name), hint=_("请选网页里“保存”得到的 .json 文件，不要选网页本身。"))

    def _changed(self, what: str) -> NoReturn:
        raise DataProblem(_("{file} 被改过，没有采用：{what}。").format(file=self._name, what=what.strip()), hint=_("请让巡查人在网页里重新保存、重新发送。"))
