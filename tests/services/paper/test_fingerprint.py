"""Only what changed: an edit changes exactly the sheets on which it is printed, and each says in a line what is new on it."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely import affinity

from chuangwen.domain.change import Change, Edit
from chuangwen.domain.feature import Feature
from chuangwen.domain.imprint import Imprint
from chuangwen.services.paper import zones
from chuangwen.services.paper.changes import note
from chuangwen.services.paper.facts import Facts, read_facts
from chuangwen.services.paper.fingerprint import Fingerprints
from chuangwen.services.paper.ground import frames
from chuangwen.services.paper.handwork import Handwork, apply
from chuangwen.services.paper.printed import changed_since_last_packet, record, standings
from chuangwen.services.paper.sheet import Request, Sheet
from chuangwen.services.project import Project
from tests.build import ROOT

AT = dt.datetime(2024, 6, 3, 8, 30)


def sheets(project: Project, paper: str = "A4") -> list[Sheet]:
    """All zone sheets."""
    return zones.plan(project, Request("zone", paper=paper))


def named(sheet: Sheet) -> str:
    """Its code, and its part where there are several."""
    return f"{sheet.code} {sheet.part}".removesuffix(" 0")


def go_out(project: Project) -> None:
    """All of them are printed."""
    record(project.store, standings(project, sheets(project)), "p1", "甲", AT)


def news(project: Project, *, mono: bool = False) -> dict[str, str]:
    """Sheet → note of those that have to be printed again."""
    return {named(one.sheet): one.note for one in standings(project, sheets(project), mono=mono) if one.changed}


def listing(project: Project, layer: str, row_id: str) -> list[str]:
    """The sheets on which a feature is listed."""
    return [named(sheet) for sheet in sheets(project) if row_id in {row.feature.id for row in sheet.rows[layer]}]


def change(project: Project, feature: Feature, **values: Any) -> None:
    """Edit one feature."""
    before = {name: feature.geometry if name == "geometry" else feature.get(name) for name in values}
    project.apply(Edit("改", (Change(feature.layer, feature.id, before, values),)))


def open_issue(project: Project) -> Feature:
    """An issue with a place and a deadline that is on just one sheet."""
    rows = [row for sheet in sheets(project) for row in sheet.rows["issue"]]
    on = [row.feature.id for row in rows]
    return next(row.feature for row in rows if row.number and row.feature.get("due_at") and on.count(row.feature.id) == 1)


def test_what_was_printed_need_not_be_printed_again(demo: Project) -> None:
    """At first everything; then nothing, also after a restart and on another day; on other paper everything."""
    first = news(demo)
    assert len(first) == len(sheets(demo)) >= 36
    assert {"首次打印"} == set(first.values())
    go_out(demo)
    assert {} == news(demo)
    demo.store.set_campaign(demo.campaign.__class__(demo.campaign.title, demo.campaign.district, demo.campaign.office, fixed_today=dt.date(2024, 6, 9)))
    assert {} == news(demo)
    again = Project.open(demo.path, "乙")
    assert {} == news(again)
    again.close()
    larger = sheets(demo, "A3")
    assert larger == changed_since_last_packet(demo, larger)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"description": "路面破损一处"}, "1 项内容更正"),
        ({"due_at": dt.datetime(2024, 6, 20, 18)}, "时限变更"),
        ({"responsible_unit": "区城市管理局"}, "责任单位变更"),
        ({"status": "closed"}, "1 销号"),
        ({"status": "void"}, "1 作废"),
        ({"status": "deferred"}, "1 项状态变更"),
        ({"measure": "已约谈", "remark": "备注", "checker": "某某"}, None),
    ],
)
def test_an_issue_changes_exactly_the_sheets_that_list_it(demo: Project, values: dict[str, Any], said: str | None) -> None:
    """And what no sheet prints changes none."""
    issue = open_issue(demo)
    on = listing(demo, "issue", issue.id)
    go_out(demo)
    change(demo, issue, **values)

    assert (dict.fromkeys(on, said) if said else {}) == news(demo)
    demo.undo()
    assert {} == news(demo)


def test_an_issue_that_moves_leaves_one_sheet_and_comes_to_another(demo: Project) -> None:
    """Both have to be printed, no other."""
    issue = open_issue(demo)
    (old,) = listing(demo, "issue", issue.id)
    target = next(sheet for sheet in reversed(sheets(demo)) if named(sheet) != old)
    assert target.subject is not None
    assert target.subject.geometry is not None
    go_out(demo)
    change(demo, issue, geometry=target.subject.geometry.representative_point())

    assert [named(target)] == listing(demo, "issue", issue.id)
    assert {old: "1 问题移出", named(target): "+1 问题"} == news(demo)


def test_new_issues_are_counted_with_what_else_is_new(demo: Project) -> None:
    """+2 问题，1 销号，责任单位变更."""
    sheet = next(one for one in sheets(demo) if sum(bool(row.number) for row in one.rows["issue"]) >= 2)
    assert sheet.subject is not None
    assert sheet.subject.geometry is not None
    go_out(demo)
    spot = sheet.subject.geometry.representative_point()
    rows = [Change("issue", f"new-{n}", None, {"code": f"2024-9{n}", "name": "新", "status": "registered", "geometry": spot}) for n in (1, 2)]
    demo.apply(Edit("新问题", tuple(rows)))
    change(demo, next(row.feature for row in sheet.rows["issue"] if row.number), status="closed")
    change(demo, sheet.subject, responsible_unit="区城市管理局")

    assert {named(sheet): "+2 问题，1 销号，责任单位变更"} == news(demo)


def test_people_and_boundaries_of_a_zone(demo: Project) -> None:
    """A new chief is on one sheet; a boundary on those of the neighbours that show it too."""
    sheet = sheets(demo)[3]
    assert sheet.subject is not None
    assert sheet.subject.geometry is not None
    go_out(demo)
    change(demo, sheet.subject, chief="某某某")
    assert {named(sheet): "网格长变更"} == news(demo)
    demo.undo()
    change(demo, sheet.subject, households=12345)
    assert {named(sheet): "基本信息变更"} == news(demo)
    demo.undo()
    nudged = affinity.scale(sheet.subject.geometry, 1.02, 1.02)
    seen = {named(one) for one in sheets(demo) if frames(one)[0].intersects(sheet.subject.geometry.boundary.union(nudged.boundary))}
    change(demo, sheet.subject, geometry=nudged)
    found = news(demo)
    assert found[named(sheet)].startswith("边界变更")
    assert set(found) <= seen
    assert len(found) > 1


def test_a_road_changes_the_sheets_in_which_that_end_is_seen(demo: Project) -> None:
    """Not those along which it runs elsewhere."""
    road = max(demo.features("road"), key=lambda one: one.geometry.length if one.geometry is not None else 0)
    assert road.geometry is not None
    before = shapely.get_parts(road.geometry)
    xy = shapely.get_coordinates(before[-1])
    bent = shapely.linestrings([*xy[:-1], xy[-1] + (5, 5)])
    end = shapely.linestrings(xy[-2:]).union(shapely.linestrings([xy[-2], xy[-1] + (5, 5)]))
    seen = [named(one) for one in sheets(demo) if frames(one)[0].intersects(end)]
    along = [named(one) for one in sheets(demo) if frames(one)[0].intersects(road.geometry)]
    assert 0 < len(seen) < len(along)
    go_out(demo)
    change(demo, road, geometry=shapely.union_all([*before[:-1], bent]) if len(before) > 1 else bent)

    assert dict.fromkeys(seen, "底图变更") == news(demo)


def test_a_hair_is_no_change_and_a_short_name_is_one(demo: Project) -> None:
    """A millimetre on the ground cannot be seen; the short name of a unit stands in the tables."""
    go_out(demo)
    sheet = next(one for one in sheets(demo) if one.rows["site"])
    site = sheet.rows["site"][0].feature
    assert site.geometry is not None
    change(demo, site, geometry=affinity.translate(affinity.translate(site.geometry, 0.3), -0.3 + 1e-6))
    assert {} == news(demo)
    unit = demo.features("unit").feature(next(one.id for one in demo.features("unit") if one.name == site.get("responsible_unit")))
    assert unit is not None
    change(demo, unit, short_name="改了名")
    found = news(demo)
    assert named(sheet) in found
    assert {"责任单位变更"} == set(found.values())


def test_style_heading_and_handwork_count(demo: Project) -> None:
    """For a mono printer, with another foot, or with a label moved, a sheet looks different."""
    go_out(demo)
    everything = {named(sheet) for sheet in sheets(demo)}
    assert dict.fromkeys(everything, "版式变更") == news(demo, mono=True)
    demo.store.set_imprint(Imprint(footer="注意保管"))
    assert dict.fromkeys(everything, "版式变更") == news(demo)
    demo.store.set_imprint(Imprint())
    assert {} == news(demo)

    plain = sheets(demo)[0]
    for hand, said in (
        (Handwork(labels={("zone", "x"): (1, 2)}), "手工调整"),
        (Handwork(shift=(20, 0)), "图幅调整"),
        (Handwork(hidden=frozenset({"road"})), "底图变更，手工调整"),
    ):
        assert said == standings(demo, [apply(plain, hand)])[0].note


def test_an_empty_packet_writes_nothing(demo: Project) -> None:
    """Nothing was printed, nothing is known."""
    before = demo.path.read_bytes()
    record(demo.store, [], "p0", "甲", AT)
    assert before == demo.path.read_bytes()
    assert {} == demo.store.printed()


def test_another_process_takes_the_same_fingerprints(demo: Project, tmp_path: Path) -> None:
    """No order of sets, no hash of the day in them."""
    script = (
        "import sys; from pathlib import Path\n"
        "from chuangwen.services.paper import zones\nfrom chuangwen.services.paper.fingerprint import Fingerprints\n"
        "from chuangwen.services.paper.sheet import Request\nfrom chuangwen.services.project import Project\n"
        "project = Project.open(Path(sys.argv[1]), '乙'); take = Fingerprints(project)\n"
        "print(' '.join(take.facts(sheet).fingerprint for sheet in zones.plan(project, Request('zone'))))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "77", "PYTHONPATH": str(ROOT / "src")}
    said = subprocess.run([sys.executable, "-c", script, str(demo.path)], capture_output=True, text=True, check=True, env=environment).stdout.split()
    take = Fingerprints(demo)
    assert [take.facts(sheet).fingerprint for sheet in sheets(demo)] == said


def test_facts_come_back_as_they_were_and_damaged_ones_say_little(demo: Project) -> None:
    """A packet of a later program only says that something differs."""
    facts = Fingerprints(demo).facts(sheets(demo)[0])
    assert facts == read_facts(facts.to_json())
    assert ("", "首次打印") == (note(facts, facts), note(None, facts))
    for content in ("", "{}", "[]", '{"parts": 1, "subject": 2, "rows": 3}', '{"parts": {}, "subject": {}, "rows": {"issue": {"a": [1]}}}'):
        assert Facts() == read_facts(content)
        assert note(read_facts(content), facts)
