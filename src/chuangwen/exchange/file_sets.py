"""A shapefile is a set of files: find its parts, and lend GDAL a whole and healthy set without ever writing beside the user's own.

Parts are found whatever the case of their endings. Only where something must be mended (no .shx, a damaged .prj, a table shorter than the shapes) is the set
copied to a temporary folder first: the original may lie on a read-only USB stick.
"""

from __future__ import annotations

import shutil
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chuangwen.errors import FileProblem
from chuangwen.exchange.signatures import check_content
from chuangwen.text import _

_PARTS = ("shp", "shx", "dbf", "prj", "cpg")
_POINTS = (1, 11, 21)
_LEAST_RECORD = 12  # bytes


@dataclass(frozen=True, slots=True)
class ShapefileSet:
    """The parts of one shapefile by lower-case ending, and what the headers say."""

    name: str
    parts: dict[str, Path]

    def text(self, part: str) -> bytes:
        """The content of a small part, empty where it is missing."""
        return self.parts[part].read_bytes() if part in self.parts else b""

    @property
    def ldid(self) -> int:
        """The language byte of the DBF, 0 for none."""
        head = _head(self.parts.get("dbf"), 32)
        return head[29] if len(head) == 32 else 0

    @property
    def records(self) -> int:
        """How many whole records the DBF really has."""
        head = _head(self.parts.get("dbf"), 32)
        if len(head) < 32:
            return 0
        count, start, width = struct.unpack("<IHH", head[4:12])
        there = (self.parts["dbf"].stat().st_size - start) // width if width else 0
        return max(0, min(int(count), int(there)))

    @property
    def declared_records(self) -> int:
        """How many records the DBF claims."""
        head = _head(self.parts.get("dbf"), 8)
        return int(struct.unpack("<I", head[4:8])[0]) if len(head) == 8 else 0

    @property
    def shapes(self) -> int | None:
        """How many shapes the .shx lists; None without one, and where it lists more than the .shp has room for."""
        size = self.parts["shx"].stat().st_size if "shx" in self.parts else 0
        count = (size - 100) // 8
        return count if size >= 100 and count <= self.parts["shp"].stat().st_size // _LEAST_RECORD else None

    def copied(self, folder: Path, *parts: str) -> Path:
        """Copy `parts` into `folder` as one set named x; the .shp of it."""
        for part in parts:
            if part in self.parts:
                shutil.copyfile(self.parts[part], folder / f"x.{part}")
        return folder / "x.shp"


def damaged_shapes(shp: Path, shx: Path, rows: Sequence[int]) -> list[int]:
    """Which of the records `rows` (from 1) have a shape that GDAL could not read: of these it says as little as of those without one (type 0, or no points)."""
    offsets = shx.read_bytes()[100:]
    size = shp.stat().st_size
    found = []
    with shp.open("rb") as file:
        for row in rows:
            entry = offsets[8 * (row - 1) : 8 * row]
            start = 2 * int.from_bytes(entry[:4], "big", signed=True)
            if len(entry) == 8 and not 100 <= start <= size - 12:
                found.append(row)
                continue
            file.seek(max(start, 0) + 8)
            head = file.read(40)
            kind = int.from_bytes(head[:4], "little")
            if kind and (kind in _POINTS or len(head) < 40 or int.from_bytes(head[36:40], "little")):
                found.append(row)
    return found


def shapefile_set(path: Path, *, lone: bool = False) -> ShapefileSet:
    """The set that `path` (any part of it) belongs to. `lone`: a .dbf without its .shp will do, as a table.

    Raises `FileProblem` where the .shp is missing or is no shapefile, or a part is not what its name says.
    """
    parts: dict[str, Path] = {}
    for other in path.parent.iterdir():
        ending = other.suffix.lower().lstrip(".")
        if other.stem == path.stem and ending in _PARTS:
            parts[ending] = other if other.suffix.islower() or ending not in parts else parts[ending]
    for part in ("shp", "dbf"):  # a .shx that is no index is made anew
        if part in parts:
            check_content(parts[part])
    if "shp" not in parts and lone and "dbf" in parts:
        return ShapefileSet(parts["dbf"].name, parts)
    if "shp" not in parts:
        hint = _("请把同名的 .shp、.shx、.dbf 一起复制过来。")
        raise FileProblem(_("{file} 只是 shapefile 的一部分，旁边没有同名的 .shp 文件。").format(file=path.name), hint=hint)
    if _head(parts["shp"], 4) != b"\x00\x00\x27\x0a":
        raise FileProblem(_("{file} 不是 shapefile（内容不符，可能下载时出错）。").format(file=parts["shp"].name), hint=_("请重新复制或下载这个文件。"))
    return ShapefileSet(parts["shp"].name, parts)


def with_fewer_records(path: Path, count: int) -> None:
    """Make the header of a copied DBF claim only the `count` records that are there."""
    with path.open("r+b") as file:
        file.seek(4)
        file.write(struct.pack("<I", count))


def _head(path: Path | None, size: int) -> bytes:
    if path is None:
        return b""
    with path.open("rb") as file:
        return file.read(size)
