"""One bad record does not cost the rest: it is named with its row and its reason, the others go in, and read = taken + rejected."""

from __future__ import annotations

import json
import random
import struct
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
import shapely

from chuangwen.errors import FileProblem, UserError
from chuangwen.exchange.importing import Options, plan
from chuangwen.exchange.incoming import Incoming
from chuangwen.exchange.vector_files import read_vector
from tests.build import layers
from tests.exchange.made import SQUARES, View, gpkg, layer_file, shapefile

NAMES = ["一号网格", "二号网格", "三号网格", "四号网格"]
RINGS = [shapely.Point(435_000 + 3 * n, 4_418_000).buffer(1, quad_segs=50) for n in range(300)]
"""Shapes of some size, so that a layer fills many pages of a database."""


def rows(incoming: Incoming) -> tuple[list[int], list[int]]:
    return list(incoming.rows), [row for row, _why in incoming.rejected]


def record(path: Path, row: int) -> int:
    """Where a record of a .shp begins."""
    entry = path.with_suffix(".shx").read_bytes()[100 + 8 * (row - 1) :][:4]
    return 2 * int(struct.unpack(">i", entry)[0])


def overwritten(path: Path, at: int, content: bytes) -> Path:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)
    return path


@pytest.mark.parametrize(
    ("inside", "content"),
    [
        (8 + 40, struct.pack("<I", 2_000_000_000)),  # points
        (8 + 36, struct.pack("<I", 4_000)),  # parts
        (8 + 44, struct.pack("<I", 77)),  # the first part begins behind the last point
        (8, struct.pack("<I", 99)),  # no kind of shape
    ],
)
def test_a_damaged_record_in_the_middle_of_a_shapefile(tmp_path: Path, inside: int, content: bytes) -> None:
    """GDAL gives such a row as one without a shape, in silence."""
    path = shapefile(tmp_path / "x.shp", {"名称": NAMES})
    overwritten(path, record(path, 2) + inside, content)

    incoming = read_vector(path)

    assert ([1, 3, 4], [2]) == rows(incoming)
    assert ["一号网格", "三号网格", "四号网格"] == incoming.columns[0].values
    assert all(shapely.equals(one, other) for one, other in zip([SQUARES[0], SQUARES[2], SQUARES[3]], incoming.geometry, strict=True))


def test_the_report_counts_them(tmp_path: Path) -> None:
    """Read = added + rejected; the reason stands beside the row."""
    path = shapefile(tmp_path / "x.shp", {"网格编号": ["A1", "A2", "A3", "A4"], "网格名称": NAMES})
    overwritten(path, record(path, 3) + 48, struct.pack("<I", 2_000_000_000))

    report = plan(read_vector(path), layers()["zone"], View(), Options()).report

    assert (4, 3, [3]) == (report.read, report.added, [one.row for one in report.rejected])
    assert "损坏" in report.rejected[0].reason


def test_a_shapefile_cut_off(tmp_path: Path) -> None:
    """The last records stand in the index and the table, but not in the file."""
    path = shapefile(tmp_path / "x.shp", {"名称": NAMES})
    path.write_bytes(path.read_bytes()[: record(path, 3) + 20])

    assert ([1, 2], [3, 4]) == rows(read_vector(path))


def test_records_without_a_shape_are_no_damage(tmp_path: Path) -> None:
    """They stay, as rows without a place."""
    incoming = read_vector(shapefile(tmp_path / "x.shp", {"名称": NAMES}, [SQUARES[0], None, SQUARES[2], None]))

    assert ([1, 2, 3, 4], []) == rows(incoming)


