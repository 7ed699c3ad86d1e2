"""What a file brings, before anybody says what it means: columns as they stand, shapes in the file's own coordinates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.domain.values import Scalar
from chuangwen.exchange.doubts import Doubt

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from chuangwen.exchange.findings import Finding

SECTION = "section"
"""The kind of a column that was made from the section rows of a list (一、主次干道)."""

SHEET = "sheet"
"""The kind of a column that was made from the names of the sheets that were read together (one for a unit, one for a day)."""

SENDER = "填报单位"
"""The key in `Incoming.meta` of who sends a list."""

MADE = "made"
"""The kind of a column that the file does not have: a copy under another name. Reports leave it out."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `title` is unique in the file; `names` are what it may be matched by, best first (a two-row header gives child, joined, parent)."""

    title: str
    values: list[Scalar]
    names: tuple[str, ...] = ()
    kind: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """What to match by."""
        return self.names or (self.title,)


class SheetRow(int):
    """A row's number that knows its sheet: where several sheets are read together, 第 5 行 alone would say nothing."""

    sheet: str

    def __new__(cls, number: int, sheet: str) -> SheetRow:
        """Row `number` (from 1) of `sheet`."""
        made = super().__new__(cls, number)
        made.sheet = sheet
        return made

    def __str__(self) -> str:
        return f"{int(self)}（{self.sheet}）"

    def __format__(self, spec: str) -> str:
        return format(int(self), spec) if spec else str(self)


def sheet_of(row: int) -> str:
    """The sheet that a row's number comes from, '' where the file was read as one list."""
    return row.sheet if isinstance(row, SheetRow) else ""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A row of the source, as its user sees it numbered, and what was put right or left out in it."""

    row: int
    what: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An encoding that was weighed: how sure (0–1; 0 where the bytes cannot be read so), what the first names read like in it."""

    name: str
    score: float
    samples: tuple[str, ...]
    declared: bool = False
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands in or over a cell, as the file holds it. `column` is the title of the column it stands in: it tells 整改前 from 整改后.

    `file`: where the content lies, for a photo that is a file of its own; `content` is empty then.
    """

    name: str
    content: bytes
    column: str = ""
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """The content of one file or sheet.

    `rows` (n) are the numbers that the user sees: the line in Excel, the record in a shapefile, from 1. `geometry` is an object array (n,) of
    shapely geometries in the file's CRS, 2D, or None for a list. `declared_crs` is the raw text that the file says about its CRS ('' for nothing).
    `parts` (n, or empty) number the pieces of a source row that was split, from 1; 0 for a whole one. `pictures`: position → its pictures.
    `candidates` are the encodings that were weighed, best first. `rejected`: rows of the source that could not be read at all, and why. `meta`: what stands
    about the list rather than in it (标题, 填报单位, 填报时间). `sheets` (n, or empty) name the sheet of each row where several were read together; `rows`
    of a workbook are `SheetRow` then. `findings`: what had to be made of the shapes before they could be areas; they have no geometry yet.
    """

    source: str
    columns: tuple[Column, ...]
    rows: Sequence[int]
    geometry: NDArray[np.object_] | None = None
    declared_crs: str = ""
    encoding: str = ""
    encoding_evidence: str = ""
    sheet: str = ""
    repaired: tuple[Repaired, ...] = ()
    warnings: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    parts: Sequence[int] = ()
    pictures: Mapping[int, tuple[Picture, ...]] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    rejected: tuple[tuple[int, str], ...] = ()
    sheets: Sequence[str] = ()
    meta: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, positions: Sequence[int], warning: str = "") -> Incoming:
        """The rows at `positions`, with one more warning."""
        columns = tuple(replace(column, values=[column.values[at] for at in positions]) for column in self.columns)
        geometry = self.geometry[list(positions)] if self.geometry is not None else None
        warnings = (*self.warnings, warning) if warning else self.warnings
        return replace(
            self,
            columns=columns,
            rows=[self.rows[at] for at in positions],
            geometry=geometry,
            warnings=warnings,
            parts=[self.parts[at] for at in positions] if len(self.parts) else (),
            sheets=[self.sheets[at] for at in positions] if len(self.sheets) else (),
            pictures={new: self.pictures[old] for new, old in enumerate(positions) if old in self.pictures},
        )

    def column(self, title: str) -> Column | None:
        """The column of a title, None where there is none."""
        return next((column for column in self.columns if column.title == title), None)


def unique_titles(titles: Sequence[str]) -> list[str]:
    """Titles made unique up to case by a number behind the later ones: 电话, 电话_2. An empty one becomes 列N."""
    seen: dict[str, int] = {}
    found = []
    for position, title in enumerate(titles):
        title = title.strip() or f"列{position + 1}"
        number = seen.get(title.lower(), 0) + 1
        seen[title.lower()] = number
        found.append(title if number == 1 else f"{title}_{number}")
    return found
