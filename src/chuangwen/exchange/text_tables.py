"""Text tables: csv, tsv, txt, whatever separates their cells and however their text is encoded."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path

from chuangwen.errors import FileProblem
from chuangwen.exchange.encodings import Encoding, decode_text, utf16_of
from chuangwen.exchange.office_zip import damaged
from chuangwen.text import _

_DELIMITERS = ("\t", ",", ";", "|")
_LOOK = 200  # lines
_HEAD = 20_000  # bytes
_MOST_LINES_IN_A_CELL = 200


def read_text_table(raw: bytes, path: Path, encoding: str = "auto") -> tuple[list[list[str]], Encoding, list[str]]:
    """The cells, the encoding, what was noticed. Raises `FileProblem` for what is no text."""
    text, found, bad = decode_text(_without_nulls(raw, path), encoding)
    warnings = [_("{file} 中有 {count} 处损坏的字节，已用�代替。").format(file=path.name, count=bad)] if bad else []
    text, delimiter = _declared_delimiter(text.lstrip("\ufeff"))
    delimiter = delimiter or delimiter_of(text)
    csv.field_size_limit(1 << 24)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        if _is_unbalanced(rows, text):
            warnings.append(_("{file} 中的引号不成对，按没有引号读取，请核对含引号的格。").format(file=path.name))
            rows = [[_unquoted(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE)]
    except csv.Error as error:
        raise FileProblem(_("{file} 无法按表格读取：{error}。").format(file=path.name, error=error), hint=_("请用 Excel 打开后另存为 xlsx。")) from error
    return rows, found, warnings


def delimiter_of(text: str) -> str:
    """What separates the cells: the sign that cuts most of the first lines into one same number of cells. Chinese commas are prose, never separators."""
    lines = text.splitlines()[:_LOOK]
    sample = "\n".join(lines)
    best, delimiter = 0.0, ","
    for sign in _DELIMITERS:
        if sign not in sample:
            continue
        try:
            widths = Counter(len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=sign) if any(cell.strip() for cell in row))
        except csv.Error:
            continue
        several = {width: count for width, count in widths.items() if width > 1}
        if several:
            width, count = max(several.items(), key=lambda one: (one[1], one[0]))
            score = count / sum(widths.values()) + min(width, 50) / 1000
            if score > best:
                best, delimiter = score, sign
    return delimiter


def _declared_delimiter(text: str) -> tuple[str, str]:
    """Excel's own first line `sep=;`, taken off."""
    found = re.match(r'"?sep=(.)"?\r?\n', text, re.IGNORECASE)
    return (text[found.end() :], found[1]) if found else (text, "")


def _without_nulls(raw: bytes, path: Path) -> bytes:
    """Without the single zero bytes that old exports leave; UTF-16 keeps its own. Mostly zeros, or signs that no text has: no table."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" not in raw or utf16_of(raw):
        return raw
    if raw.count(0) > len(raw) * 0.2 or any(sign in raw[:_HEAD] for sign in (b"\x01", b"\x02", b"\x03", b"\x04", b"\x05")):
        raise damaged(path)
    return raw.replace(b"\x00", b"")


def _is_unbalanced(rows: list[list[str]], text: str) -> bool:
    """Whether a quote that nobody closed has swallowed the lines behind it: the last cell runs to the end of the text, or a cell holds a whole page."""
    if not rows or '"' not in text:
        return False
    last = rows[-1][-1] if rows[-1] else ""
    swallowed = last.count("\n") >= 2 and not text.rstrip().endswith('"')
    return swallowed or any(cell.count("\n") > _MOST_LINES_IN_A_CELL for row in rows for cell in row if len(cell) > _MOST_LINES_IN_A_CELL)


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell
