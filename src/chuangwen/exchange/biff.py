"""What an old xls holds beside its values: hidden rows and columns, error cells, formulas on other books, whether it has pictures or a password.

The values come from calamine. Here the compound file is opened and its records are walked once ([MS-CFB], [MS-XLS]).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chuangwen.exchange.office_zip import damaged
from chuangwen.exchange.sheet_extras import Extras, Place

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # sector numbers from here on are marks
_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _PICTURES, _DATEMODE = 0x809, 0x0A, 0x85, 0x2F, 0xEB, 0x22
_BLIPS = b"\x01\xf0"  # the store of pictures in a drawing group; comments have a group without one
_ROW, _COLINFO, _BOOLERR, _FORMULA = 0x208, 0x7D, 0x205, 0x06
_CELLS = frozenset({0x06, 0xFD, 0x203, 0x204, 0x205, 0x27E, 0xD6, 0xBD})
_MULTIPLE = 0xBD
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


@dataclass(frozen=True, slots=True)
class OldBook:
    """The sheets' extras and extents (rows, columns) in the order of the book."""

    extras: tuple[Extras, ...]
    extents: tuple[Place, ...]
    has_pictures: bool = False
    locked: bool = False
    from_1904: bool = False


def streams(raw: bytes, path: Path) -> dict[str, bytes]:
    """The streams of a compound file by name. Raises `FileProblem` where its tables lead nowhere."""
    try:
        return _streams(raw)
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise damaged(path) from error


def _streams(raw: bytes) -> dict[str, bytes]:
    shift, small_shift = struct.unpack_from("<HH", raw, 30)
    if shift not in (9, 12) or small_shift != 6:
        raise ValueError
    size = 1 << shift
    start, cutoff, small_start, small_count, more, more_count = (struct.unpack_from("<I", raw, at)[0] for at in (48, 56, 60, 64, 68, 72))
    tables = [one for one in struct.unpack_from("<109I", raw, 76) if one < _END]
    more_count = min(more_count, len(raw) // size)  # a chain that leads back to itself ends
    while more < _END and more_count > 0:
        *listed, more = struct.unpack_from(f"<{size // 4}I", raw, (more + 1) * size)
        tables += [one for one in listed if one < _END]
        more_count -= 1
    if len(tables) > len(raw) // size:
        raise ValueError
    table = [one for sector in tables for one in struct.unpack_from(f"<{size // 4}I", raw, (sector + 1) * size)]

    def chain(sector: int, links: list[int]) -> list[int]:
        found: list[int] = []
        while sector < _END:
            if len(found) > len(links):
                raise ValueError  # a ring
            found.append(sector)
            sector = links[sector]
        return found

    def joined(sector: int) -> bytes:
        return b"".join(raw[(one + 1) * size : (one + 2) * size] for one in chain(sector, table))

    directory = joined(start)
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    small_links = list(struct.unpack(f"<{small_count * size // 4}I", joined(small_start)[: small_count * size])) if small_count else []
    small = joined(struct.unpack_from("<I", entries[0], 116)[0]) if small_links else b""
    found = {}
    for entry in entries:
        length = struct.unpack_from("<H", entry, 64)[0]
        name = entry[: max(length - 2, 0)].decode("utf-16-le", "replace")
        first, bytes_there = struct.unpack_from("<IQ", entry, 116)
        if entry[66] == 2 and bytes_there >= cutoff:
            found[name] = joined(first)[:bytes_there]
        elif entry[66] == 2:
            found[name] = b"".join(small[one * 64 : one * 64 + 64] for one in chain(first, small_links))[:bytes_there] if bytes_there else b""
    return found


def old_book(stream: bytes, path: Path) -> OldBook:
    """What the records of a Workbook stream say. Raises `FileProblem` where they end in the middle."""
    try:
        return _old_book(stream)
    except (struct.error, IndexError) as error:
        raise damaged(path) from error


def _old_book(stream: bytes) -> OldBook:
    starts: list[int] = []
    has_pictures = locked = from_1904 = False
    for kind, at, length in _records(stream, 0):
        if kind == _BOUNDSHEET and stream[at + 5] == 0:  # a sheet of cells
            starts.append(struct.unpack_from("<I", stream, at)[0])
        has_pictures |= kind == _PICTURES and _BLIPS in stream[at : at + min(length, 512)]
        locked |= kind == _FILEPASS
        from_1904 |= kind == _DATEMODE and length >= 2 and stream[at] == 1
    if locked:
        return OldBook((), (), has_pictures, locked=True)
    read = [_sheet(stream, start) for start in starts]
    return OldBook(tuple(one for one, _size in read), tuple(size for _one, size in read), has_pictures, from_1904=from_1904)


def _sheet(stream: bytes, start: int) -> tuple[Extras, Place]:
    hidden_rows: list[int] = []
    hidden_columns: list[int] = []
    errors: dict[Place, str] = {}
    rows = columns = 0
    for kind, at, length in _records(stream, start):
        if kind == _ROW and length >= 16:
            if stream[at + 12] & 0x20:
                hidden_rows.append(struct.unpack_from("<H", stream, at)[0])
        elif kind == _COLINFO and length >= 10:
            first, last, _width, _style, flags = struct.unpack_from("<5H", stream, at)
            if flags & 1:
                hidden_columns += range(first, min(last, 255) + 1)
        elif kind in _CELLS and length >= 4:
            row, column = struct.unpack_from("<HH", stream, at)
            rows = max(rows, row + 1)
            columns = max(columns, (struct.unpack_from("<H", stream, at + length - 2)[0] if kind == _MULTIPLE else column) + 1)
            if kind == _BOOLERR and length >= 8 and stream[at + 7]:
                errors[row, column] = _ERRORS.get(stream[at + 6], "#?")
            elif kind == _FORMULA and length >= 14 and stream[at + 6] == 2 and stream[at + 12 : at + 14] == b"\xff\xff":
                errors[row, column] = _ERRORS.get(stream[at + 8], "#?")
    return Extras(tuple(hidden_rows), tuple(hidden_columns), errors), (rows, columns)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, position and length of the records from `at` to the end of their part."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, at + 4, length
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        at += 4 + length
