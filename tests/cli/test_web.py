"""`web`, `web-return` and the readers of `export`, as a script has them."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

from chuangwen.app import main
from chuangwen.services.audiences import audience
from chuangwen.services.project import Project
from chuangwen.services.web_map import page_for
from chuangwen.services.web_subject import subject_of
from tests.cli.saying import said
from tests.exchange.web.reading import whole_text
from tests.web import made


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """The file of a small project."""
    project = made.town(tmp_path / "p.gpkg")
    project.close()
    return project.path


def test_a_page_for_each_reader(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Written, sized, counted."""
    for words in (
        ["--profile", "internal", "--masked"],
        ["--profile", "unit", "--unit", "一局"],
        ["--profile", "patrol", "--section", "L-1", "--until", "2024-06-20"],
        ["--profile", "public", "--public-ok", "--review-number", "示S（2024）001号"],
    ):
        found = said(capsys, "web", town, tmp_path / "a.html", *words)
        assert found["size"] == (tmp_path / "a.html").stat().st_size
        assert found["features"] > 3
        assert found["profile"] == words[1]


def test_what_is_missing_is_refused(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2, a sentence, no file."""
    for words, match in (
        (["--profile", "public"], "public-ok"),
        (["--profile", "public", "--public-ok"], "审图号"),
        (["--profile", "unit"], "--unit"),
        (["--profile", "pubic"], "public"),
        (["--until", "2020-01-01"], "有效期"),
    ):
        answer = said(capsys, "web", town, tmp_path / "a.html", *words, status=2)
        assert match in answer["error"] + answer["hint"]
    assert not (tmp_path / "a.html").exists()


def test_packets(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One for each zone, with the list."""
    found = said(capsys, "web", town, "--profile", "patrol", "--packets", "zone", "--to", tmp_path / "包", "--own-passwords")

    assert [one["code"] for one in found["files"]] == ["A-1", "A-2"]
    assert Path(found["list"]).exists()
    assert found["size"] == sum(one["size"] for one in found["files"])
    said(capsys, "web", town, tmp_path / "a.html", "--packets", "zone", status=2)


def test_a_returned_file_is_shown_then_taken(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --accept nothing changes; with it one step, which undo takes back."""
    project = Project.open(town, "测")
    reader = audience("patrol")
    form = page_for(project, reader, subject_of(project, reader, {"zone": "A-1"})).patrol
    known = made.ids(project)
    project.close()
    assert form is not None
    path = made.saved(tmp_path / "a.json", made.answer(form, [made.tick(known["20240601-001"], "not_done", form), made.tick("x", "done", form)]))

    shown = said(capsys, "web-return", town, path)
    assert [(None, "nothing"), ("20240601-001", "note"), ("A-1", "visit")] == sorted(
        ((one["code"], one["proposal"]) for one in shown["proposals"]), key=lambda pair: str(pair[0] or "")
    )
    assert not shown["applied"]
    assert said(capsys, "show", town)["layers"]["note"] == 0
    taken = said(capsys, "web-return", town, path, "--accept", "20240601-001")
    assert taken["applied"]
    assert said(capsys, "show", town)["layers"]["note"] == 1
    said(capsys, "web-return", town, path, "--accept", "20249999-001", status=2)
    said(capsys, "undo", town)
    assert said(capsys, "show", town)["layers"]["note"] == 0
    said(capsys, "web-return", town, path, "--accept", "all")
    assert said(capsys, "show", town)["layers"]["visit"] == 1
    path.write_text("<html>", encoding="utf-8")
    said(capsys, "web-return", town, path, status=2)


@pytest.mark.parametrize("ending", ["csv", "geojson", "kml", "shp", "gpkg", "fgb", "xlsx"])
def test_lists_for_the_public_hold_nothing_personal(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str) -> None:
    """`--public` is the public's profile; it is on record."""
    for layer in ("issue", "zone", "section", "site"):
        answer = said(capsys, "export", town, layer, tmp_path / f"{layer}.{ending}", "--public")
        assert "公开" in answer["notes"][0]
    written = [path for path in tmp_path.iterdir() if path.is_file() and path != town]
    parts = [zipfile.ZipFile(path).read(name) for path in written if path.suffix == ".xlsx" for name in zipfile.ZipFile(path).namelist()]
    blob = b"".join(path.read_bytes() for path in written if path.suffix != ".xlsx") + b"".join(parts)
    assert ending == "xlsx" or "护栏破损".encode("gbk") in blob or "护栏破损".encode() in blob
    for secret in (*made.SECRETS, "长安路38号"):
        assert not any(secret.encode(codec) in blob for codec in ("utf-8", "gbk"))
    assert "公开" in said(capsys, "history", town)["history"][0]["label"]


def test_lists_for_other_readers(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A unit's own rows and fields; layers that a reader does not see are refused; public must be asked for."""
    said(capsys, "export", town, "issue", tmp_path / "u.csv", "--profile", "unit", "--unit", "U2", "--encoding", "utf-8")
    rows = list(csv.DictReader((tmp_path / "u.csv").open(encoding="utf-8-sig")))
    assert ["20240601-003", "20240601-004"] == [row["问题编号"] for row in rows]
    assert rows[0]["联系电话"] == "138****5601"
    assert "责任领导" not in rows[0]
    for words in (["person", "x.csv", "--public"], ["issue", "x.csv", "--profile", "public"], ["issue", "x.csv", "--profile", "unit"]):
        said(capsys, "export", town, words[0], tmp_path / words[1], *words[2:], status=2)
    assert not (tmp_path / "x.csv").exists()
    said(capsys, "export", town, "zone", tmp_path / "z.csv", "--masked", "--encoding", "utf-8")
    assert "138****5602" in (tmp_path / "z.csv").read_text(encoding="utf-8-sig")
    said(capsys, "export", town, "issue", tmp_path / "all.csv", "--encoding", "utf-8")
    assert made.PHONES[0] in (tmp_path / "all.csv").read_text(encoding="utf-8-sig")


def test_a_public_list_with_something_personal_is_refused(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mobile number is masked as the manual says, a name or a landline stops it."""
    said(capsys, "set", town, "issue", "20240601-001", "description=联系13812345678")
    said(capsys, "export", town, "issue", tmp_path / "a.csv", "--public", "--encoding", "utf-8")
    assert "138****5678" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")

    for text in (made.NAMES[1], "物业0794-7821234", made.IDENTITY):
        said(capsys, "set", town, "issue", "20240601-001", f"description=找{text}")
        answer = said(capsys, "export", town, "issue", tmp_path / "b.csv", "--public", status=2)
        assert "20240601-001" in answer["error"]
        assert not (tmp_path / "b.csv").exists()


def test_the_demo_goes_out_to_everybody(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All four readers of the demo; the public page holds none of the people of the project."""
    said(capsys, "web", project, tmp_path / "i.html")
    said(capsys, "web", project, tmp_path / "p.html", "--profile", "public", "--public-ok", "--review-number", "示S（2024）001号")

    text = whole_text(tmp_path / "p.html")
    assert "1380000" not in text
    assert "某某" not in text
    assert "某某" in whole_text(tmp_path / "i.html")


def test_words_for_people(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json: sentences."""
    assert main(["web", str(town), str(tmp_path / "a.html"), "--profile", "internal"]) == 0
    assert "KB" in capsys.readouterr().out
    assert main(["web", str(town), "--packets", "unit", "--profile", "unit", "--to", str(tmp_path / "包")]) == 0
    assert "清单" in capsys.readouterr().out


@pytest.mark.window
def test_sheets_for_readers(qapp: object, town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`print` takes the same words: refused without what they need, on record where public."""
    for words in (["--profile", "public"], ["--profile", "public", "--public-ok"], ["--profile", "unit"], ["--profile", "nobody"]):
        said(capsys, "print", town, "zone", "--out", tmp_path / "a.pdf", *words, status=2)
    assert not (tmp_path / "a.pdf").exists()
    said(capsys, "print", town, "zone", "--out", tmp_path / "a.pdf", "--masked")
    steps = len(said(capsys, "history", town)["history"])
    said(capsys, "print", town, "zone", "--out", tmp_path / "b.pdf", "--profile", "public", "--public-ok", "--review-number", "示S（2024）001号")
    found = said(capsys, "history", town)["history"]
    assert len(found) == steps + 1
    assert "b.pdf" in found[0]["label"]


def test_an_online_base_map_is_asked_for_and_none_that_is_shifted(capsys: pytest.CaptureFixture[str], town: Path, tmp_path: Path) -> None:
    """Without it the page has no address; tiles in GCJ-02 would lie hundreds of metres beside the zones."""
    file = tmp_path / "底图.html"
    said(capsys, "web", town, file)
    assert "https:" not in whole_text(file)
    address = "https://t0.tianditu.gov.cn/vec_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=1"
    said(capsys, "web", town, file, "--base-map", address)
    assert address in whole_text(file)
    assert "img-src data: blob: https://t0.tianditu.gov.cn;" in whole_text(file)
    for wrong in ("https://webrd01.is.autonavi.com/{z}/{x}/{y}", "https://t0.tianditu.gov.cn/vec", "javascript:alert(1)/{z}{x}{y}"):
        said(capsys, "web", town, file, "--base-map", wrong, status=2)
