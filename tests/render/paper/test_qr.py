"""The code on a sheet: every square where a reader looks for it, light between, in a picture and in a PDF."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import segno
from PIL import Image
from PySide6.QtGui import QPainter, QPdfWriter

from chuangwen.render.draw import mm_painter, on_image
from chuangwen.render.paper.furniture import qr
from chuangwen.services.paper.frames import Rect

pytestmark = pytest.mark.window
WORDS = "示范区 网格巡查图 A-17 东街第1网格 2024-06-03 09:30"
PLACE = Rect(3.137, 4.29, 14.0, 14.0)


def dark(picture: Image.Image, dots_per_mm: float, modules: int) -> list[list[bool]]:
    """What a reader sees in the middle of each module."""
    side = int(1400 / modules) / 100
    left, top = (middle - side * modules / 2 for middle in (PLACE.x + 7, PLACE.y + 7))
    middles = [(number + 0.5) * side for number in range(modules)]
    return [[picture.getpixel((int((left + x) * dots_per_mm), int((top + y) * dots_per_mm))) < 128 for x in middles] for y in middles]  # type: ignore[operator]


def expected() -> list[list[bool]]:
    """The modules as the standard wants them; which of the eight masks lies over them does not matter to a reader, ours is number 3."""
    return [[bool(module) for module in row] for row in segno.make(WORDS, error="m", micro=False, mask=3).matrix]


def test_in_a_picture(qapp: object, tmp_path: Path) -> None:
    """Within its place, square by square."""
    image = on_image(20, 20, 40)
    with mm_painter(image, 40) as painter:
        qr(painter, WORDS, PLACE)
    image.save(str(tmp_path / "a.png"))

    assert dark(Image.open(tmp_path / "a.png").convert("L"), 40, len(expected())) == expected()


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (Debian package poppler-utils) is not installed")
def test_in_a_pdf(qapp: object, tmp_path: Path) -> None:
    """The same place within half a dot of 1016 dpi."""
    writer = QPdfWriter(str(tmp_path / "a.pdf"))
    writer.setResolution(2540)
    layout = writer.pageLayout()
    layout.setMode(layout.Mode.FullPageMode)
    writer.setPageLayout(layout)
    painter = QPainter(writer)
    painter.scale(100, 100)
    qr(painter, WORDS, PLACE)
    painter.end()
    del painter, writer
    subprocess.run(["pdftoppm", "-r", "1016", "-x", "0", "-y", "0", "-W", "800", "-H", "800", "-png", str(tmp_path / "a.pdf"), str(tmp_path / "p")], check=True)
    (png,) = tmp_path.glob("p*.png")

    assert dark(Image.open(png).convert("L"), 40, len(expected())) == expected()
