"""Vector files are read whole, mended where that can be said, or refused with a sentence; nothing is written beside them."""

from __future__ import annotations

import json
import shutil
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangwen.errors import DataProblem, FileProblem, UserError
from chuangwen.exchange.vector_files import read_vector
from tests.exchange.made import CORPUS, SQUARES, shapefile

NAMES = ["一号网格", "二号网格", "三号网格", "四号网格"]
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus lies in ../shared/data, which is absent")


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A sound set in a folder of its own."""
    (tmp_path / "边界 文件").mkdir()
    return shapefile(tmp_path / "边界 文件" / "网格.shp", {"名称": NAMES})


def listing(path: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in path.parent.iterdir()}


def test_reading_changes_nothing_beside_the_file(made: Path) -> None:
    """Not even where the index must be rebuilt: a USB stick may be read-only."""
    made.with_suffix(".shx").unlink()
    before = listing(made)

    incoming = read_vector(made)

    assert before == listing(made)
    assert NAMES == incoming.columns[0].values
    assert all(shapely.equals(one, other) for one, other in zip(SQUARES, incoming.geometry, strict=True))
    assert any(".shx" in warning for warning in incoming.warnings)


def test_any_part_of_the_set_may_be_named(made: Path) -> None:
    """The planner drags the .dbf."""
    assert 4 == len(read_vector(made.with_suffix(".dbf")))


def test_endings_in_mixed_case(made: Path) -> None:
    """网格.shp with 网格.DBF and 网格.PRJ, as old cameras and FAT sticks leave them."""
    for ending in (".dbf", ".prj"):
        made.with_suffix(ending).rename(made.with_suffix(ending.upper()))

    incoming = read_vector(made)

    assert NAMES == incoming.columns[0].values
    assert "4548" in incoming.declared_crs or "CGCS2000" in incoming.declared_crs


def test_without_a_table_the_shapes_still_come(made: Path) -> None:
    """Only .shp was copied."""
    for ending in (".dbf", ".shx", ".prj"):
        made.with_suffix(ending).unlink()

    incoming = read_vector(made)

    assert (4, ()) == (len(incoming), incoming.columns)
    assert any(".dbf" in warning for warning in incoming.warnings)


def test_row_numbers_count_from_one(made: Path) -> None:
    """As a user counts records."""
    assert [1, 2, 3, 4] == list(read_vector(made).rows)


def test_null_shapes_are_kept(tmp_path: Path) -> None:
    """A record without a shape is still a record."""
    incoming = read_vector(shapefile(tmp_path / "x.shp", {"名称": NAMES}, [SQUARES[0], None, SQUARES[2], None]))

    assert [True, False, True, False] == [one is not None for one in incoming.geometry]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.shp", b"<html>login</html>"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [{'),
        ("a.gpkg", b"hello"),
        ("a.zip", b"PK\x03\x04rubbish"),
        ("a.json", b""),
    ],
)
def test_foreign_content_is_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    """The sentence names the file and a remedy."""
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(FileProblem) as caught:
        read_vector(path)
    assert name in caught.value.message
    assert caught.value.hint


def test_a_lone_table_is_refused(made: Path) -> None:
    """.dbf without its .shp."""
    made.unlink()

    with pytest.raises(FileProblem, match="没有同名的"):
        read_vector(made.with_suffix(".dbf"))


def test_a_zip_of_one_set_is_read_with_its_gbk_names(made: Path, tmp_path: Path) -> None:
    """As WeChat and Windows pack them: no UTF-8 flag on the names."""
    path = tmp_path / "边界.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for one in made.parent.iterdir():
            entry = zipfile.ZipInfo("x" + one.suffix)
            archive.writestr(entry, one.read_bytes())

    assert NAMES == read_vector(path).columns[0].values


def test_a_climbing_path_in_a_zip_writes_nothing(tmp_path: Path) -> None:
    """../../evil.shp."""
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../evil.shp", b"x")

    with pytest.raises(FileProblem, match="越出"):
        read_vector(path)
    assert not (tmp_path.parent.parent / "evil.shp").exists()


def test_a_geopackage_of_several_layers_asks_which(tmp_path: Path) -> None:
    """The names are listed; one can be named."""
    import geopandas

    for name in ("网格", "路段"):
        geopandas.GeoDataFrame({"名称": NAMES}, geometry=SQUARES, crs=4548).to_file(tmp_path / "x.gpkg", layer=name)

    with pytest.raises(DataProblem, match="网格、路段"):
        read_vector(tmp_path / "x.gpkg")
    assert "路段" == read_vector(tmp_path / "x.gpkg", layer="路段").sheet


def test_reading_a_geopackage_leaves_no_trace(tmp_path: Path) -> None:
    """No -wal and -shm beside a file that is not ours, even one in WAL mode."""
    import sqlite3

    import geopandas

    path = tmp_path / "x.gpkg"
    geopandas.GeoDataFrame({"名称": NAMES}, geometry=SQUARES, crs=4548).to_file(path, layer="网格")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    before = listing(path)

    assert 4 == len(read_vector(path))
    assert before == listing(path)


def test_dates_and_numbers_of_geojson_keep_their_types(tmp_path: Path) -> None:
    """Integers stay integers, blanks are None."""
    features = [{"type": "Feature", "properties": {"户数": count, "名称": name}, "geometry": None} for name, count in [("甲", 3), ("乙", 5)]]
    path = tmp_path / "x.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")

    incoming = read_vector(path)

    assert [3, 5] == incoming.column("户数").values


@needs_corpus
@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("fileset/UPPER.SHP", 8),
        ("fileset/dbf_cut_60pct.shp", 8),
        ("fileset/dbf_deleted_row.shp", 7),
        ("fileset/dbf_fewer_rows.shp", 8),
        ("fileset/dbf_more_rows.shp", 8),
        ("fileset/empty_layer.shp", 0),
        ("fileset/header_bbox_nan.shp", 8),
        ("fileset/no_shx.shp", 8),
        ("fileset/only_shp.shp", 8),
        ("fileset/shx_zero_bytes.shp", 8),
        ("fileset/zip_macosx_and_junk.zip", 8),
        ("crs/prj_truncated.shp", 8),
        ("geojson/utf8_bom.geojson", 8),
        ("geojson/unclosed_ring.geojson", 8),
        ("geojson/is_esrijson.json", 1),
        ("gpkg/plain.gpkg", 8),
        ("gpkg/weird_layer_name.gpkg", 8),
    ],
)
def test_broken_sets_that_can_be_mended_are(name: str, rows: int) -> None:
    """`ok` and `ok with repair` of expected.tsv."""
    assert rows == len(read_vector(CORPUS / name))


@needs_corpus
@pytest.mark.parametrize(
    "name",
    [
        "fileset/no_shp.dbf",
        "fileset/shp_is_html_login_page.shp",
        "fileset/zip_bomb_small.zip",
        "fileset/zip_path_traversal.zip",
        "geojson/features_null.geojson",
        "geojson/trailing_comma.geojson",
        "geojson/truncated.geojson",
        "gpkg/attributes_only.gpkg",
        "gpkg/bad_magic.gpkg",
        "gpkg/no_geometry_columns.gpkg",
        "gpkg/plain_sqlite.gpkg",
        "gpkg/truncated.gpkg",
    ],
)
def test_what_cannot_be_read_is_refused(name: str) -> None:
    """`must fail with clear error` of expected.tsv: our sentence, never a library's."""
    with pytest.raises(UserError) as caught:
        read_vector(CORPUS / name)
    assert Path(name).stem in caught.value.message


@pytest.mark.slow
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=6), st.sampled_from([".shp", ".shx", ".dbf", ".prj"]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_bytes_answer_or_refuse(made: Path, tmp_path_factory: pytest.TempPathFactory, at: int, junk: bytes, part: str) -> None:
    """Whatever bytes are overwritten: an answer or a `UserError`, no other exception."""
    folder = tmp_path_factory.mktemp("fuzz")
    for one in made.parent.iterdir():
        shutil.copyfile(one, folder / one.name)
    path = folder / made.with_suffix(part).name
    raw = bytearray(path.read_bytes())
    start = at % len(raw)
    raw[start : start + len(junk)] = junk
    path.write_bytes(bytes(raw))
    with suppress(UserError):
        read_vector(folder / made.name)
