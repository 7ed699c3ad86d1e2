"""Pictures that were looked at: a change of drawing shows here."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from math import ceil
from pathlib import Path

import pytest
from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QApplication

from chuangwen.render.draw import draw, image_of
from chuangwen.render.scene import build
from tests.golden import check, compare, pixels
from tests.render.cases import CASES, read

DPI = 200


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_the_picture_is_the_one_looked_at(qapp: QApplication, case: Path) -> None:
    """Each case draws as its reference."""
    content, view = read(case)
    check(case, image_of(build(content, view), view))


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed (poppler-utils)")
@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_screen_and_paper_are_one_picture(qapp: QApplication, case: Path, tmp_path: Path) -> None:
    """The same scene on an image and through a PDF agrees but for the two rasterisers' smoothing of edges."""
    content, view = read(case)
    view = replace(view, dots_per_mm=DPI / 25.4)
    scene = build(content, view)
    file = tmp_path / "case.pdf"
    writer = QPdfWriter(str(file))
    writer.setResolution(2540)
    # A PDF page is whole points large; a page of broken points would shift the picture by a part of a pixel.
    page = QSizeF(ceil(view.width * 72 / 25.4), ceil(view.height * 72 / 25.4))
    writer.setPageSize(QPageSize(page, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    painter.scale(100, 100)
    draw(painter, scene, view)
    painter.end()
    subprocess.run(["pdftoppm", "-r", str(DPI), "-png", "-singlefile", str(file), str(tmp_path / "paper")], check=True)
    paper, screen = pixels(QImage(str(tmp_path / "paper.png"))), pixels(image_of(scene, view))
    height, width = min(paper.shape[0], screen.shape[0]), min(paper.shape[1], screen.shape[1])
    found = compare(paper[:height, :width], screen[:height, :width], far=64)
    # What is left is the rasterisers' own: poppler snaps straight strokes to whole pixels, Qt the baselines of text; hatches are hundreds of hairlines.
    assert found.within(share=0.010, mean=2.0), found
