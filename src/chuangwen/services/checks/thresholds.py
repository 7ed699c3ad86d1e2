"""From which number on a check finds fault: `resources/rules/checks.toml`, which an office may change."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from chuangwen.errors import DataProblem, FileProblem, nearest
from chuangwen.settings import resources_folder
from chuangwen.text import _


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Metres, m², persons and shares (0–100); domain.md 1.6 and the rules SR-09, SR-16, SR-41, SR-47, SR-49, SR-68. What is just at a threshold passes."""

    gap_area_m2: float = 100.0
    gap_width_m: float = 2.0
    overlap_area_m2: float = 100.0
    road_near_m: float = 15.0
    road_shortest_m: float = 1.0
    section_overlap_m: float = 20.0
    section_same_m: float = 2.0
    shop_near_m: float = 20.0
    site_target: int = 132
    police_pool: int = 300
    police_min: int = 3
    police_max: int = 5
    standby_from: str = "00:00"
    standby_to: str = "24:00"
    patrol_from: str = "07:00"
    patrol_to: str = "22:00"
    duplicate_likeness: float = 80.0
    duplicate_distance_m: float = 50.0
    surroundings_m: float = 50.0
    joint_team: tuple[tuple[str, ...], ...] = ()


def thresholds(path: Path | None = None) -> Thresholds:
    """The thresholds of the file; what it does not name is as domain.md has it. Raises `FileProblem` or `DataProblem` that names the line to mend."""
    path = path or resources_folder() / "rules" / "checks.toml"
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileProblem(_("无法读取 {file}：{error}。").format(file=path.name, error=error.strerror or error), hint=_("请重新安装程序。")) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataProblem(_("{file} 写得不对：{error}。").format(file=path.name, error=error), hint=_("请改正这一行。")) from error
    known = {one.name: one.default for one in fields(Thresholds)}
    return Thresholds(**{name: _read(path.name, name, value, known) for name, value in given.items()})


def _read(file: str, name: str, value: Any, known: dict[str, Any]) -> Any:
    if name not in known:
        close = nearest(name, list(known))
        hint = _("是不是 {close}？").format(close=close) if close else _("有：{names}").format(names="、".join(known))
        raise DataProblem(_("{file} 里没有“{name}”这一项。").format(file=file, name=name), hint=hint)
    if name == "joint_team":
        if not isinstance(value, list) or not all(isinstance(one, list) and one and all(isinstance(word, str) for word in one) for one in value):
            raise DataProblem(_("{file} 的 joint_team 应是几组单位名称。").format(file=file), hint=_('例如 [["区委办"], ["政府办"]]。'))
        return tuple(tuple(one) for one in value)
    if isinstance(known[name], str):
        if not isinstance(value, str) or minutes(value) is None:
            raise DataProblem(_("{file} 的 {name} 应是时刻。").format(file=file, name=name), hint=_("请写成 07:00 的样子。"))
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise DataProblem(_("{file} 的 {name} 应是不小于 0 的数。").format(file=file, name=name), hint=_("请改正这一行。"))
    return type(known[name])(value)


def minutes(clock: str) -> int | None:
    """Minutes since midnight of 07:30, 7：30 or 24:00; None for what is no time of day."""
    hour, colon, minute = clock.strip().replace("：", ":").partition(":")
    if not colon or not hour.isdigit() or not minute[:2].isdigit():
        return None
    found = int(hour) * 60 + int(minute[:2])
    return found if int(minute[:2]) < 60 and found <= 24 * 60 else None
