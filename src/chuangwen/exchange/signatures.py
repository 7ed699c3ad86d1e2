"""What a file really is, by its size and its first bytes, before any reader sees it: a web page for a shapefile, a RAR named .zip, a download of zeros."""

from __future__ import annotations

import re
from pathlib import Path

from chuangwen.errors import FileProblem
from chuangwen.text import _

_LARGEST = 2 << 30  # bytes
_LARGEST_TEXT = 400 << 20  # bytes of what is parsed as a whole
_TEXTS = (".geojson", ".json", ".geojsonl", ".topojson", ".kml", ".dxf", ".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".docx")
_HOLLOW = 64 << 20  # bytes: below this nobody makes room before a download
_SHARE = 20
_BLOCK = 512
_HEAD = 1024
_PAGE = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|script)", re.IGNORECASE)
_MAY_BE_PAGES = (".xls", ".xlsx", ".csv", ".txt", ".html", ".htm")  # web systems save tables so
_FOREIGN = (
    (b"Rar!\x1a\x07", (".rar",), _("RAR 压缩包"), _("请先解压，再导入其中的文件（或重新打成 zip）。")),
    (b"7z\xbc\xaf\x27\x1c", (".7z",), _("7z 压缩包"), _("请先解压，再导入其中的文件（或重新打成 zip）。")),
    (b"\x1f\x8b", (".gz",), _("gz 压缩包"), _("请先解压，再导入其中的文件（或重新打成 zip）。")),
    (b"AutoCAD Binary DXF", (), _("二进制 DXF"), _("请在 CAD 里另存为 DXF（ASCII），再导入。")),
    (b"AC10", (".dwg",), _("DWG 图纸"), _("请在 CAD 里另存为 DXF，再导入。")),
    (b"%PDF", (".pdf",), _("PDF"), _("请索取原来的表格或图形文件。")),
)
_POINTER = b"version https://git-lfs.github.com"


def check_content(path: Path) -> None:
    """Let a file pass whose content may be what its name says. Raises `FileProblem` with what it is instead and what to do."""
    about = path.stat()
    ending = path.suffix.lower()
    if about.st_size > (_LARGEST_TEXT if ending in _TEXTS else _LARGEST):
        raise FileProblem(
            _("{file} 太大（{size} MB），没有打开。").format(file=path.name, size=about.st_size >> 20), hint=_("请核对来源，或请提供者只导出本区的部分。")
        )
    if about.st_size > _HOLLOW and getattr(about, "st_blocks", about.st_size) * _BLOCK < about.st_size // _SHARE:
        raise FileProblem(_("{file} 的内容几乎全是空的，可能没有下载完。").format(file=path.name), hint=_("请重新复制或下载这个文件。"))
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_POINTER):
        raise FileProblem(_("{file} 只是 Git LFS 的指针，不是数据本身。").format(file=path.name), hint=_("请向提供者索取真正的文件。"))
    if _PAGE.match(head) and ending not in _MAY_BE_PAGES:
        raise FileProblem(_("{file} 其实是网页（可能是登录页面），不是数据。").format(file=path.name), hint=_("请登录后重新下载，或向提供者索取。"))
    for start, endings, title, remedy in _FOREIGN:
        if head.startswith(start) and ending not in endings:
            raise FileProblem(_("{file} 其实是{title}。").format(file=path.name, title=title), hint=remedy)
