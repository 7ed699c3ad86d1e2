"""What this machine lacks, and the remedy. Standard library alone: `make setup` asks before anything is installed."""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chuangwen.settings import resources_folder
from chuangwen.text import _

OLDEST_GLIBC = (2, 28)
"""Of the PySide6 6.8 wheels (facts.md 2); Kylin V10 has 2.31, UOS 20 has 2.28."""

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libcups.so.2": "libcups2",
}
"""What Qt loads on Linux for a window, a picture and a printer → the Debian, Kylin and UOS package that has it."""

WEB_LIBRARIES = {
    "libatomic.so.1": "libatomic1",
    "libnss3.so": "libnss3",
    "libnspr4.so": "libnspr4",
    "libXcomposite.so.1": "libxcomposite1",
    "libXdamage.so.1": "libxdamage1",
    "libXext.so.6": "libxext6",
    "libXfixes.so.3": "libxfixes3",
    "libXi.so.6": "libxi6",
    "libXrandr.so.2": "libxrandr2",
    "libXrender.so.1": "libxrender1",
    "libXtst.so.6": "libxtst6",
    "libasound.so.2": "libasound2",
    "libdrm.so.2": "libdrm2",
    "libexpat.so.1": "libexpat1",
    "libgbm.so.1": "libgbm1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxkbfile.so.1": "libxkbfile1",
    "libxshmfence.so.1": "libxshmfence1",
}
"""What the web engine loads on top of them; without it the web map opens in the browser."""

PACKAGES = (
    "PySide6",
    "numpy",
    "shapely",
    "pyproj",
    "pyogrio",
    "geopandas",
    "fiona",
    "folium",
    "sqlalchemy",
    "openpyxl",
    "python-calamine",
    "pikepdf",
    "pypinyin",
    "segno",
    "django-js-lib-leaflet",
    "cryptography",
)
_ROOM_MB = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `state`: ok, warn (something will be missing), missing (the program cannot run)."""

    name: str
    state: str
    remedy: str = ""


def findings() -> list[Finding]:
    """All that is worth knowing of this machine, the gravest last looked at first fixed."""
    found = [_python(), *_packages(), _fonts(), _room()]
    if sys.platform.startswith("linux"):
        found += [_glibc(), *_libraries(), _display(), _chinese_input()]
    found.append(_printer())
    return found


def missing_system_packages() -> list[str]:
    """Debian packages of the libraries that Qt and its web engine would not find."""
    if not sys.platform.startswith("linux"):
        return []
    return _packages_of(LIBRARIES | WEB_LIBRARIES)


def _packages_of(libraries: Mapping[str, str]) -> list[str]:
    return sorted({package for library, package in libraries.items() if not _loads(library)})


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _python() -> Finding:
    good = (3, 11) <= sys.version_info[:2] < (3, 13)
    remedy = "" if good else _("请安装 Python 3.11 或 3.12。")
    return Finding(_("Python {version}").format(version=platform.python_version()), "ok" if good else "missing", remedy)


def _packages() -> list[Finding]:
    found = []
    for name in PACKAGES:
        try:
            found.append(Finding(f"{name} {importlib.metadata.version(name)}", "ok"))
        except importlib.metadata.PackageNotFoundError:
            found.append(Finding(name, "missing", _("请运行 make setup。")))
    return found


def _fonts() -> Finding:
    there = all((resources_folder() / "fonts" / f"ChuangwenSans-{style}.ttf").is_file() for style in ("Regular", "Bold"))
    return Finding(_("自带字体"), "ok" if there else "missing", "" if there else _("程序文件夹不完整，请重新复制 resources/fonts。"))


def _room() -> Finding:
    free = shutil.disk_usage(Path.home()).free // 2**20
    low = free < _ROOM_MB
    return Finding(_("磁盘剩余 {free} MB").format(free=free), "warn" if low else "ok", _("请腾出空间，项目和照片都存在本机。") if low else "")


def _glibc() -> Finding:
    name, version = platform.libc_ver()
    parts = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    good = name != "glibc" or parts >= OLDEST_GLIBC
    return Finding(
        f"{name or 'libc'} {version}", "ok" if good else "missing", "" if good else _("系统太旧，需要 glibc 2.28 以上（麒麟 V10、统信 20 都满足）。")
    )


def _libraries() -> list[Finding]:
    lacking, beside = _packages_of(LIBRARIES), _packages_of(WEB_LIBRARIES)
    if not lacking and not beside:
        return [Finding(_("Qt 需要的系统库"), "ok")]
    command = _("请运行：sudo apt-get install {names}").format(names=" ".join([*lacking, *beside]))
    return [
        *(Finding(_("系统库 {name}").format(name=name), "missing", command) for name in lacking),
        *(Finding(_("网页地图的系统库 {name}").format(name=name), "warn", command) for name in beside),
    ]


def _display() -> Finding:
    there = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return Finding(_("图形界面"), "ok" if there else "warn", "" if there else _("没有图形界面，只能用命令行和打印。"))


def _chinese_input() -> Finding:
    """PySide6's own wheels have no plug-in for the usual input methods (facts.md 8)."""
    method = os.environ.get("QT_IM_MODULE", "") or os.environ.get("XMODIFIERS", "")
    if "fcitx" not in method:
        return Finding(_("中文输入法"), "ok")
    return Finding(
        _("中文输入法 fcitx"), "warn", _("若窗口里打不出中文，请把系统 Qt 6 的 fcitx 插件复制到 PySide6/Qt/plugins/platforminputcontexts，或改用 ibus。")
    )


def _printer() -> Finding:
    if sys.platform == "win32" or shutil.which("lpstat") is None:
        return Finding(_("打印机：由系统管理"), "ok")
    listed = subprocess.run(["lpstat", "-p"], capture_output=True, text=True, check=False, timeout=10).stdout.strip()
    return Finding(_("打印机"), "ok" if listed else "warn", "" if listed else _("系统里还没有打印机，可以先存为 PDF 再打印。"))


if __name__ == "__main__":
    sys.stdout.write("".join(f"{name}\n" for name in missing_system_packages()))
