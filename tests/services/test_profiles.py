"""What was said once about a sender's list holds for the next one; another sender's, or another layer's, is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chuangwen.domain.campaign import Campaign
from chuangwen.errors import UserError
from chuangwen.exchange.incoming import Column, Incoming
from chuangwen.exchange.profiles import Profile, as_json, from_json, made, recognise, sender_of
from chuangwen.services.importing import ImportOptions, run_import
from chuangwen.services.project import Project
from tests.exchange.made import workbook

HEADER = ["序号", "问题描述", "整改单位", "所在片", "完成情况"]


@pytest.fixture
def project(tmp_path: Path):
    """A new project."""
    opened = Project.create(tmp_path / "项目.gpkg", Campaign(title="测试"), 4548, "某某01")
    yield opened
    opened.close()


def issues(path: Path, *rows: list[Any], header: list[str] = HEADER) -> Path:
    return workbook(path, [header, *rows])


def test_the_next_list_of_a_sender_is_read_the_same_way(project: Project, tmp_path: Path) -> None:
    """A column mapped by hand and one answer are known again by the headers; the report names the profile."""
    said = ImportOptions(columns={"所在片": "zone_code"}, answers={"status_words": "closed"})
    first = run_import(project, issues(tmp_path / "区城管局问题清单20240603.xlsx", [1, "路灯损坏", None, "甲", "已整改"]), "issue", said)
    again = run_import(project, issues(tmp_path / "区城管局问题清单20240604.xlsx", [1, "积水", None, "乙", "已整改"]), "issue")

    assert ("", "区城管局问题清单") == (first.profile, again.profile)
    assert ["区城管局问题清单", ""] == [record.profile for record in project.store.imports()]
    assert ["甲", "乙"] == project.features("issue").column("zone_code")
    assert ["closed", "closed"] == project.features("issue").column("status")


def test_no_profile_where_none_is_wanted(project: Project, tmp_path: Path) -> None:
    """--profile none."""
    run_import(project, issues(tmp_path / "甲.xlsx", [1, "路灯损坏", None, "甲", "已整改"]), "issue", ImportOptions(answers={"status_words": "closed"}))
    plain = run_import(project, issues(tmp_path / "乙.xlsx", [1, "积水", None, "乙", "已整改"]), "issue", ImportOptions(profile="none"))

    assert ("", "rectified") == (plain.profile, project.features("issue").column("status")[-1])


def test_what_the_user_says_now_goes_first_and_is_kept(project: Project, tmp_path: Path) -> None:
    """An answer today overrides that of yesterday, for tomorrow too."""
    first = issues(tmp_path / "甲.xlsx", [1, "路灯损坏", None, "甲", "已整改"])
    run_import(project, first, "issue", ImportOptions(answers={"status_words": "closed"}))
    run_import(project, issues(tmp_path / "乙.xlsx", [1, "积水", None, "乙", "已整改"]), "issue", ImportOptions(answers={"status_words": "rectified"}))
    run_import(project, issues(tmp_path / "丙.xlsx", [1, "占道", None, "丙", "已整改"]), "issue")

    assert ["closed", "rectified", "rectified"] == project.features("issue").column("status")
    assert ["甲"] == [name for name, _text in project.store.profiles()]


def test_a_look_and_a_plain_import_keep_nothing(project: Project, tmp_path: Path) -> None:
    """A dry run; an import about which nothing was said."""
    path = issues(tmp_path / "甲.xlsx", [1, "路灯损坏", None, "甲", "已整改"])
    run_import(project, path, "issue", ImportOptions(answers={"status_words": "closed"}, dry_run=True))
    run_import(project, path, "issue")

    assert [] == project.store.profiles()


def test_a_profile_that_is_not_there_is_refused_unless_it_is_being_made(project: Project, tmp_path: Path) -> None:
    """--profile 城管局: a slip names the nearest; with something to say it makes one of that name."""
    path = issues(tmp_path / "甲.xlsx", [1, "路灯损坏", None, "甲", "已整改"])
    with pytest.raises(UserError, match="没有名为“城管局”的导入方案"):
        run_import(project, path, "issue", ImportOptions(profile="城管局"))
    run_import(project, path, "issue", ImportOptions(profile="城管局", answers={"status_words": "closed"}))

    with pytest.raises(UserError) as caught:
        run_import(project, path, "issue", ImportOptions(profile="城管"))
    assert "是不是“城管局”" in caught.value.hint


def test_a_column_that_is_gone_does_not_stop_the_next_import(project: Project, tmp_path: Path) -> None:
    """The sender dropped a mapped column; five of six headers are the same."""
    header = [*HEADER, "气温"]
    first = issues(tmp_path / "甲.xlsx", [1, "路灯损坏", None, "甲", "已整改", "热"], header=header)
    run_import(project, first, "issue", ImportOptions(columns={"气温": "remark", "所在片": "zone_code"}))
    again = run_import(project, issues(tmp_path / "乙.xlsx", [1, "积水", None, "乙", "已整改"]), "issue")

    assert ("甲", "zone_code") == (again.profile, again.columns["所在片"])


def test_it_survives_its_store() -> None:
    """JSON there and back; what somebody else wrote is no profile."""
    profile = Profile("区城管局", "issue", ("序号", "问题描述"), {"片": "zone_code", "气温": ""}, {"split:问题": "yes"}, "EPSG:4548", "GBK")

    assert profile == from_json("区城管局", as_json(profile))
    assert [None, None, None] == [from_json("x", text) for text in ("", "[]", '{"layer": "issue"}')]


def test_only_what_is_general_is_kept() -> None:
    """A unit or a conflict belongs to one list; an answered column is a column."""
    incoming = Incoming("", (Column("片", ["x"]),), [1])
    answers = {"unit:城管": "keep", "conflict:1": "take", "column:片": "zone_code", "split:问题": "yes", "percent:率": "fraction", "date:日期": "day"}
    profile = made("甲", "issue", incoming, {}, answers, "auto", "auto")

    assert ({"片": "zone_code"}, ["split:问题", "percent:率", "date:日期"]) == (profile.columns, list(profile.answers))


def test_between_two_senders_of_one_template_the_name_decides() -> None:
    """The district hands out one template: the sender's own profile, else the last used; none where a fifth of the headers differs."""
    titles = ("a", "b", "c", "d")
    profiles = [Profile("甲", "issue", titles), Profile("乙", "issue", titles), Profile("丙", "site", titles)]

    def name(*those: str, sender: str = "", layer: str = "issue") -> str:
        found = recognise(profiles, layer, those, sender)
        return found.name if found else ""

    assert ["甲", "乙", "丙"] == [name(*titles), name(*titles, sender="乙"), name(*titles, layer="site")]
    assert ["甲", "", ""] == [name(*titles, "e"), name("a", "b", "c"), name(*titles, layer="zone")]


@pytest.mark.parametrize(
    ("stem", "sender"),
    [
        ("区城管局问题清单20240603", "区城管局问题清单"),
        ("问题清单（最终版）", "问题清单"),
        ("文昌街道问题台账6月3日(1)", "文昌街道问题台账"),
        ("点位表v2", "点位表"),
        ("20240603", "20240603"),
    ],
)
def test_a_profile_is_named_after_the_sender(stem: str, sender: str) -> None:
    """The unit that the list names, else the file's name without dates and marks of copies."""
    assert sender == sender_of(Incoming("", (), []), stem)
    assert "区城管局" == sender_of(Incoming("", (), [], meta={"填报单位": "区城管局"}), stem)
