"""Opening: nothing is changed by it, anywhere; what cannot be opened is said in words."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Edit
from chuangwen.errors import FileProblem, UserError
from chuangwen.store.connecting import _uri_path
from chuangwen.store.geopackage import GeoPackage
from tests.build import ROOT
from tests.store.build import LAYERS, added, edit, project, spot, squares


@pytest.fixture
def path() -> Iterator[Path]:
    """A project that others may reach: pytest's own folders are closed to them."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    found = folder / "区 100%#1?.gpkg" if sys.platform != "win32" else folder / "区 100%#1.gpkg"
    store = project(found)
    store.write(edit(added("site", "A", spot(), name="甲"), added("unit", "U")), "王")
    store.write(Edit("导入", tuple(squares(1200))), "王")
    store.close()
    yield found
    folder.chmod(0o755)
    shutil.rmtree(folder)


def seen(path: Path) -> tuple[Any, ...]:
    """All that could tell that somebody was here."""
    return hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns, path.stat().st_size, sorted(one.name for one in path.parent.iterdir())


def read_all(store: GeoPackage) -> int:
    """Everything that can be asked; how many features there are."""
    store.steps()
    store.imports()
    store.edit_of(1)
    store.row_steps("site", "A")
    store.touched_since(0)
    return sum(len(store.features(layer)) for layer in store.layers) + 0 * len(store.campaign.title) + 0 * store.epsg


def test_opening_and_reading_changes_no_byte(path: Path) -> None:
    """Neither the file nor its folder."""
    before = seen(path)
    store = GeoPackage.open(path, LAYERS)
    assert 1202 == read_all(store)
    assert before == seen(path)
    store.close()
    assert before == seen(path)


_AS_NOBODY = """
import os
import sys
sys.path[:0] = [{root!r}, {source!r}]
from pathlib import Path
from tests.store.test_opening import *
if os.geteuid() == 0:
    os.setuid(65534)
store = GeoPackage.open(Path(sys.argv[1]), LAYERS)
print(read_all(store))
try:
    store.write(edit(added("unit", "V")), "李")
except FileProblem as problem:
    print(problem)
print(store.count("unit"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_project_on_a_disc_that_cannot_be_written_is_read(path: Path, journal: str) -> None:
    """A read-only file in a read-only folder, also one that QGIS left in WAL: all is read, nothing is changed, a write is refused in words."""
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.close()
    path.chmod(0o444)
    path.parent.chmod(0o555)
    before = seen(path)
    script = _AS_NOBODY.format(root=str(ROOT), source=str(ROOT / "src"))
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False, cwd="/", encoding="utf-8")
    assert (0, "") == (done.returncode, done.stderr)
    count, sentence, units = done.stdout.splitlines()
    assert ("1202", "1") == (count, units)
    assert "只读" in sentence or "权限" in sentence
    assert before == seen(path)


def test_a_path_of_a_windows_share_reaches_sqlite_whole() -> None:
    """`file://server/share` would be a host to SQLite, which it refuses: four slashes. Odd characters are quoted."""

    class Share:
        def absolute(self) -> Share:
            return self

        def as_posix(self) -> str:
            return "//文件服务器/创建办/区 1?.gpkg"

    quoted = _uri_path(Share())  # type: ignore[arg-type]
    assert quoted.startswith("//%E6")
    assert quoted.endswith("/%E5%8C%BA%201%3F.gpkg")


# --- what cannot be opened


def refusal(path: Path) -> FileProblem:
    """What is said of a file that cannot be opened."""
    with pytest.raises(FileProblem) as found:
        GeoPackage.open(path, LAYERS)
    assert found.value.hint
    return found.value


def test_what_is_no_project_is_said_with_a_remedy(tmp_path: Path) -> None:
    """Missing, a folder, a text, empty, somebody's database, somebody's GeoPackage."""
    text, empty, database, foreign = (tmp_path / name for name in ("a.gpkg", "b.gpkg", "c.gpkg", "d.gpkg"))
    text.write_text("编号,名称\n" * 1000, encoding="gbk")
    empty.write_bytes(b"")
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE t (a)")
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE gpkg_contents (table_name TEXT)")
    assert "没有项目文件" in str(refusal(tmp_path / "none.gpkg"))
    assert "文件夹" in str(refusal(tmp_path))
    assert "不是项目文件" in str(refusal(text))
    assert "不是项目文件" in str(refusal(empty))
    assert "不是项目文件" in str(refusal(database))
    assert "导入" in refusal(foreign).hint


@pytest.mark.parametrize(("key", "value", "word"), [("schema", None, "损坏"), ("schema", "一", "损坏"), ("epsg", "", "损坏"), ("schema", "2.0", "升级")])
def test_a_project_that_does_not_say_what_it_is(path: Path, key: str, value: str | None, word: str) -> None:
    """Its description is damaged, or from a later time."""
    with sqlite3.connect(path) as connection:
        connection.execute(
            "UPDATE cw_meta SET value = ? WHERE key = ?" if value is not None else "DELETE FROM cw_meta WHERE ? IS NULL AND key = ?", (value, key)
        )
    connection.close()
    assert word in str(refusal(path))


def test_a_project_that_may_not_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No permission for the folder."""

    def refused(*_args: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", refused)
    assert "没有权限" in str(refusal(path))


def test_a_project_is_not_made_over_another_file(path: Path, tmp_path: Path) -> None:
    """Nor where there is no folder; nothing is left behind when the making fails."""
    before = seen(path)
    with pytest.raises(FileProblem, match="已经存在"):
        GeoPackage.create(path, LAYERS, 4548, Campaign())
    assert before == seen(path)
    with pytest.raises(FileProblem, match="没有文件夹"):
        GeoPackage.create(tmp_path / "a" / "b.gpkg", LAYERS, 4548, Campaign())
    with pytest.raises(UserError):
        GeoPackage.create(tmp_path / "c.gpkg", LAYERS, 4548, Campaign("\ud800"))
    assert [] == [one for one in tmp_path.iterdir() if one.is_file()]


DAMAGE = st.one_of(
    st.tuples(st.just("cut"), st.floats(0, 1), st.binary(min_size=1, max_size=1)),
    st.tuples(st.sampled_from(["write", "insert"]), st.floats(0, 1), st.binary(min_size=1, max_size=300)),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=st.lists(DAMAGE, min_size=1, max_size=4))
def test_a_damaged_file_answers_or_refuses(path: Path, damage: list[tuple[str, float, bytes]]) -> None:
    """Cut short, overwritten, shifted: never a traceback."""
    content = bytearray(path.read_bytes())
    for how, where, what in damage:
        at = int(where * len(content))
        if how == "cut":
            del content[at:]
        elif how == "write":
            content[at : at + len(what)] = what
        else:
            content[at:at] = what
    wrong = path.with_name("damaged.gpkg")
    wrong.write_bytes(bytes(content))
    try:
        store = GeoPackage.open(wrong, LAYERS)
    except UserError:
        return
    try:
        read_all(store)
    except UserError:
        return
    finally:
        store.close()


def test_a_stat_of_the_file_mode_is_kept(path: Path) -> None:
    """Writing does not change who may read the project."""
    path.chmod(0o640)
    store = GeoPackage.open(path, LAYERS)
    store.write(edit(added("unit", "V")), "李")
    store.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
