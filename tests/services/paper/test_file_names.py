"""Files that Windows, Kylin and a USB stick take, whatever a zone is called."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chuangwen.services.paper.file_names import LONGEST, file_name


def test_a_name_says_product_code_name_and_day() -> None:
    """Characters that a file system refuses are left out, and so is what is empty."""
    assert "网格巡查图_B1_ab_2024-06-03.pdf" == file_name("网格巡查图", "B/1:*", "a?b", "2024-06-03")
    assert "网格巡查图_A-1_2024-06-03.pdf" == file_name("网格巡查图", "A-1", " . ", "2024-06-03")
    assert "网格巡查图_A-1_东街_2024-06-03.png" == file_name("网格巡查图", "A-1", "东街\u200b\n", "2024-06-03", ".png")


def test_a_long_name_loses_its_end_not_the_day() -> None:
    """Eighty characters in all, ending and number included."""
    found = file_name("网格巡查图", "A-1", "长" * 90, "2024-06-03")
    assert LONGEST == len(found)
    assert found.endswith("长_2024-06-03.pdf")
    again = file_name("网格巡查图", "A-1", "长" * 90, "2024-06-03", taken=[found])
    assert LONGEST == len(again)
    assert again.endswith("长_2024-06-03(2).pdf")


def test_names_do_not_meet() -> None:
    """Two codes that differ by a refused character only, or by a capital, are two files."""
    names: list[str] = []
    for code in ("a/1", "a1", "A1", "a:1"):
        names.append(file_name("图", code, "", "3", taken=names))
    assert ["图_a1_3.pdf", "图_a1_3(2).pdf", "图_A1_3(3).pdf", "图_a1_3(4).pdf"] == names


@pytest.mark.parametrize("word", ["CON", "nul", "com1", "LPT9", "aux.x", "Prn"])
def test_names_that_windows_keeps_for_itself(word: str) -> None:
    """Alone or with an ending."""
    assert file_name("", word, "", "").startswith("_")
    assert file_name("", word + "x", "", "")[0] != "_" or "." in word


words = st.text(max_size=120)


@given(words, words, words, words, st.integers(0, 3))
@example("", "", "𐀀" * 65, "𐀀" * 65, 0)
def test_whatever_it_is_called(product: str, code: str, name: str, day: str, before: int) -> None:
    """A file can be made of it."""
    taken: list[str] = []
    for _number in range(before + 1):
        taken.append(file_name(product, code, name, day, taken=taken))
    assert before + 1 == len({one.casefold() for one in taken})
    for one in taken:
        assert len(one) <= LONGEST
        assert not re.search(r'[\\/:*?"<>|\x00-\x1f]', one)
        assert one.endswith(".pdf")
        assert one[0] not in " ."
        assert len(one) > 4
        assert len(one.encode()) <= 255
