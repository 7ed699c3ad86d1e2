"""Preview, PDF and picture are one drawing: every label stands at the same place within a hundredth of a millimetre."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pypdf import PdfReader
from PySide6.QtWidgets import QApplication

from chuangwen.render import fonts
from chuangwen.render.draw import image_of
from chuangwen.render.output import pdf
from chuangwen.render.paper.products import atlas
from chuangwen.render.primitives import Word
from chuangwen.render.scene import Scene, build
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project
from tests.golden import pixels
from tests.render.build import view
from tests.render.test_draw import pdf as one_page
from tests.render.test_scene import a_town

CLOSE = 0.01
"""mm."""
POINT = 25.4 / 72
MARGIN = 10 * POINT
"""Around a page of QPdfWriter whose margins nobody set."""


def texts(path: Path, page: int = 0) -> list[tuple[str, float, float]]:
    """What a PDF's page says, with where each piece of text begins on its baseline: mm from the top left."""
    found: list[tuple[str, float, float]] = []
    sheet = PdfReader(str(path)).pages[page]
    height = float(sheet.mediabox.height)

    def visit(text: str, cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((text.strip(), x * POINT, (height - y) * POINT))

    sheet.extract_text(visitor_text=visit)
    return found


def unfound(scene: Scene, said: list[tuple[str, float, float]], x: float = 0.0, y: float = 0.0) -> list[str]:
    """Words of the scene, whose frame has its corner at (x, y), that do not begin where the scene has them."""
    missing = []
    for word in scene.items:
        if isinstance(word, Word):
            begin = np.array([word.x / 100 + x, word.y / 100 + y])
            away = [float(np.abs(np.array(place) - begin).max()) for text, *place in said if text == word.text]
            if min(away, default=9.0) > CLOSE:
                missing.append(f"{word.text} at {begin}: {min(away, default=9.0):.3f} mm off")
    return missing


def test_boxes_do_not_depend_on_the_device(qapp: QApplication) -> None:
    """Screen, 600 dpi, halos of either kind: equal to the last bit; and each word begins at the left edge of its box, on its baseline."""
    for angle in (0.0, 33.0):
        first = build(a_town(), view(rotation=angle))
        for other in (view(dots_per_mm=24, rotation=angle), view(halo="marker", rotation=angle), view(halo="none", dots_per_mm=2, rotation=angle)):
            assert first.labels == build(a_town(), other).labels
        level = {(word.text, word.x, word.y): word for word in first.items if isinstance(word, Word) and not word.angle}
        boxes = {label.text: label.boxes[0] for label in first.labels if len(label.boxes) == 1}
        assert len(boxes) > 12
        for (text, x, y), word in level.items():
            if text in boxes:
                x0, y0, x1, y1 = boxes[text]
                assert (x0, (y0 + y1) / 2 + (fonts.ASCENT - fonts.DESCENT) / 2 * word.size) == pytest.approx((x / 100, y / 100), abs=CLOSE)
                assert x1 - x0 == pytest.approx(fonts.width(text, word.size, word.bold), abs=CLOSE)


@pytest.mark.parametrize("halo", ["none", "marker"])
def test_a_pdf_has_its_words_where_the_scene_has_them(qapp: QApplication, tmp_path: Path, halo: str) -> None:
    """A town, turned; and the check notices a hundredth and a half."""
    at = view(rotation=20, halo=halo)
    scene = build(a_town(), at)
    said = texts(one_page(tmp_path / "town.pdf", a_town(), at))
    assert [] == unfound(scene, said, MARGIN, MARGIN)
    assert unfound(scene, said, MARGIN + 0.016, MARGIN)


def test_the_printed_sheet_has_its_labels_where_the_preview_has_them(qapp: QApplication, tmp_path: Path, demo_file: Path) -> None:
    """A real zone sheet through the whole way to the file."""
    project = Project.open(demo_file, "甲")
    run = atlas(project, Request("zone", codes=("WC-01",)), halo="marker")
    page = run.pages[0]
    pdf(run.pages, tmp_path / "zone.pdf", "zone")
    said = texts(tmp_path / "zone.pdf")
    (frame, block), *_ = page.map_blocks
    preview = atlas(project, Request("zone", codes=("WC-01",)), halo="outline").pages[0].map_blocks[0][1]
    project.close()
    assert block.scene.labels == preview.scene.labels
    assert len(block.scene.labels) > 20
    assert [] == unfound(preview.scene, said, frame.x, frame.y)


def test_pictures_of_two_finenesses_have_their_words_at_the_same_place(qapp: QApplication) -> None:
    """The middle of the ink of each level label, at 20 and at 40 dots a millimetre. Qt sets baselines on whole dots of a picture: half a dot is its own."""
    scene = build(a_town(), view(halo="none"))
    bare = replace(scene, items=tuple(item for item in scene.items if isinstance(item, Word) and item.angle == 0))
    coarse, fine = (255.0 - pixels(image_of(bare, replace(scene.view, dots_per_mm=dots)))[:, :, 0] for dots in (20, 40))
    boxes = [label.boxes[0] for label in scene.labels if len(label.boxes) == 1]
    assert len(boxes) > 12
    for box in boxes:
        one, other = ink_middle(coarse, box, 20), ink_middle(fine, box, 40)
        assert one[0] == pytest.approx(other[0], abs=CLOSE)
        assert one[1] == pytest.approx(other[1], abs=CLOSE + 0.5 / 20 + 0.5 / 40)


def ink_middle(ink: NDArray[np.float64], box: tuple[float, float, float, float], dots: int) -> tuple[float, float]:
    """Where the middle of the ink in and closely around a box lies, mm."""
    x0, y0, x1, y1 = (round(value * 10) * dots // 10 for value in (box[0] - 0.2, box[1] - 0.2, box[2] + 0.2, box[3] + 0.2))
    part = ink[y0:y1, x0:x1]
    down, across = np.mgrid[y0:y1, x0:x1] + 0.5
    return float((across * part).sum() / part.sum() / dots), float((down * part).sum() / part.sum() / dots)
