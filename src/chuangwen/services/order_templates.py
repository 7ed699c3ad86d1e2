"""The words of documents: `resources/documents/*.toml`, or the project's own file of that name (domain.md 6.5)."""

from __future__ import annotations

import datetime as dt
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from chuangwen.domain.lifecycle import STATES
from chuangwen.domain.orders import KINDS, Part, Template
from chuangwen.errors import FileProblem, UserError, nearest
from chuangwen.settings import resources_folder
from chuangwen.text import _

PLACEHOLDERS = (
    "office",
    "district",
    "campaign",
    "unit",
    "count",
    "meeting",
    "meeting_date",
    "source",
    "deadline",
    "previous",
    "overdue",
    "late_count",
    "reworks",
    "basis",
    "approver",
    "contact",
    "phone",
    "today",
)
"""All that a template may name."""
_NUMBER = ("district", "mark", "year", "number")
_NEEDED = ("kind", "title", "mark", "head", "subject", "opening", "demands", "consequence", "closing", "states")


@dataclass(frozen=True, slots=True)
class Wording:
    """The templates by kind, the form of the numbers and the closing time of the office (SR-59)."""

    templates: Mapping[str, Template]
    number: str
    closing: dt.time

    def code(self, kind: str, district: str, year: int, number: int) -> str:
        """`×创建办交〔2024〕15号`."""
        return filled(self.number, {"district": district or "×", "mark": self.templates[kind].mark, "year": str(year), "number": str(number)})


def read_wording(files_folder: Path | None = None) -> Wording:
    """All templates. Raises `FileProblem` where a file cannot be read, `UserError` that names file and entry where one is wrong."""
    common_path, common = _table("common", files_folder)
    try:
        number = str(common["number"])
        closing = dt.time.fromisoformat(str(common["closing_time"]))
    except (KeyError, ValueError) as error:
        raise _wrong(common_path, str(error), _("缺少或写错")) from error
    _check_words(common_path, "number", number, _NUMBER)
    return Wording({kind: _template(kind, *_table(kind, files_folder)) for kind in KINDS}, number, closing)


def filled(text: str, words: Mapping[str, str]) -> str:
    """`text` with its placeholders filled in, once: what stands in a value is never taken for a placeholder."""
    return "".join(before + (words.get(name, "") if name else "") for before, name, _spec, _how in string.Formatter().parse(text))


def _table(name: str, files_folder: Path | None) -> tuple[Path, Mapping[str, Any]]:
    own = files_folder / "documents" / f"{name}.toml" if files_folder is not None else None
    path = own if own is not None and own.exists() else resources_folder() / "documents" / f"{name}.toml"
    try:
        return path, tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise FileProblem(_("无法读取文书模板 {file}：{error}。").format(file=path, error=error), hint=_("请检查文件，或重新安装程序。")) from error
    except tomllib.TOMLDecodeError as error:
        raise _wrong(path, _("开头"), _("不是正确的 TOML（{error}）").format(error=error)) from error


def _template(kind: str, path: Path, found: Mapping[str, Any]) -> Template:
    known = {one.name for one in fields(Template)}
    for name in found:
        if name not in known:
            close = nearest(name, sorted(known))
            raise _wrong(path, name, _("没有这个项目"), _("是不是“{close}”？").format(close=close) if close else "")
    for name in _NEEDED:
        if name not in found:
            raise _wrong(path, name, _("缺少这一项"))
    if found["kind"] != kind:
        raise _wrong(path, "kind", _("应为 {kind}").format(kind=kind))
    for state in found["states"]:
        if state not in STATES:
            raise _wrong(path, "states", _("没有状态“{state}”").format(state=state))
    try:
        opening = tuple(Part(**{str(name): str(value) for name, value in one.items()}) for one in found["opening"])
        lists = {name: tuple(str(one) for one in found.get(name, ())) for name in ("demands", "states", "copies", "asks")}
        template = Template(**{**found, **lists, "opening": opening})
    except (TypeError, AttributeError) as error:
        raise _wrong(path, "opening", str(error)) from error
    texts = {"head": template.head, "subject": template.subject, "consequence": template.consequence, "closing": template.closing}
    texts |= {f"demands[{number}]": text for number, text in enumerate(template.demands, 1)}
    texts |= {f"opening[{number}]": part.text for number, part in enumerate(opening, 1)}
    for name, text in texts.items():
        _check_words(path, name, text, PLACEHOLDERS)
    for number, part in enumerate(opening, 1):
        for condition in (part.when, part.unless):
            if condition and condition not in PLACEHOLDERS:
                raise _wrong(path, f"opening[{number}]", _("没有占位符“{name}”").format(name=condition))
    return template


def _check_words(path: Path, entry: str, text: str, known: tuple[str, ...]) -> None:
    """Placeholders of a fixed list only: nothing else of the program can be reached from a template."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise _wrong(path, entry, _("花括号不成对")) from error
    for _before, name, spec, conversion in parts:
        if name is None:
            continue
        if name not in known or spec or conversion:
            close = nearest(name, known)
            hint = _("是不是“{close}”？").format(close=close) if close else ""
            raise _wrong(path, entry, _("没有占位符“{name}”").format(name=name), hint)


def _wrong(path: Path, entry: str, what: str, hint: str = "") -> UserError:
    where = _("在文件 {path} 里改正。").format(path=path)
    return UserError(_("文书模板 {file}，{entry}：{what}。").format(file=path.name, entry=entry, what=what), hint=hint + where)
