"""Rules and words that an office may change: `resources/rules/NAME.toml` (or another folder), or the project's own in `<project>.files/rules/` in its place."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chuangwen.errors import FileProblem, UserError, nearest
from chuangwen.settings import resources_folder
from chuangwen.text import _


@dataclass(frozen=True, slots=True)
class RuleFile:
    """The content of a rule file, and the words for a mistake in it."""

    path: Path
    table: Mapping[str, Any]

    def wrong(self, key: str, what: str, hint: str = "") -> UserError:
        """A mistake at `key`, with the place to mend it."""
        where = _("在文件 {path} 里改正。").format(path=self.path)
        return UserError(_("规则文件 {file}，{key}：{what}。").format(file=self.path.name, key=key or _("开头"), what=what), hint=hint + where)

    def entries(self, key: str, known: Collection[str], needed: Collection[str] = ()) -> list[Mapping[str, Any]]:
        """The tables of `[[key]]`, each with none but `known` keys and all `needed` ones. Raises `UserError` that names the entry and the nearest right key."""
        found = self.table.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise self.wrong(key, _("应写成几段 [[{key}]]").format(key=key))
        for number, entry in enumerate(found, 1):
            place = f"{key}[{number}]"
            for name in entry:
                if name not in known:
                    close = nearest(name, list(known))
                    raise self.wrong(f"{place}.{name}", _("没有这个项目"), _("是不是“{close}”？").format(close=close) if close else "")
            for name in needed:
                if entry.get(name) in (None, ""):
                    raise self.wrong(place, _("缺少 {name}").format(name=name))
        return found

    def number(self, value: object, place: str, least: float = 0.0) -> float:
        """A number not below `least`. Raises `UserError`."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not value >= least:
            raise self.wrong(place, _("“{value}”应为不小于 {least:g} 的数").format(value=value, least=least))
        return float(value)


def read_rules(name: str, files_folder: Path | None = None, folder: str = "rules") -> RuleFile:
    """`NAME.toml` of the project (`files_folder`: its folder of files) where it has one, else the shipped one; both in a `folder` of that name.

    Raises `FileProblem` where it cannot be read, `UserError` where it is no TOML.
    """
    own = files_folder / folder / f"{name}.toml" if files_folder is not None else None
    path = own if own is not None and own.exists() else resources_folder() / folder / f"{name}.toml"
    try:
        return RuleFile(path, tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise FileProblem(_("无法读取规则文件 {file}：{error}。").format(file=path, error=error), hint=_("请检查文件，或重新安装程序。")) from error
    except tomllib.TOMLDecodeError as error:
        raise RuleFile(path, {}).wrong("", _("不是正确的 TOML（{error}）").format(error=error)) from error
