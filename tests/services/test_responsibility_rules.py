"""The rule files of responsibility: what a project may change, and that every mistake names its file, its key and the remedy (issue 5, bad input)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chuangwen.domain.responsibility import Rules
from chuangwen.errors import UserError
from chuangwen.exchange.units import Register
from chuangwen.services.responsibility_rules import read_responsibility
from tests.build import ROOT, layers
from tests.exchange.made import features
from tests.services.responsible_town import UNITS


def read(folder: Path, **own: str) -> Rules:
    """The rules of a project with files of its own: name → content."""
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    for name, text in own.items():
        (folder / "rules" / f"{name}.toml").write_text(text, encoding="utf-8")
    return read_responsibility(folder, layers(), Register(UNITS))


SMALL = """
[[rule]]
id = "existing"
title = "人工或指定"
basis = "manual"

[[rule]]
id = "grid"
title = "网格单位"
basis = "grid"
layer = "zone"
"""


CHAIN = '\n[[support]]\nunit = "城管局"\nby = ["单位1"]\n[[support]]\nunit = "单位1"\nby = ["单位2"]\n'


def test_the_shipped_files_are_sound_and_say_what_the_register_lacks() -> None:
    """Units of the shipped files are found by short name, alias, or but for the district before them; others are noted and left out."""
    rules = read_responsibility(None, layers(), Register(UNITS))

    assert [one.id for one in rules.rules] == [
        "existing", "category", "site", "building", "compound", "construction", "shop", "crossing", "road", "grid", "community", "street", "street_of_zone",
    ]  # fmt: skip
    assert rules.by_id["construction"].lead_unit == "示范区住房和城乡建设局"
    assert rules.categories.get("manhole_water").responsible_unit == "示江供水公司"  # type: ignore[union-attr]
    assert any("供电公司" in note for note in rules.notes)


def test_a_project_without_units_has_rules_all_the_same() -> None:
    """An empty register is no mistake: nobody leads yet."""
    rules = read_responsibility(None, layers(), Register(features("unit")))

    assert rules.by_id["construction"].lead_unit == ""
    assert rules.notes == ()


def test_a_projects_own_file_stands_in_place(tmp_path: Path) -> None:
    """项目名.files/rules/responsibility.toml; the other file stays the shipped one."""
    rules = read(tmp_path, responsibility=SMALL)

    assert [one.id for one in rules.rules] == ["existing", "grid"]
    assert len(rules.categories) > 30


@pytest.mark.parametrize("name", ["responsibility", "categories"])
def test_a_shipped_file_can_be_copied_and_changed(tmp_path: Path, name: str) -> None:
    """As its first lines tell people to: what the register lacks is noted as before; only a new word that it lacks is refused."""
    shipped = (ROOT / "resources" / "rules" / f"{name}.toml").read_text(encoding="utf-8")
    copied = read(tmp_path, **{name: shipped})

    plain = read(tmp_path / "none")
    assert (copied.notes, copied.rules, copied.sites, list(copied.categories)) == (plain.notes, plain.rules, plain.sites, list(plain.categories))
    with pytest.raises(UserError, match="城管大队"):
        read(tmp_path, **{name: re.sub(r"^lead_unit = .*$", 'lead_unit = "城管大队"', shipped, count=1, flags=re.MULTILINE)})


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ('layer = "zone"', 'layer = "zoen"', "rule.grid.layer", "是不是“zone”"),
        ('layer = "zone"', 'layer = "zone"\nreach_m = -5', "rule.grid.reach_m", "应为 0 到 5000 之间的米数"),
        ('layer = "zone"', 'layer = "zone"\nreach_m = "五米"', "rule.grid.reach_m", "请改成数字"),
        ('layer = "zone"', 'layer = "zone"\nlead_unit = "城管大队"', "rule.grid.lead_unit", "不在单位名册中"),
        ('layer = "zone"', 'layer = "zone"\norder = ["near"]', "rule.grid.order", "没有次序“near”"),
        ('layer = "zone"', 'layer = "zone"\nunits = ["owner"]', "rule.grid.units", "没有网格的字段“owner”"),
        ('layer = "zone"', 'layer = "zone"\ncategories = ["trafic"]', "rule.grid.categories", "是不是“traffic”"),
        ('layer = "zone"', 'layer = "zone"\nvalid_from = "5月"', "rule.grid.valid_from", "2024-06-03"),
        ('layer = "zone"', 'layer = "zone"\nreech_m = 5', "rule.grid.reech_m", "是不是“reach_m”"),
        ('layer = "zone"', 'layer = "zone"\non = "off"', "rule.grid.on", "true 或 false"),
        ('basis = "grid"', 'basis = "gird"', "rule.grid.basis", "是不是“grid”"),
        ('basis = "manual"', 'basis = "manual"\non = false', "rule.existing", "不能停用"),
        ('id = "grid"', 'id = "existing"', "rule.existing", "编号重复"),
        ("", SMALL + CHAIN + '[[support]]\nunit = "单位2"\nby = ["城管局"]\n', "support", "示范区城市管理局 → 单位1 → 单位2 → 示范区城市管理局"),
        ("", SMALL + "\n[site]\nparc = { radius_m = 3 }\n", "site.parc", "是不是“park”"),
        ("", "near_m = [", "开头", "不是正确的 TOML"),
    ],
)  # fmt: skip
def test_a_mistake_names_file_key_and_remedy(tmp_path: Path, old: str, new: str, key: str, words: str) -> None:
    """A wrong unit, an unknown layer, a bad distance, a cycle in supporting units …: named, with the place to mend it."""
    with pytest.raises(UserError) as refused:
        read(tmp_path, responsibility=SMALL.replace(old, new, 1) if old else new)

    said = str(refused.value)
    assert "responsibility.toml" in said
    assert key in said
    assert words in said
    assert str(tmp_path) in said


def test_supporting_units_are_followed(tmp_path: Path) -> None:
    """Who supports a supporter supports, too."""
    rules = read(tmp_path, responsibility=SMALL + CHAIN)

    assert rules.supports["示范区城市管理局"] == ("单位1", "单位2")


@pytest.mark.parametrize(
    ("old", "key", "words"),
    [
        ('id = "a"\ntitle = "甲"\nparent = "b"', "category.a.parent", "不是前面的大类"),
        ('id = "a"', "category.a.title", "缺少这一项"),
        ('id = "a"\ntitle = "甲"\nlead_unit = "城管大队"', "category.a.lead_unit", "单位“城管大队”不在单位名册中"),
        ('id = "a"\ntitle = "甲"\nsynonyms = "乙"', "category.a.synonyms", "方括号"),
    ],
)
def test_a_mistake_in_the_categories_is_named(tmp_path: Path, old: str, key: str, words: str) -> None:
    """The table of categories is checked the same way."""
    with pytest.raises(UserError) as refused:
        read(tmp_path, categories=f"[[category]]\n{old}\n")

    assert "categories.toml" in str(refused.value)
    assert key in str(refused.value)
    assert words in str(refused.value)
