"""Photos by USB stick and pictures in lists: rows of the layer 照片 in the same edit, their files in the project's folder, none twice, none lost."""

from __future__ import annotations

import datetime as dt
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.errors import Cancelled, FileProblem
from chuangwen.exchange.incoming import Picture
from chuangwen.exchange.photos_in import shot_of
from chuangwen.progress import Progress
from chuangwen.services import importing
from chuangwen.services.importing import ImportOptions, run_import
from chuangwen.services.project import Project
from tests.exchange.made import workbook

LON, LAT = 116.36, 27.95
EAST, NORTH = 437018.632, 3093065.667
"""The same place in EPSG:4548 (facts.md 12)."""
DAY = dt.date(2024, 6, 3)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    path = tmp_path / "p.gpkg"
    Project.create(path, Campaign(title="试点区"), 4548, "某某01").close()
    return Project.open(path, "某某01")


def photo(path: Path, place: tuple[float, float] | None = (LON, LAT), colour: str = "red", day: dt.date | None = DAY, kind: str = "JPEG") -> Path:
    """A small picture as a telephone writes it, turned by its EXIF."""
    path.parent.mkdir(exist_ok=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    if day is not None:
        exif.get_ifd(0x8769)[0x9003] = f"{day:%Y:%m:%d} 10:20:30"
    if place is not None:
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2] = "N", (int(place[1]), 0.0, (place[1] - int(place[1])) * 3600)
        gps[3], gps[4] = "E", (int(place[0]), 0.0, (place[0] - int(place[0])) * 3600)
    Image.new("RGB", (40, 30), colour).save(path, kind, exif=exif)
    return path


def files(project: Project) -> list[Path]:
    return sorted(one for one in project.files_folder.rglob("*") if one.is_file())


def test_photos_of_a_folder_become_draft_issues(project: Project, tmp_path: Path) -> None:
    """Each with its photo; one without a position is kept and named; what is no photo is rejected by name."""
    folder = tmp_path / "照片"
    first = photo(folder / "a.jpg")
    photo(folder / "b.png", None, "green", kind="PNG")
    (folder / "c.jpg").write_bytes(b"no picture")

    report = run_import(project, folder, "issue")

    assert (3, 2, ["c.jpg 不是照片"]) == (report.read, report.added, [one.reason for one in report.rejected])
    assert any("b.png" in one for one in report.warnings)
    issue, bare = project.features("issue")
    assert ("a", "draft", DAY) == (issue.name, issue.get("status"), issue.get("found_at"))
    assert (EAST, NORTH) == (pytest.approx(issue.geometry.x, abs=0.5), pytest.approx(issue.geometry.y, abs=0.5))
    assert bare.geometry is None
    kept = project.features("photo").feature(project.features("photo").ids[0])
    assert (issue.id, "before", dt.datetime(2024, 6, 3, 10, 20, 30)) == (kept.get("owner_id"), kept.get("kind"), kept.get("taken_at"))
    assert first.read_bytes() == (project.files_folder / str(kept.get("path"))).read_bytes()


def test_it_is_one_step_and_the_same_again_adds_nothing(project: Project, tmp_path: Path) -> None:
    """Undo takes back issues and photos; redo by importing once more."""
    photo(tmp_path / "照片" / "a.jpg")
    photo(tmp_path / "照片" / "b.jpg", colour="blue")
    run_import(project, tmp_path / "照片", "issue")

    again = run_import(project, tmp_path / "照片", "issue")
    assert (0, 0, 2, 2) == (again.added, again.changed, again.unchanged, len(project.features("photo")))
    project.undo()

    assert (0, 0) == (len(project.features("issue")), len(project.features("photo")))


def test_a_trial_writes_nothing(project: Project, tmp_path: Path) -> None:
    """Neither rows nor files."""
    run_import(project, photo(tmp_path / "照片" / "a.jpg"), "issue", ImportOptions(dry_run=True))

    assert (0, 0, False) == (len(project.features("issue")), len(project.features("photo")), project.files_folder.exists())


@pytest.mark.parametrize(
    ("field", "kind", "metres", "matches"), [("found_at", "before", 30, True), ("done_at", "after", 30, True), ("found_at", "before", 80, False)]
)
def test_photos_are_evidence_of_the_nearest_issue_of_their_day(project: Project, tmp_path: Path, field: str, kind: str, metres: float, matches: bool) -> None:
    """Within 50 m; asked, and drafts where nobody answers."""
    from shapely.geometry import Point

    values = {"code": "W1", "name": "井盖破损", "description": "井盖破损", "status": "registered", field: DAY}
    project.apply(edits.add(project.layers["issue"], values, Point(EAST + metres, NORTH)))
    path = photo(tmp_path / "照片" / "a.jpg")

    asked = run_import(project, path, "issue", ImportOptions(dry_run=True))
    report = run_import(project, path, "issue", ImportOptions(answers={"photos": "evidence"}))

    assert matches == bool([one for one in asked.doubts if one.key == "photos"])
    assert 1 == asked.added
    assert (1, 0 if matches else 1, 1 if matches else 0) == (report.read, report.added, report.changed)
    (kept,) = project.features("photo")
    assert matches == (kept.get("owner_id") == project.features("issue").ids[0])
    assert kind == kept.get("kind")


