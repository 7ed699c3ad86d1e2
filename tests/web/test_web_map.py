"""Pages for readers: what is on them and, above all, what is not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from chuangwen.domain import edits
from chuangwen.domain.personal import Names
from chuangwen.errors import Cancelled, DataProblem, FileProblem, UserError
from chuangwen.exchange.web.content import LONG, PHONE, STATE, WebLayer, WebPage
from chuangwen.exchange.web.scan import scan
from chuangwen.progress import Progress
from chuangwen.services.audiences import audience
from chuangwen.services.personal_names import names_of
from chuangwen.services.project import Project
from chuangwen.services.web_map import WebOptions, page_for, write_web_map
from chuangwen.services.web_subject import subject_of
from tests.exchange.web.reading import whole_text
from tests.web.made import IDENTITY, NAMES, PHONES, SECRETS, issue

PUBLIC = WebOptions(consent=True, review_number="示S（2024）001号")


def page(project: Project, reader: str, options: WebOptions | None = None, **words: str) -> WebPage:
    """The page for a reader."""
    one = audience(reader)
    return page_for(project, one, subject_of(project, one, words), options)


def layer(found: WebPage, name: str) -> WebLayer:
    """A layer of a page."""
    return next(one for one in found.layers if one.id == name)


def words_of(found: WebPage) -> str:
    """All words of a page."""
    return repr(found)


def codes(found: WebPage, name: str) -> list[str]:
    """The codes in a layer's pop-ups."""
    return sorted(value[0] for value in layer(found, name).values)


# --- the public


def test_a_public_page_has_no_names_telephones_and_identity_numbers(town: Project, tmp_path: Path) -> None:
    """In the page's values and in the file, decoded."""
    written = write_web_map(town, tmp_path / "公开.html", audience("public"), None, PUBLIC)
    text = whole_text(tmp_path / "公开.html")

    assert written.size == (tmp_path / "公开.html").stat().st_size
    assert "护栏破损" in text
    assert [secret for secret in SECRETS if secret in text] == []
    assert [secret for secret in SECRETS if secret in words_of(page(town, "public", PUBLIC))] == []
    assert "38号" not in text
    assert "草稿里的事" not in text


def test_a_public_page_does_not_say_where_exactly(town: Project) -> None:
    """Sites to 50 m, issues to 200 m, ids that name nothing, no buildings, and no colour that tells an unseen field."""
    found = page(town, "public", PUBLIC)
    exact = page(town, "internal")

    assert layer(found, "issue").ids == ["1", "2", "3", "4"]
    assert [one.id for one in found.layers] == ["road", "zone", "section", "site", "issue"]
    for name, most in (("issue", 0.0016), ("site", 0.0005)):
        places = {(round(one.x, 7), round(one.y, 7)) for one in layer(exact, name).shapes}
        coarse = [(round(one.x, 7), round(one.y, 7)) for one in layer(found, name).shapes]
        assert not places & set(coarse)
        assert all(min(abs(x - a) + abs(y - b) for a, b in places) < most * 2 for x, y in coarse)
    assert all(kind.badge is None for kind in layer(found, "issue").kinds)


def test_a_public_page_must_be_asked_for(town: Project, tmp_path: Path) -> None:
    """By name, with a 审图号, for days to come; nothing is written."""
    for options, words in (
        (WebOptions(review_number="x"), "public-ok"),
        (WebOptions(consent=True), "审图号"),
        (WebOptions(consent=True, review_number="x", until=dt.date(2024, 6, 1)), "有效期"),
    ):
        with pytest.raises(UserError, match=words):
            write_web_map(town, tmp_path / "公开.html", audience("public"), None, options)
    assert not list(tmp_path.glob("*.html"))


