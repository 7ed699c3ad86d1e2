"""The command line as scripts rely on it: what it prints, its exit statuses, and that a refusal changes nothing (design.md §9)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from chuangwen.app import main
from tests.build import SHARED
from tests.cli.saying import said

pytestmark = pytest.mark.usefixtures("qapp")  # printing makes a QGuiApplication where there is none, and the window's tests need theirs


def test_the_demo_has_the_numbers_of_the_speech(demo_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """132 sites, 36 zones, 48 sections, 1,240 issues, 62 units; 1,017 closed."""
    shown = said(capsys, "show", demo_file)

    assert {name: shown["layers"][name] for name in ("site", "zone", "section", "issue", "unit")} == {
        "site": 132,
        "zone": 36,
        "section": 48,
        "issue": 1240,
        "unit": 62,
    }
    assert shown["crs"] == "EPSG:4548"
    assert len(said(capsys, "show", demo_file, "issue", "--where", "status=closed")["features"]) == 1017
    assert len(said(capsys, "show", demo_file, "问题", "--where", "状态=已销号")["features"]) == 1017


def test_the_zones_of_beijing_come_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The real file of 331 streets, into a project whose CRS it settles."""
    source = SHARED / "real" / "beijing_haidian" / "township" / "beijing.shp"
    if not source.exists():
        pytest.skip("the real files lie in ../shared/data, which is absent")
    target = tmp_path / "b.gpkg"
    assert said(capsys, "new", target, "--title", "北京") == {"project": str(target)}

    trial = said(capsys, "import", target, source, "--layer", "zone", "--dry-run")
    assert said(capsys, "show", target)["layers"]["zone"] == 0
    report = said(capsys, "import", target, source, "--layer", "zone")
    assert (trial["added"], report["added"], report["rejected"]) == (331, 331, [])
    assert said(capsys, "show", target)["crs"] == "EPSG:4548"
    again = said(capsys, "import", target, source, "--layer", "zone")
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 331)


def test_set_undo_redo_history(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each in a process's life of its own: undo reads the log."""
    code = said(capsys, "show", project, "issue", "--where", "status=registered")["features"][0]["code"]

    said(capsys, "set", project, "issue", code, "status=dispatched", "responsible_unit=区城管局", "--by", "王某某")
    issue = said(capsys, "show", project, "issue", "--where", f"code={code}")["features"][0]
    assert (issue["status"], issue["responsible_unit"]) == ("dispatched", "示范区城市管理局")
    said(capsys, "undo", project)
    assert said(capsys, "show", project, "issue", "--where", f"code={code}")["features"][0]["status"] == "registered"
    said(capsys, "redo", project)
    history = said(capsys, "history", project, "issue", code)["history"]
    assert [entry["kind"] for entry in history[:3]] == ["redo", "undo", "do"]
    assert history[2]["by"] == "王某某"
    assert history[0]["changes"]["状态"] == ["已登记·待交办", "已交办·待签收"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["set", "P", "issue", "20240408-001", "status=draft"], "不能直接改为"),
        (["set", "P", "issue", "20240408-001", "status=nonsense"], "不在可选项中"),
        (["set", "P", "issue", "20240408-001", "responsible_unit=火星局"], "火星局"),
        (["set", "P", "issue", "nobody", "remark=x"], "nobody"),
        (["set", "P", "isue", "1", "remark=x"], "issue"),
        (["set", "P", "issue", "20240408-001", "remrak=x"], "remark"),
        (["set", "P", "issue", "20240408-001", "rework_count=9"], "不能直接修改"),
        (["set", "P", "issue", "20240408-001", "code="], "不能为空"),
        (["import", "P", "nothing.shp", "--layer", "zone"], "nothing.shp"),
        (["import", "P", "P", "--layer", "zone"], "不能"),
        (["print", "P", "zone", "--out", "OUT/none/z.pdf"], "文件夹"),
        (["print", "P", "zone", "--code", "X-99", "--out", "OUT/z.pdf"], "X-99"),
        (["print", "P", "zone", "--scale", "abc", "--out", "OUT/z.pdf"], "abc"),
        (["export", "P", "site", "OUT/x.doc"], "doc"),
        (["show", "OUT/none.gpkg"], "none.gpkg"),
        (["new", "P", "--title", "x"], "已经存在"),
        (["new", "OUT/y.gpkg", "--title", "x", "--crs", "EPSG:3857"], "3857"),
        (["demo", "FOLDER"], "已经存在"),
        (["render", "P", "OUT/x.png", "--size", "big"], "--size"),
        (["undo", "FRESH"], "没有可以撤销"),
    ],
)
def test_a_refusal_is_a_sentence_with_status_2_and_changes_nothing(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    """No traceback, nothing written, nothing left behind."""
    fresh = tmp_path / "fresh.gpkg"
    main(["new", str(fresh), "--title", "空"])
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "demo.gpkg").write_bytes(b"x")
    places = {"P": str(project), "OUT": str(tmp_path), "FRESH": str(fresh), "FOLDER": str(tmp_path / "demo")}
    words = [places.get(word.split("/")[0], word.split("/")[0]) + word[len(word.split("/")[0]) :] for word in words]
    before = hashlib.sha256(project.read_bytes()).hexdigest(), sorted(path.name for path in tmp_path.rglob("*"))
    capsys.readouterr()

    assert main(words) == 2

    out = capsys.readouterr()
    assert told in out.err
    assert "Traceback" not in out.err
    assert (hashlib.sha256(project.read_bytes()).hexdigest(), sorted(path.name for path in tmp_path.rglob("*"))) == before


