"""The encoding of a file is concluded from its bytes; a declaration that lies loses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.errors import UserError
from chuangwen.exchange.encodings import codec_of, decode_column, decode_piece, decode_text, detect, forced
from chuangwen.exchange.vector_files import read_vector
from tests.exchange.made import CORPUS, REAL, set_ldid, shapefile

NAMES = ["文昌街道第一网格", "责任单位", "区城市管理局", "人民路与建设路交叉口东侧"]
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus lies in ../shared/data, which is absent")


def pieces(codec: str) -> list[bytes]:
    return [name.encode(codec) for name in NAMES]


@pytest.mark.parametrize(("codec", "name"), [("gbk", "GBK"), ("utf-8", "UTF-8"), ("big5", "Big5")])
def test_undeclared_text_is_recognised(codec: str, name: str) -> None:
    """No .cpg, no language byte: the bytes alone decide."""
    words = ["臺北市信義區", "責任單位名稱", "學院路街道"] if codec == "big5" else NAMES

    assert name == detect([word.encode(codec) for word in words]).name


@pytest.mark.parametrize("says", ["UTF-8", "65001", "ISO-8859-1", "Big5", "1252"])
def test_a_lying_cpg_loses_and_the_evidence_says_so(says: str) -> None:
    """GBK bytes stay GBK whatever the .cpg says."""
    found = detect(pieces("gbk"), cpg=says)

    assert "GBK" == found.name
    assert "以内容为准" in found.evidence


def test_utf8_bytes_beat_a_language_byte_of_936() -> None:
    """LDID 0x4D on UTF-8 data."""
    assert "UTF-8" == detect(pieces("utf-8"), ldid=0x4D).name


@pytest.mark.parametrize("spelling", ["GBK", "gbk", "GB2312", "936", "CP936", "ANSI 936", "OEM 936", "OEM", "gb18030", "MS936"])
def test_every_spelling_of_936_is_understood(spelling: str) -> None:
    """What GDAL does not take (facts.md 10) is taken here."""
    assert "gb18030" == codec_of(spelling)


@pytest.mark.parametrize(
    ("word", "codec"),
    [("UTF-8", "utf-8"), ("65001", "utf-8"), ("ISO 88591", "latin-1"), ("windows-1252", "cp1252"), ("简体中文", "gb18030"), ("网格", None), ("", None)],
)
def test_other_declarations(word: str, codec: str | None) -> None:
    """Known ones are known, nonsense is nothing."""
    assert codec == codec_of(word)


def test_rare_characters_make_it_gb18030() -> None:
    """䶮 needs four bytes that GBK does not have."""
    assert "GB18030" == detect([*pieces("gbk"), "䶮家庄社区".encode("gb18030")]).name


def test_a_last_character_cut_by_the_width_is_dropped() -> None:
    """Field names of ten bytes cut UTF-8 inside a character (facts.md 10)."""
    cut = "责任单位名称".encode()[:10]

    assert ("责任单", False) == decode_piece(cut, "utf-8")
    assert "UTF-8" == detect([cut]).name


def test_samples_let_the_user_judge() -> None:
    """Three decoded values stand beside the name."""
    found = detect(pieces("gbk"))

    assert 3 == len(found.samples)
    assert set(found.samples) <= set(NAMES)


def test_plain_ascii_needs_no_decision() -> None:
    """Codes and numbers only."""
    assert "ASCII" == detect([b"A-17", b"110108"]).name


def test_an_unknown_encoding_is_refused_with_a_remedy() -> None:
    """--encoding nonsense."""
    with pytest.raises(UserError, match="不认识编码") as caught:
        forced("klingon", [])
    assert "GBK" in caught.value.hint


def test_damaged_bytes_are_replaced_and_counted() -> None:
    """One bad byte in the middle of a value does not lose the column."""
    good, bad = (
        "城管局".encode("gbk").decode("latin-1"),
        "城\xff\xff管".encode("latin-1", "replace").decode("latin-1") + "\xff后面还有字".encode("latin-1", "ignore").decode("latin-1") + "abc",
    )

    values, damaged = decode_column([good, None, bad], "gb18030")

    assert "城管局" == values[0]
    assert values[1] is None
    assert [2] == damaged


@given(
    st.lists(
        st.one_of(st.none(), st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=12)), max_size=20
    )
)
def test_a_column_decodes_to_what_was_written(texts: list[str | None]) -> None:
    """Any text of the first plane survives GB18030 and the column trick, with None kept."""
    raw = [None if text is None else text.encode("gb18030").decode("latin-1") for text in texts]

    assert (texts, []) == decode_column(raw, "gb18030")


@pytest.mark.parametrize(("codec", "name"), [("gb18030", "GBK"), ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16")])
def test_a_text_table_decodes(codec: str, name: str) -> None:
    """CSV from WPS, Excel, a phone and Notepad."""
    text, encoding, bad = decode_text("编号,名称\r\n1,区城市管理局\r\n".encode(codec))

    assert ("编号,名称\r\n1,区城市管理局\r\n", name, 0) == (text, encoding.name, bad)


@needs_corpus
@pytest.mark.parametrize("path", sorted((CORPUS / "encoding").glob("*.shp")), ids=lambda path: path.stem)
def test_the_corpus_decodes(path) -> None:
    """Every file of the encoding corpus, with .cpg right, missing, lying, empty, nonsense, cut."""
    incoming = read_vector(path)
    text = "".join(str(value) for column in incoming.columns for value in column.values)

    assert 8 == len(incoming)
    assert "�" not in text
    assert any(word in text for word in ("街道", "社区"))
    assert all("网" in column.title or "網" in column.title for column in incoming.columns[:2] if column.title[0] != "A")


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files lie in ../shared/data, which is absent")
@pytest.mark.parametrize(("folder", "name"), [("chongqing", "渝北区"), ("shanghai_district", "浦东新区")])
def test_real_arcgis_exports_decode(folder: str, name: str) -> None:
    """GBK, no .cpg, LDID 0x4D."""
    incoming = read_vector(next((REAL / folder).glob("*.shp")))
    names = incoming.column("NAME")

    assert "GBK" == incoming.encoding
    assert names is not None
    assert name in names.values


def test_a_made_shapefile_without_cpg_and_ldid_reads(tmp_path) -> None:
    """domain.md 8.7.2: names and values right, record count kept."""
    path = shapefile(tmp_path / "网格.shp", {"网格名称": NAMES})
    set_ldid(path, 0)

    incoming = read_vector(path)

    assert ("GBK", "网格名称", NAMES) == (incoming.encoding, incoming.columns[0].title, incoming.columns[0].values)
