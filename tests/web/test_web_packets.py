"""One page for each, all or none, with a list of what was made."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from chuangwen.errors import Cancelled, DataProblem, FileProblem, UserError
from chuangwen.exchange.web.content import WebPage, WrittenPage
from chuangwen.exchange.web.page import write_page
from chuangwen.progress import Progress
from chuangwen.services import web_packets
from chuangwen.services.audiences import audience
from chuangwen.services.project import Project
from chuangwen.services.web_map import WebOptions
from chuangwen.services.web_packets import write_packets
from tests.exchange.web.reading import whole_text
from tests.web.made import NAMES, issue


def test_a_page_for_each_zone_named_as_on_paper(town: Project, tmp_path: Path) -> None:
    """domain.md 6.1; each has its own zone, and the list says what there is."""
    made = write_packets(town, tmp_path / "包", audience("patrol"), "zone")

    assert ["网页巡查图_A-1_东一网格_20240603.html", "网页巡查图_A-2_东二网格_20240603.html"] == [one.path.name for one in made.packets]
    assert made.size == sum(one.path.stat().st_size for one in made.packets)
    assert "井盖缺失" not in whole_text(made.packets[0].path)
    assert "井盖缺失" in whole_text(made.packets[1].path)
    rows = list(openpyxl.load_workbook(made.listed).active.iter_rows(values_only=True))
    assert [row[3] for row in rows[2:4]] == [one.path.name for one in made.packets]
    assert "东二网格" not in whole_text(made.packets[0].path)


def test_forbidden_characters_are_removed_from_names(town: Project, tmp_path: Path) -> None:
    """And two that come out alike get a number."""
    from chuangwen.domain import edits

    zones = town.features("zone")
    town.apply(edits.set_values(zones.layer, [zones.at(0)], {"name": '一/二:"网*格?<|>'}))
    made = write_packets(town, tmp_path / "包", audience("patrol"), "zone")

    assert made.packets[0].path.name == "网页巡查图_A-1_一二网格_20240603.html"


def test_each_with_a_password_of_its_own(town: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page gets it, the list says it."""
    given: dict[str, str] = {}

    def writer(page: WebPage, path: Path, password: str, progress: Progress) -> WrittenPage:
        given[page.title] = password
        return write_page(page, path, password, progress)

    monkeypatch.setattr(web_packets, "write_page", writer)
    made = write_packets(town, tmp_path / "包", audience("unit"), "unit", own_passwords=True)

    assert len(set(given.values())) == len(given) == 2
    assert [one.password for one in made.packets] == list(given.values())
    assert all(len(one) >= 8 for one in given.values())
    rows = list(openpyxl.load_workbook(made.listed).active.iter_rows(values_only=True))
    assert [row[7] for row in rows[2:4]] == list(given.values())
    assert made.packets[0].password not in repr(made.packets[0])
    write_packets(town, tmp_path / "一个", audience("unit"), "unit", WebOptions(password="一起用"))
    assert set(given.values()) == {"一起用"}


def test_all_or_none(town: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped, broken, or one file there already: nothing of the run is left."""
    folder = tmp_path / "包"
    count = 0

    def fails(page: WebPage, path: Path, password: str, progress: Progress) -> WrittenPage:
        nonlocal count
        count += 1
        if count == 2:
            raise Cancelled
        return write_page(page, path, password, progress)

    with monkeypatch.context() as patch:
        patch.setattr(web_packets, "write_page", fails)
        with pytest.raises(Cancelled):
            write_packets(town, folder, audience("patrol"), "zone")
    assert list(folder.iterdir()) == []
    write_packets(town, folder, audience("patrol"), "zone")
    before = sorted(folder.iterdir())
    with pytest.raises(FileProblem, match="已经有"):
        write_packets(town, folder, audience("patrol"), "zone")
    assert sorted(folder.iterdir()) == before


def test_public_packets_are_scanned_and_on_record(town: Project, tmp_path: Path) -> None:
    """A name in one zone keeps all from being written."""
    options = WebOptions(consent=True, review_number="示S（2024）001号")
    steps = len(town.steps())
    made = write_packets(town, tmp_path / "包", audience("public"), "zone", options)
    assert len(made.packets) == 2
    assert len(town.steps()) == steps + 1
    assert made.packets[0].path.name in town.steps()[-1].label

    town.apply(issue(town, "20240602-009", 1500.0, 500.0, "第二局", "in_progress", description=NAMES[0]))
    with pytest.raises(DataProblem, match="20240602-009"):
        write_packets(town, tmp_path / "二", audience("public"), "zone", options)
    assert not (tmp_path / "二").exists()


def test_what_cannot_be_is_said(town: Project, tmp_path: Path) -> None:
    """A unit's pages by zone."""
    with pytest.raises(UserError, match="不能按"):
        write_packets(town, tmp_path / "包", audience("unit"), "zone")