def test_good_rows_go_in_and_bad_ones_are_listed_with_status_3(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown status is named by its line; an unknown unit is asked about and costs no row; one undo takes all out."""
    rows = "问题编号,问题描述,责任单位,完成情况\nA1,路面破损,区城管局,未整改\nA2,路面破损,火星局,未整改\nA3,路面破损,区城管局,不知道\n"
    (tmp_path / "单.csv").write_text(rows, encoding="gbk")

    report = said(capsys, "import", project, tmp_path / "单.csv", "--layer", "issue", status=3)

    assert report["added"] == 2
    assert [one["row"] for one in report["rejected"]] == [4]
    assert [(one["key"], one["rows"], one["chosen"]) for one in report["doubts"]] == [("unit:火星局", [3], "keep")]
    assert said(capsys, "show", project)["layers"]["issue"] == 1242
    said(capsys, "undo", project)
    assert said(capsys, "show", project)["layers"]["issue"] == 1240


def test_an_answer_registers_a_unit_and_one_undo_takes_both_back(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--answer unit:火星局=new: the row and the unit are one step."""
    (tmp_path / "单.csv").write_text("问题编号,问题描述,责任单位\nA2,路面破损,火星局\n", encoding="gbk")
    units = said(capsys, "show", project)["layers"]["unit"]

    said(capsys, "import", project, tmp_path / "单.csv", "--layer", "issue", "--answer", "unit:火星局=new")

    assert said(capsys, "show", project)["layers"]["unit"] == units + 1
    assert [one["responsible_unit"] for one in said(capsys, "show", project, "issue", "--where", "code=A2")["features"]] == ["火星局"]
    said(capsys, "undo", project)
    assert said(capsys, "show", project)["layers"]["unit"] == units


def test_a_row_is_placed_by_its_words_or_by_coordinates(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command line places what the window places by a click."""
    lost = [one["code"] for one in said(capsys, "show", project, "site")["features"] if one["geometry"] is None]

    said(capsys, "set", project, "site", lost[0], "location=116.36,27.95")
    point = next(one for one in said(capsys, "show", project, "site")["features"] if one["code"] == lost[0])["geometry"]
    assert point["coordinates"] == pytest.approx([437018.632, 3093065.667], abs=0.01)


def test_a_picture_and_an_export_are_written(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A real PNG of the asked size; a shapefile in GBK; nothing half."""
    from PySide6.QtGui import QImage

    said(capsys, "render", project, tmp_path / "图.png", "--size", "800x500")
    assert (QImage(str(tmp_path / "图.png")).width(), QImage(str(tmp_path / "图.png")).height()) == (800, 500)
    assert said(capsys, "export", project, "zone", tmp_path / "网格.shp")["written"] == 36
    assert (tmp_path / "网格.cpg").exists()
    assert not list(tmp_path.glob("*.part"))


def test_print_knows_every_product_and_its_first_paper(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The choices come from the templates, without loading what draws; each of them can be drawn."""
    from chuangwen.cli.paper import products
    from chuangwen.render.paper.products import PRODUCTS

    assert set(products()) == set(PRODUCTS)
    from pypdf import PdfReader

    for words, side in ((["zone", "--code", "WC-01"], 297), (["zone", "--code", "WC-01", "--paper", "A3", "--mono"], 420), (["index"], 297)):
        target = tmp_path / f"{words[0]}.pdf"
        said_so = said(capsys, "print", project, *words, "--out", target)
        reader = PdfReader(target)
        assert said_so["files"] == [str(target)]
        assert said_so["pages"] == len(reader.pages)
        assert max(float(one) for one in reader.pages[0].mediabox[2:]) / 72 * 25.4 == pytest.approx(side, abs=0.5)


def test_print_checks_first_and_tells_on_stderr(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A zone with nobody responsible is a word of warning; a name that cannot be written an error, for which the check alone ends with 3."""
    for field in ("responsible_unit", "chief", "member"):
        assert main(["set", str(project), "zone", "WC-01", f"{field}="]) == 0
    capsys.readouterr()
    assert main(["print", str(project), "zone", "--code", "WC-01", "--out", str(tmp_path / "z.pdf")]) == 0
    out = capsys.readouterr()
    assert "WC-01" in out.err
    assert "没有责任单位" in out.err
    assert "没有责任单位" not in out.out

    found = said(capsys, "print", project, "zone", "--code", "WC-01", "--check")
    assert found["files"] == []
    (nobody,) = [one for one in found["findings"] if one["kind"] == "nobody"]
    assert (nobody["severity"], nobody["page"], nobody["sheet"], nobody["layer"], nobody["code"]) == ("warning", 1, "WC-01", "zone", "WC-01")

    assert main(["set", str(project), "zone", "WC-01", "name=\U0002a6a5街第1网格"]) == 0
    assert said(capsys, "print", project, "zone", "--code", "WC-01", "--check", status=3)["findings"][0]["kind"] == "glyph"
    assert main(["print", str(project), "zone", "--code", "WC-01", "--out", str(tmp_path / "z.pdf")]) == 0


def test_a_packet_is_remembered_and_only_what_changed_is_printed_again(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Index in front; afterwards one chief is another."""
    zones = ("--code", "WC-01", "--code", "WC-02")
    first = said(capsys, "print", project, "zone", *zones, "--packet", "street", "--out", tmp_path / "p.pdf")
    assert [one["note"] for one in first["changes"]] == ["首次打印", "首次打印"]
    assert said(capsys, "print", project, "zone", *zones, "--changed", "--out", tmp_path / "c.pdf") == {"files": [], "pages": 0, "findings": [], "changes": []}
    assert not (tmp_path / "c.pdf").exists()

    assert main(["set", str(project), "zone", "WC-02", "chief=某某甲"]) == 0
    checked = said(capsys, "print", project, "zone", *zones, "--changed", "--check")
    assert checked["changes"] == [{"code": "WC-02", "note": "网格长变更"}]
    again = said(capsys, "print", project, "zone", *zones, "--changed", "--out", tmp_path / "c.pdf")
    assert again["changes"] == checked["changes"]
    assert main(["print", str(project), "zone", *zones, "--changed", "--out", str(tmp_path / "d.pdf")]) == 0
    assert "没有变化" in capsys.readouterr().out
    assert main(["print", str(project), "zone"]) == 2
    assert "--out" in capsys.readouterr().err


def test_help_and_a_mistyped_command(capsys: pytest.CaptureFixture[str]) -> None:
    """argparse ends the process itself."""
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    with pytest.raises(SystemExit) as refused:
        main(["imprt"])
    assert refused.value.code == 2


def test_report_takes_the_project_first_or_the_kind(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As everywhere `report P.gpkg rank`, and as the list of commands writes it, `report rank P.gpkg`."""
    both = [said(capsys, "report", *words) for words in (("escalation", project), (project, "escalation"))]
    assert both[0] == both[1]
    assert len(both[0]["proposals"]) > 50
