"""Photos as evidence (domain.md 4.3): real JPEGs, recompressed and shrunk as WeChat does, with and without EXIF."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from shapely.geometry import Point

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.evidence import photo_of
from chuangwen.errors import FileProblem, RuleBroken, UserError
from chuangwen.services.checks.registry import run
from chuangwen.services.evidence import attach, evidence_findings, labelled, pairs, photos_by_issue, write_then
from chuangwen.services.fingerprints import ALIKE, alike, fingerprint
from chuangwen.services.moving import move_from_words
from chuangwen.services.pictures_in import write_files
from chuangwen.services.project import Project

PLACE = (437_018.632, 3_093_065.667)  # 116.36 E, 27.95 N
DEGREES = (116.36, 27.95)
BEFORE, AFTER = dt.datetime(2024, 6, 2, 10, 0), dt.datetime(2024, 6, 3, 9, 0)


def picture(seed: int, size: tuple[int, int] = (1200, 900)) -> Image.Image:
    """Something like a photo: soft large shapes with grain on them."""
    random = np.random.default_rng(seed)
    coarse = Image.fromarray(random.integers(0, 255, (7, 9, 3), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)
    grain = random.normal(0, 8, (size[1], size[0], 1))
    return Image.fromarray(np.clip(np.asarray(coarse) + grain, 0, 255).astype(np.uint8))


def saved(path: Path, shot: Image.Image, taken: dt.datetime | None = None, at: tuple[float, float] | None = None, quality: int = 90) -> Path:
    """As a JPEG, with what a telephone writes into it."""
    exif = Image.Exif()
    if taken is not None:
        exif.get_ifd(0x8769)[0x9003] = f"{taken:%Y:%m:%d %H:%M:%S}"
    if at is not None:
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", (at[1], 0.0, 0.0), "E", (at[0], 0.0, 0.0)
    path.parent.mkdir(parents=True, exist_ok=True)
    shot.save(path, "JPEG", quality=quality, exif=exif)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two issues being put right, 500 m apart."""
    made = Project.create(tmp_path / "项目.gpkg", Campaign(title="测试", fixed_today=dt.date(2024, 6, 3)), 4548, "王某")
    values: dict[str, Any] = {"status": "in_progress", "description": "井盖松动", "name": "井盖松动", "responsible_unit": "区城管局", "measure": "更换"}
    for number in range(2):
        code = f"I{number + 1}"
        made.apply(edits.add(made.layers["issue"], {**values, "code": code}, Point(PLACE[0] + 500 * number, PLACE[1]), code))
    return made


def put(project: Project, code: str, kind: str, file: Path) -> None:
    """Attach a photo to an issue."""
    owner = project.feature(project.layers["issue"], code)
    attached = attach(project.layers["photo"], owner, kind, [file])
    write_then(attached, project.files_folder, lambda: project.apply(labelled(owner, attached)))


def said(project: Project) -> dict[str, str]:
    """Kind → text of what is suspicious."""
    return {one.kind: one.text for one in evidence_findings(project, project.epsg)}


def test_a_photo_is_copied_with_time_place_and_fingerprint(project: Project, tmp_path: Path) -> None:
    """domain.md 4.3: sha256, EXIF time and place, kind, round; the file lies beside the project when the row is there."""
    file = saved(tmp_path / "U盘" / "前.jpg", picture(1), BEFORE, DEGREES)
    put(project, "I1", "整改前", file)
    row = project.features("photo").at(0)
    assert ("before", BEFORE, "前.jpg", 0) == tuple(row.get(name) for name in ("kind", "taken_at", "name", "round"))
    assert pytest.approx(DEGREES) == (row.get("lon"), row.get("lat"))
    assert fingerprint(file.read_bytes(), "前.jpg") == row.get("phash")
    assert file.read_bytes() == (project.files_folder / str(row.get("path"))).read_bytes()


