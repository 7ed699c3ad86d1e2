"""Workbooks, Word tables and text tables as plain grids of cells: told apart by what is inside, whatever the file is called.

xlsx, xls and ods go through calamine (values, and merges where it knows them); what it does not give is read beside it. What a hostile or broken file could
do is checked first (docs/decisions/0045).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from chuangwen.domain.values import Scalar, plain
from chuangwen.errors import DataProblem, FileProblem
from chuangwen.exchange import biff
from chuangwen.exchange.docx_tables import DOCUMENT, read_word_tables
from chuangwen.exchange.encodings import Encoding
from chuangwen.exchange.markup_tables import Table, read_html, read_spreadsheet_xml, read_web_archive, too_large
from chuangwen.exchange.ods_extras import compact, is_indented, open_sheets
from chuangwen.exchange.office_zip import Package, damaged, locked
from chuangwen.exchange.sheet_extras import Extras, Place, extent, extras_of, padding_formats
from chuangwen.exchange.text_tables import read_text_table
from chuangwen.text import _

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

ENDINGS = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".tsv", ".txt", ".docx", ".doc", ".wps", ".htm", ".html", ".mht")
SHOWN = ("xlsx", "xls", "ods", "csv", "docx")
_MOST_CELLS = 8_000_000  # 40 bytes each while they are read
_LARGEST = 150 << 20  # bytes of a text or an old workbook
_INVISIBLE = " \t\r\n\x0b\x0c\u00a0\u2002\u2003\u3000\u200b\u200e\u200f\ufeff"
_TEXTS = (".csv", ".tsv", ".txt")
_WORKBOOK = "xl/workbook.xml"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `cells[row][column]` from A1, blank as None; `merges` are (top, left, bottom, right), inclusive, from 0.

    `above`: lines of text before a table of a document. `part`: the member of an xlsx that holds it. `pictures`: place → members, where the reader knows
    them at once (docx).
    """

    name: str
    cells: list[list[Scalar]]
    merges: tuple[tuple[int, int, int, int], ...] = ()
    extras: Extras = field(default_factory=Extras)
    hidden: bool = False
    above: tuple[str, ...] = ()
    part: str = ""
    pictures: Mapping[Place, Sequence[str]] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """How many columns the widest row has."""
        return max((len(row) for row in self.cells), default=0)

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return all(cell is None for row in self.cells for cell in row)


@dataclass(frozen=True, slots=True)
class Book:
    """The sheets of a file, how their text was encoded, what was noticed; `package` where it is an archive that may hold pictures."""

    sheets: tuple[Sheet, ...]
    encoding: Encoding
    warnings: tuple[str, ...] = ()
    package: Package | None = None
    ragged: bool = False  # a text table: rows may be longer than the header for want of quotes
    from_1904: bool = False


