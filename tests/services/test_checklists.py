"""The checklist as versioned data: what it says (domain.md 2.1 to 2.4), which version a campaign chose, and that results keep theirs (SR-15)."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.checklist import DIMENSIONS, FIRST, VERSION_FIELD, version_of
from chuangwen.errors import DataProblem, UserError
from chuangwen.services import frozen
from chuangwen.services.checklists import choices, in_force, read_version
from chuangwen.services.figures import table
from chuangwen.services.paper.sheet import Request
from chuangwen.services.paper.sites import plan
from chuangwen.services.project import Project
from tests.build import layers

CAMPAIGN = Campaign(title="测试", fixed_today=dt.date(2024, 6, 3))
OWN = """id = "{id}"
title = "本市读法"
valid_from = 2025-01-01
base = "general-2024"
{more}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project that never chose a version."""
    return Project.create(tmp_path / "p.gpkg", CAMPAIGN, 4548, "王某")


def own(project: Project, name: str, more: str = "", head: str = OWN) -> Path:
    """A version of the project's own, based on the first."""
    folder = project.files_folder / "rules" / "checklists"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(head.format(id=name, more=more), encoding="utf-8")
    return path


def choose(project: Project, version: str) -> None:
    """As the window and the command line do."""
    project.store.set_campaign(replace(project.campaign, checklist=version))


def versions(project: Project, layer: str) -> list[Any]:
    """What the results of a layer keep, in the file."""
    return project.store.features(layer).column(VERSION_FIELD)


def test_every_category_has_a_checklist_and_the_three_facts_of_all_sites() -> None:
    """SR-24: no litter, no water, no spit, on every site, whatever the version."""
    for version in ("", "hoarding-50"):
        for choice in layers()["site"].field("category").choices:
            asked = read_version(version).of(choice.value)
            assert set(asked.lines) == set(DIMENSIONS)
            assert asked.lines["environment"][:3] == ("无垃圾烟蒂", "无积水", "无果壳痰迹"), choice.value
            assert len(set(asked.lines["environment"])) == len(asked.lines["environment"])


def test_adverts_follow_the_rule_table() -> None:
    """2.4: streets, markets and compounds have counts; where there is no rule, each theme that the list names is asked for once."""
    found = read_version("")
    assert dict(found.of("main_road").adverts) == {
        "社会主义核心价值观": "≥3", "讲文明树新风": "≥3", "文明健康": "≥3", "关爱未成年人": "≥1", "诚信": "≥2", "景观小品": "≥1",
    }  # fmt: skip
    assert dict(found.of("market").adverts) == {"社会主义核心价值观": "≥2", "文明健康": "≥2", "诚信": "≥2"}
    assert dict(found.of("alley").adverts) == {"社会主义核心价值观": "有", "讲文明树新风": "有"}
    assert "横幅" in found.of("alley").advert_forms


def test_two_readings_of_the_hoarding_are_two_versions() -> None:
    """SR-15, 2.4: 30 % of F1 and 50 % of F2, F3; all else is the same."""
    first, strict = read_version(FIRST), read_version("hoarding-50")
    assert ("≥30%", "≥50%") == tuple(one.of("worksite").adverts[0][1] for one in (first, strict))
    assert first.of("park") == strict.of("park")
    assert first.of("worksite").lines == strict.of("worksite").lines


def test_a_volunteer_station_is_asked_of_those_categories_that_need_one() -> None:
    """S01 in 2.3."""
    found = read_version("")
    assert [name for name in ("park", "community", "hospital", "main_road", "compound", "school") if found.of(name).station] == [
        "park",
        "community",
        "hospital",
    ]


def test_a_category_that_nobody_knows_has_what_is_asked_everywhere() -> None:
    """An empty one too."""
    for name in ("", "spaceport"):
        assert read_version("").of(name).lines["environment"] == ("无垃圾烟蒂", "无积水", "无果壳痰迹")
        assert read_version("").of(name).adverts == ()


