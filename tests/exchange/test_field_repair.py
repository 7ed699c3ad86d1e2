"""Names that a DBF cut to ten bytes are completed where one field alone can be meant, and nothing is guessed where not."""

from __future__ import annotations

from pathlib import Path

import pytest

from chuangwen.exchange.field_repair import layer_words
from chuangwen.exchange.incoming import Incoming
from chuangwen.exchange.vector_files import Wish, read_vector
from tests.build import layers
from tests.exchange.made import shapefile, table, workbook

VALUES = ["1", "2", "3", "4"]


def named(path: Path, *names: bytes) -> Path:
    """A set whose fields have these very bytes as names."""
    shapefile(path, {f"f{number}": VALUES for number in range(len(names))})
    raw = bytearray(path.with_suffix(".dbf").read_bytes())
    for number, name in enumerate(names):
        raw[32 * (number + 1) : 32 * (number + 1) + 11] = name[:10].ljust(11, b"\x00")
    path.with_suffix(".dbf").write_bytes(raw)
    return path


def read(path: Path, layer: str = "zone") -> Incoming:
    return read_vector(path, wish=Wish(known=layer_words(layers()[layer])))


def words(incoming: Incoming) -> list[str]:
    """What each column is matched by first."""
    return [column.words[0] for column in incoming.columns]


@pytest.mark.parametrize("codec", ["utf-8", "gbk"])
def test_half_a_character_is_completed_from_the_layer(tmp_path: Path, codec: str) -> None:
    """责任单 + one byte of 位 (domain.md 7.6); in GBK a digit in front makes the tenth byte the first half."""
    name = "责任单位" if codec == "utf-8" else "责任单位名称"
    incoming = read(named(tmp_path / "网格.shp", name.encode(codec), "名称".encode(codec)), "site")

    assert incoming.columns[0].title == name.encode(codec)[:10].decode(codec, "ignore")
    assert words(incoming)[0].startswith("责任单位")
    assert any("补全" in warning and incoming.columns[0].title in warning for warning in incoming.warnings)


def test_names_in_another_encoding_than_the_values(tmp_path: Path) -> None:
    """UTF-8 names over GBK values."""
    path = named(tmp_path / "网格.shp", "责任单位".encode(), "名称".encode())
    table_of = path.with_suffix(".dbf")
    raw = table_of.read_bytes()
    start, width = int.from_bytes(raw[8:10], "little"), int.from_bytes(raw[10:12], "little")
    rows = b"".join(b" " + "城管局".encode("gbk").ljust((width - 1) // 2) * 2 for _value in VALUES)
    table_of.write_bytes(raw[:start] + rows)

    incoming = read(path, "site")

    assert ["城管局"] * 4 == incoming.columns[1].values
    assert "责任单位" == words(incoming)[0]


def test_a_whole_name_is_left_alone(tmp_path: Path) -> None:
    """Ten bytes that are a word of the layer as they stand."""
    incoming = read(named(tmp_path / "网格.shp", "责任单位".encode("gbk"), "网格名称".encode("gbk")), "site")

    assert ["责任单位", "网格名称"] == words(incoming)
    assert () == incoming.warnings


def test_two_columns_cut_to_the_same_are_flagged(tmp_path: Path) -> None:
    """责任单位名称 and 责任单位名录 in GBK: nobody can tell them apart."""
    incoming = read(named(tmp_path / "网格.shp", "责任单位名称".encode("gbk"), "责任单位名录".encode("gbk")), "site")

    assert ["责任单位名", "责任单位名_2"] == [column.title for column in incoming.columns]
    assert 2 == sum("没有猜" in warning for warning in incoming.warnings)
    assert ["责任单位名", "责任单位名"] == words(incoming)


def test_metadata_tells_two_cut_names_apart(tmp_path: Path) -> None:
    """ESRI's .shp.xml keeps the long names in the fields' order, and aliases."""
    path = named(tmp_path / "网格.shp", "责任单位名称".encode("gbk"), "责任单位名录".encode("gbk"), b"WGMC")
    attributes = "".join(
        f"<attr><attrlabl>{own}</attrlabl><attalias>{alias}</attalias></attr>"
        for own, alias in (("责任单位名称", ""), ("责任单位名录", ""), ("WGMC", "网格名称"))
    )
    path.with_name("网格.shp.xml").write_text(f"<metadata><eainfo><detailed>{attributes}</detailed></eainfo></metadata>", encoding="utf-8")

    incoming = read(path)

    assert ["责任单位名称", "责任单位名录", "网格名称"] == words(incoming)
    assert any("网格.shp.xml" in warning and "WGMC→网格名称" in warning for warning in incoming.warnings)


def test_hostile_metadata_is_not_followed(tmp_path: Path) -> None:
    """An entity bomb beside the file changes nothing."""
    path = named(tmp_path / "网格.shp", b"WGMC")
    bomb = '<!DOCTYPE x [<!ENTITY a "网格"><!ENTITY b "&a;&a;">]><metadata><attr><attrlabl>WGMC</attrlabl><attalias>&b;</attalias></attr></metadata>'
    path.with_name("网格.shp.xml").write_text(bomb, encoding="utf-8")

    assert ["WGMC"] == words(read(path))


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_field_table_beside_the_file(tmp_path: Path, ending: str) -> None:
    """Pinyin initials are explained by a list of field and name, whatever else stands in it."""
    path = named(tmp_path / "网格.shp", b"WGMC", b"ZRDW", b"BZ")
    rows = [["序号", "字段", "名称", "类型"], ["1", "WGMC", "网格名称", "文本"], ["2", "zrdw", "责任单位", "文本"], ["3", "QT", "其他", "文本"]]
    beside = tmp_path / f"网格_字段对照表{ending}"
    table(beside, rows, "gbk") if ending == ".csv" else workbook(beside, [["网格数据字段说明"], *rows])

    incoming = read(path)

    assert ["网格名称", "责任单位", "BZ"] == words(incoming)
    assert ["WGMC", "ZRDW", "BZ"] == [column.title for column in incoming.columns]
    assert any(beside.name in warning for warning in incoming.warnings)


def test_the_table_of_another_file_is_not_used(tmp_path: Path) -> None:
    """路段_字段对照表.csv explains 路段.shp."""
    path = named(tmp_path / "网格.shp", b"WGMC", b"ZRDW")
    named(tmp_path / "路段.shp", b"WGMC", b"ZRDW")
    table(tmp_path / "路段_字段对照表.csv", [["字段", "名称"], ["WGMC", "路段名称"], ["ZRDW", "责任单位"]])

    assert ["WGMC", "ZRDW"] == words(read(path))


def test_a_name_without_a_remedy_is_said(tmp_path: Path) -> None:
    """Half a character that no source explains."""
    incoming = read(named(tmp_path / "网格.shp", "测绘时".encode() + "间".encode()[:1], "名称".encode()))

    assert "测绘时" == incoming.columns[0].title
    assert any("原名不详" in warning for warning in incoming.warnings)


def test_an_overlay_shows_the_full_names(tmp_path: Path) -> None:
    """A reference layer has no words of its own: the field table names its columns."""
    from chuangwen.exchange.reference import reference_layer

    path = named(tmp_path / "网格.shp", b"WGMC", b"ZRDW")
    table(tmp_path / "字段说明.csv", [["字段", "名称"], ["WGMC", "网格名称"], ["ZRDW", "责任单位"]])
    layer, _incoming = reference_layer(read_vector(path), "旧网格", layers())

    assert ["网格名称", "责任单位"] == [one.title for one in layer.fields[2:]]