def test_a_public_page_is_on_record(town: Project, tmp_path: Path) -> None:
    """In the change log, with file and 审图号; another page is not."""
    before = len(town.steps())
    write_web_map(town, tmp_path / "内部.html", audience("internal"))
    assert len(town.steps()) == before

    write_web_map(town, tmp_path / "公开.html", audience("public"), None, PUBLIC)
    assert "公开.html" in town.steps()[-1].label
    assert "示S（2024）001号" in town.steps()[-1].label
    found = page(town, "public", PUBLIC)
    assert any("审图号：示S（2024）001号" in note for note in found.notes)
    assert found.expires == dt.date.today() + dt.timedelta(days=90)
    assert found.watermark


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("门口堆物，联系13812345678", "手机"),
        ("联系 138-1234-5678", "手机"),
        ("请打１３８１２３４５６７８", "手机"),
        ("物业0794-7821234", "电话"),
        (f"当事人{IDENTITY}", "身份证"),
        (f"{NAMES[5]}占道经营", "姓名"),
        (f"<b>{NAMES[1]}</b>", "姓名"),
    ],
)
def test_a_public_page_with_something_personal_is_refused(town: Project, tmp_path: Path, text: str, kind: str) -> None:
    """Naming layer, code, field and remedy; nothing is written and nothing on record."""
    town.apply(issue(town, "20240602-009", 500.0, 500.0, "第一局", "in_progress", description=text))
    steps = len(town.steps())

    with pytest.raises(DataProblem) as refused:
        write_web_map(town, tmp_path / "公开.html", audience("public"), None, PUBLIC)

    for word in ("问题", "20240602-009", "问题描述", kind):
        assert word in refused.value.message
    assert "audiences.toml" in refused.value.hint
    assert not list(tmp_path.glob("*.html*"))
    assert len(town.steps()) == steps


def test_masked_telephones_may_go_out_and_names_may_not(town: Project, tmp_path: Path) -> None:
    """`masked` mends what is a mobile number and nothing else."""
    town.apply(issue(town, "20240602-009", 500.0, 500.0, "第一局", "in_progress", description="联系 138-1234-5678"))
    masks = WebOptions(consent=True, review_number="x", masked=True)
    write_web_map(town, tmp_path / "公开.html", audience("public"), None, masks)
    assert "138****5678" in whole_text(tmp_path / "公开.html")

    town.apply(issue(town, "20240602-010", 500.0, 500.0, "第一局", "in_progress", description=NAMES[0]))
    with pytest.raises(DataProblem, match="20240602-010"):
        write_web_map(town, tmp_path / "再来.html", audience("public"), None, masks)


def test_the_scan_looks_at_all_words_of_a_page(town: Project) -> None:
    """Title, foot, watermark and legend too; names of units are none."""
    found = page(town, "internal")
    leaks = scan(found, names_of(town, audience("internal")))

    assert {"问题", "点位", "网格", "路长制路段"} <= {one.layer for one in leaks} | {"路长制路段"}
    assert not [one for one in leaks if one.found.words in ("第一局", "第二局", "一局")]
    own = WebPage("标题13812345678", "", NAMES[0], dt.datetime(2024, 6, 3), (), ("11010519491231002X",))
    assert ["标题", "制图单位", "页脚"] == [one.field for one in scan(own, Names([NAMES[0]]))]


# --- others


def test_a_unit_sees_only_its_own(town: Project, tmp_path: Path) -> None:
    """Its issues, sites and zone; nobody else's, no draft; telephones masked; the heads' names are not there."""
    found = page(town, "unit", unit="一局")

    assert codes(found, "issue") == ["20240601-001", "20240601-002"]
    assert codes(found, "site") == ["001"]
    assert codes(found, "zone") == ["A-1"]
    write_web_map(town, tmp_path / "单位.html", audience("unit"), subject_of(town, audience("unit"), {"unit": "U1"}))
    text = whole_text(tmp_path / "单位.html")
    assert "井盖缺失" not in text
    assert "第二局" not in text
    assert "东二网格" not in text
    assert "20240601-003" not in text
    assert not [phone for phone in PHONES if phone in text]
    assert "138****5601" in text
    assert NAMES[0] not in text
    assert "第一局" in found.watermark
    assert found.expires == dt.date.today() + dt.timedelta(days=30)  # the clock of whoever opens it