def test_results_are_scored_with_the_weights_and_thresholds_of_their_version(project: Project) -> None:
    """SR-15, 2.1: A 100, B 66, C 33, C# 0 by 0, 1, 2, 3 cases and more; na is left out; another version weighs and counts otherwise."""
    own(project, "mine", '[weight]\nE01 = 3\n[[letter]]\nid = "A"\nat_most = 2\nfactor = 1\n[[letter]]\nid = "D"\nfactor = 0.5')
    first, mine = (read_version(one, project.files_folder) for one in ("", "mine"))
    assert Fraction(166, 2) == first.score("E01=A、E02=1例、F07=不适用")
    assert [Fraction(100), Fraction(66), Fraction(33), 0, 0] == [first.score(f"E01＝{count}") for count in (0, 1, 2, 3, 12)]
    assert (Fraction(0), Fraction(350, 4)) == (first.score("E01=C#"), mine.score("E01=2例；E02=D"))
    assert [None, None] == [first.score(one) for one in (None, "E01=na")]
    for wrong, said in (("E01", "E01=A"), ("E01=Z", "“Z”"), ("Z99=A", "Z99"), ("干净", "干净")):
        with pytest.raises(DataProblem, match=said):
            first.score(wrong)


def test_results_keep_the_version_they_were_made_with(project: Project) -> None:
    """SR-15: visits, standards of issues and frozen figures are marked; another version marks what comes after and nothing before, undo and redo too."""
    visit, issue = project.layers["visit"], project.layers["issue"]
    project.apply(edits.add(visit, {"code": "V1", "checklist_result": "E01=A"}))
    project.apply(edits.add(visit, {"code": "V0"}))  # nobody filled in a checklist
    project.apply(edits.add(issue, {"code": "I1", "name": "甲", "description": "甲", "status": "registered", "checklist_item": "E01"}))
    project.apply(edits.add(issue, {"code": "I2", "name": "乙", "description": "乙", "status": "registered"}))
    project.apply(frozen.freeze(project, table(project, project.campaign), "5月"))
    before = {layer: versions(project, layer) for layer in ("visit", "issue", "frozen")}
    assert {"visit": [FIRST, None], "issue": [FIRST, None], "frozen": [FIRST]} == before

    choose(project, "hoarding-50")
    assert before == {layer: versions(project, layer) for layer in before}
    project.apply(edits.add(visit, {"code": "V2", "checklist_result": "E01=B"}))
    project.apply(edits.set_values(issue, [project.feature(issue, "I2")], {"checklist_item": "A07"}))
    project.apply(edits.set_values(issue, [project.feature(issue, "I1")], {"description": "甲处"}))  # not its item
    project.apply(frozen.freeze(project, table(project, project.campaign), "6月"))
    assert [FIRST, None, "hoarding-50"] == versions(project, "visit")
    assert [FIRST, "hoarding-50"] == versions(project, "issue")
    assert [FIRST, "hoarding-50"] == versions(project, "frozen")
    assert "hoarding-50" == project.feature(issue, "I2").get(VERSION_FIELD)  # in memory as in the file

    project.apply(edits.set_values(issue, [project.feature(issue, "I1")], {"checklist_item": "A01"}))
    assert ["hoarding-50"] * 2 == versions(project, "issue")
    project.undo()
    assert [FIRST, "hoarding-50"] == versions(project, "issue")
    choose(project, "")
    project.redo()
    assert ["hoarding-50"] * 2 == versions(project, "issue")  # done again as it was done
    project.apply(edits.add(visit, {"code": "V3", "checklist_result": "E01=A", VERSION_FIELD: "hoarding-50"}))
    assert "hoarding-50" == versions(project, "visit")[-1]  # a list that says its version


