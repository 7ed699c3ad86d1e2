"""What comes packed: ZIP, KMZ, a ZIP in a ZIP. Unpacked into a temporary folder, never a byte outside it, never more than can be meant."""

from __future__ import annotations

import lzma
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from chuangwen.errors import FileProblem
from chuangwen.text import _

_MOST_UNPACKED = 1 << 30
_WORST_RATIO = 200
_SMALL = 50 << 20  # below this no ratio is suspicious
_MOST_MEMBERS = 20_000
_DEEPEST = 3
_CHUNK = 1 << 20


@dataclass
class _Budget:
    """What may still be unpacked, of the archive and of all archives in it together."""

    name: str
    packed: int  # bytes of the outermost archive
    spent: int = 0
    members: int = _MOST_MEMBERS

    def take(self, entries: Sequence[zipfile.ZipInfo]) -> None:
        """Before anything is unpacked: what the archive says of itself."""
        size = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        self.members -= len(entries)
        if size > _MOST_UNPACKED - self.spent or self.members < 0 or (size > _SMALL and size > _WORST_RATIO * max(packed, 1)):
            raise self.bomb(_("{count} 个文件，{size} MB").format(count=len(entries), size=size >> 20))

    def spend(self, count: int) -> None:
        """While unpacking: the directory of an archive may lie about its sizes."""
        self.spent += count
        if self.spent > _MOST_UNPACKED or (self.spent > _SMALL and self.spent > _WORST_RATIO * self.packed):
            raise self.bomb(_("超过 {size} MB").format(size=self.spent >> 20))

    def bomb(self, what: str) -> FileProblem:
        """The refusal."""
        return FileProblem(_("压缩包 {file} 解开后异常大（{what}），没有解开。").format(file=self.name, what=what), hint=_("请核对来源，解压后再导入。"))


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The content of an archive in a temporary folder that is gone afterwards; an archive inside it is unpacked beside itself.

    Names are read as GBK where the archive does not say UTF-8. Raises `FileProblem` for a bomb, a climbing path, a password, a damaged archive.
    """
    with tempfile.TemporaryDirectory(prefix="chuangwen-") as folder:
        _unpack_file(path, Path(folder), 1, _Budget(path.name, path.stat().st_size))
        yield Path(folder)


def _unpack_file(path: Path, folder: Path, depth: int, budget: _Budget) -> None:
    name = budget.name if depth == 1 else f"{budget.name}/{path.name}"
    if depth > _DEEPEST:
        raise FileProblem(_("压缩包 {file} 里一层套一层，没有解开。").format(file=budget.name), hint=_("请解压后选择其中一份导入。"))
    try:
        with zipfile.ZipFile(path) as archive:
            _unpack(archive, name, folder, budget)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error, lzma.LZMAError, struct.error) as error:
        raise FileProblem(_("压缩包 {file} 已损坏，无法解开。").format(file=name), hint=_("请重新复制，或解压后再导入。")) from error
    for inner in sorted(folder.rglob("*")):
        if inner.suffix.lower() == ".zip" and inner.is_file():
            beside = inner.with_name(f"{inner.name}.d")
            beside.mkdir()
            _unpack_file(inner, beside, depth + 1, budget)
            inner.unlink()


def _unpack(archive: zipfile.ZipFile, name: str, folder: Path, budget: _Budget) -> None:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    for entry in entries:
        if entry.flag_bits & 1:
            raise FileProblem(_("压缩包 {file} 设有密码。").format(file=name), hint=_("请先用密码解压，再导入其中的文件。"))
    budget.take(entries)
    for entry in entries:
        inside = PurePosixPath(_entry_name(entry).replace("\\", "/"))
        if inside.is_absolute() or ".." in inside.parts or (inside.parts and ":" in inside.parts[0]):
            raise FileProblem(_("压缩包 {file} 中的路径 {name} 越出了文件夹，没有解开。").format(file=name, name=inside), hint=_("请核对来源。"))
        if "__MACOSX" in inside.parts or inside.name.startswith("._") or not inside.name:
            continue
        target = folder.joinpath(*inside.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as source, target.open("wb") as sink:
            while chunk := source.read(_CHUNK):
                budget.spend(len(chunk))
                sink.write(chunk)


def _entry_name(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return entry.filename
