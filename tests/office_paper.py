"""A document turned into PDF by LibreOffice with faces under the names that offices have: our own font, renamed (nothing of theirs is bundled)."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.build import ROOT

NAMES = {
    "仿宋_GB2312": "FangSongOffice",
    "方正小标宋简体": "XiaoBiaoSongOffice",
    "黑体": "HeiTiOffice",
    "楷体_GB2312": "KaiTiOffice",
    "宋体": "SongTiOffice",
    "Times New Roman": "TimesOffice",
}
"""Name asked for → the name that pdffonts shows."""


def wanted_tools() -> None:
    """Skip where the Debian packages are not installed."""
    for tool, package in (("soffice", "libreoffice-writer"), ("pdffonts", "poppler-utils"), ("pdftotext", "poppler-utils")):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is missing: apt-get install {package}")


@cache
def _fonts(folder: Path) -> Path:
    from fontTools.ttLib import TTFont

    folder.mkdir(parents=True, exist_ok=True)
    for name, shown in NAMES.items():
        font = TTFont(ROOT / "resources" / "fonts" / "ChuangwenSans-Regular.ttf", lazy=True)
        font["name"].names = [record for record in font["name"].names if record.platformID == 3]
        for record in font["name"].names:
            if record.nameID in (1, 16, 3, 4):
                record.string = name
            if record.nameID == 6:
                record.string = shown
        font.save(folder / f"{shown}.ttf")
    cache_folder = folder / "cache"
    (folder / "fonts.conf").write_text(
        f"<fontconfig><dir>{folder}</dir><dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>{cache_folder}</cachedir></fontconfig>", encoding="utf-8"
    )
    return folder / "fonts.conf"


def pdf_of(document: Path, fonts: Path) -> Path:
    """The PDF beside `document`. `fonts`: a folder that keeps the renamed faces for further documents."""
    environment = {**os.environ, "FONTCONFIG_FILE": str(_fonts(fonts)), "HOME": str(fonts)}
    command = ["soffice", "--headless", f"-env:UserInstallation={(fonts / 'profile').as_uri()}", "--convert-to", "pdf", "--outdir", str(document.parent)]
    subprocess.run([*command, str(document)], check=True, capture_output=True, env=environment, timeout=120)
    return document.with_suffix(".pdf")
