"""A project of last year opens as it is and is brought up to date by the first write, in that write's transaction."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from chuangwen.domain.change import Change
from chuangwen.domain.imprint import Imprint
from chuangwen.domain.layer import Choice, Field, Layer, Layers
from chuangwen.errors import Conflict, FileProblem
from chuangwen.store import migrations
from chuangwen.store.base import ImportRecord, PrintedSheet, SheetKey, SourceRows
from chuangwen.store.geopackage import GeoPackage
from tests.store.build import LAYERS, SITE, UNIT, ZONE, added, edit, project, spot, updated

OLD = Layers({"site": replace(SITE, title="旧点位", fields=SITE.fields[:3]), "unit": UNIT})
STATUS = replace(SITE.fields[2], choices=(*SITE.fields[2].choices, Choice("void", "作废")))
NEW = Layers({"site": replace(SITE, fields=(*SITE.fields[:2], STATUS, *SITE.fields[3:], Field("order", "text", "次序"))), "unit": UNIT, "zone": ZONE})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project of a time when sites had three fields and there were no zones."""
    found = tmp_path / "去年.gpkg"
    store = project(found, OLD)
    store.write(edit(added("site", "A", spot(), name="甲", status="open"), added("site", "B")), "王")
    store.close()
    return found


def titles(path: Path) -> set[tuple[str, ...]]:
    """Words of layers, fields and choices in the file."""
    connection = sqlite3.connect(path)
    found = set(connection.execute("SELECT identifier FROM gpkg_contents"))
    found |= set(connection.execute("SELECT title FROM gpkg_data_columns"))
    found |= set(connection.execute("SELECT description FROM gpkg_data_column_constraints"))
    connection.close()
    return found


def test_new_fields_and_layers_are_empty_until_the_first_write(path: Path) -> None:
    """Opening changes no byte; the first edit adds columns, tables, titles and choices; old edits are still undone."""
    before = path.read_bytes()
    store = GeoPackage.open(path, NEW)
    assert [None, None] == store.features("site").columns["visits"]
    assert (0, []) == (store.count("zone"), store.features("zone").ids)
    assert 2 == len(store.edit_of(1).changes)
    assert before == path.read_bytes()
    assert ("旧点位",) in titles(path)

    store.write(edit(updated("site", "A", visits=(None, 5), order=(None, "一"))), "王")
    assert [5, None] == store.features("site").columns["visits"]
    assert {("点位",), ("网格",), ("次序",), ("作废",)} <= titles(path)
    assert ("旧点位",) not in titles(path)
    store.write(store.edit_of(2).inverse(), "王", "undo", 2)
    store.write(store.edit_of(1).inverse(), "王", "undo", 1)
    assert 0 == store.count("site")
    store.close()


def test_a_write_that_is_refused_adds_nothing(path: Path) -> None:
    """The file is as it was, and is still read rightly through the same store."""
    before = path.read_bytes()
    store = GeoPackage.open(path, NEW)
    with pytest.raises(Conflict):
        store.write(edit(updated("site", "A", name=("乙", "丙"))), "王")
    assert [None, None] == store.features("site").columns["visits"]
    assert 0 == store.count("zone")
    store.close()
    assert before == path.read_bytes()


def test_a_colleague_who_has_the_project_open_sees_the_new_fields(path: Path) -> None:
    """The window reads on one connection while the worker writes on another."""
    window, worker = GeoPackage.open(path, NEW), GeoPackage.open(path, NEW)
    assert [None, None] == window.features("site").columns["visits"]
    worker.write(edit(updated("site", "A", visits=(None, 5)), added("zone", "Z")), "王")
    assert [5, None] == window.features("site").columns["visits"]
    assert 1 == window.count("zone")
    window.write(edit(updated("site", "A", visits=(5, 6))), "李")
    assert [6, None] == worker.features("site").columns["visits"]
    window.close()
    worker.close()


def test_an_older_program_keeps_what_it_does_not_know(path: Path) -> None:
    """Back at the desk with the old version: fields and layers of the newer one stay, with their words."""
    store = GeoPackage.open(path, NEW)
    store.write(edit(updated("site", "A", visits=(None, 5)), added("zone", "Z")), "王")
    store.close()
    store = GeoPackage.open(path, OLD)
    store.write(edit(updated("site", "A", name=("甲", "乙"))), "王")
    removed = store.features("site", ["B"]).at(0)
    store.write(edit(Change("site", "B", {**removed.values, "geometry": None}, None)), "王")
    store.close()
    store = GeoPackage.open(path, NEW)
    assert ([5], ["乙"], 1) == (store.features("site").columns["visits"], store.features("site").columns["name"], store.count("zone"))
    store.close()
    assert ("次序",) in titles(path)