def read_book(path: Path, encoding: str = "auto") -> Book:
    """All sheets of a workbook, all tables of a document, or the one of a text table. Raises `FileProblem` with cause and remedy."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
            size = path.stat().st_size
            raw = b"" if head.startswith(b"PK") or size > _LARGEST else head + file.read()
    except OSError as error:
        raise FileProblem(_("无法读取 {file}：{error}。").format(file=path.name, error=error.strerror or error)) from error
    if head.startswith(b"PK"):
        return _archive(path)
    if size > _LARGEST:
        raise FileProblem(_("{file} 太大（{size} MB），没有读取。").format(file=path.name, size=size >> 20), hint=_("请拆成几份后再导入。"))
    if not raw.strip(b"\x00 \r\n\t"):
        raise FileProblem(_("{file} 是空文件。").format(file=path.name), hint=_("请核对后重新导出。"))
    if raw.startswith(biff.OLE):
        return _compound(raw, path)
    book = _marked_up(raw, path, encoding)
    if book is None and path.suffix.lower() in (".xlsx", ".xlsm", ".ods", ".docx"):
        raise damaged(path)
    return book or _text_table(raw, path, encoding)


def _archive(path: Path) -> Book:
    package = Package(path)
    if DOCUMENT in package:
        return _word(package, path)
    if package.named("xl/workbook.bin"):
        raise FileProblem(_("{file} 是 xlsb 格式，不能导入。").format(file=path.name), hint=_("请用 Excel 打开后另存为 xlsx，再导入。"))
    return _xlsx(package, path) if _WORKBOOK in package or package.named("xl/") else _ods(package, path)


def _xlsx(package: Package, path: Path) -> Book:
    parts = _sheet_parts(package)
    for part in parts.values():
        _check_extent(extent(package.read(part)), path)
    book = _calamine(path)
    formats = padding_formats(package)
    sheets = []
    for name, hidden in _worksheets(book):
        part = parts.get(name, "")
        extras = extras_of(package.read(part), formats)
        sheet = _sheet(book, name, path)
        sheets.append(Sheet(name, _padded(sheet.cells, extras), sheet.merges, extras, hidden, part=part))
    from_1904 = b"date1904=" in package.read(_WORKBOOK) and b'date1904="0"' not in package.read(_WORKBOOK)
    return Book(tuple(sheets), _unicode(), package=package, from_1904=from_1904)


def _ods(package: Package, path: Path) -> Book:
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise locked(path)
    extras = open_sheets(package.read("content.xml"))
    for one in extras:
        _check_extent(one.extent, path)
    book = _calamine(path, compact(path, package.read("content.xml")) if is_indented(package.read("content.xml")) else None)
    sheets = []
    for (name, hidden), beside in zip(_worksheets(book), extras, strict=False):
        sheets.append(Sheet(name, _sheet(book, name, path).cells, beside.merges, beside.extras, hidden or beside.hidden))
    warnings = [_("ods 里的图片没有读取；需要图片时请另存为 xlsx 再导入。")] if package.named("Pictures/") else []
    return Book(tuple(sheets), _unicode(), tuple(warnings))


def _compound(raw: bytes, path: Path) -> Book:
    """An xls, an .et that is one inside, or what only looks like it: an encrypted xlsx, a Word document."""
    found = biff.streams(raw, path)
    if "EncryptedPackage" in found:
        raise locked(path)
    stream = found.get("Workbook") or found.get("Book")
    if stream is None:
        what = _("{file} 是 Word 97 文档，不能直接导入。") if "WordDocument" in found else _("{file} 不是能直接导入的表格。")
        remedy = _("请用 Word 或 WPS 打开后另存为 docx，再导入。") if "WordDocument" in found else _("请用 WPS 打开后另存为 xlsx，再导入。")
        raise FileProblem(what.format(file=path.name), hint=remedy)
    beside = biff.old_book(stream, path)
    if beside.locked:
        raise locked(path)
    for size in beside.extents:
        _check_extent(size, path)
    try:
        book = _calamine(path)
        sheets = []
        for (name, hidden), extras in zip(_worksheets(book), [*beside.extras, *[Extras()] * 1000], strict=False):
            sheet = _sheet(book, name, path)
            sheets.append(Sheet(name, sheet.cells, sheet.merges, extras, hidden))
    except FileProblem as error:
        if path.suffix.lower() == ".et" and not error.message.startswith(locked(path).message):
            raise FileProblem(_("{file} 是 WPS 表格的 et 格式，读不了。").format(file=path.name), hint=_("请用 WPS 打开后另存为 xlsx，再导入。")) from error
        raise
    warnings = [_("xls 里的图片没有读取；需要图片时请另存为 xlsx 再导入。")] if beside.has_pictures else []
    return Book(tuple(sheets), _unicode(), tuple(warnings), from_1904=beside.from_1904)


def _word(package: Package, path: Path) -> Book:
    try:
        tables = read_word_tables(package)
    except RecursionError as error:  # nested thousands deep: nobody's document
        raise damaged(path) from error
    if not tables:
        raise FileProblem(_("{file} 里没有表格。").format(file=path.name), hint=_("文字材料请先整理成表格，再导入。"))
    names = _table_names([table.above for table in tables])
    sheets = [
        Sheet(name, [[_cell(cell) for cell in row] for row in table.cells], tuple(table.merges), above=tuple(table.above), pictures=table.pictures)
        for name, table in zip(names, tables, strict=True)
    ]
    return Book(tuple(sheets), _unicode(), package=package)


def _marked_up(raw: bytes, path: Path, encoding: str) -> Book | None:
    """What is HTML, a web archive or SpreadsheetML inside; None for other text."""
    start = raw[:4096].lower().replace(b"\x00", b"")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start and b"<html" not in start:
        tables, found = read_spreadsheet_xml(raw, path), _unicode()
    elif start.lstrip(b"\xef\xbb\xbf\r\n ").startswith(b"mime-version:"):
        tables, found = read_web_archive(raw, path, encoding)
    elif path.suffix.lower() not in _TEXTS and any(sign in start for sign in (b"<html", b"<table", b"<!doctype html")):
        tables, found = read_html(raw, path, encoding)
    elif path.suffix.lower() not in _TEXTS and b"<?xml" in start:
        raise FileProblem(_("{file} 其实是 XML 文件，不是 Excel 工作簿。").format(file=path.name), hint=_("请用 Excel 或 WPS 打开后另存为 xlsx，再导入。"))
    else:
        return None
    if not tables:
        raise FileProblem(_("{file} 其实是网页，里面没有表格。").format(file=path.name), hint=_("请核对是否下载完整，或用 Excel 打开后另存为 xlsx。"))
    return Book(_markup_sheets(tables), found)


def _markup_sheets(tables: Sequence[Table]) -> tuple[Sheet, ...]:
    names = _table_names([table.above for table in tables])
    return tuple(
        Sheet(
            table.name or name,
            [[_cell(cell) for cell in row] for row in table.cells],
            tuple(table.merges),
            Extras(tuple(table.hidden_rows)),
            table.hidden,
            tuple(line.strip() for line in table.above),
        )
        for name, table in zip(names, tables, strict=True)
    )


def _text_table(raw: bytes, path: Path, encoding: str) -> Book:
    rows, found, warnings = read_text_table(raw, path, encoding)
    cells: list[list[Scalar]] = [[_text(cell) for cell in row] for row in rows]
    if sum(map(len, cells)) > _MOST_CELLS:
        raise too_large(path)
    return Book((Sheet("", cells),), found, tuple(warnings), ragged=True)


def _calamine(path: Path, file: BinaryIO | None = None) -> CalamineWorkbook:
    """The book at `path`, told by its content (calamine's `from_path` believes the ending); `file` where what is read is not the file itself."""
    from python_calamine import CalamineWorkbook

    with _refusing(path), file or path.open("rb") as opened:
        book = CalamineWorkbook.from_filelike(opened)
    if not book.sheet_names:
        raise damaged(path)
    return book


def _worksheets(book: CalamineWorkbook) -> list[tuple[str, bool]]:
    """The names of the sheets that hold cells, and whether they are hidden."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    return [(about.name, about.visible != SheetVisibleEnum.Visible) for about in book.sheets_metadata if about.typ == SheetTypeEnum.WorkSheet]


def _sheet(book: CalamineWorkbook, name: str, path: Path) -> Sheet:
    with _refusing(path):
        one = book.get_sheet_by_name(name)
        cells = [[_cell(value) for value in row] for row in one.to_python(skip_empty_area=False)]
        return Sheet(name, cells, tuple((top, left, bottom, right) for (top, left), (bottom, right) in one.merged_cell_ranges or []))


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Calamine's own errors, and its panics on files that it did not expect (a `BaseException` without a public name), as sentences."""
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError as error:
        raise locked(path) from error
    except (CalamineError, OSError, ValueError, LookupError) as error:
        raise damaged(path) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise damaged(path) from error
        raise


def _sheet_parts(package: Package) -> dict[str, str]:
    """Sheet name → the member that holds it."""
    root = package.xml(_WORKBOOK)
    relations = package.relations(_WORKBOOK)
    found = {}
    for one in root.iter() if root is not None else ():
        if one.tag.endswith("}sheet") and one.get("name"):
            link = next((value for key, value in one.attrib.items() if key.endswith("}id")), "")
            found[str(one.get("name"))] = relations.get(link, "")
    return found


def _check_extent(size: Place, path: Path) -> None:
    rows, columns = size
    if rows * columns > _MOST_CELLS:
        raise FileProblem(
            _("{file} 的表格用到了第 {rows} 行、第 {columns} 列，范围过大，没有读取。").format(file=path.name, rows=rows, columns=columns),
            hint=_("请删除远处的多余内容和空白行列，另存后再导入。"),
        )


def _padded(cells: list[list[Scalar]], extras: Extras) -> list[list[Scalar]]:
    """Numbers whose format shows leading zeros, as they are shown: 编号 001 is stored as 1."""
    for (row, column), (head, width) in extras.padded.items():
        if row < len(cells) and column < len(cells[row]):
            value = cells[row][column]
            if isinstance(value, int | float) and not isinstance(value, bool) and value == int(value) >= 0:
                cells[row][column] = f"{head}{int(value):0{width}d}"
    return cells


def _table_names(above: Sequence[Sequence[str]]) -> list[str]:
    """A document's tables are called by the last line above them, numbered where that says nothing or the same again."""
    names: list[str] = []
    for number, lines in enumerate(above, 1):
        name = lines[-1].strip()[:30] if lines else ""
        names.append(name if name and name not in names else _("表{number}").format(number=number))
    return names


def _unicode() -> Encoding:
    return Encoding("UTF-8", "utf-8", _("工作簿内部为 Unicode，无需判断编码。"))


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
    text = value.strip(_INVISIBLE)
    return (text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text) or None


def at(sheet: Sheet, row: int, column: int) -> Scalar:
    """The value at a place, None outside."""
    return sheet.cells[row][column] if 0 <= row < len(sheet.cells) and column < len(sheet.cells[row]) else None


def text_of(cell: Scalar) -> str:
    """A cell as text, '' for a blank one."""
    return cell.strip() if isinstance(cell, str) else plain(cell)


def chosen_sheet(book: Book, name: str, path: Path) -> Sheet | None:
    """The sheet that the user named, None where none was named. Raises `DataProblem` that lists the sheets."""
    if not name:
        return None
    found = next((sheet for sheet in book.sheets if sheet.name == name), None)
    if found is None:
        names = "、".join(sheet.name for sheet in book.sheets)
        raise DataProblem(_("{file} 中没有工作表“{sheet}”。").format(file=path.name, sheet=name), hint=_("有：{names}").format(names=names))
    return found
