"""Columns find their fields, words in cells find their units."""

from __future__ import annotations

import pytest

from chuangwen.errors import DataProblem, UserError
from chuangwen.exchange.incoming import Column
from chuangwen.exchange.matching import Matches, match
from chuangwen.exchange.units import Register, resolve
from tests.build import layers
from tests.exchange.made import features

UNITS = features(
    "unit",
    {"code": "U001", "name": "示范区城市管理和综合执法局", "short_name": "区城管局", "aliases": "城管局、执法局"},
    {"code": "U002", "name": "示范区文化和旅游局", "short_name": "区文旅局"},
    {"code": "U003", "name": "文昌街道办事处", "short_name": "文昌街道"},
)


def columns(*titles: str) -> list[Column]:
    return [Column(title, ["x"], (title,)) for title in titles]


def test_names_titles_and_synonyms_match() -> None:
    """By identifier, title and synonym; a serial number and ArcGIS's own columns are nobody's field."""
    found = match(columns("序号", "code", "点位名称", "挂点领导", "OBJECTID", "Shape_Area", "气温"), layers()["site"])

    assert {"code": "code", "点位名称": "name", "挂点领导": "district_leader"} == found.fields
    assert ("序号", "OBJECTID", "Shape_Area") == found.ignored
    assert ("气温",) == found.unmatched


def test_one_field_takes_one_column_the_best() -> None:
    """责任单位 is better than 整改单位 for the responsible unit."""
    found = match(columns("整改单位", "责任单位"), layers()["issue"])

    assert {"责任单位": "responsible_unit"} == found.fields


def test_a_blank_column_gives_way_to_a_filled_one() -> None:
    """Two columns fit a field, the better named one is empty."""
    found = match([Column("点位名称", [None], ("点位名称",)), Column("场所名称", ["文昌公园"], ("场所名称",))], layers()["site"])

    assert "name" == found.fields["场所名称"]


def test_the_user_overrides() -> None:
    """--map 气温=remark."""
    assert "remark" == match(columns("气温"), layers()["site"], {"气温": "remark"}).fields["气温"]


def test_a_wrong_override_is_refused_with_the_nearest_name() -> None:
    """Unknown column, unknown field."""
    with pytest.raises(UserError, match="没有列") as caught:
        match(columns("点位名称"), layers()["site"], {"点位名": "name"})
    assert "点位名称" in caught.value.hint
    with pytest.raises(UserError, match="没有字段"):
        match(columns("点位名称"), layers()["site"], {"点位名称": "nam"})


def asked(found: Matches) -> dict[str, tuple[list[str], str]]:
    """Doubt → its answers and the chosen one."""
    return {one.key: ([answer.value for answer in one.answers], one.chosen) for one in found.doubts}


def test_a_column_that_is_not_wanted() -> None:
    """--map 备注=: nobody's field, and no warning about it."""
    found = match(columns("点位名称", "备注"), layers()["site"], {"备注": ""})

    assert ({"点位名称": "name"}, ("备注",), ()) == (found.fields, found.ignored, found.unmatched)


def test_a_second_column_that_fits_almost_as_well_is_asked_about() -> None:
    """责任单位 and 整改单位: the better one is taken, the other may replace it."""
    found = match(columns("整改单位", "责任单位", "气温"), layers()["issue"])

    assert {"column:整改单位": (["responsible_unit", ""], "")} == asked(found)
    assert "代替“责任单位”列" == found.doubts[0].answers[0].note
    swapped = match(columns("整改单位", "责任单位"), layers()["issue"], answers={"column:整改单位": "responsible_unit"})
    assert ({"整改单位": "responsible_unit"}, ("责任单位",)) == (swapped.fields, swapped.unmatched)


def test_a_header_of_two_meanings_is_asked_about() -> None:
    """单位名称 in a list of issues: the site, or who is responsible (domain.md 5.1); in a register of units it is the name."""
    found = match(columns("存在问题", "单位名称"), layers()["issue"])

    assert (["site_name", "responsible_unit", ""], "") == asked(found)["column:单位名称"]
    assert {"单位名称": "name"} == match(columns("单位名称"), layers()["unit"]).fields
    assert {} == asked(match(columns("单位名称"), layers()["unit"]))


