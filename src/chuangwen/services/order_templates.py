"""The words of documents: `resources/documents/*.toml`, or the project's own file of that name (domain.md 6.5)."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from chuangwen.domain.lifecycle import STATES
from chuangwen.domain.orders import KINDS, Part, Template
from chuangwen.errors import nearest
from chuangwen.services.rule_files import RuleFile, read_rules
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
_FOLDER = "documents"
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
    common = read_rules("common", files_folder, _FOLDER)
    try:
        number = str(common.table["number"])
        closing = dt.time.fromisoformat(str(common.table["closing_time"]))
    except (KeyError, ValueError) as error:
        raise common.wrong(str(error), _("缺少或写错")) from error
    _check_words(common, "number", number, _NUMBER)
    return Wording({kind: _template(kind, read_rules(kind, files_folder, _FOLDER)) for kind in KINDS}, number, closing)


def filled(text: str, words: Mapping[str, str]) -> str:
    """`text` with its placeholders filled in, once: what stands in a value is never taken for a placeholder."""
    return "".join(before + (words.get(name, "") if name else "") for before, name, _spec, _how in string.Formatter().parse(text))


def _template(kind: str, file: RuleFile) -> Template:
    found = file.table
    known = {one.name for one in fields(Template)}
    for name in found:
        if name not in known:
            close = nearest(name, sorted(known))
            raise file.wrong(name, _("没有这个项目"), _("是不是“{close}”？").format(close=close) if close else "")
    for name in _NEEDED:
        if name not in found:
            raise file.wrong(name, _("缺少这一项"))
    if found["kind"] != kind:
        raise file.wrong("kind", _("应为 {kind}").format(kind=kind))
    for state in found["states"]:
        if state not in STATES:
            raise file.wrong("states", _("没有状态“{state}”").format(state=state))
    try:
        opening = tuple(Part(**{str(name): str(value) for name, value in one.items()}) for one in found["opening"])
        lists = {name: tuple(str(one) for one in found.get(name, ())) for name in ("demands", "states", "copies", "asks")}
        template = Template(**{**found, **lists, "opening": opening})
    except (TypeError, AttributeError) as error:
        raise file.wrong("opening", str(error)) from error
    texts = {"head": template.head, "subject": template.subject, "consequence": template.consequence, "closing": template.closing}
    texts |= {f"demands[{number}]": text for number, text in enumerate(template.demands, 1)}
    texts |= {f"opening[{number}]": part.text for number, part in enumerate(opening, 1)}
    for name, text in texts.items():
        _check_words(file, name, text, PLACEHOLDERS)
    for number, part in enumerate(opening, 1):
        for condition in (part.when, part.unless):
            if condition and condition not in PLACEHOLDERS:
                raise file.wrong(f"opening[{number}]", _("没有占位符“{name}”").format(name=condition))
    return template


def _check_words(file: RuleFile, entry: str, text: str, known: tuple[str, ...]) -> None:
    """Placeholders of a fixed list only: nothing else of the program can be reached from a template."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise file.wrong(entry, _("花括号不成对")) from error
    for _before, name, spec, conversion in parts:
        if name is None:
            continue
        if name not in known or spec or conversion:
            close = nearest(name, known)
            hint = _("是不是“{close}”？").format(close=close) if close else ""
            raise file.wrong(entry, _("没有占位符“{name}”").format(name=name), hint)
