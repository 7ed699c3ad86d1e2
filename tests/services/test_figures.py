"""Tables of figures by unit, zone, street, source, category, site and section."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, box

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign, rectification_rate
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.indicators import INDICATORS
from chuangwen.domain.issue_facts import ALWAYS, Facts, Period
from chuangwen.domain.layer import Layers
from chuangwen.domain.lifecycle import STATES
from chuangwen.domain.ranking import RankingRules
from chuangwen.errors import UserError
from chuangwen.services import frozen
from chuangwen.services.figures import RANKING, Table, as_json, deducted, ranked_units, ranking_rules, table
from chuangwen.services.grouping import BYS
from chuangwen.services.issue_moves import moves_of
from chuangwen.services.project import Project
from tests.build import feature, issue, layers

CAMPAIGN = Campaign("测试", fixed_today=dt.date(2024, 6, 3))
JUNE = dt.date(2024, 6, 1)


class Some:
    """A view of a few features."""

    def __init__(self, *features: Feature) -> None:
        self.rows: dict[str, list[Feature]] = {}
        for one in features:
            self.rows.setdefault(one.layer, []).append(one)

    @property
    def layers(self) -> Layers:
        """As shipped."""
        return layers()

    def features(self, layer: str) -> Features:
        """In columns."""
        rows = self.rows.get(layer, [])
        geometry = np.empty(len(rows), dtype=object)
        geometry[:] = [row.geometry for row in rows]
        names = [one.name for one in layers()[layer].fields]
        return Features(layers()[layer], [row.id for row in rows], {name: [row.get(name) for row in rows] for name in names}, geometry)


def shown(found: Table, indicator: str = "rectification") -> dict[str, str]:
    """Group → figure with what it was counted from."""
    return {line.group.key: line.figures[found.column(indicator)].words for line in found.lines}


UNITS = [feature("unit", code, name=name) for code, name in (("U1", "城管局"), ("U2", "住建局"), ("U3", "教体局"), ("U4", "民政局"), ("U5", "水利局"))]


def test_units_are_ranked_ties_share_a_place_and_who_has_nothing_is_not_ranked() -> None:
    """1, 2, 2, 4; 无交办 stands below without a place; what is not with a unit yet is charged to nobody but counts for the district (SR-08)."""
    view = Some(
        *UNITS,
        issue("a", responsible_unit="城管局", status="closed"),
        *(issue(f"b{n}", responsible_unit="住建局", status=status) for n, status in enumerate(("closed", "in_progress"))),
        *(issue(f"c{n}", responsible_unit="教体局", status=status) for n, status in enumerate(("closed", "rework", "closed", "dispatched"))),
        issue("d", responsible_unit="民政局", status="in_progress"),
        issue("e", responsible_unit="城管局", status="registered"),
        issue("f", status="unassigned"),
    )
    found = table(view, CAMPAIGN)

    assert [("城管局", 1), ("住建局", 2), ("教体局", 2), ("民政局", 4), ("水利局", None), ("", None)] == [(line.group.key, line.place) for line in found.lines]
    assert {"城管局": "100.0%（1/1）", "住建局": "50.0%（1/2）", "教体局": "50.0%（2/4）", "民政局": "0.0%（0/1）", "水利局": "—", "": "0.0%（0/2）"} == shown(
        found
    )
    assert ["水利局"] == [line.group.key for line in found.idle]
    whole = found.total.figures[found.column("rectification")]
    assert (whole.numerator, whole.denominator) == rectification_rate(view.features("issue")) == (4, 10)


def test_the_last_three_and_rates_below_the_line_are_red() -> None:
    """6.6: whoever shares the last places is red too, the first never by place; below the line everybody is."""
    units = [feature("unit", f"U{n}", name=f"单位{n}") for n in range(6)]
    issues = [
        issue(f"{n}-{k}", responsible_unit=f"单位{n}", status="closed" if k < closed else "dispatched")
        for n, closed in enumerate((20, 19, 18, 17, 17, 16))
        for k in range(20)
    ]
    high = table(Some(*units, *issues), CAMPAIGN, rules=RankingRules(line=50))
    assert [False, False, False, True, True, True] == [line.red for line in high.lines]
    low = table(Some(*units, *issues), CAMPAIGN, rules=RankingRules(line=92, last=0))
    assert [False, False, True, True, True, True] == [line.red for line in low.lines]
    alike = table(Some(*units[:2], *issues[:20], *[issue(f"z{n}", responsible_unit="单位1", status="closed") for n in range(3)]), CAMPAIGN)
    assert [(1, False), (1, False)] == [(line.place, line.red) for line in alike.lines]


def test_the_ladder_hears_the_ranking_and_nothing_where_all_are_first() -> None:
    """domain.md 4.6: the bottom of the ranking is a trigger; units that share the first place are no bottom."""
    rows = [issue("a", responsible_unit="城管局", status="closed"), issue("b", responsible_unit="住建局", status="closed")]
    assert [] == ranked_units(Some(*UNITS, *rows), CAMPAIGN)
    assert ["城管局", "住建局", "教体局"] == ranked_units(Some(*UNITS, *rows, issue("c", responsible_unit="教体局", status="rework")), CAMPAIGN)


def test_an_issue_of_two_units_counts_once_in_each_and_once_in_the_whole() -> None:
    """SR-04: 共同责任."""
    found = table(Some(*UNITS, issue("a", responsible_unit="城管局、住建局", status="closed")), CAMPAIGN)

    assert ("100.0%（1/1）", "100.0%（1/1）") == (shown(found)["城管局"], shown(found)["住建局"])
    assert 1 == found.total.figures[found.column("dispatched")].numerator


def test_a_merged_issue_counts_once_in_each_of_its_sources() -> None:
    """SR-09: by the numbers it keeps from other lists, and by what was voided as its duplicate; twice in one list is once."""
    found = table(
        Some(
            issue("a", source_name="市创建办督查", source_numbers="区联合督查组:3、区联合督查组:9、文昌街道问题清单:17", status="closed"),
            issue("b", source_name="区联合督查组", status="dispatched"),
            issue("c", source_name="12345热线", status="void", void_kind="duplicate", duplicate_of="a"),
        ),
        CAMPAIGN,
        "source",
    )

    assert {"市创建办督查": "100.0%（1/1）", "区联合督查组": "50.0%（1/2）", "文昌街道问题清单": "100.0%（1/1）", "12345热线": "100.0%（1/1）"} == shown(found)
    assert "50.0%（1/2）" == found.total.figures[found.column("rectification")].words


def test_zones_count_by_place_and_else_by_what_the_issue_says() -> None:
    """On a shared edge the smaller code (8.4); community zones are not the campaign's; a zone without issues is listed."""
    found = table(
        Some(
            feature("zone", "W2", box(10, 0, 20, 10), kind="campaign", street="文昌街道"),
            feature("zone", "W1", box(0, 0, 10, 10), kind="campaign", street="文昌街道"),
            feature("zone", "W3", box(30, 0, 40, 10), kind="campaign", street="镜湖街道"),
            feature("zone", "S1", box(0, 0, 40, 10), kind="community"),
            feature("zone", "OLD", box(0, 0, 5, 5), kind="campaign", valid_to=dt.date(2024, 5, 1)),
            issue("edge", (10.0, 5.0), status="closed", zone_code="W2"),
            issue("in", (15.0, 5.0), status="dispatched"),
            issue("old", (1.0, 1.0), status="closed"),
            issue("said", status="closed", zone_code="W2"),
            issue("out", (100.0, 5.0), status="closed"),
        ),
        CAMPAIGN,
        "zone",
    )

    assert {"W1": "100.0%（2/2）", "W2": "50.0%（1/2）", "W3": "—", "": "100.0%（1/1）"} == shown(found)


