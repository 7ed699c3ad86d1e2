"""The one page of all checks: nothing is forgotten, nothing is said to be sound that nobody looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from chuangwen.domain.campaign import Campaign
from chuangwen.errors import Cancelled, UserError
from chuangwen.progress import Progress
from chuangwen.services.checks.registry import CHECKS, run
from chuangwen.services.checks.thresholds import Thresholds, minutes, thresholds
from tests.services.checks.plan import CAMPAIGN, Plan


def test_every_check_stands_on_the_one_page() -> None:
    """SR-13, SR-63: CV-01 to CV-16, the photos and the lists of the speech, each with what is looked for and what to do."""
    ids = [one.id for one in CHECKS]
    assert ids[:16] == [f"CV-{number:02d}" for number in range(1, 17)]
    assert ids[16] == "EV-01"
    assert set(ids[17:]) == {f"SR-{number:02d}" for number in (5, 9, 11, 16, 18, 19, 46, 57, 60, 61, 62, 65, 68)}
    assert len(ids) == len(set(ids))
    assert all(one.title and one.definition.endswith("。") and one.remedy.endswith("。") for one in CHECKS)


def test_an_empty_project_passes_nothing() -> None:
    """SR-63: where nothing was imported nothing is covered: every check says which data is missing."""
    results = run(Plan(), Campaign())
    assert [one.check.id for one in results if one.state != "no_data"] == []
    assert all(one.words.startswith("未建立“") for one in results)


def test_a_check_is_named_in_any_case_and_a_wrong_one_is_corrected() -> None:
    """`check cv-1` and its kin."""
    assert [one.check.id for one in run(Plan(), CAMPAIGN, ["sr-05", "CV-01"])] == ["SR-05", "CV-01"]
    with pytest.raises(UserError, match="CV-0"):
        run(Plan(), CAMPAIGN, ["CV-0"])


def test_a_run_stops_when_asked() -> None:
    """Between two checks and inside the long ones."""
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        run(Plan(), CAMPAIGN, progress=progress)


def test_the_shipped_thresholds_are_those_of_the_trade() -> None:
    """domain.md 1.6: 100 m², 2 m, 15 m, 20 m, 3 to 5 of 300, 132 sites."""
    shipped, trade = thresholds(), Thresholds()
    assert [getattr(shipped, name) for name in Thresholds.__dataclass_fields__ if name not in ("joint_team", "site_radii")] == [
        getattr(trade, name) for name in Thresholds.__dataclass_fields__ if name not in ("joint_team", "site_radii")
    ]
    assert (shipped.site_radii["school"], shipped.site_radii["alley"]) == (200.0, 15.0)
    assert [group[0] for group in shipped.joint_team] == ["区委办", "政府办", "纪委监委", "创建办"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("gap_aera_m2 = 5", "gap_area_m2"),
        ("gap_area_m2 = -5", "不小于 0 的数"),
        ('gap_area_m2 = "5"', "不小于 0 的数"),
        ('patrol_from = "七点"', "07:00"),
        ("joint_team = [1]", "几组单位名称"),
        ("gap_area_m2 = = 5", "不是正确的 TOML"),
    ],
)
def test_a_mistake_in_the_thresholds_is_named(tmp_path: Path, line: str, said: str) -> None:
    """The file, the entry, what it should be."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "checks.toml").write_text(line, encoding="utf-8")
    with pytest.raises(UserError) as problem:
        thresholds(tmp_path)
    assert said in str(problem.value)
    assert "checks.toml" in str(problem.value)


def test_a_project_may_have_its_own_thresholds(tmp_path: Path) -> None:
    """SR-16: another district has another number of sites; what its file does not name stays."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "checks.toml").write_text("site_target = 60", encoding="utf-8")
    assert (thresholds(tmp_path).site_target, thresholds(tmp_path).police_pool) == (60, 300)


def test_times_of_day() -> None:
    """As cells have them."""
    assert [minutes(text) for text in ("7:30", "07：30", "24:00", "24:01", "7", "a:b", "7:60", "")] == [450, 450, 1440, None, None, None, None, None]