def as_1_2(path: Path) -> None:
    """Make of a project what version 1.2 would have made: nobody has a role."""
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE cw_step DROP COLUMN role")
        connection.execute("UPDATE cw_meta SET value = '1.2' WHERE key = 'schema'")
    connection.close()


def as_1_1(path: Path) -> None:
    """Make of a project what version 1.1 would have made: nothing known of paper."""
    as_1_2(path)
    with sqlite3.connect(path) as connection:
        for table in ("cw_printed", "cw_handwork"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE cw_meta SET value = '1.1' WHERE key = 'schema'")
    connection.close()


def as_1_0(path: Path) -> None:
    """Make of a project what version 1.0 would have made: no sources, no profiles, four columns fewer in the imports."""
    as_1_1(path)
    with sqlite3.connect(path) as connection:
        for table in ("cw_source", "cw_profile"):
            connection.execute(f"DROP TABLE {table}")
        for column in ("unchanged", "profile", "list_key", "answers"):
            connection.execute(f"ALTER TABLE cw_import DROP COLUMN {column}")
        connection.execute("UPDATE cw_meta SET value = '1.0' WHERE key = 'schema'")
        connection.execute("INSERT INTO cw_import VALUES ('i0', 'site', '旧表.xlsx', 'ab', '2024-06-01T08:00:00', '', 'GBK', '', '', '', 3, 2, 1, 0)")
    connection.close()


def test_a_project_of_version_1_0_learns_where_features_come_from(path: Path) -> None:
    """It opens without a changed byte, its imports are read, and the first write makes room for sources and profiles."""
    as_1_0(path)
    before = path.read_bytes()
    old = ImportRecord("i0", "site", "旧表.xlsx", "ab", dt.datetime(2024, 6, 1, 8), encoding="GBK", read=3, added=2, changed=1)
    store = GeoPackage.open(path, OLD)
    assert ([old], [], [], SourceRows("site")) == (store.imports(), store.sources("site", "A"), store.profiles(), store.source_rows("i0"))
    store.close()
    assert before == path.read_bytes()

    store, beside = GeoPackage.open(path, OLD), GeoPackage.open(path, OLD)
    new = ImportRecord("i1", "site", "新表.xlsx", "cd", dt.datetime(2024, 6, 2), list_key="新表", answers={"gone": "keep"})
    store.write(edit(updated("site", "A", name=("甲", "乙"))), "王", imported=new, sources=[SourceRows("site", ["A"], [4], {"name": ["乙"]})])
    store.keep_profile("文昌街道", "{}")
    store.close()
    assert ("1.3", [new, old]) == (version(path), beside.imports())
    assert [4] == [one.row for one in beside.sources("site", "A")]
    assert [("文昌街道", "{}")] == beside.profiles()
    beside.close()


def test_a_project_of_version_1_1_learns_of_paper(path: Path) -> None:
    """It opens without a changed byte and knows of no printing; the first packet makes room for all of them."""
    as_1_1(path)
    before = path.read_bytes()
    store, beside = GeoPackage.open(path, OLD), GeoPackage.open(path, OLD)
    assert ({}, {}, Imprint()) == (store.printed(), store.handwork(), store.imprint)
    assert before == path.read_bytes()

    sheet = PrintedSheet(SheetKey("zone", "A"), "A4", "A-1", "ab", "{}", "p", dt.datetime(2024, 6, 3, 8), "王")
    store.note_packet([sheet])
    assert ("1.3", {(sheet.key, "A4"): sheet}, {}) == (version(path), beside.printed(), beside.handwork())
    assert ["A", "B"] == store.features("site").ids
    store.close()
    beside.close()


def test_a_project_of_version_1_2_learns_of_roles(path: Path) -> None:
    """It opens without a changed byte and its steps have no role; the first write gives the log room for one, beside a window that has it open."""
    as_1_2(path)
    before = path.read_bytes()
    store, beside = GeoPackage.open(path, OLD), GeoPackage.open(path, OLD)
    assert [""] == [step.role for step in store.steps()]
    assert [""] == [entry.step.role for entry in store.row_steps("site", "A")]
    assert 2 == len(store.edit_of(1).changes)
    assert before == path.read_bytes()

    written = store.write(edit(updated("site", "A", name=("甲", "乙"))), "王", role="director")
    assert ("1.3", "director") == (version(path), written.role)
    assert ["", "director"] == [step.role for step in beside.steps()]
    assert ["director", ""] == [entry.step.role for entry in beside.row_steps("site", "A")]
    beside.write(beside.edit_of(written.number).inverse(), "李", "undo", written.number, role="planner")
    assert ("planner", ["甲", None]) == (store.steps()[-1].role, store.features("site").columns["name"])
    store.close()
    beside.close()


def test_steps_are_written_at_the_time_of_the_given_clock(path: Path) -> None:
    """The demo and the tests write a past."""
    store = GeoPackage.open(path, OLD, clock=lambda: dt.datetime(2024, 5, 20, 9, 30, 0, 7))
    written = store.write(edit(updated("site", "A", name=("甲", "乙"))), "王")
    store.close()
    again = GeoPackage.open(path, OLD)
    assert dt.datetime(2024, 5, 20, 9, 30) == written.at == again.steps()[-1].at
    again.close()


@pytest.mark.parametrize("older", [as_1_0, as_1_1, as_1_2])
def test_a_new_project_is_what_an_old_one_becomes(path: Path, tmp_path: Path, older: Callable[[Path], None]) -> None:
    """The same tables with the same columns and indexes, whichever way they came."""
    older(path)
    store = GeoPackage.open(path, OLD)
    store.write(edit(added("site", "N")), "王")
    store.close()
    fresh = tmp_path / "新.gpkg"
    project(fresh, OLD).close()
    assert own_columns(fresh) == own_columns(path)
    assert own_indexes(fresh) == own_indexes(path)


def own_columns(path: Path) -> dict[str, set[tuple[str, str, int, int]]]:
    """Our tables: column, type, whether it must be filled, whether it is the key."""
    connection = sqlite3.connect(path)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'cw!_%' ESCAPE '!' AND type = 'table'")]
    found = {name: {(column[1], column[2], column[3], column[5]) for column in connection.execute(f"PRAGMA table_info({name})")} for name in names}
    connection.close()
    return found


def own_indexes(path: Path) -> set[str]:
    """Our indexes by name."""
    connection = sqlite3.connect(path)
    found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'cw!_%' ESCAPE '!' AND type = 'index'")}
    connection.close()
    return found


def version(path: Path) -> str:
    """What the file says."""
    connection = sqlite3.connect(path)
    found: str = connection.execute("SELECT value FROM cw_meta WHERE key = 'schema'").fetchone()[0]
    connection.close()
    return found


def test_numbered_steps_run_once_in_order(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each leads to its version; a renamed field keeps its values."""
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE cw_meta SET value = '0.8' WHERE key = 'schema'")
    connection.close()
    rename, mark = 'ALTER TABLE site RENAME COLUMN "name" TO "title"', "UPDATE site SET title = title || '!'"
    monkeypatch.setattr(migrations, "STEPS", (("0.7", ("DROP TABLE site",)), ("0.9", (rename,)), ("1.0", (mark,))))
    renamed = Layers({"site": Layer("site", "点位", geometry="point", fields=(SITE.fields[0], Field("title", "text", "名称"), Field("name", "text", "又名")))})
    store = GeoPackage.open(path, renamed)
    assert "0.8" == version(path)
    for number in range(2):
        store.write(edit(added("site", f"N{number}")), "王")
    assert ["甲!", None, None, None] == store.features("site").columns["title"]
    assert "1.0" == version(path)
    store.close()


def test_a_step_that_fails_leaves_the_old_project(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps before it too: they are one transaction with the write."""
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE cw_meta SET value = '0.8' WHERE key = 'schema'")
    connection.close()
    before = path.read_bytes()
    monkeypatch.setattr(migrations, "STEPS", (("0.9", ("DELETE FROM site",)), ("1.0", ("PRAGMA no_such", "SELECT * FROM nowhere"))))
    store = GeoPackage.open(path, OLD)
    with pytest.raises(Exception, match="nowhere"):
        store.write(edit(added("site", "N")), "王")
    assert 2 == store.count("site")
    store.close()
    assert before == path.read_bytes()


@pytest.mark.parametrize(("said", "opens"), [("1.3", True), ("1.9", True), ("2.0", False), ("10.0", False)])
def test_a_newer_version_is_refused_only_where_it_must(path: Path, said: str, opens: bool) -> None:
    """A greater second number is read and written as it is; a greater first one says to upgrade."""
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE cw_meta SET value = ? WHERE key = 'schema'", [said])
    connection.close()
    if not opens:
        with pytest.raises(FileProblem, match="升级"):
            GeoPackage.open(path, LAYERS)
        return
    store = GeoPackage.open(path, LAYERS)
    store.write(edit(added("site", "N")), "王")
    store.close()
    assert said == version(path)
