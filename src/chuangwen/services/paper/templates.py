"""Paper templates: `resources/paper/*.toml` say which frames a sheet is divided into; content is laid into them by `render.paper.layout`.

Frames are docked one after the other to an edge of what is left, so that no two can meet. Their sizes are millimetres at a text of 2.5 mm (and grow with
the paper's text), shares of what is left ("43%"), or "fit": as high as what stands in them. The frame of the map never depends on measured text: a sheet
is planned, its scale chosen, without Qt.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from chuangwen.errors import FileProblem
from chuangwen.services.paper.frames import PAPERS, Paper, Rect
from chuangwen.settings import resources_folder
from chuangwen.text import _

BOX_PAD = 1.6
"""mm (at a text of 2.5 mm) between the line around a boxed frame and what stands in it."""
_TEXT = 2.5  # mm: the text at which sizes are written down
_SMALLEST = 6.0  # points
_EDGES = ("top", "bottom", "left", "right", "rest")
_LAYOUTS = ("landscape", "portrait", "continuation")

Measure = Callable[[str, float], float]
"""Name of a frame, its width in mm → how high what stands in it is, mm."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of a sheet, docked to the `edge` of what is left of `within` ('' the sheet).

    `size`: mm at a text of 2.5 mm; `share` of what is left, instead; neither: as high as its content. `gap`: mm to what comes next. `columns`: its
    content flows through so many. `boxed`: a thin line around it.
    """

    name: str
    edge: str = "rest"
    within: str = ""
    size: float = 0.0
    share: float = 0.0
    gap: float = 2.0
    columns: int = 1
    boxed: bool = False

    @property
    def fits(self) -> bool:
        """Whether its height is that of its content."""
        return self.edge != "rest" and not self.size and not self.share


@dataclass(frozen=True, slots=True)
class MapRules:
    """How the map of a product is placed. `free`: share of the frame left free on each side of the subject; `scales`: the N of 1:N to choose from
    (empty: all round ones); `smallest`: the largest N allowed before the subject is split (0: any); `overlap`: mm that sub-sheets share; `hide`: layers
    that are not drawn; `unexplained`: drawn, but not in the legend; `heights`: mm (at a text of 2.5 mm) that a strip map may be high.
    """

    free: float = 0.06
    scales: tuple[int, ...] = ()
    smallest: int = 0
    overlap: float = 10.0
    hide: frozenset[str] = frozenset()
    unexplained: frozenset[str] = frozenset()
    heights: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """One product's paper. `turn`: auto (the way that shows the subject larger), landscape or portrait. `text`: paper → mm, where it is not the paper's own;
    `smallest`: paper → points, below which the pre-flight warns (6 where nothing is said); `words`: lines that stand on every sheet, by name.
    """

    id: str
    title: str
    papers: tuple[str, ...]
    turn: str
    layouts: Mapping[str, tuple[Frame, ...]]
    text: Mapping[str, float]
    smallest: Mapping[str, float]
    map: MapRules
    source: bytes
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def paper(self, name: str) -> Paper:
        """A sheet of this product with its text size. Raises `KeyError` for a paper that nobody knows."""
        found = PAPERS[name]
        return replace(found, text=self.text.get(name, found.text))

    def least(self, paper: Paper) -> float:
        """Points: text smaller than that is not read on this paper."""
        return self.smallest.get(paper.name, _SMALLEST)

    def scale(self, paper: Paper) -> float:
        """By how much the sizes of the template grow on a paper."""
        return paper.text / _TEXT

    def ways(self) -> tuple[bool, ...]:
        """Landscape or not: the ways in which a sheet may be turned."""
        return {"landscape": (True,), "portrait": (False,)}.get(self.turn, (True, False))

    def frames(self, layout: str, paper: Paper, *, landscape: bool, measure: Measure | None = None) -> dict[Frame, Rect]:
        """Each frame's place. Without `measure` those that are as high as their content, and what comes after them there, are left out."""
        width, height = paper.size(landscape=landscape)
        return _docked(self.layouts[layout], Rect(0, 0, width, height).inset(paper.margin), paper.text / _TEXT, measure)

    def map_frame(self, paper: Paper, *, landscape: bool, name: str = "map") -> Rect:
        """The place of the map on the first sheet."""
        layout = "landscape" if landscape else "portrait"
        return next(place for frame, place in self.frames(layout, paper, landscape=landscape).items() if frame.name == name)


