"""KML as 奥维, 91卫图, ArcGIS and Google Earth write it: every encoding, folders and data as columns, broken files up to where they break."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from chuangwen.errors import FileProblem
from chuangwen.exchange.incoming import Incoming
from chuangwen.exchange.vector_files import read_vector

RING = "<LinearRing><coordinates>116,40,0 116.1,40,0 116.1,40.1,0 116,40,0</coordinates></LinearRing>"
AREA = f"<Polygon><outerBoundaryIs>{RING}</outerBoundaryIs></Polygon>"


def kml(path: Path, body: str, declared: str = "UTF-8", encoding: str = "utf-8", root: str = '<kml xmlns="http://www.opengis.net/kml/2.2">') -> Path:
    path.write_bytes(f'<?xml version="1.0" encoding="{declared}"?>{root}<Document>{body}</Document></kml>'.encode(encoding))
    return path


def mark(name: str, more: str = AREA) -> str:
    return f"<Placemark><name>{name}</name>{more}</Placemark>"


def values(incoming: Incoming) -> dict[str, list[object]]:
    return {column.title: list(column.values) for column in incoming.columns}


@pytest.mark.parametrize(
    ("declared", "encoding"), [("UTF-8", "utf-8"), ("UTF-8", "utf-8-sig"), ("GBK", "gbk"), ("GB2312", "gbk"), ("UTF-8", "gbk"), ("UTF-16", "utf-16")]
)
def test_the_encoding_is_the_one_of_the_bytes(tmp_path: Path, declared: str, encoding: str) -> None:
    """A declaration may lie."""
    incoming = read_vector(kml(tmp_path / "x.kml", mark("清华园街道第一网格") + mark("双清苑小区"), declared, encoding))

    assert ["清华园街道第一网格", "双清苑小区"] == values(incoming)["名称"]


def test_folders_and_data_become_columns(tmp_path: Path) -> None:
    """Of a folder in a folder both names; Data, SchemaData and an HTML table of two columns."""
    data = '<ExtendedData><Data name="户数"><value>120</value></Data><SchemaData><SimpleData name="网格长">张三</SimpleData></SchemaData></ExtendedData>'
    table = "<description><![CDATA[<table><tr><td>责任单位</td><td>城管局</td></tr><tr><td>面积</td><td>3.2</td></tr></table>]]></description>"
    body = f"<Folder><name>甲街道</name><Folder><name>一社区</name>{mark('一', data + AREA)}</Folder></Folder>{mark('二', table + AREA)}"

    found = values(read_vector(kml(tmp_path / "x.kml", body)))

    assert ["甲街道/一社区", None] == found["文件夹"]
    assert (["120", None], ["张三", None]) == (found["户数"], found["网格长"])
    assert ([None, "城管局"], [None, "3.2"]) == (found["责任单位"], found["面积"])


def test_every_kind_of_shape(tmp_path: Path) -> None:
    """A hole, several parts, a track, a ring that is not closed, heights."""
    hole = f"<Polygon><outerBoundaryIs>{RING}</outerBoundaryIs><innerBoundaryIs>{RING.replace('116.1', '116.05')}</innerBoundaryIs></Polygon>"
    line = "<LineString><coordinates>116,40 116.1,40.1</coordinates></LineString>"
    track = "<gx:Track><gx:coord>116 40 3</gx:coord><gx:coord>116.1 40 3</gx:coord></gx:Track>"
    open_ring = AREA.replace(" 116,40,0<", "<")
    shapes = ["<Point><coordinates>116.3 , 40.0 , 12</coordinates></Point>", line, hole, f"<MultiGeometry>{AREA}{AREA}</MultiGeometry>", track, open_ring]
    root = '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">'

    incoming = read_vector(kml(tmp_path / "x.kml", "".join(mark(str(at), one) for at, one in enumerate(shapes)), root=root))

    assert ["Point", "LineString", "Polygon", "MultiPolygon", "LineString", "Polygon"] == [one.geom_type for one in incoming.geometry]
    assert (116.3, 40.0) == (incoming.geometry[0].x, incoming.geometry[0].y)
    assert 1 == len(incoming.geometry[2].interiors)
    assert not any(one.has_z for one in incoming.geometry)


@pytest.mark.parametrize("root", ["<kml>", "<kml xmlns='http://earth.google.com/kml/2.1'>"])
def test_old_and_missing_namespaces(tmp_path: Path, root: str) -> None:
    """And a prefix that is declared nowhere."""
    body = mark("一", f"<gx:balloonVisibility>1</gx:balloonVisibility>{AREA}")

    assert ["一"] == values(read_vector(kml(tmp_path / "x.kml", body, root=root)))["名称"]


def test_what_programs_forget_to_escape(tmp_path: Path) -> None:
    """&nbsp; and a bare &."""
    found = values(read_vector(kml(tmp_path / "x.kml", mark("甲&乙&nbsp;丙 &lt;丁&gt;"))))

    assert ["甲&乙\xa0丙 <丁>"] == found["名称"]


def test_a_file_cut_in_half_gives_what_stands_before(tmp_path: Path) -> None:
    """And says where it breaks."""
    path = kml(tmp_path / "x.kml", "\n".join(mark(name) for name in "甲乙丙丁"))
    path.write_bytes(path.read_bytes()[:600])
    incoming = read_vector(path)

    assert ["甲", "乙"] == values(incoming)["名称"]
    assert any("第 3 行起已损坏" in one for one in incoming.warnings)


def test_one_place_that_cannot_be_read(tmp_path: Path) -> None:
    """Its row stays, without a place, and is said; a row that never had one is not."""
    bad = "<Point><coordinates>东经116度</coordinates></Point>"
    incoming = read_vector(kml(tmp_path / "x.kml", mark("好") + mark("坏", bad) + mark("无", "")))

    assert [True, False, False] == [one is not None for one in incoming.geometry]
    assert [2] == [one.row for one in incoming.repaired]


def test_a_kmz_is_its_kml(tmp_path: Path) -> None:
    """Whatever its name, with icons beside it."""
    inner = kml(tmp_path / "网格.kml", mark("一"), "GBK", "gbk")
    with zipfile.ZipFile(tmp_path / "x.kmz", "w") as archive:
        archive.write(inner, "子目录/网格.kml")
        archive.writestr("files/icon.png", b"x")

    incoming = read_vector(tmp_path / "x.kmz")

    assert ("x.kmz", ["一"]) == (incoming.source, values(incoming)["名称"])


def test_what_is_no_kml_is_refused(tmp_path: Path) -> None:
    """Other XML, and nothing at all."""
    (tmp_path / "x.kml").write_text("<gpx><wpt/></gpx>", encoding="utf-8")
    (tmp_path / "y.kml").write_bytes(b"")
    for name in ("x.kml", "y.kml"):
        with pytest.raises(FileProblem, match=name):
            read_vector(tmp_path / name)
