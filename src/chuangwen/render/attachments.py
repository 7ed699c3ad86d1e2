"""A sheet's tables inside its PDF, as a csv that Excel opens: whoever gets the file by WeChat needs no second one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

import pikepdf

from chuangwen.exchange.outgoing import safe, table_text
from chuangwen.text import _

_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')

Rows = Sequence[Sequence[str]]


def attach(document: pikepdf.Pdf, page: pikepdf.Page, name: str, rows: Rows, moment: dt.datetime, taken: set[str]) -> None:
    """Put `rows` into the document as `<name>.csv` and tie it to the page. `taken`: names given so far, added to."""
    file = _free(_UNSAFE.sub("", name).strip(" .") or "1", taken)
    data = table_text([[safe(cell) for cell in row] for row in rows]).encode("utf-8-sig")
    stamp = f"D:{moment:%Y%m%d%H%M%S}+08'00'"
    spec = pikepdf.AttachedFileSpec(
        document,
        data,
        filename=file,
        mime_type="text/csv",
        description=_("{name} 的表格").format(name=name),
        creation_date=stamp,
        mod_date=stamp,
        relationship=pikepdf.Name.Data,
    )
    document.attachments[file] = spec
    page.obj.AF = pikepdf.Array([document.attachments[file].obj])


def _free(name: str, taken: set[str]) -> str:
    names = (f"{name}.csv", *(f"{name}-{number}.csv" for number in range(2, len(taken) + 3)))
    found = next(one for one in names if one not in taken)
    taken.add(found)
    return found


def joined(tables: Iterable[tuple[str, Sequence[str], Rows, bool]]) -> list[tuple[str, ...]]:
    """Tables one below the other: title, header, rows, a blank row. (title, header, rows, whether it continues the last one of this header.)"""
    found: list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]] = []
    for title, header, rows, goes_on in tables:
        head = tuple(cell.replace("\n", "") for cell in header)
        before = next((one for one in reversed(found) if one[:2] == (title, head)), None) if goes_on else None
        if before is None:
            found.append((title, head, [tuple(row) for row in rows]))
        else:
            before[2].extend(tuple(row) for row in rows)
    lines: list[tuple[str, ...]] = []
    for title, head, body in found:
        lines += [()] * bool(lines) + [(title,)] * bool(title) + [head, *body]
    return lines