def test_a_project_from_before_versions_keeps_its_results_under_the_first(project: Project) -> None:
    """SR-15: the columns come with the first write; rows that were there name none, and that is the first, whatever the campaign chooses now."""
    project.apply(edits.add(project.layers["visit"], {"code": "V1", "result": "正常"}))
    project.close()
    with sqlite3.connect(project.path) as connection:
        for layer, name in (("visit", VERSION_FIELD), ("visit", "checklist_result"), ("issue", VERSION_FIELD), ("frozen", VERSION_FIELD)):
            connection.execute("DELETE FROM gpkg_data_columns WHERE table_name = ? AND column_name = ?", (layer, name))
            connection.execute(f"ALTER TABLE {layer} DROP COLUMN {name}")
        connection.execute("DELETE FROM cw_meta WHERE key = 'checklist'")
    before = project.path.read_bytes()
    old = Project.open(project.path, "王某")
    assert ("", FIRST) == (old.campaign.checklist, in_force(old).id)
    assert [None] == old.features("visit").column(VERSION_FIELD)
    assert before == old.path.read_bytes()  # opening changes nothing

    choose(old, "hoarding-50")
    old.apply(edits.add(old.layers["visit"], {"code": "V2", "checklist_result": "E01=A"}))
    old.close()
    again = Project.open(project.path, "王某")
    assert "hoarding-50" == again.campaign.checklist
    assert [FIRST, "hoarding-50"] == [version_of(one) for one in versions(again, "visit")]
    again.undo()
    again.undo()  # what was done before the columns came
    assert 0 == len(again.features("visit"))
    again.close()


def test_a_site_sheet_asks_what_the_version_asks(project: Project) -> None:
    """SR-15: and names it; a sheet of another version is another sheet."""
    project.apply(edits.add(project.layers["site"], {"code": "001", "name": "工地", "category": "worksite"}))
    first = plan(project, Request("site"))[0]
    choose(project, "hoarding-50")
    strict = plan(project, Request("site"))[0]
    assert ("≥30%", "≥50%") == tuple(one.asked.adverts[0][1] for one in (first, strict))
    assert ("通用测评要点（2024）", "围挡公益广告从严（50%）") == (first.standard, strict.standard)


def test_a_version_of_the_project_s_own_takes_the_place_of_a_shipped_one(project: Project) -> None:
    """And is read again when it was changed; the list is newest first."""
    path = own(project, FIRST, head='id = "{id}"\ntitle = "改过"\nvalid_from = 2026-01-01\nbase = "hoarding-50"{more}')
    with pytest.raises(UserError, match="绕了一圈"):
        in_force(project)  # hoarding-50 itself is based on the first
    path.unlink()
    own(project, "mine")
    assert ["mine", FIRST, "hoarding-50"] == [one.id for one in choices(project.files_folder)]
    assert "本市读法" == read_version("mine", project.files_folder).title
    own(project, "mine", head=OWN.replace("本市读法", "本市第二版"))
    assert "本市第二版" == read_version("mine", project.files_folder).title


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("[category.park", "TOML"),
        ('[category.park]\nfacilty = ["F01"]', "category.park.*facility"),
        ('[category.park]\nfacility = ["F99"]', "category.park.*F99"),
        ("[weight]\nZ01 = 2", "weight.*Z01"),
        ("[weight]\nE01 = -2", "weight.E01"),
        ('[[letter]]\nid = "A"\nat_most = 1\nfactor = 1', "letter.*at_most"),
    ],
)
def test_a_broken_version_is_named_with_the_place_to_mend_it(project: Project, more: str, said: str) -> None:
    """SR-15: the file, the entry, the folder; in the list it stands with its problem, and a campaign that has it says so when it is needed."""
    path = own(project, "mine", more)
    choose(project, "mine")
    with pytest.raises(UserError, match=said) as told:
        in_force(project)
    assert str(path) in str(told.value)
    assert str(path) in str(choices(project.files_folder)[-1].problem)


def test_a_version_that_is_gone_is_named_with_its_folder(project: Project) -> None:
    """SR-15: the project came without its files; the nearest name is offered; an id that is not the file's is refused."""
    choose(project, "hoarding-5")
    with pytest.raises(UserError, match=r"hoarding-5”.*hoarding-50.*hoarding-5.toml") as told:
        in_force(project)
    assert str(project.files_folder / "rules" / "checklists") in str(told.value)
    assert "hoarding-5（读不出来）" == choices(project.files_folder, "hoarding-5")[-1].title
    own(project, "mine", head=OWN.replace("{id}", "yours"))
    with pytest.raises(UserError, match="yours"):
        read_version("mine", project.files_folder)
    own(project, "mine", head=OWN.replace("2025-01-01", '"明年"'))
    with pytest.raises(UserError, match="valid_from"):
        read_version("mine", project.files_folder)
