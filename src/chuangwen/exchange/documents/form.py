"""The form of official documents as data: `resources/rules/documents.toml` (GB/T 9704-2012, domain.md 6.5)."""

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

MM = 1440 / 25.4
"""Twips, in which Word measures, of a millimetre."""
POINT = 20
"""Twips of a point."""
FACES = ("text", "title", "heading1", "heading2", "page_number")


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface for Chinese characters: the name asked for, and what may stand in where it is missing."""

    name: str
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """Measures of a document, in mm on paper (`page`) and points (`sizes`); `faces` by use; `breaks`: (after, before) words where a title may be broken."""

    page: Mapping[str, float]
    sizes: Mapping[str, float]
    head_sizes: tuple[float, ...]
    head: Mapping[str, float]
    red: str
    latin: str
    faces: Mapping[str, Face]
    breaks: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def text_width(self) -> float:
        """Width of the type area in mm."""
        return self.page["width"] - self.page["left"] - self.page["right"]

    @property
    def text_height(self) -> float:
        """Height of the type area in mm."""
        return self.page["height"] - self.page["top"] - self.page["bottom"]

    @property
    def line_pitch(self) -> int:
        """Twips from line to line, rounded down: with one more the last of the 22 lines would go over to the next page."""
        return int(self.text_height * MM / self.page["lines"])

    @property
    def character_spacing(self) -> int:
        """Twips by which the characters of the text stand closer together (negative), so that 28 go into a line, which is then justified to its whole width.

        One more than the division asks, for what LibreOffice takes off the line (see `character_space`).
        """
        return int(self.text_width * MM / self.page["characters"]) - round(self.sizes["text"] * POINT) - 1

    @property
    def character_space(self) -> int:
        """How much closer the grid of the page has them, in 1/4096 of a point: 28 in a line, as Word counts.

        The characters stand by `character_spacing`; the grid is only declared, and LibreOffice puts the type area in the middle of what its cells (12 pt less
        this) leave over: 8 twips is the value with which it stays within 0.3 mm of the margins, where 4 would move it by 1.4 mm.
        """
        return -8 * 4096 // POINT


def form(folder: Path | None = None) -> Form:
    """The form in `documents.toml` of `folder` (None: the program's own). Raises `FileProblem` that names the file and what is wrong in it."""
    return _read(folder or resources_folder() / "rules")


@cache
def _read(folder: Path) -> Form:
    path = folder / "documents.toml"
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        sizes = dict(found["size"])
        heads = tuple(float(one) for one in sizes.pop("head"))
        head = dict(found["head"])
        red = str(head.pop("colour"))
        faces = dict(found["face"])
        latin = str(faces.pop("latin"))
        breaks = found["title_break"]
        return Form(
            _numbers(found["page"]),
            _numbers(sizes),
            heads,
            _numbers(head),
            red,
            latin,
            {use: _face(faces[use]) for use in FACES},
            (tuple(breaks["after"]), tuple(breaks["before"])),
        )
    except OSError as error:
        raise FileProblem(_("无法读取公文格式 {file}。").format(file=path.name), hint=_("请重新安装程序。")) from error
    except (ValueError, KeyError, TypeError) as error:
        raise FileProblem(_("公文格式 {file} 有错：{error}").format(file=path.name, error=error), hint=_("请改回原样或重新安装程序。")) from error


def _face(found: Mapping[str, Any]) -> Face:
    return Face(str(found["name"]), tuple(found.get("instead", ())))


def _numbers(found: Mapping[str, Any]) -> dict[str, float]:
    wrong = [name for name, value in found.items() if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0]
    if wrong:
        raise ValueError(min(wrong))
    return {name: float(value) for name, value in found.items()}
