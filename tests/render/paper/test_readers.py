"""Sheets for readers: the same profiles as pages and lists; what a reader may not see is not in the PDF."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest

from chuangwen.errors import DataProblem, UserError
from chuangwen.render.paper.packet_run import PacketOrder, write_packet
from chuangwen.render.paper.printing import write
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project
from chuangwen.services.seen_project import Reader, note_public
from tests.web.made import NAMES, PHONES, SECRETS, issue, town

pytestmark = pytest.mark.window

PUBLIC = Reader("public", consent=True, review_number="示S（2024）001号")


@pytest.fixture
def project(tmp_path: Path, qapp: object) -> Iterator[Project]:
    """The town with its people."""
    found = town(tmp_path / "项目.gpkg")
    yield found
    found.close()


def words(path: Path) -> str:
    """All text of a PDF and of what is attached to it, without blanks."""
    reader = pypdf.PdfReader(path)
    attached = "".join(content.decode("utf-8", "replace") for several in reader.attachments.values() for content in several)
    return re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages) + attached + str(reader.metadata))


@pytest.mark.parametrize("product", ["zone", "section", "site", "wall"])
def test_the_public_sees_no_people_on_paper(project: Project, tmp_path: Path, product: str) -> None:
    """Names and telephones of the office's own sheet are not on it; the 审图号 is."""
    paper = "A0" if product == "wall" else "A4"
    own, public = tmp_path / "a.pdf", tmp_path / "b.pdf"
    write(project, Request(product, paper=paper), own)
    write(project, Request(product, paper=paper, reader=PUBLIC), public)

    assert product == "wall" or [one for one in SECRETS if one in words(own)]
    assert [one for one in SECRETS if one in words(public)] == []
    assert "示S（2024）001号" in words(public)
    assert "内部" not in words(public)


def test_masked_sheets_name_people_and_hide_telephones(project: Project, tmp_path: Path) -> None:
    """For a patrol's paper: domain.md 7.8. A packet too, and the project itself stays as it is."""
    reader = Reader("internal", masked=True)
    write(project, Request("zone", reader=reader), tmp_path / "a.pdf")
    files, _run = write_packet(project, PacketOrder(Request("zone", reader=reader)), tmp_path / "b.pdf")

    for path in (tmp_path / "a.pdf", files[0]):
        assert NAMES[2] in words(path)
        assert "138****5602" in words(path)
        assert not [phone for phone in PHONES if phone in words(path)]
    assert project.features("zone").column("phone") == [PHONES[1]] * 2


def test_sheets_for_a_unit_are_its_own(project: Project, tmp_path: Path) -> None:
    """Its zone and its issues; without a unit they are refused."""
    write(project, Request("zone", reader=Reader("unit", unit="第一局")), tmp_path / "a.pdf")

    assert "东一网格" in words(tmp_path / "a.pdf")
    assert "东二网格" not in words(tmp_path / "a.pdf")
    assert "井盖缺失" not in words(tmp_path / "a.pdf")
    with pytest.raises(UserError, match="--unit"):
        write(project, Request("zone", reader=Reader("unit")), tmp_path / "b.pdf")


def test_public_sheets_must_be_asked_for_and_are_scanned_and_on_record(project: Project, tmp_path: Path) -> None:
    """As pages are."""
    for reader in (Reader("public"), Reader("public", consent=True)):
        with pytest.raises(UserError):
            write(project, Request("zone", reader=reader), tmp_path / "a.pdf")
    note_public(project, PUBLIC, [tmp_path / "a.pdf"], 2)
    assert "a.pdf" in project.steps()[-1].label
    note_public(project, Reader("internal", masked=True), [tmp_path / "b.pdf"], 2)
    assert "a.pdf" in project.steps()[-1].label
    project.apply(issue(project, "20240602-009", 500.0, 500.0, "第一局", "in_progress", description=f"找{NAMES[0]}"))
    with pytest.raises(DataProblem, match="20240602-009"):
        write(project, Request("zone", reader=PUBLIC), tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()


def test_another_process_plans_the_same_sheets() -> None:
    """A request with a reader is a plain value."""
    asked = Request("zone", reader=PUBLIC)

    assert pickle.loads(pickle.dumps(asked)) == asked