def test_before_and_after_make_a_pair_with_nothing_to_say(project: Project, tmp_path: Path) -> None:
    """Two pictures, in their order, at the place: no warning."""
    put(project, "I1", "before", saved(tmp_path / "a.jpg", picture(1), BEFORE, DEGREES))
    put(project, "I1", "after", saved(tmp_path / "b.jpg", picture(2), AFTER, DEGREES))
    before, after = pairs(photos_by_issue(project)["I1"])
    assert ("a.jpg", "b.jpg") == (before and before.name, after and after.name)
    assert {} == said(project)


def test_an_after_photo_older_than_the_before_photo_is_named(project: Project, tmp_path: Path) -> None:
    """Taken before the work began."""
    put(project, "I1", "before", saved(tmp_path / "a.jpg", picture(1), AFTER))
    put(project, "I1", "after", saved(tmp_path / "b.jpg", picture(2), BEFORE))
    assert "还早" in said(project)["order"]


def test_the_same_file_before_and_after_or_in_two_issues_is_named(project: Project, tmp_path: Path) -> None:
    """套图, by sha256."""
    file = saved(tmp_path / "a.jpg", picture(1))
    put(project, "I1", "before", file)
    put(project, "I1", "after", file)
    assert "是同一张照片" in said(project)["same"]
    put(project, "I2", "after", file)
    (check,) = run(project, project.campaign, ["EV-01"])
    assert ("found", "区城管局") == (check.state, check.findings[0].by)
    texts = [one.text for one in evidence_findings(project, project.epsg, ["I2"]) if one.kind == "same"]
    assert texts
    assert all("I1" in text and "I2" in text for text in texts)


def test_the_same_shot_is_known_after_wechat(project: Project, tmp_path: Path) -> None:
    """Shrunk to 540 pixels, quality 40, no EXIF: another file, the same picture."""
    shot = picture(3)
    put(project, "I1", "after", saved(tmp_path / "IMG_1.jpg", shot, AFTER, DEGREES))
    put(project, "I2", "after", saved(tmp_path / "mmexport.jpg", shot.resize((540, 405)), quality=40))
    found = said(project)
    assert "same" not in found
    assert "像是同一张" in found["alike"]
    assert all(code in found["alike"] for code in ("I1", "I2"))


def test_a_photo_taken_far_away_is_named(project: Project, tmp_path: Path) -> None:
    """More than 100 m; a photo at 90 m is near enough."""
    put(project, "I1", "before", saved(tmp_path / "near.jpg", picture(1), BEFORE, (DEGREES[0], DEGREES[1] + 90 / 110_800)))
    assert "far" not in said(project)
    put(project, "I1", "after", saved(tmp_path / "far.jpg", picture(2), AFTER, (DEGREES[0], DEGREES[1] + 120 / 110_800)))
    assert "120 米" in said(project)["far"]


def test_what_was_closed_without_a_photo_is_listed(project: Project) -> None:
    """Where the office's rules do without photos it is not hidden; what an old list brought as closed was not closed here."""
    values: dict[str, Any] = {"status": "closed", "name": "旧", "description": "旧"}
    project.apply(edits.add(project.layers["issue"], {**values, "code": "I3"}, None, "I3"))
    assert {} == said(project)
    project.apply(edits.add(project.layers["issue"], {**values, "code": "I4", "first_closed_at": dt.date(2024, 6, 3)}, None, "I4"))
    assert "I4" in said(project)["no_after"]


@pytest.mark.parametrize("name", ["文字.jpg", "半张.jpg", "没有.jpg"])
def test_what_is_no_picture_is_refused_by_name_with_the_remedy(project: Project, tmp_path: Path, name: str) -> None:
    """A text, a file that was cut off on its way, a file that is gone; nothing is copied."""
    file = tmp_path / name
    if name == "文字.jpg":
        file.write_text("不是照片", encoding="utf-8")
    elif name == "半张.jpg":
        file.write_bytes(saved(tmp_path / "whole.jpg", picture(1)).read_bytes()[:20_000])
    with pytest.raises(FileProblem, match=name) as refused:
        put(project, "I1", "after", file)
    assert refused.value.hint
    assert not project.files_folder.exists()
    with pytest.raises(UserError, match="整改后"):
        put(project, "I1", "整改候", file)


