"""From which number on a check finds fault: `resources/rules/checks.toml`, or the project's own in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from chuangwen.errors import nearest
from chuangwen.services.rule_files import RuleFile, read_rules
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
    site_radii: Mapping[str, float] = field(default_factory=dict)  # category of sites → metres (SR-17), from `responsibility.toml`


def thresholds(files_folder: Path | None = None) -> Thresholds:
    """The thresholds of the project (`files_folder`: its folder of files) where it has a `rules/checks.toml` of its own, else the shipped ones; what the file
    does not name is as domain.md has it. Raises `FileProblem`, or `UserError` that names the file and the line to mend."""
    source = read_rules("checks", files_folder)
    known = {one.name: one.default for one in fields(Thresholds) if one.name != "site_radii"}
    given = {name: _read(source, name, value, known) for name, value in source.table.items()}
    places = read_rules("responsibility", files_folder)
    radii = {
        name: places.number(row.get("radius_m"), f"site.{name}.radius_m") for name, row in dict(places.table.get("site", {})).items() if isinstance(row, dict)
    }
    return Thresholds(**given, site_radii=radii)


def thresholds_of(view: object) -> Thresholds:
    """The thresholds of a project, or of any other view: a view without a folder has the shipped ones."""
    folder = getattr(view, "files_folder", None)
    return thresholds(folder if isinstance(folder, Path) else None)


def _read(source: RuleFile, name: str, value: Any, known: dict[str, Any]) -> Any:
    if name not in known:
        close = nearest(name, list(known))
        raise source.wrong(name, _("没有这个项目"), _("是不是“{close}”？").format(close=close) if close else "")
    if name == "joint_team":
        if not isinstance(value, list) or not all(isinstance(one, list) and one and all(isinstance(word, str) for word in one) for one in value):
            raise source.wrong(name, _("应是几组单位名称"), _('例如 [["区委办"], ["政府办"]]。'))
        return tuple(tuple(one) for one in value)
    if isinstance(known[name], str):
        if not isinstance(value, str) or minutes(value) is None:
            raise source.wrong(name, _("应是时刻"), _("请写成 07:00 的样子。"))
        return value
    return type(known[name])(source.number(value, name))


def minutes(clock: str) -> int | None:
    """Minutes since midnight of 07:30, 7：30 or 24:00; None for what is no time of day."""
    hour, colon, minute = clock.strip().replace("：", ":").partition(":")
    if not colon or not hour.isdigit() or not minute[:2].isdigit():
        return None
    found = int(hour) * 60 + int(minute[:2])
    return found if int(minute[:2]) < 60 and found <= 24 * 60 else None
