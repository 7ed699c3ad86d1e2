"""What comes packed: ZIP, KMZ, a ZIP in a ZIP. Unpacked into a temporary folder, never a byte outside it, never more than can be meant."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from chuangwen.errors import FileProblem
from chuangwen.text import _

_MOST_UNPACKED = 1 << 30
_WORST_RATIO = 200
_SMALL = 50 << 20  # below this no ratio is suspicious
_MOST_MEMBERS = 20_000
_DEEPEST = 2
_CHUNK = 1 << 20


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The content of an archive in a temporary folder that is gone afterwards; an archive inside it is unpacked beside itself.

    Names are read as GBK where the archive does not say UTF-8. Raises `FileProblem` for a bomb, a climbing path, a password, a damaged archive.
    """
    with tempfile.TemporaryDirectory(prefix="chuangwen-") as folder:
        _unpack_file(path, Path(folder), _DEEPEST, path.name)
        yield Path(folder)


def _unpack_file(path: Path, folder: Path, depth: int, name: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            _unpack(archive, name, folder)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise FileProblem(_("压缩包 {file} 已损坏，无法解开。").format(file=name), hint=_("请重新复制，或解压后再导入。")) from error
    for inner in sorted(folder.rglob("*")):
        if depth > 1 and inner.suffix.lower() == ".zip" and inner.is_file():
            beside = inner.with_name(f"{inner.name}.d")
            beside.mkdir()
            _unpack_file(inner, beside, depth - 1, f"{name}/{inner.name}")
            inner.unlink()


def _unpack(archive: zipfile.ZipFile, name: str, folder: Path) -> None:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    for entry in entries:
        if entry.flag_bits & 1:
            raise FileProblem(_("压缩包 {file} 设有密码。").format(file=name), hint=_("请先用密码解压，再导入其中的文件。"))
    size = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if size > _MOST_UNPACKED or len(entries) > _MOST_MEMBERS or (size > _SMALL and size > _WORST_RATIO * max(packed, 1)):
        raise FileProblem(
            _("压缩包 {file} 解开后异常大（{count} 个文件，{size} MB），没有解开。").format(file=name, count=len(entries), size=size >> 20),
            hint=_("请核对来源，解压后再导入。"),
        )
    left = size
    for entry in entries:
        inside = PurePosixPath(_entry_name(entry).replace("\\", "/"))
        if inside.is_absolute() or ".." in inside.parts or (inside.parts and ":" in inside.parts[0]):
            raise FileProblem(_("压缩包 {file} 中的路径 {name} 越出了文件夹，没有解开。").format(file=name, name=inside), hint=_("请核对来源。"))
        if "__MACOSX" in inside.parts or inside.name.startswith("._"):
            continue
        target = folder.joinpath(*inside.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as source, target.open("wb") as sink:
            while chunk := source.read(_CHUNK):
                left -= len(chunk)
                if left < 0:  # the directory of the archive lied about the sizes
                    raise FileProblem(_("压缩包 {file} 解开后异常大，没有解开。").format(file=name), hint=_("请核对来源，解压后再导入。"))
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