def test_a_refused_move_leaves_no_file_and_no_row(project: Project, tmp_path: Path) -> None:
    """Photo and move are one step, or none."""
    file = saved(tmp_path / "a.jpg", picture(1))
    issue = project.feature(project.layers["issue"], "I1")
    with pytest.raises(RuleBroken):
        move_from_words(project, [issue], "反馈整改", {"done_at": "2099-01-01"}, [("after", file)])
    assert not project.files_folder.exists()
    edit, attached = move_from_words(project, [issue], "反馈整改", {}, [("after", file)])
    with pytest.raises(ZeroDivisionError):
        write_then(attached, project.files_folder, lambda: 1 // 0)
    assert [] == [path for path in project.files_folder.rglob("*") if path.is_file()]
    write_then(attached, project.files_folder, lambda: project.apply(edit))
    assert 2 == project.store.steps()[-1].rows
    assert "rectified" == project.feature(project.layers["issue"], "I1").get("status")
    project.undo()
    assert ("in_progress", 0) == (project.feature(project.layers["issue"], "I1").get("status"), len(project.features("photo")))


def test_photos_know_their_round(project: Project, tmp_path: Path) -> None:
    """What was attached before the failed check does not prove the second attempt."""
    issue = project.feature(project.layers["issue"], "I1")
    again = edits.set_values(project.layers["issue"], [issue], {"rework_count": 2})
    put(project, "I1", "after", saved(tmp_path / "a.jpg", picture(1)))
    project.apply(again)
    put(project, "I1", "after", saved(tmp_path / "b.jpg", picture(2)))
    assert [0, 2] == [photo_of(row.id, row.values).round for row in project.features("photo")]
    assert "b.jpg" == pairs(photos_by_issue(project)["I1"])[1].name  # type: ignore[union-attr]
    assert ([], 0) == (write_files([], project.files_folder), len(evidence_findings(project, project.epsg, [])))


def test_the_fingerprint_stands_recompression_and_tells_shots_apart(tmp_path: Path) -> None:
    """The figures of decision 0007: copies of a shot differ in few bits, forty shots from each other in many; a bare wall is like nothing."""
    first = [fingerprint(saved(tmp_path / f"{seed}.jpg", picture(seed)).read_bytes(), "") for seed in range(40)]
    copies = []
    for seed in range(40):
        small = picture(seed).resize((540, 405), Image.Resampling.LANCZOS)
        copies.append(fingerprint(saved(tmp_path / f"w{seed}.jpg", small, quality=30).read_bytes(), ""))
    far = max((int(one, 16) ^ int(other, 16)).bit_count() for one, other in zip(first, copies, strict=True))
    near = min((int(first[one], 16) ^ int(first[other], 16)).bit_count() for one in range(40) for other in range(one))
    assert far <= 2
    assert near > 2 * ALIKE
    assert [(at, at + 40) for at in range(40)] == alike([*first, *copies])
    assert [(3, 43)] == alike([*first, *copies], [3])
    wall = fingerprint(saved(tmp_path / "wall.jpg", Image.new("RGB", (800, 600), "#d0d0c8")).read_bytes(), "")
    assert [] == alike([wall, wall, "", ""])


def test_a_turned_copy_is_the_same_shot(tmp_path: Path) -> None:
    """The telephone says by EXIF that it was held upright; WeChat turns the pixels."""
    shot = picture(5)
    lying = shot.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90° clockwise to see it upright
    lying.save(tmp_path / "a.jpg", exif=exif)
    shot.save(tmp_path / "b.jpg")
    assert [(0, 1)] == alike([fingerprint((tmp_path / name).read_bytes(), "") for name in ("a.jpg", "b.jpg")])
