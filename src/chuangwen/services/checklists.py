"""The versions of the checklist: `resources/rules/checklists/ID.toml`, and a project's own in `<project>.files/rules/checklists/` (SR-15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuangwen.domain.checklist import DIMENSIONS, Checklist, Letter, Version, version_of
from chuangwen.errors import UserError, nearest
from chuangwen.services.rule_files import RuleFile, read_rules
from chuangwen.settings import resources_folder
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

_FOLDER = "checklists"
_STATION = "S01"
_OWN_LINES = (*DIMENSIONS, "adverts", "advert_note")
_MERGED = ("item", "theme", "weight", "category")
"""Tables of which a version that has a base says only what is different."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A version that a campaign can choose; `problem`: why it cannot, with the place to mend it."""

    id: str
    title: str
    valid_from: dt.date | None = None
    problem: UserError | None = None


def in_force(project: Project) -> Version:
    """The version that the campaign chose. Raises `UserError` that names the file and the place to mend it."""
    return read_version(project.campaign.checklist, project.files_folder)


def choices(files_folder: Path | None = None, chosen: str = "") -> list[Choice]:
    """All versions, the newest first; a broken one with its problem, and the one that is `chosen` even where its file is gone."""
    names = {path.stem for path in _files(files_folder)} | ({chosen} if chosen else set())
    found = []
    for name in names:
        try:
            one = read_version(name, files_folder)
            found.append(Choice(one.id, one.title, one.valid_from))
        except UserError as problem:
            found.append(Choice(name, _("{name}（读不出来）").format(name=name), problem=problem))
    return sorted(found, key=lambda one: (one.problem is not None, -(one.valid_from or dt.date.min).toordinal(), one.id))


def read_version(version: str, files_folder: Path | None = None) -> Version:
    """A version by its id ('': the first), the project's own before the shipped one.

    Raises `UserError` where there is none of that id, or its file is broken: it names the file, the entry, and the place to mend it.
    """
    version = version_of(version)
    paths = {path.stem: path for path in _files(files_folder)}
    if version not in paths:
        close = nearest(version, list(paths))
        hint = _("是不是“{close}”？").format(close=close) if close else ""
        where = files_folder / "rules" / _FOLDER if files_folder is not None else resources_folder() / "rules" / _FOLDER
        remedy = _("请把 {file} 放回 {folder}，或在“文件 → 项目信息”里另选一个版本。").format(file=f"{version}.toml", folder=where)
        raise UserError(_("没有测评标准版本“{version}”。").format(version=version), hint=hint + remedy)
    times = tuple(path.stat().st_mtime_ns for path in paths.values())
    return _version(version, files_folder, resources_folder(), times)


def _files(files_folder: Path | None) -> list[Path]:
    """The files of all versions, the project's own last so that they take the place of the shipped ones."""
    folders = [resources_folder() / "rules" / _FOLDER, *([files_folder / "rules" / _FOLDER] if files_folder is not None else [])]
    return [path for folder in folders for path in sorted(folder.glob("*.toml"))]


@lru_cache(maxsize=32)
def _version(version: str, files_folder: Path | None, _resources: Path, _changed: tuple[int, ...]) -> Version:
    """Read once, and again when one of the files was changed."""
    file = read_rules(f"{_FOLDER}/{version}", files_folder)
    table = _with_base(file, files_folder, (version,))
    place = ""
    try:
        _same(table["id"], version)
        place = "valid_from"
        valid_from = _day(table["valid_from"])
        place = "letter"
        letters = _letters(file, table["letter"])
        items = {str(code): str(words) for code, words in table["item"].items()}
        place = "weight"
        weights = {_known(code, items): _fraction(file, weight, f"weight.{code}") for code, weight in table.get("weight", {}).items()}
        categories = {}
        for name, own in {"other": {}, **table["category"]}.items():
            place = f"category.{name}"
            categories[name] = _category(own, table)
        place = "title"
        return Version(version, str(table["title"]), valid_from, items, categories, letters, weights)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise file.wrong(place, _("缺少 {key}").format(key=error) if isinstance(error, KeyError) else str(error)) from error


def _same(said: object, version: str) -> None:
    if said != version:
        raise ValueError(_("id 写的是“{id}”，应与文件名相同").format(id=said))


def _day(value: object) -> dt.date:
    if isinstance(value, dt.date):
        return value
    raise ValueError(_("“{value}”应写成 2024-10-01 的样子，不加引号").format(value=value))


def _with_base(file: RuleFile, files_folder: Path | None, seen: tuple[str, ...]) -> Mapping[str, Any]:
    """What a version says, over what its base says."""
    own = file.table
    base = own.get("base")
    if base is None:
        return own
    if base in seen:
        raise file.wrong("base", _("版本“{base}”绕了一圈又以自己为基础").format(base=base))
    if base not in {path.stem for path in _files(files_folder)}:
        raise file.wrong("base", _("没有版本“{base}”").format(base=base))
    under = _with_base(read_rules(f"{_FOLDER}/{base}", files_folder), files_folder, (*seen, base))
    merged = {**under, **own}
    for name in _MERGED:
        if isinstance(own.get(name), dict) and isinstance(under.get(name), dict):
            merged[name] = {**under[name], **own[name]}
    return merged


def _letters(file: RuleFile, found: Any) -> tuple[Letter, ...]:
    """In the order of their limits; the last has none."""
    letters = []
    for number, entry in enumerate(found, 1):
        at_most = entry.get("at_most")
        limit = None if at_most is None else int(file.number(at_most, f"letter[{number}].at_most"))
        letters.append(Letter(str(entry["id"]), _fraction(file, entry["factor"], f"letter[{number}].factor"), limit))
    limits = [one.at_most for one in letters]
    if not limits or limits[-1] is not None or None in limits[:-1] or limits[:-1] != sorted(limits[:-1], key=lambda one: one or 0):
        raise ValueError(_("at_most 应由小到大，最后一个不写"))
    return tuple(letters)


def _fraction(file: RuleFile, value: object, place: str) -> Fraction:
    """A number as it is written: 0.66 is 66/100."""
    return Fraction(str(file.number(value, place)))


def _known(code: str, items: Mapping[str, str]) -> str:
    if code not in items:
        raise ValueError(_("没有 {code} 这一项").format(code=code))
    return code


def _category(own: Mapping[str, Any], found: Mapping[str, Any]) -> Checklist:
    for word in own:
        if word not in _OWN_LINES:
            close = nearest(word, list(_OWN_LINES))
            raise ValueError(_("不认识“{word}”").format(word=word) + (_("，是不是“{close}”？").format(close=close) if close else ""))
    wanted = {dimension: [*own.get(dimension, ())] for dimension in DIMENSIONS}
    wanted["environment"] = [*(code for code in found["everywhere"] if code not in wanted["environment"]), *wanted["environment"]]
    themes = [(found["theme"][code], _("有")) for code in wanted["atmosphere"] if code in found["theme"]]
    adverts = [(str(theme), str(count)) for theme, count in own.get("adverts", themes)]
    lines = {dimension: tuple(_words(line, found["item"]) for line in lines) for dimension, lines in wanted.items()}
    return Checklist(lines, tuple(adverts), own.get("advert_note", ""), found["advert_forms"], _STATION in wanted["service"])


def _words(line: str, items: Mapping[str, str]) -> str:
    """An item's wording for its code; anything else stands for itself. A code that is not in the library is a mistake."""
    if len(line) == 3 and line[0].isupper() and line[1:].isdigit():
        return items[_known(line, items)]
    return line