def test_a_patrol_sees_one_zone_or_section_and_may_tick(town: Project) -> None:
    """What lies in it; what only touches it is not there."""
    found = page(town, "patrol", zone="A-1")

    assert codes(found, "issue") == ["20240601-001", "20240601-002"]
    assert codes(found, "zone") == ["A-1"]
    assert codes(found, "site") == ["001"]
    assert layer(found, "issue").is_ticked
    assert not layer(found, "site").is_ticked
    form = found.patrol
    assert form is not None
    assert (form.project, form.subject) == (town.identifier, "A-1 东一网格")
    assert form.packet.startswith(f"{town.last_step}-")
    assert sorted(layer(found, "issue").ids) == sorted(town.features("issue").ids[at] for at in (0, 1))
    road = page(town, "patrol", section="长安路")
    assert codes(road, "issue") == ["20240601-002"]
    assert road.patrol is not None
    assert road.patrol.packet != form.packet


def test_each_reader_says_what_it_needs(town: Project) -> None:
    """A unit's page is of a unit, a patrol's of a place, and only of one."""
    for reader, words, match in (
        ("unit", {}, "--unit"),
        ("patrol", {}, "--zone"),
        ("unit", {"zone": "A-1"}, "--unit"),
        ("patrol", {"unit": "U1"}, "--zone"),
        ("patrol", {"zone": "A-1", "section": "L-1"}, "一次只能"),
        ("patrol", {"zone": "A-9"}, "没有“A-9”"),
        ("unit", {"unit": "第一句"}, "第一局"),
    ):
        with pytest.raises(UserError, match=match):
            page(town, reader, **words)


def test_the_office_sees_all_of_it(town: Project) -> None:
    """Names and telephones, masked where it wants; what is void is gone; state, telephone and long text are known as such."""
    found = page(town, "internal")

    text = words_of(found)
    assert [secret for secret in (*NAMES[2:], *PHONES) if secret not in text] == []
    masks = words_of(page(town, "internal", WebOptions(masked=True)))
    assert not [phone for phone in PHONES if phone in masks]
    issues = layer(found, "issue")
    kinds = {one.title: one.kind for one in issues.columns}
    assert (kinds["状态"], kinds["联系电话"], kinds["问题描述"]) == (STATE, PHONE, LONG)
    assert issues.columns[0].title == "问题编号"
    assert "整改中" in {one.title for one in issues.kinds}
    assert layer(found, "zone").kinds[0].symbol.fill
    assert layer(found, "zone").kinds[0].title == "东街道"
    assert layer(found, "zone").labels == ["A-1", "A-2"]
    assert found.data_time == town.data_time
    assert found.producer == "示范区创建办"


def test_columns_and_features_fit_together(town: Project) -> None:
    """As many values as columns, as many of each as features, classes that there are; what is context says nothing of itself."""
    for reader, words, options in (("internal", {}, None), ("unit", {"unit": "U1"}, None), ("patrol", {"zone": "A-1"}, None), ("public", {}, PUBLIC)):
        for one in page(town, reader, options, **words).layers:
            count = len(one.ids)
            assert count > 0
            assert len(set(one.ids)) == count
            assert [count] * 4 == [len(one.shapes), len(one.classes), len(one.titles), len(one.values)]
            assert all(len(value) == len(one.columns) for value in one.values)
            assert set(one.classes) == set(range(len(one.kinds)))
            assert all(116 < shape.bounds[0] < 117 and 27 < shape.bounds[1] < 29 for shape in one.shapes)
            if one.is_context:
                assert one.columns == ()
                assert not one.keys


def test_context_ends_near_the_subject(town: Project) -> None:
    """A road of ten kilometres is not sent with a zone of one."""
    found = page(town, "patrol", zone="A-1")

    assert found.extent is not None
    west, _south, east, _north = found.extent
    assert layer(found, "road").shapes[0].bounds[0] >= west - 1e-9
    assert east - west < 0.03


