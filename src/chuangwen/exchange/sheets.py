"""Workbooks and text tables as a plain grid of cells: xlsx, xls, ods through calamine (fast, cached values of formulas), csv and tsv through the csv module.

What a hostile or broken file can do is checked first: archive sizes before anything is parsed, passwords by their signature, text files named .xls by
their content.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from chuangwen.domain.values import Scalar
from chuangwen.errors import DataProblem, FileProblem
from chuangwen.exchange.encodings import Encoding, decode_text
from chuangwen.exchange.grid import Sheet
from chuangwen.exchange.web_tables import html_sheets, spreadsheet_sheets
from chuangwen.text import _

ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt")
SHOWN = ("xlsx", "xls", "ods", "csv")
_LARGEST = 400 << 20  # bytes of XML, unpacked
_WORST_RATIO = 300
_OLE = b"\xd0\xcf\x11\xe0"
_MOST_CELLS = 40_000_000
_LARGEST_TEXT = 100 << 20
_SPREADSHEET_ML = "schemas-microsoft-com:office:spreadsheet"
_DELIMITERS = ",\t;|"


@dataclass(frozen=True, slots=True)
class Book:
    """The sheets of a file, how their text was encoded, and what was noticed."""

    sheets: tuple[Sheet, ...]
    encoding: Encoding
    warnings: tuple[str, ...] = ()


def read_book(path: Path, encoding: str = "auto") -> Book:
    """All sheets of a workbook, or the one of a text table. Raises `FileProblem` with cause and remedy."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FileProblem(_("无法读取 {file}：{error}。").format(file=path.name, error=error.strerror or error)) from error
    if not raw.strip(b"\x00 \r\n\t"):
        raise FileProblem(_("{file} 是空文件。").format(file=path.name), hint=_("请核对后重新导出。"))
    if raw.startswith(b"PK"):
        _check_archive(raw, path)
        return _calamine(raw, path)
    if raw.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            raise _locked(path)
        return _calamine(raw, path)
    if path.suffix.lower() in (".xlsx", ".xlsm", ".ods"):
        raise _damaged(path)
    start = raw[:4000].lower()
    if any(sign in start for sign in (b"<html", b"<table", b"<?xml", b"<!doctype")):
        return _web_table(raw, path, encoding)
    return _text_table(raw, path, encoding)


def _web_table(raw: bytes, path: Path, encoding: str) -> Book:
    """What a web system calls .xls."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException

    if len(raw) > _LARGEST_TEXT:
        raise FileProblem(_("{file} 太大（{size} MB），没有打开。").format(file=path.name, size=len(raw) >> 20), hint=_("请核对来源。"))
    text, found, bad = decode_text(raw, encoding)
    try:
        sheets = spreadsheet_sheets(text[text.index("<") :].replace(' encoding="', ' was="')) if _SPREADSHEET_ML in text[:4000] else html_sheets(text)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise _damaged(path) from error
    if not sheets:
        raise FileProblem(_("{file} 是网页，里面没有表格。").format(file=path.name), hint=_("可能是登录页，请重新下载；或用 Excel 打开后另存为 xlsx。"))
    warnings = [_("{file} 其实是网页另存的表格，已按其中的表格读取。").format(file=path.name)]
    if bad:
        warnings.append(_("{file} 中有 {count} 处损坏的字节，已用�代替。").format(file=path.name, count=bad))
    return Book(tuple(sheets), found, tuple(warnings))


def _text_table(raw: bytes, path: Path, encoding: str) -> Book:
    text, found, bad = decode_text(raw, encoding)
    if "\x00" in text:
        raise _damaged(path)
    warnings = [_("{file} 中有 {count} 处损坏的字节，已用�代替。").format(file=path.name, count=bad)] if bad else []
    sample = text[:20_000]
    try:
        dialect: type[csv.Dialect] | None = csv.Sniffer().sniff(sample, delimiters=_DELIMITERS)
        delimiter = dialect.delimiter if dialect else ","
    except csv.Error:
        first = sample.splitlines()[0]
        delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(1 << 24)
    try:
        rows = [[_text(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise FileProblem(_("{file} 无法按表格读取：{error}。").format(file=path.name, error=error), hint=_("请用 Excel 打开后另存为 xlsx。")) from error
    cells: list[list[Scalar]] = [list(row) for row in rows]
    return Book((Sheet("", cells),), found, tuple(warnings))


def _calamine(raw: bytes, path: Path) -> Book:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        if not book.sheet_names:
            raise _damaged(path)
        sheets = []
        for about in book.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet:
                one = book.get_sheet_by_name(about.name)
                if one.total_height * one.total_width > _MOST_CELLS:
                    raise FileProblem(_("{file} 的工作表“{sheet}”范围过大。").format(file=path.name, sheet=about.name), hint=_("请删除空白的行列后另存。"))
                cells = [[_cell(value) for value in row] for row in one.to_python(skip_empty_area=False)]
                sheets.append(Sheet(about.name, cells, tuple((top, left, bottom, right) for (top, left), (bottom, right) in one.merged_cell_ranges or [])))
    except PasswordError as error:
        raise _locked(path) from error
    except (CalamineError, OSError, ValueError, LookupError) as error:
        raise _damaged(path) from error
    note = _("工作簿内部为 Unicode，无需判断编码。")
    return Book(tuple(sheets), Encoding("UTF-8", "utf-8", note))


def _cell(value: object) -> Scalar:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dt.datetime):
        return value.date() if (value.hour, value.minute, value.second) == (0, 0, 0) else value
    if isinstance(value, dt.date | bool | int | float) or value is None:
        return value
    return str(value)  # a time of day or a duration


def _text(value: str) -> str | None:
    """A cell's text. The apostrophe that our export, or Excel, puts before what looks like a formula is no part of it."""
    text = value.strip()
    return (text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text) or None


def _check_archive(raw: bytes, path: Path) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError) as error:
        raise _damaged(path) from error
    size = sum(entry.file_size for entry in entries)
    if size > _LARGEST or (size > 50 << 20 and size > _WORST_RATIO * len(raw)):
        raise FileProblem(_("{file} 解开后异常大（{size} MB），没有打开。").format(file=path.name, size=size >> 20), hint=_("请核对来源。"))


def _damaged(path: Path) -> FileProblem:
    return FileProblem(_("{file} 无法打开：工作簿已损坏，或不是表格文件。").format(file=path.name), hint=_("请用 Excel 或 WPS 打开后另存为 xlsx，再导入。"))


def _locked(path: Path) -> FileProblem:
    return FileProblem(_("{file} 设有打开密码。").format(file=path.name), hint=_("请在 Excel 或 WPS 中去掉密码，另存后再导入。"))


def chosen_sheet(book: Book, name: str, path: Path) -> Sheet | None:
    """The sheet that the user named, None where none was named. Raises `DataProblem` that lists the sheets."""
    if not name:
        return None
    found = next((sheet for sheet in book.sheets if sheet.name == name), None)
    if found is None:
        names = "、".join(sheet.name for sheet in book.sheets)
        raise DataProblem(_("{file} 中没有工作表“{sheet}”。").format(file=path.name, sheet=name), hint=_("有：{names}").format(names=names))
    return found
