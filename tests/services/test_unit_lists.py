"""按单位拆分 (SR-04)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.feature import Features
from chuangwen.errors import FileProblem
from chuangwen.services.project import Project
from chuangwen.services.unit_lists import export_split, split
from tests.build import layers

UNITS = ["城管局", "住建局", "镜湖街道"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Three issues: one of one unit, one of three, one of nobody; a description that looks like a formula."""
    one = Project.create(tmp_path / "p.gpkg", Campaign("示范", "东湖区", fixed_today=dt.date(2024, 5, 9)), 4548, "王")
    for number, name in enumerate(UNITS, 1):
        one.apply(edits.add(one.layers["unit"], {"code": f"U{number}", "name": name}))
    rows = (
        ("Q1", {"responsible_unit": "城管局"}),
        ("Q2", {"responsible_unit": "城管局", "lead_unit": "住建局", "supporting_units": "镜湖街道、住建局"}),
        ("Q3", {}),
    )
    for code, more in rows:
        values = {"code": code, "name": code, "description": '=HYPERLINK("x")', "status": "registered", **more}
        one.apply(edits.add(one.layers["issue"], values))
    return one


def read(path: Path) -> list[dict[str, object]]:
    """The rows of a workbook, without title and 合计."""
    rows = list(load_workbook(path).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    return [dict(zip(map(str, rows[1]), row, strict=True)) for row in rows[2:-1]]


def test_each_unit_gets_its_rows_and_none_is_lost(project: Project, tmp_path: Path) -> None:
    """SR-04: one workbook per unit; the union of rows is the source; multi-unit rows in each named unit, flagged 共同责任; no row in none."""
    (tmp_path / "out").mkdir()
    done = export_split(project, project.features("issue"), tmp_path / "out")

    found = {one.unit: read(path) for one, path in done}
    assert {unit: [row["问题编号"] for row in rows] for unit, rows in found.items()} == {
        "城管局": ["Q1", "Q2"],
        "住建局": ["Q2"],
        "镜湖街道": ["Q2"],
        "": ["Q3"],
    }
    assert {row["问题编号"] for rows in found.values() for row in rows} == {"Q1", "Q2", "Q3"}
    assert [row["共同责任"] for row in found["城管局"]] == [None, "共同责任"]
    assert found["住建局"][0]["本单位职责"] == "牵头、配合"
    assert min(path.name for _one, path in done) == "问题清单_U1_城管局_20240509.xlsx"
    cell = load_workbook(done[0][1]).active["E3"]  # type: ignore[index]
    assert all(cell.data_type != "f" for row in load_workbook(done[0][1]).active.iter_rows() for cell in row), cell  # type: ignore[union-attr]


def test_what_was_sent_is_kept_at_the_unit(project: Project, tmp_path: Path) -> None:
    """SR-04: what, when, to whom; one step, which an undo takes back."""
    (tmp_path / "out").mkdir()
    export_split(project, project.features("issue"), tmp_path / "out")

    notes = project.features("note")
    units = project.features("unit")
    named = {units.column("name")[units.index[str(owner)]] for owner in notes.column("owner_id")}
    assert named == set(UNITS)
    assert set(notes.column("date")) == {dt.date(2024, 5, 9)}
    assert any("问题清单_U1_城管局_20240509.xlsx：2 个问题" in str(text) for text in notes.column("text"))
    project.undo()
    assert not len(project.features("note"))


def test_a_file_that_is_there_stops_all(project: Project, tmp_path: Path) -> None:
    """All workbooks or none; nothing is noted as sent."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "问题清单_U2_住建局_20240509.xlsx").write_bytes(b"old")
    with pytest.raises(FileProblem, match="U2"):
        export_split(project, project.features("issue"), tmp_path / "out")
    assert len(list((tmp_path / "out").iterdir())) == 1
    assert not len(project.features("note"))


@given(st.lists(st.tuples(st.sampled_from(["", *UNITS]), st.sampled_from(["", *UNITS]), st.lists(st.sampled_from(UNITS), max_size=3)), max_size=30))
def test_the_union_is_the_source_whatever_the_list(rows: list[tuple[str, str, list[str]]]) -> None:
    """SR-04 for any list: every row somewhere, in each unit that it names and in no other, shared exactly where it names several."""
    columns = {
        "code": [str(number) for number in range(len(rows))],
        "responsible_unit": [row[0] or None for row in rows],
        "lead_unit": [row[1] or None for row in rows],
        "supporting_units": ["、".join(row[2]) or None for row in rows],
    }
    lists = split(Features(layers()["issue"], columns["code"], columns, np.full(len(rows), None, dtype=object)))  # type: ignore[arg-type]

    named = [{unit for unit in (row[0], row[1], *row[2]) if unit} for row in rows]
    assert {at for one in lists for at in one.rows} == set(range(len(rows)))
    for one in lists:
        for at, shared in zip(one.rows, one.shared, strict=True):
            assert (one.unit in named[at]) if one.unit else not named[at]
            assert shared == (len(named[at]) > 1)
    assert sum(len(one.rows) for one in lists) == sum(max(len(units), 1) for units in named)
