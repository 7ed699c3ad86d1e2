"""The archive that an xlsx, ods or docx is: members by name, relations between them, and nothing unpacked that could fill the memory."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.errors import FileProblem
from chuangwen.text import _

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LARGEST = 160 << 20  # bytes of XML, unpacked: a list of 100,000 rows; it is held twice while it is read
_WORST_RATIO = 300
_LARGEST_MEMBER = 64 << 20  # of a picture
_TEXTS = (".xml", ".rels", ".vml")


class Package:
    """An office archive. Names are found whatever their case, as Excel finds them. Raises `FileProblem` for a damaged archive or a bomb."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with zipfile.ZipFile(path) as archive:
                entries = archive.infolist()
                self._names = {_folded(entry.filename): entry.filename for entry in entries}
                self._refuse_bombs(entries)
                self._texts = self._read_texts(archive, entries)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            raise damaged(path) from error

    def __contains__(self, name: str) -> bool:
        return _folded(name) in self._names

    def named(self, start: str, end: str = "") -> list[str]:
        """The members whose names begin and end so, in the order of the archive."""
        return [name for key, name in self._names.items() if key.startswith(start.lower()) and key.endswith(end.lower())]

    def read(self, name: str) -> bytes:
        """An XML member, empty where there is none."""
        return self._texts.get(self._names.get(_folded(name), ""), b"")

    def xml(self, name: str) -> Element | None:
        """An XML member parsed, None where there is none. Entities are refused: Raises `FileProblem`."""
        from xml.etree.ElementTree import ParseError

        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import fromstring

        content = self.read(name)
        if not content:
            return None
        try:
            found: Element = fromstring(content, forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
            raise damaged(self.path) from error
        return found

    def relations(self, part: str) -> dict[str, str]:
        """Relation id → member that `part` refers to (`xl/media/image1.png`); links out of the archive are left out."""
        folder, base = posixpath.split(self._names.get(_folded(part), part))
        root = self.xml(f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels")
        found = {}
        for one in root if root is not None else ():
            target = one.get("Target", "")
            if one.get("TargetMode", "").lower() != "external" and target and one.get("Id"):
                found[str(one.get("Id"))] = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        return found

    def contents(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Members such as pictures, one after another: only those that are there, whole, and of a bearable size."""
        with zipfile.ZipFile(self.path) as archive:
            for name in names:
                own = self._names.get(_folded(name))
                if own is None or archive.getinfo(own).file_size > _LARGEST_MEMBER:
                    continue
                try:
                    yield name, archive.read(own)
                except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError):
                    continue

    def _refuse_bombs(self, entries: list[zipfile.ZipInfo]) -> None:
        size = sum(entry.file_size for entry in entries if entry.filename.lower().endswith(_TEXTS))
        packed = sum(entry.compress_size for entry in entries if entry.filename.lower().endswith(_TEXTS))
        if size > _LARGEST or (size > 50 << 20 and size > _WORST_RATIO * max(packed, 1)):
            raise FileProblem(_("{file} 解开后异常大（{size} MB），没有打开。").format(file=self.path.name, size=size >> 20), hint=_("请核对来源。"))

    def _read_texts(self, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> dict[str, bytes]:
        """All XML, whole: a size that lies about what is packed fails its checksum here, before a reader in another language meets it."""
        if any(entry.flag_bits & 1 for entry in entries):
            raise locked(self.path)
        return {entry.filename: archive.read(entry) for entry in entries if entry.filename.lower().endswith(_TEXTS)}


def damaged(path: Path) -> FileProblem:
    """What to say of a file that nobody can open."""
    return FileProblem(_("{file} 无法打开：工作簿已损坏，或不是表格文件。").format(file=path.name), hint=_("请用 Excel 或 WPS 打开后另存为 xlsx，再导入。"))


def locked(path: Path) -> FileProblem:
    """What to say of a file that has a password."""
    return FileProblem(_("{file} 设有打开密码。").format(file=path.name), hint=_("请在 Excel 或 WPS 中去掉密码，另存后再导入。"))


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