def test_what_has_no_place_can_be_found(town: Project) -> None:
    """With an empty shape, counted at the foot; the public does not get it."""
    lost = {"code": "9", "name": "x", "status": "in_progress", "description": "某处", "responsible_unit": "第一局", "zone_code": "A-1"}
    town.apply(edits.add(town.layers["issue"], lost))

    for found in (page(town, "unit", unit="U1"), page(town, "patrol", zone="A-1")):
        issues = layer(found, "issue")
        at = [value[0] for value in issues.values].index("9")
        assert issues.shapes[at].is_empty
        assert any("1 条没有位置" in note for note in found.notes)
    public = page(town, "public", PUBLIC)
    assert "9" not in codes(public, "issue")
    assert any("1 条没有位置，未列出" in note for note in public.notes)


def test_a_unit_with_nothing_on_the_map_has_a_page(town: Project) -> None:
    """Its issues can be read, if not seen."""
    town.apply(edits.add(town.layers["unit"], {"code": "U3", "name": "第三局"}))
    town.apply(edits.add(town.layers["issue"], {"code": "9", "name": "x", "status": "in_progress", "description": "某处", "responsible_unit": "第三局"}))

    assert codes(page(town, "unit", unit="U3"), "issue") == ["9"]


# --- the file


def test_nothing_half_written(town: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full in the middle, or a user who stops it, leaves the old file as it was."""
    path = tmp_path / "图.html"
    path.write_text("旧的", encoding="utf-8")

    def broken(where: Path, data: bytes) -> int:
        with where.open("wb") as file:
            file.write(data[:100])
        raise OSError(28, "磁盘满")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", broken)
        with pytest.raises(FileProblem, match=r"图\.html"):
            write_web_map(town, path, audience("internal"))
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        write_web_map(town, path, audience("internal"), progress=stopped)
    assert path.read_text(encoding="utf-8") == "旧的"
    assert sorted(one.name for one in tmp_path.iterdir() if one.suffix != ".gpkg") == ["图.html"]


def test_what_is_not_on_record_does_not_go_out(town: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the change log cannot be written there is no new public file, and an older one stays."""
    path = tmp_path / "公开.html"
    path.write_text("旧的", encoding="utf-8")

    def refuse(*_arguments: object, **_more: object) -> None:
        raise FileProblem("项目文件只读")

    monkeypatch.setattr(Project, "apply", refuse)
    with pytest.raises(FileProblem, match="只读"):
        write_web_map(town, path, audience("public"), None, PUBLIC)
    assert path.read_text(encoding="utf-8") == "旧的"
    assert sorted(one.name for one in tmp_path.iterdir() if one.suffix == ".html" or ".part" in one.name) == ["公开.html"]


def test_names_of_files_that_no_browser_opens_are_refused(town: Project, tmp_path: Path) -> None:
    """And folders that are not there, and the project itself."""
    for name in ("项目.gpkg", "图.txt"):
        with pytest.raises(UserError, match="html"):
            write_web_map(town, tmp_path / name, audience("internal"))
    with pytest.raises(FileProblem, match="文件夹"):
        write_web_map(town, tmp_path / "没有" / "图.html", audience("internal"))


def test_hostile_words_come_through_as_words(town: Project) -> None:
    """Nothing is lost, and nothing is made of it here: the writer escapes."""
    text = "<script>alert(1)</script></textarea>\"'&\u202e\r\n🙂" + "长" * 7_000
    town.apply(issue(town, "20240602-011", 500.0, 500.0, "第一局", "in_progress", description=text))

    assert text in [word for value in layer(page(town, "internal"), "issue").values for word in value]


def test_a_project_without_anything_on_the_map_says_so(tmp_path: Path) -> None:
    """Instead of an empty page."""
    from chuangwen.domain.campaign import Campaign

    project = Project.create(tmp_path / "空.gpkg", Campaign(title="空"), 4548, "某某01")
    with pytest.raises(UserError, match="没有可以放到网页上的"):
        page_for(project, audience("internal"))
    project.close()