def test_a_zip_of_photos(project: Project, tmp_path: Path) -> None:
    """The content outlives the archive's temporary folder."""
    path = photo(tmp_path / "照片" / "a.jpg")
    with zipfile.ZipFile(tmp_path / "微信.zip", "w") as archive:
        archive.write(path, "微信图片/a.jpg")

    run_import(project, tmp_path / "微信.zip", "issue")

    assert [path.read_bytes()] == [one.read_bytes() for one in files(project)]


def test_heic_says_where_it_was_taken(tmp_path: Path) -> None:
    """Its EXIF is read without a decoder."""
    raw = photo(tmp_path / "照片" / "a.jpg").read_bytes()
    exif = raw[raw.find(b"Exif\x00\x00") :][:2000]
    shot = shot_of(b"\x00\x00\x00\x18ftypheic" + bytes(64) + exif)

    assert shot is not None
    assert (pytest.approx(LON, abs=1e-6), pytest.approx(LAT, abs=1e-6)) == shot.place
    assert dt.datetime(2024, 6, 3, 10, 20, 30) == shot.taken


def test_a_photo_of_200_million_pixels(tmp_path: Path) -> None:
    """Its size stands in its head; nobody decodes it."""
    content = photo(tmp_path / "照片" / "a.jpg").read_bytes()
    at = content.find(b"\xff\xc0")
    large = content[: at + 5] + (12_240).to_bytes(2, "big") + (16_320).to_bytes(2, "big") + content[at + 9 :]

    assert shot_of(large) == shot_of(content)
    assert shot_of(large).place is not None


@pytest.mark.parametrize("place", [(0.0, 0.0), (200.0, 27.0)])
def test_a_position_that_is_none(tmp_path: Path, place: tuple[float, float]) -> None:
    """Zeros where no satellite was found, nonsense."""
    shot = shot_of(photo(tmp_path / "照片" / "a.jpg", place).read_bytes())

    assert shot is not None
    assert shot.place is None


def test_pictures_in_a_list_belong_to_their_rows(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """整改后 and 反馈 are after, anything else before; a rejected row attaches nothing; what is no picture is said."""
    red, blue = (photo(tmp_path / "照片" / f"{colour}.jpg", colour=colour).read_bytes() for colour in ("red", "blue"))
    path = workbook(
        tmp_path / "x.xlsx", [["问题编号", "问题描述", "问题状态"], ["W1", "井盖破损", "整改中"], ["W2", "乱停车", "不知道"], ["W3", "垃圾", "整改中"]]
    )
    pictures = {
        0: (Picture("前.jpg", red, "整改前照片"), Picture("后.jpg", blue, "整改后照片"), Picture("又.jpg", blue, "反馈照片")),
        1: (Picture("x.jpg", red, "整改前"),),
        2: (Picture("y.emf", b"no picture", "整改前"),),
    }
    whole = importing.read_workbook
    monkeypatch.setattr(importing, "read_workbook", lambda *given, **more: replace(whole(*given, **more), pictures=pictures))

    report = run_import(project, path, "issue", ImportOptions(columns={"问题状态": "status"}))

    assert [("前.jpg", "before", "整改前照片"), ("后.jpg", "after", "整改后照片")] == [
        (one.name, one.get("kind"), one.get("caption")) for one in project.features("photo")
    ]
    assert {project.features("issue").ids[0]} == set(project.features("photo").column("owner_id"))
    assert [4] == [one.row for one in report.repaired if "y.emf" in one.what]


def test_a_disk_that_refuses_leaves_nothing(project: Project, tmp_path: Path) -> None:
    """A file where the folder should be: no row is written either."""
    project.files_folder.mkdir()
    (project.files_folder / "photos").write_bytes(b"")

    with pytest.raises(FileProblem, match="图片"):
        run_import(project, photo(tmp_path / "照片" / "a.jpg"), "issue")
    assert 0 == len(project.features("issue"))


def test_a_stop_while_copying_leaves_nothing(project: Project, tmp_path: Path) -> None:
    """Neither files nor rows."""
    for at, colour in enumerate(("red", "blue", "green")):
        photo(tmp_path / "照片" / f"{at}.jpg", colour=colour)
    progress = Progress(lambda done, _total, what: progress.cancel() if what == "复制照片" else None)
    progress._said_at = -1e9

    with pytest.raises(Cancelled):
        run_import(project, tmp_path / "照片", "issue", None, progress)
    assert ([], 0) == (files(project), len(project.features("issue")))


def test_photos_on_other_layers(project: Project, tmp_path: Path) -> None:
    """Sites with their photo; an overlay of photos."""
    path = photo(tmp_path / "照片" / "前门.jpg")
    run_import(project, path, "site")
    run_import(project, path, "reference")

    assert ["前门"] == project.features("site").column("name")
    assert ["site", "other"] == project.features("photo").column("kind")
    assert 1 == len(files(project))