@pytest.mark.parametrize("index", ["YES", "NO"])
def test_a_flatgeobuf_cut_off(tmp_path: Path, index: str) -> None:
    """With and without its spatial index: what stands before the cut, and the rest by number."""
    path = layer_file(tmp_path / "x.fgb", "FlatGeobuf", RINGS, SPATIAL_INDEX=index)
    path.write_bytes(path.read_bytes()[: -len(path.read_bytes()) // 3])

    taken, lost = rows(read_vector(path))

    assert 150 < len(taken) < 250
    assert list(range(1, 301)) == taken + lost


def features_of(content: bytes, count: int) -> list[int]:
    """Where each feature of a FlatGeobuf begins: the place from which `count` sizes in turn lead to the end."""
    for start in range(12, len(content)):
        found, at = [], start
        while len(found) < count and at + 4 <= len(content):
            found.append(at)
            at += 4 + int(struct.unpack("<I", content[at : at + 4])[0])
        if len(found) == count and at == len(content):
            return found
    raise AssertionError(content[:12])


def test_a_flatgeobuf_with_one_bad_feature(tmp_path: Path) -> None:
    """Its content is nonsense: those behind it are read by their numbers."""
    path = layer_file(tmp_path / "x.fgb", "FlatGeobuf", RINGS)
    start = features_of(path.read_bytes(), len(RINGS))[99]
    overwritten(path, start + 4, b"\xff" * 64)

    taken, lost = rows(read_vector(path))

    assert [100] == lost
    assert [row for row in range(1, 301) if row != 100] == taken


def test_a_damaged_page_of_a_geopackage(tmp_path: Path) -> None:
    """SQLite stops at it; the rows behind it are read by their numbers."""
    path = gpkg(tmp_path / "x.gpkg", {"网格": RINGS})
    content = bytearray(path.read_bytes())
    page = content.find(b"150\xe5\x8f\xb7") // 4096 * 4096
    content[page : page + 8] = b"\xff" * 8
    path.write_bytes(bytes(content))

    taken, lost = rows(read_vector(path))

    assert len(taken) > 280
    assert lost
    assert list(range(1, 301)) == sorted(taken + lost)


def test_a_geopackage_cut_off_is_refused_by_name(tmp_path: Path) -> None:
    """SQLite does not open what is shorter than its header says."""
    path = gpkg(tmp_path / "x.gpkg", {"网格": RINGS})
    path.write_bytes(path.read_bytes()[:-40_000])

    with pytest.raises(FileProblem, match=r"x\.gpkg"):
        read_vector(path)


def collection(path: Path, features: Sequence[object]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), encoding="utf-8")
    return path


def point(name: str, coordinates: object = (116.3, 40.0), kind: str = "Point") -> dict[str, object]:
    return {"type": "Feature", "properties": {"名称": name}, "geometry": {"type": kind, "coordinates": coordinates}}


def test_bad_features_of_a_geojson(tmp_path: Path) -> None:
    """Junk among them, letters for numbers, a number for a ring: GDAL drops or empties each without a word."""
    bad = ["junk", point("字母", ["x", None]), point("环", [116, 40], "Polygon"), {"type": "Feature", "geometry": {"type": "Blob"}}]
    path = collection(tmp_path / "x.geojson", [point("一"), *bad, point("二")])

    incoming = read_vector(path)

    assert ([1, 6], [2, 3, 4, 5]) == rows(incoming)
    assert ["一", "二"] == incoming.columns[0].values


def test_a_feature_whose_text_is_broken(tmp_path: Path) -> None:
    """The frame is whole: the reader finds the next feature."""
    path = collection(tmp_path / "x.geojson", [point("一"), point("坏"), point("三")])
    path.write_text(path.read_text(encoding="utf-8").replace('"坏"', '"坏'), encoding="utf-8")

    incoming = read_vector(path)

    assert [2] == [row for row, _why in incoming.rejected]
    assert ["一", "三"] == incoming.columns[0].values


def test_a_broken_line_of_newline_delimited_features(tmp_path: Path) -> None:
    """Each line for itself, whatever the ending."""
    lines = [json.dumps(point(name), ensure_ascii=False) for name in "甲乙丙"]
    for name in ("x.geojsonl", "x.json", "x.geojson"):
        (tmp_path / name).write_text("\n".join([lines[0], "{broken", *lines[1:]]), encoding="utf-8")
        incoming = read_vector(tmp_path / name)
        assert ([1, 3, 4], [2]) == rows(incoming)
        assert ["甲", "乙", "丙"] == incoming.columns[0].values


def test_a_sound_geojson_is_read_whole_and_nulls_stay(tmp_path: Path) -> None:
    """Nothing is rejected; a null geometry and an empty one are rows without a place."""
    empty = {"type": "Feature", "properties": {"名称": "空"}, "geometry": {"type": "Polygon", "coordinates": []}}
    path = collection(tmp_path / "x.geojson", [point("一"), {"type": "Feature", "properties": {"名称": "无"}, "geometry": None}, empty])

    assert ([1, 2, 3], []) == rows(read_vector(path))


def _kml(path: Path) -> Path:
    mark = "<Placemark><name>一号网格</name><Point><coordinates>116,40</coordinates></Point></Placemark>"
    path.write_text(f'<?xml version="1.0"?><kml><Folder><name>甲</name>{mark * 3}</Folder></kml>', encoding="utf-8")
    return path


def _zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(collection(path.with_suffix(".geojson"), [point("一"), point("二")]), "资料/x.geojson")
    return path


FORMATS: dict[str, Callable[[Path], Path]] = {
    "x.fgb": lambda path: layer_file(path, "FlatGeobuf"),
    "x.gpkg": lambda path: gpkg(path, {"网格": SQUARES}),
    "x.kml": _kml,
    "x.zip": _zip,
    "x.geojson": lambda path: collection(path, [point("一"), point("二"), point("三")]),
    "x.dxf": lambda path: layer_file(path, "DXF", [one.boundary for one in SQUARES], fields=False),
    "x.tab": lambda path: layer_file(path, "MapInfo File"),
    "x.mif": lambda path: layer_file(path, "MapInfo File"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(FORMATS))
def test_damaged_bytes_of_any_format_answer_or_refuse(tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Bytes overwritten, cut out, put in, cut off: an answer or a `UserError`, no other exception and no print."""
    chance = random.Random(name)
    made = FORMATS[name](tmp_path / name)
    parts = [one for one in tmp_path.iterdir() if one.stem == "x" and (made.suffix in (".tab", ".mif") or one == made)]
    whole = {one: one.read_bytes() for one in parts}
    for _attempt in range(60):
        for one, content in whole.items():
            one.write_bytes(content)
        victim = chance.choice(parts)
        content = bytearray(whole[victim])
        at = chance.randrange(len(content))
        how = chance.randrange(4)
        if how == 0:
            content[at : at + 8] = chance.randbytes(chance.randint(1, 8))
        elif how == 1:
            del content[at : at + chance.randint(1, 40)]
        elif how == 2:
            content[at:at] = chance.randbytes(chance.randint(1, 20))
        else:
            content = content[:at]
        victim.write_bytes(bytes(content))
        with suppress(UserError):
            read_vector(made)
    assert ("", "") == capfd.readouterr()