def test_the_import_should_wait_where_a_needed_name_hangs_on_it() -> None:
    """A list of sites whose only name is 单位名称."""
    (doubt,) = match(columns("单位名称", "详细地址"), layers()["site"]).doubts

    assert (True, "column:单位名称") == (doubt.asks, doubt.key)


@pytest.mark.parametrize(
    ("title", "field"), [("责任单位名称", "responsible_unit"), ("存在的问题", "description"), ("联系电话号码", "phone"), ("整改时限要求", "due_at")]
)
def test_a_header_near_a_known_one_is_proposed_not_taken(title: str, field: str) -> None:
    """rapidfuzz, 85 and above; the answer takes it."""
    found = match(columns("点位名称", title), layers()["issue"])

    assert (field, "") == (asked(found)[f"column:{title}"][0][0], asked(found)[f"column:{title}"][1])
    assert title in found.unmatched
    assert field == match(columns("点位名称", title), layers()["issue"], answers={f"column:{title}": field}).fields[title]


def test_headers_that_resemble_nothing_and_blank_columns_are_not_asked_about() -> None:
    """气温, OBJECTID; a column with no cell filled."""
    found = match([*columns("气温", "OBJECTID", "序号"), Column("责任单位名称", [None], ("责任单位名称",))], layers()["issue"])

    assert {} == asked(found)


def test_the_user_s_map_goes_before_an_answer() -> None:
    """--map and --answer for one column."""
    found = match(columns("单位名称"), layers()["issue"], {"单位名称": "site_name"}, {"column:单位名称": "responsible_unit"})

    assert {"单位名称": "site_name"} == found.fields


@pytest.mark.parametrize(
    ("titles", "roles"), [(("经度", "纬度"), {"lon", "lat"}), (("X坐标", "Y坐标"), {"east", "north"}), (("坐标",), {"both"}), (("经度",), set())]
)
def test_coordinate_columns(titles: tuple[str, ...], roles: set[str]) -> None:
    """A pair or one column for both; half a pair is none."""
    assert roles == set(match(columns(*titles), layers()["site"]).coordinates)


def test_a_header_may_name_the_shifted_system() -> None:
    """经度（高德）."""
    assert "gcj02" == match(columns("经度（高德）", "纬度（高德）"), layers()["site"]).shifted


@pytest.mark.parametrize("word", ["示范区城市管理和综合执法局", "区城管局", "城管局", "执法局", " 区城管局 ", "区城管局（牵头）", "区城管局(盖章)"])
def test_a_unit_is_known_by_all_its_names(word: str) -> None:
    """Full name, short name, aliases, with a role in brackets."""
    assert "示范区城市管理和综合执法局" == resolve(layers()["issue"].field("responsible_unit"), word, Register(UNITS))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("区城管局、文昌街道", "示范区城市管理和综合执法局、文昌街道办事处"),
        ("区城管局;文昌街道", "示范区城市管理和综合执法局、文昌街道办事处"),
        ("区城管局 文昌街道", "示范区城市管理和综合执法局、文昌街道办事处"),
        ("文化和旅游局、文昌街道", None),
        ("区文旅局", "示范区文化和旅游局"),
        ("区城管局 别的单位", None),
    ],
)
def test_several_units_in_a_cell(cell: str, expected: str | None) -> None:
    """Separated by marks; by a blank only where every part is known; a name with 和 is not torn."""
    one = layers()["issue"].field("supporting_units")
    if expected is None:
        with pytest.raises(DataProblem, match="不在单位名册中"):
            resolve(one, cell, Register(UNITS))
    else:
        assert expected == resolve(one, cell, Register(UNITS))


def test_an_unknown_unit_names_the_nearest() -> None:
    """区城馆局 is a slip of 区城管局."""
    with pytest.raises(DataProblem) as caught:
        resolve(layers()["issue"].field("responsible_unit"), "文昌街道办", Register(UNITS))
    assert "文昌街道办事处" in caught.value.hint


def test_an_empty_register_takes_the_text() -> None:
    """No unit is known yet."""
    assert "城管局" == resolve(layers()["issue"].field("responsible_unit"), "城管局", Register(features("unit")))
