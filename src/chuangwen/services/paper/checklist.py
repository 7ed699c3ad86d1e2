"""What is looked at on a site, by category: `resources/rules/checklist.toml` (domain.md 2.2 to 2.4)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chuangwen.errors import FileProblem
from chuangwen.settings import resources_folder
from chuangwen.text import _

DIMENSIONS = {"facility": _("设施"), "environment": _("环境"), "order": _("秩序"), "service": _("服务"), "atmosphere": _("氛围"), "materials": _("材料")}
"""Identifier → title (domain.md 8.2)."""
_STATION = "S01"


@dataclass(frozen=True, slots=True)
class Checklist:
    """Of one category. `lines`: dimension → requirements; `adverts`: theme and how many are required; `advert_note`: what the counts are measured by;
    `station`: whether a volunteer station is required (SR-29).
    """

    lines: Mapping[str, tuple[str, ...]]
    adverts: tuple[tuple[str, str], ...]
    advert_note: str
    advert_forms: str
    station: bool


def checklist(category: str, folder: Path | None = None) -> Checklist:
    """The checklist of a site category (its stored value); one that the file does not know has what is asked everywhere.

    Raises `FileProblem` that names the file and what is wrong in it.
    """
    rules = _rules(folder or resources_folder() / "rules")
    return rules.get(category) or rules["other"]


@cache
def _rules(folder: Path) -> Mapping[str, Checklist]:
    path = folder / "checklist.toml"
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: _read(own, found) for name, own in {"other": {}, **found["category"]}.items()}
    except OSError as error:
        raise FileProblem(_("无法读取测评要点 {file}。").format(file=path.name), hint=_("请重新安装程序。")) from error
    except (ValueError, KeyError, TypeError) as error:
        raise FileProblem(_("测评要点 {file} 有错：{error}").format(file=path.name, error=error), hint=_("请改回原样或重新安装程序。")) from error


def _read(own: Mapping[str, Any], found: Mapping[str, Any]) -> Checklist:
    unknown = set(own) - set(DIMENSIONS) - {"adverts", "advert_note"}
    if unknown:
        raise ValueError(min(unknown))
    wanted = {dimension: [*own.get(dimension, ())] for dimension in DIMENSIONS}
    wanted["environment"] = [*(code for code in found["everywhere"] if code not in wanted["environment"]), *wanted["environment"]]
    themes = [(found["theme"][code], _("有")) for code in wanted["atmosphere"] if code in found["theme"]]
    adverts = [(str(theme), str(count)) for theme, count in own.get("adverts", themes)]
    lines = {dimension: tuple(_words(line, found["item"]) for line in lines) for dimension, lines in wanted.items()}
    return Checklist(lines, tuple(adverts), own.get("advert_note", ""), found["advert_forms"], _STATION in wanted["service"])


def _words(line: str, items: Mapping[str, str]) -> str:
    """An item's wording for its code; anything else stands for itself. A code that is not in the library is a mistake."""
    if len(line) == 3 and line[0].isupper() and line[1:].isdigit():
        return items[line]
    return line
