"""A patrol packet: in the order asked for, with an index whose page numbers are right, white backs, and only what changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from chuangwen.domain import edits
from chuangwen.errors import UserError
from chuangwen.render.paper.packet_run import PacketOrder, PacketRun, packet_run, write_packet
from chuangwen.services.paper.index import IndexSheet
from chuangwen.services.paper.printed import record
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project
from tests.build import copied

pytestmark = pytest.mark.window

FEW = ("WC-01", "WC-02", "XF-01", "XF-02")


@pytest.fixture
def project(demo_file: Path, tmp_path: Path, qapp: object) -> Iterator[Project]:
    """A copy of the demo."""
    found = Project.open(copied(demo_file, tmp_path), "测试员")
    yield found
    found.close()


def asked(*codes: str, **more: object) -> PacketOrder:
    """A packet of zone maps."""
    return PacketOrder(Request("zone", codes or FEW), **more)  # type: ignore[arg-type]


def begins(run: PacketRun) -> dict[str, int]:
    """Code → the page on which its sheet begins."""
    return {page.sheet.code: page.number for page in reversed(run.pages) if page.sheet.code}


@pytest.mark.parametrize("both_sides", [False, True])
def test_the_index_names_the_pages_on_which_the_sheets_lie(project: Project, both_sides: bool) -> None:
    """With white backs and without; on both sides each sheet begins on a front."""
    run = packet_run(project, asked(both_sides=both_sides))

    index = run.pages[0].sheet
    assert isinstance(index, IndexSheet)
    assert dict(zip([one.sheet.code for one in index.listed], index.pages, strict=True)) == begins(run)
    assert [page.number for page in run.pages] == list(range(1, len(run.pages) + 1))
    assert {len(page.atlas.pages) for page in run.pages} == {len(run.pages)}
    if both_sides:
        assert all(page % 2 == 1 for page in begins(run).values())
        assert any(not page.laid.placed for page in run.pages)


def test_by_patroller_each_has_sheets_of_his_own(project: Project, tmp_path: Path) -> None:
    """A file for each, named by him; together they have every sheet once."""
    files, run = write_packet(project, asked(order="patroller", index=False), tmp_path / "包")

    zones = project.features("zone")
    names = {str(zones.coded(code).get("member") or zones.coded(code).get("chief")) for code in FEW}  # type: ignore[union-attr]
    assert {heading for heading, _pages in run.groups} == names
    assert len(files) == len(names)
    assert all(any(name in file.name for file in files) for name in names)
    assert sorted(page.sheet.code for page in run.pages if page.part == 0) == sorted(FEW)


def test_only_what_changed_goes_out_again_with_a_note(project: Project, tmp_path: Path) -> None:
    """All are recorded; one issue changes: one sheet, and its foot says what is new. A packet of nothing is refused."""
    run = packet_run(project, asked(changed=True, index=False))
    assert len(run.printed) == len(FEW)
    record(project.store, run.printed, "包1", "测试员")
    with pytest.raises(UserError, match="没有变化"):
        packet_run(project, asked(changed=True))

    issue = next(row.feature for one in run.printed for row in one.sheet.rows["issue"] if one.sheet.code == "XF-01" and row.number)
    project.apply(edits.set_values(project.layers["issue"], [issue], {"description": "井盖丢失"}))
    files, again = write_packet(project, asked(changed=True, index=False), tmp_path / "又.pdf")
    assert {page.sheet.code for page in again.pages} == {"XF-01"}
    text = re.sub(r"\s", "", PdfReader(files[0]).pages[0].extract_text())
    assert f"与上次相比：{again.printed[0].note}".replace(" ", "") in text


def test_a_page_range_records_only_whole_sheets(project: Project) -> None:
    """Half a sheet is no printing of it."""
    whole = packet_run(project, asked(index=False))
    long = next(page for page in whole.pages if page.part == 1)
    run = packet_run(project, asked(index=False, pages=f"1-{long.number - 1}"))

    assert len(run.pages) == long.number - 1
    assert long.sheet.code not in {one.sheet.code for one in run.printed}
