"""The checklist as data: every category of the layer has one, and it says what domain.md 2.2 to 2.4 say."""

from __future__ import annotations

from pathlib import Path

import pytest

from chuangwen.errors import FileProblem
from chuangwen.services.paper.checklist import DIMENSIONS, checklist
from tests.build import layers


def test_every_category_has_a_checklist_and_the_three_facts_of_all_sites() -> None:
    """SR-24: no litter, no water, no spit, on every site."""
    for choice in layers()["site"].field("category").choices:
        asked = checklist(choice.value)
        assert set(asked.lines) == set(DIMENSIONS)
        assert asked.lines["environment"][:3] == ("无垃圾烟蒂", "无积水", "无果壳痰迹"), choice.value
        assert len(set(asked.lines["environment"])) == len(asked.lines["environment"])


def test_adverts_follow_the_rule_table() -> None:
    """2.4: streets, markets and compounds have counts; where there is no rule, each theme that the list names is asked for once."""
    assert dict(checklist("main_road").adverts) == {
        "社会主义核心价值观": "≥3", "讲文明树新风": "≥3", "文明健康": "≥3", "关爱未成年人": "≥1", "诚信": "≥2", "景观小品": "≥1",
    }  # fmt: skip
    assert dict(checklist("market").adverts) == {"社会主义核心价值观": "≥2", "文明健康": "≥2", "诚信": "≥2"}
    assert dict(checklist("alley").adverts) == {"社会主义核心价值观": "有", "讲文明树新风": "有"}
    assert "横幅" in checklist("alley").advert_forms


def test_a_volunteer_station_is_asked_of_those_categories_that_need_one() -> None:
    """S01 in 2.3."""
    assert [name for name in ("park", "community", "hospital", "main_road", "compound", "school") if checklist(name).station] == [
        "park",
        "community",
        "hospital",
    ]


def test_a_category_that_nobody_knows_has_what_is_asked_everywhere() -> None:
    """An empty one too."""
    for name in ("", "spaceport"):
        assert checklist(name).lines["environment"] == ("无垃圾烟蒂", "无积水", "无果壳痰迹")
        assert checklist(name).adverts == ()


@pytest.mark.parametrize("bad", ['everywhere = ["E01"', '[category.park]\nfacilty = ["F01"]', '[category.park]\nfacility = ["F99"]'])
def test_a_broken_file_is_named(tmp_path: Path, bad: str) -> None:
    """A slip in the file is told, not swallowed: bad TOML, a dimension misspelt, a code that is not in the library."""
    head = 'everywhere = []\nadvert_forms = ""\n[item]\nF01 = "路面"\n[theme]\n' if bad.startswith("[") else ""
    (tmp_path / "checklist.toml").write_text(head + bad, encoding="utf-8")

    with pytest.raises(FileProblem, match=r"checklist\.toml"):
        checklist("park", tmp_path)
    with pytest.raises(FileProblem, match=r"checklist\.toml"):
        checklist("park", tmp_path / "nowhere")