def test_a_street_that_is_not_said_is_that_of_the_zone_and_a_section_the_nearest() -> None:
    """Within 20 m of its line."""
    rows = (
        feature("zone", "W1", box(0, 0, 100, 100), kind="campaign", street="文昌街道"),
        feature("section", "L1", LineString([(0, 0), (100, 0)])),
        feature("section", "L2", LineString([(0, 30), (100, 30)])),
        issue("a", (50.0, 12.0), status="closed", street="镜湖街道"),
        issue("b", (50.0, 19.0), status="closed"),
        issue("c", (50.0, 60.0), status="closed"),
        issue("d", status="closed", section_code="L1"),
    )
    assert {"镜湖街道": "100.0%（1/1）", "文昌街道": "100.0%（2/2）", "": "100.0%（1/1）"} == shown(table(Some(*rows), CAMPAIGN, "street"))
    assert {"L1": "100.0%（2/2）", "L2": "100.0%（1/1）", "": "100.0%（1/1）"} == shown(table(Some(*rows), CAMPAIGN, "section"))


def test_categories_have_two_levels_where_they_are_known() -> None:
    """By the words of categories.toml: written in two levels, told by the description, or of nobody's knowledge and then as they stand."""
    rows = [
        issue("a", category="设施类/燃气井盖", status="closed"),
        issue("b", category="设施", description="天然气井盖松动"),
        issue("c", category="环境卫生", description="无人打扫"),
        issue("d", category="自创类-其一", description="别的"),
    ]

    assert {"设施类": "50.0%（1/2）", "环境类": "0.0%（0/1）", "自创类": "0.0%（0/1）"} == shown(table(Some(*rows), CAMPAIGN, "category"))
    assert {"设施类/燃气井盖", "环境类", "自创类-其一"} == set(shown(table(Some(*rows), CAMPAIGN, "subcategory")))


