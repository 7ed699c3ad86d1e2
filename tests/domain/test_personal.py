"""Personal data in free text: found however it is written, and nothing else taken for it."""

from __future__ import annotations

import pytest

from chuangwen.domain.personal import IDENTITY, LANDLINE, MOBILE, NAME, Names, found_in, is_identity, masked, persons

IDENTITY_NUMBER = "11010519491231002X"  # the example of GB 11643-1999


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("联系13812345678", MOBILE),
        ("联系１３８１２３４５６７８。", MOBILE),
        ("138-1234-5678", MOBILE),
        ("138 1234 5678", MOBILE),
        ("138 123 456 78", MOBILE),
        ("+86 13812345678", MOBILE),
        ("8613812345678", MOBILE),
        ("138\u200b1234\u200b5678", MOBILE),
        ("张某138.1234.5678转告", MOBILE),
        ("0794-7821234", LANDLINE),
        ("（0794）7821234", LANDLINE),
        ("010 6512 3456", LANDLINE),
        ("０７９４－７８２１２３４", LANDLINE),
        ("电话：7821234", LANDLINE),
        ("请致电 7821 234", LANDLINE),
        (IDENTITY_NUMBER, IDENTITY),
        ("身份证 11010519491231002x", IDENTITY),
        ("110105 19491231 002X", IDENTITY),
        ("１１０１０５１９４９１２３１００２Ｘ", IDENTITY),
    ],
)
def test_numbers_of_persons_are_found_however_they_are_written(text: str, kind: str) -> None:
    """Separators, full width, marks that are not seen."""
    assert kind in {one.kind for one in found_in(text)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20240603-001",
        "2024-06-03 15:00 发现",
        "人民路138号",
        "部件编码 3610230101012345",
        "110105194912310021",  # a wrong check digit
        "面积 13812.345678 平方米",
        "编号 1381234567890",
        "投诉拨打 12345",
        "2024年06月03日18时00分",
        "K12+138",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    """Codes, days, measures, public hotlines."""
    assert found_in(text) == []


def test_the_check_digit_of_an_identity_number() -> None:
    """GB 11643-1999; one digit changed is none."""
    assert is_identity(IDENTITY_NUMBER)
    assert not any(is_identity(IDENTITY_NUMBER[:at] + str((int(IDENTITY_NUMBER[at]) + 1) % 10) + IDENTITY_NUMBER[at + 1 :]) for at in range(17))


def test_names_are_found_in_sentences() -> None:
    """Also with a number at their end; a shorter name is not found in a longer number."""
    names = Names(["王小明", "某某1", "欧阳修"])

    assert [("name", "王小明")] == [(one.kind, one.words) for one in found_in("住户王小明反映", names)]
    assert found_in("某某12 反映", names) == []
    assert [NAME] == [one.kind for one in found_in("某某1反映", names)]
    assert found_in("大明路井盖", names) == []


def test_names_of_a_private_field() -> None:
    """Several in a cell, with posts and telephones beside them; a telephone is no name."""
    assert ["张三", "李四"] == persons("张三、李四（局长）13800000000")
    assert ["某某2917", "某某2918"] == persons("某某2917、某某2918")
    assert persons("13800000000") == []
    assert persons("/") == []


def test_masking_keeps_head_and_tail() -> None:
    """138****0000, however it was written; the words around it stay as they are."""
    assert masked("联系13812345678或１３９１２３４５６７８。") == "联系138****5678或139****5678。"
    assert masked("138-1234-5678") == "138****5678"
    assert masked("编号20240603001") == "编号20240603001"
