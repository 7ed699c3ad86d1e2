"""Text has one width everywhere and breaks where Chinese may break."""

from __future__ import annotations

from threading import Thread

import pytest
from PySide6.QtGui import QFontInfo, QFontMetricsF
from PySide6.QtWidgets import QApplication

from chuangwen.render import fonts
from chuangwen.render.draw import mm_painter, on_image


def test_the_bundled_face_is_used(qapp: QApplication) -> None:
    """Not whatever the machine has."""
    for bold in (False, True):
        assert (fonts.FAMILY, bold) == (QFontInfo(fonts.font(3, bold)).family(), QFontInfo(fonts.font(3, bold)).bold())


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("size", [1.8, 2.5, 3.0, 7.25])
def test_a_width_is_that_of_the_drawn_text(qapp: QApplication, size: float, bold: bool) -> None:
    """Within a hundredth of a millimetre at every size, kerning pairs and mixed scripts included."""
    for text in ("第3网格 A-17", "AVATAR To", "示江新时代文明实践站", "1:5 000", ""):
        drawn = QFontMetricsF(fonts.font(size, bold)).horizontalAdvance(text) / fonts.UNITS
        assert drawn == pytest.approx(fonts.width(text, size, bold), abs=0.01)


def test_lines_are_not_wider_than_the_room_and_lose_nothing(qapp: QApplication) -> None:
    """Whatever the room; closing marks may hang over."""
    text = "人民路（迎宾大道至解放西路）东侧第3网格A-17号门前,垃圾桶 overflowing 未清运。"
    for room in (6.0, 12.0, 30.0, 200.0):
        lines = fonts.wrapped(text, 2.5, room)
        assert text.replace(" ", "") == "".join(lines).replace(" ", "")
        assert all(fonts.width(line.rstrip("，。）,"), 2.5) <= room + 0.01 for line in lines)
        assert not any(line[0] in "，。）" for line in lines if line)


def test_words_and_numbers_stay_whole_and_line_breaks_count(qapp: QApplication) -> None:
    """20240408-001 goes to the next line rather than in two."""
    assert ["问题编号", "2024040817"] == fonts.wrapped("问题编号2024040817", 2.5, 16.0)
    assert ["甲", "", "乙"] == fonts.wrapped("甲\n\n乙", 2.5, 50)


def test_a_shortened_text_fits_and_says_so(qapp: QApplication) -> None:
    """… at the end, only where needed."""
    assert "人民路" == fonts.shortened("人民路", 2.5, 8)
    short = fonts.shortened("新时代文明实践站", 2.5, 10)
    assert short.endswith("…")
    assert fonts.width(short, 2.5) <= 10


def test_a_listener_hears_size_place_and_what_was_cut_off_and_nothing_is_painted(qapp: QApplication) -> None:
    """In its own thread alone: a preview painted meanwhile is whole."""
    heard: list[fonts.Written] = []
    picture, other = on_image(40, 10, 10), on_image(40, 10, 10)

    def paint_elsewhere() -> None:
        with mm_painter(other, 10) as painter:
            fonts.write(painter, 5, 5, "别处", 3.0)

    with fonts.listening(heard.append), mm_painter(picture, 10) as painter:
        painter.translate(10, 0)
        fonts.write(painter, 5, 5, fonts.shortened("迎宾大道与解放西路交叉口", 3.0, 10.0), 3.0, align="right")
        thread = Thread(target=paint_elsewhere)
        thread.start()
        thread.join()

    (one,) = heard
    assert one.text.endswith("…")
    assert (one.size, one.whole) == (3.0, "迎宾大道与解放西路交叉口")
    assert one.box is not None
    assert [side / 10 for side in one.box] == pytest.approx([15 - fonts.width(one.text, 3.0), 5 - fonts.ascent(3.0), 15, 5 + fonts.descent(3.0)], abs=0.01)
    white = on_image(40, 10, 10)
    assert picture == white
    assert other != white
    assert fonts.shortened("短", 3.0, 10.0) == "短"


def test_characters_that_the_bundled_font_lacks_are_known(qapp: QApplication) -> None:
    """Rare characters and smiles are; what has no shape of its own never is missing."""
    assert [character for character in "网格A-1㎡　\u200b\ufe0f龘" if not fonts.has(character)] == []
    assert [character for character in "\U0002a6a5\U0001fae8" if fonts.has(character)] == []