def test_points_come_from_the_ledger_and_every_line_counts_but_what_was_cancelled() -> None:
    """SR-70: 0.3 + 1 = 1.3; in a period the lines of its days."""
    rows = [
        feature("deduction", f"D{n}", unit=unit, points=points, date=JUNE + dt.timedelta(days=day), appeal=appeal, rule="found")
        for n, (unit, points, day, appeal) in enumerate(
            [("城管局", 0.3, 0, None), ("城管局", 1, 1, "pending"), ("城管局", 2, 1, "cancelled"), ("住建局", 0.2, 1, "upheld")]
        )
    ]
    view = Some(*UNITS, *rows, issue("a", responsible_unit="城管局"))
    assert {"城管局": Decimal("1.3"), "住建局": Decimal("0.2")} == deducted(view)
    found = table(view, CAMPAIGN)
    assert (Decimal("1.3"), Decimal(0), Decimal("1.5")) == (found.line("城管局").points, found.line("民政局").points, found.total.points)  # type: ignore[union-attr]
    assert {"城管局": Decimal("0.3")} == deducted(view, Period(JUNE, JUNE))


def test_each_number_of_a_table_opens_its_rows() -> None:
    """The rows of a unit's rate are that unit's issues."""
    view = Some(
        *UNITS,
        issue("a", responsible_unit="城管局", status="closed"),
        issue("b", responsible_unit="城管局"),
        issue("c", responsible_unit="住建局", status="closed"),
    )
    view.rows["issue"][1] = issue("b", responsible_unit="城管局", status="rework")
    figure = table(view, CAMPAIGN).figure("城管局", "rectification")

    assert figure is not None
    assert (["issue-a"], ["issue-a", "issue-b"], ["issue-b"]) == (figure.rows.numerator, figure.rows.denominator, figure.rows.rest)


STATUSES = st.sampled_from(list(STATES))
DAYS = st.one_of(st.none(), st.integers(-5, 5).map(lambda n: dt.date(2024, 6, 3) + dt.timedelta(days=n)))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "status": STATUSES,
            "street": st.sampled_from([None, "甲街道", "乙街道"]),
            "category": st.sampled_from([None, "设施类", "环境类"]),
            "site_code": st.sampled_from([None, "001", "002"]),
            "responsible_unit": st.sampled_from([None, "城管局", "住建局"]),
            "due_at": DAYS,
            "done_at": DAYS,
            "checked_at": DAYS,
            "found_at": DAYS,
            "rework_count": st.sampled_from([None, 0, 2]),
        }
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(ROWS, st.sampled_from(["unit", "street", "category", "site", "level"]), st.sampled_from([ALWAYS, Period(JUNE, dt.date(2024, 6, 3))]))
def test_groups_of_one_value_add_up_to_the_whole(rows: list[dict[str, object]], by: str, period: Period) -> None:
    """Numerators and denominators over all groups are those of the district, for every indicator."""
    found = table(Some(*UNITS, *(issue(str(n), **row) for n, row in enumerate(rows))), CAMPAIGN, by, period)

    for at, one in enumerate(INDICATORS):
        cells = [line.figures[at] for line in found.lines]
        whole = found.total.figures[at]
        assert sum(cell.numerator for cell in cells) == whole.numerator, one.id
        assert sum(cell.denominator or 0 for cell in cells) == (whole.denominator or 0), one.id