def _docked(frames: tuple[Frame, ...], area: Rect, scale: float, measure: Measure | None) -> dict[Frame, Rect]:
    left: dict[str, Rect | None] = {"": area}
    found: dict[Frame, Rect] = {}
    for frame in frames:
        room = left[frame.within]
        if room is None or (frame.fits and measure is None):
            left[frame.within] = left[frame.name] = None
            continue
        pad = 2 * BOX_PAD * scale if frame.boxed else 0.0
        high = measure(frame.name, room.width - pad) if frame.fits and measure else 0.0
        high = min(high + pad, room.height) if high else 0.0
        place, rest = _cut(room, frame, scale, high)
        found[frame] = place
        left[frame.name] = place.inset(BOX_PAD * scale) if frame.boxed else place
        left[frame.within] = rest
    return found


def _cut(room: Rect, frame: Frame, scale: float, high: float) -> tuple[Rect, Rect]:
    """The place of a frame in `room`, and what is left."""
    if frame.edge == "rest":
        return room, Rect(room.x, room.bottom, room.width, 0.0)
    upright = frame.edge in ("top", "bottom")
    whole = room.height if upright else room.width
    size = min(high or (whole * frame.share if frame.share else frame.size * scale), whole)
    rest = max(whole - size - (frame.gap * scale if size else 0.0), 0.0)
    if frame.edge == "top":
        return Rect(room.x, room.y, room.width, size), Rect(room.x, room.bottom - rest, room.width, rest)
    if frame.edge == "bottom":
        return Rect(room.x, room.bottom - size, room.width, size), Rect(room.x, room.y, room.width, rest)
    if frame.edge == "left":
        return Rect(room.x, room.y, size, room.height), Rect(room.right - rest, room.y, rest, room.height)
    return Rect(room.right - size, room.y, size, room.height), Rect(room.x, room.y, rest, room.height)


@cache
def template(product: str, folder: Path | None = None) -> Template:
    """The template of a product. Raises `FileProblem` that names the file and what is wrong in it."""
    path = (folder or resources_folder() / "paper") / f"{product}.toml"
    try:
        source = path.read_bytes()
        return _parsed(product, tomllib.loads(source.decode("utf-8")), source)
    except OSError as error:
        raise FileProblem(_("无法读取图纸模板 {file}。").format(file=path.name), hint=_("请重新安装程序。")) from error
    except (ValueError, KeyError, TypeError) as error:
        raise FileProblem(_("图纸模板 {file} 有错：{error}").format(file=path.name, error=error), hint=_("请改回原样或重新安装程序。")) from error


def _parsed(product: str, found: Mapping[str, Any], source: bytes) -> Template:
    papers = tuple(found["papers"])
    unknown = [name for name in (*papers, *found.get("text", {}), *found.get("smallest", {})) if name not in PAPERS]
    if unknown:
        raise ValueError(f"unknown paper {unknown[0]}")
    turn = found.get("turn", "auto")
    layouts = {name: _frames(name, found[name]) for name in _LAYOUTS if name in found}
    wanted = {"auto": {"landscape", "portrait"}}.get(turn, {turn})
    if not wanted <= set(layouts):
        raise ValueError(f"no layout {', '.join(sorted(wanted - set(layouts)))}")
    rules = dict(found.get("map", {}))
    rules.update(
        {key: kind(rules[key]) for key, kind in (("scales", tuple), ("heights", tuple), ("hide", frozenset), ("unexplained", frozenset)) if key in rules}
    )
    words = {name: tuple(lines) for name, lines in found.get("words", {}).items()}
    return Template(
        product, found["title"], papers, turn, layouts, dict(found.get("text", {})), dict(found.get("smallest", {})), MapRules(**rules), source, words
    )


def _frames(layout: str, rows: list[dict[str, Any]]) -> tuple[Frame, ...]:
    made: list[Frame] = []
    for row in rows:
        values = dict(row)
        size = values.pop("size", 0.0)
        if isinstance(size, str) and size.endswith("%"):
            values["share"] = float(size[:-1]) / 100
        elif size != "fit":
            values["size"] = float(size)
        frame = Frame(**values)
        known = {"", *(one.name for one in made)}
        if frame.edge not in _EDGES or frame.within not in known or frame.name in known:
            raise ValueError(f"[[{layout}]] {frame.name}")
        made.append(frame)
    return tuple(made)