def test_a_wrong_word_names_the_nearest() -> None:
    """Of an indicator, of a division, and in the rule file with the place to mend it."""
    with pytest.raises(UserError, match="是不是 rectification"):
        table(Some(), CAMPAIGN, indicators=["rectificaton"])
    with pytest.raises(UserError, match="没有这样的分组"):
        table(Some(), CAMPAIGN, "uint")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[ranking]\nby = "rectify"', "ranking.by：没有指标“rectify”"),
        ("[weights]\nclosed = 3", "weights.closed：已销号数不是率，不能加权"),
        ("[weights]\non_time = -1", "weights.on_time：“-1”应为不小于 0 的数"),
        ('[ranking]\nred_last = "三"', "ranking.red_last：“三”应为不小于 0 的数"),
        ("[ranking", "不是正确的 TOML"),
    ],
)
def test_a_rule_file_that_is_wrong_says_where(tmp_path: Path, text: str, said: str) -> None:
    """The project's own file is read in place of the shipped one."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "indicators.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"indicators\.toml") as caught:
        ranking_rules(tmp_path)
    assert said in str(caught.value)
    assert ("rectification", 80.0, 3) == (ranking_rules().rank_by, ranking_rules().line, ranking_rules().last)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Two units, three issues."""
    made = Project.create(tmp_path / "p.gpkg", CAMPAIGN, 4548, "某某01")
    rows = [("unit", {"code": "U1", "name": "城管局"}), ("unit", {"code": "U2", "name": "住建局"})]
    rows += [
        ("issue", {"code": code, "name": code, "description": "路灯不亮", "status": status, "responsible_unit": unit})
        for code, status, unit in (("a", "closed", "城管局"), ("b", "in_progress", "城管局"), ("c", "closed", "住建局"))
    ]
    made.apply(edits.joined("建", [edits.add(made.layers[layer], values) for layer, values in rows]))
    yield made
    made.close()


def test_frozen_figures_do_not_change_and_are_held_against_today(project: Project) -> None:
    """A published table says for ever what it said; a name is used once."""
    project.apply(frozen.freeze(project, table(project, CAMPAIGN), "5月通报"))
    issues = project.features("issue")
    project.apply(edits.set_values(project.layers["issue"], [issues.at(1)], {"responsible_unit": "住建局"}))
    kept = project.feature(project.layers["frozen"], "20240603-1")
    content = frozen.thawed(kept)
    live = frozen.today(project, CAMPAIGN, content)

    assert "50.0%" == next(line for line in content["lines"] if line["key"] == "城管局")["figures"]["rectification"]["text"]
    told = {(one.group, one.indicator): (one.then, one.now) for one in frozen.differences(kept, live)}
    assert ("50.0%（1/2）", "100.0%（1/1）") == told[("城管局", "整改率")]
    assert ("100.0%（1/1）", "50.0%（1/2）") == told[("住建局", "整改率")]
    assert not [pair for pair in told if pair[0] == "全区"]
    with pytest.raises(UserError, match="已有名为"):
        frozen.freeze(project, live, "5月通报")
    assert 1 == len(project.features("frozen"))


def test_what_came_back_is_charged_to_the_unit_that_sent_it_back(project: Project) -> None:
    """SR-67: the log knows who was responsible when it was returned; what was undone never happened."""
    layer = project.layers["issue"]

    def change(**values: str) -> None:
        row = project.features("issue").coded("b")
        assert row is not None
        from chuangwen.domain.change import Change, Edit

        project.apply(Edit("改", (Change("issue", row.id, {name: row.get(name) for name in values}, dict(values)),)))

    change(status="returned")
    change(status="dispatched", responsible_unit="住建局")
    moves = moves_of(project, project.features("issue"))
    assert [("returned", "城管局"), ("dispatched", "城管局")] == list(zip(moves.targets, moves.units, strict=True))

    issues = project.features("issue")
    project.apply(edits.joined("计", [edits.set_values(layer, [issues.at(1)], {"return_count": 1})]))
    found = table(project, CAMPAIGN, indicators=["returned"], moves=moves_of(project, project.features("issue")))
    assert {"城管局": "1", "住建局": "0"} == shown(found, "returned")
    today = Period(dt.date.today(), dt.date.today())
    assert 1 == Facts(project.features("issue"), CAMPAIGN.now, moves).moved("returned", today).sum()
    for _step in range(3):
        project.undo()
    assert [] == list(moves_of(project, project.features("issue")).targets)


def test_every_division_of_the_demo_layers_is_offered_and_told_as_json() -> None:
    """Scripts get numerator and denominator of every figure, and the formula in words."""
    told = as_json(table(Some(*UNITS, issue("a", responsible_unit="城管局", status="closed")), CAMPAIGN, indicators=RANKING))

    assert {"unit", "zone", "street", "source", "level", "category", "subcategory", "site", "section"} == set(BYS)
    assert {"numerator": 1, "denominator": 1, "text": "100.0%"} == told["lines"][0]["figures"]["rectification"]
    assert "已销号数 ÷（交办数 － 作废数）" == next(one for one in told["indicators"] if one["id"] == "rectification")["formula"]
