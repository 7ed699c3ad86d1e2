"""The encoding of a file is concluded from its bytes; a declaration that lies loses."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.errors import UserError
from chuangwen.exchange.encodings import codec_of, decode_column, decode_piece, decode_text, decode_value, decode_values, detect, forced
from chuangwen.exchange.vector_files import read_vector
from tests.build import SHARED
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


STREETS = ["文昌", "人民", "建设", "朝阳", "解放", "青龙", "石桥", "濠江", "峄山", "沭河", "鄞州", "亳州"]
KINDS = ["街道", "社区", "路", "小区", "第一网格", "村委会", "镇", "城市管理局", "农贸市场"]
LEVEL_2 = "".join(bytes((lead, trail)).decode("gb2312", "ignore") for lead in range(0xD8, 0xF8) for trail in range(0xA1, 0xFF))
municipal = st.builds(str.__add__, st.one_of(st.sampled_from(STREETS), st.text(LEVEL_2, min_size=1, max_size=2)), st.sampled_from(KINDS))
TAIWAN = ["臺北市信義區", "學院路街道", "責任單位", "網格編號", "聯絡電話", "中關村社區", "清華園街道"]
CPG = {"gb18030": ("GBK", "UTF-8"), "utf-8": ("UTF-8", "GBK"), "big5hkscs": ("Big5", "GBK")}


@given(
    st.lists(municipal, min_size=3, max_size=300, unique=True),
    st.sampled_from(["gb18030", "utf-8"]),
    st.sampled_from(["", "right", "lying"]),
    st.integers(6, 40),
)
def test_municipal_names_in_any_encoding_cut_at_any_width(names: list[str], codec: str, says: str, width: int) -> None:
    """Streets, units, rare characters; .cpg right, missing, lying; values cut at the width of the field, within a character too."""
    cpg = {"": "", "right": CPG[codec][0], "lying": CPG[codec][1]}[says]
    raw = [name.encode(codec)[:width] for name in names]

    found = detect(raw, cpg)

    assert codec == found.codec
    assert all(name.startswith(decode_piece(one, found.codec)[0]) for name, one in zip(names, raw, strict=True))


@given(
    st.sampled_from(["街道", "社区", "责任", "单位", "名称", "电话", "垃圾", "网格", "区", "A区", "3号楼"]),
    st.sampled_from(["gb18030", "utf-8"]),
    st.booleans(),
)
def test_a_single_short_value_is_enough(word: str, codec: str, said: bool) -> None:
    """Two characters in the whole file."""
    assert codec == detect([word.encode(codec)], CPG[codec][0] if said else "").codec


@given(st.lists(st.sampled_from(TAIWAN), min_size=2, unique=True), st.sampled_from(["", "Big5", "GBK", "UTF-8"]))
def test_traditional_names_in_big5_and_in_gbk(names: list[str], cpg: str) -> None:
    """The same characters, two encodings: neither is taken for the other, whatever the .cpg says."""
    assert ("Big5", "GBK") == (detect([one.encode("big5") for one in names], cpg).name, detect([one.encode("gbk") for one in names], cpg).name)


@pytest.mark.parametrize(
    ("words", "codec", "cpg", "ldid", "name"),
    [
        (["México", "Peçeña"], "cp1252", "", 0, "Windows-1252"),
        (["Åland Islands"], "cp1252", "", 0x57, "ISO-8859-1"),
        (["KÅRSTØ", "NORDØST FRIGG A"], "cp1252", "", 0, "Windows-1252"),
        (["Hněvošický háj", "💩"], "utf-8", "", 0, "UTF-8"),
        (["русский"], "koi8-r", "koi8r", 0, "KOI8-R"),
        (["Москва", "Санкт-Петербург", "Новосибирск"], "cp1251", "", 0xC9, "Windows-1251"),
        (["한국말"], "euc-kr", "EUC-KR", 0, "EUC-KR"),
        (["ひたちなか市", "西蒲原郡弥彦村"], "euc-jp", "", 0, "EUC-JP"),
        (["さいたま市大宮区", "つくば市"], "shift-jis", "", 0x13, "Shift-JIS"),
        (["文昌街道", "人民路社区"], "gbk", "EUC-KR", 0, "GBK"),
        (["\ue000家庄社区", "文昌街道"], "gb18030", "", 0, "GBK"),
        (["https://map.example.cn/grid/poi/detail/3/街", "abcdefg hijklmn 路"], "gbk", "", 0, "GBK"),
    ],
)
def test_texts_from_elsewhere_and_odd_ones(words: list[str], codec: str, cpg: str, ldid: int, name: str) -> None:
    """Latin, Cyrillic, Korean, Japanese, private-use characters, and Chinese amid much ASCII."""
    assert name == detect([word.encode(codec) for word in words], cpg, ldid).name


def test_candidates_read_the_same_pieces_best_first() -> None:
    """What the dialog shows side by side: the lying one is marked as declared, not chosen."""
    found = detect(pieces("gbk"), cpg="Big5")

    assert ["GBK", "Big5"] == [one.name for one in found.candidates[:2]]
    assert [(True, False), (False, True)] == [(one.chosen, one.declared) for one in found.candidates[:2]]
    assert found.candidates[0].score > 0.99 > found.candidates[1].score
    assert set(NAMES) > set(found.candidates[0].samples)
    assert all(one.score == 0 for one in found.candidates if one.name == "UTF-8")
    assert () == found.doubts


def test_near_ones_are_asked_and_the_answer_counts() -> None:
    """糜镑 in GBK, 譚夠 in Big5, and no other word in the file: one question, its answers are the candidates."""
    unclear = ["譚夠".encode("big5")]
    found = detect(unclear)
    (doubt,) = found.doubts

    assert ("encoding", True) == (doubt.key, doubt.asks)
    assert "请核对示例" in found.evidence
    for answer in doubt.answers:
        again = detect(unclear, wanted=answer.value)
        assert (answer.value, False) == (again.name, any(one.asks for one in again.doubts))


def test_a_name_that_the_layer_knows_tips_the_scale() -> None:
    """The same four bytes."""
    found = detect(["譚夠".encode("big5")], words=frozenset({"譚夠"}))

    assert ("Big5", "1 个是本图层的字段名") == (found.name, found.evidence[found.evidence.index("1 个是本") :][:11])


@given(st.lists(municipal, min_size=4, max_size=40, unique=True), st.sampled_from(["gb18030", "utf-8"]), st.data())
def test_rows_of_another_encoding_are_read_in_their_own(names: list[str], codec: str, data: st.DataObject) -> None:
    """A list that was appended to by another program: all rows right, the odd ones named."""
    other = {"gb18030": "utf-8", "utf-8": "gb18030"}[codec]
    odd = data.draw(st.sets(st.integers(0, len(names) - 1), min_size=1, max_size=len(names) // 4))
    raw = [name.encode(other if at in odd else codec) for at, name in enumerate(names)]

    found = detect(raw)
    texts, done = decode_values([one.decode("latin-1") for one in raw], found.codec)

    assert names == texts
    assert odd == set(done)


def test_a_lost_half_of_a_character_does_not_garble_the_rest() -> None:
    """One byte of GBK went missing in the middle: the pairs behind it would all be wrong."""
    raw = "占道经营，乱堆乱放".encode("gbk")
    text, what = decode_value(raw[:4] + raw[5:], "gb18030")

    assert "占道�营，乱堆乱放" == text
    assert "损坏" in what


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(codec: str) -> None:
    """Notepad's Unicode after a program took the mark off."""
    text, encoding, bad = decode_text("编号,名称\r\n1,区城市管理局\r\n".encode(codec))

    assert ("编号,名称\r\n1,区城市管理局\r\n", "UTF-16", 0) == (text, encoding.name, bad)


def test_lines_of_a_table_in_two_encodings() -> None:
    """GBK by Excel, then lines in UTF-8 by a script; a cell of two lines counts as one row, as in Excel."""
    head = '编号,名称\r\n1,"区城市\r\n管理局"\r\n2,人民路街道\r\n'
    text, encoding, bad = decode_text(head.encode("gbk") + "3,文昌街道第一网格\r\n".encode() + b"4,\xb3\xc7\xff\xb9\xdc\xbe\xd6\r\n")

    assert (head + "3,文昌街道第一网格\r\n4,城�管局\r\n", "GBK", 1) == (text, encoding.name, bad)
    assert [4, 5] == [one.row for one in encoding.repaired]
    assert "UTF-8" in encoding.repaired[0].what


def test_cells_of_one_line_in_two_encodings() -> None:
    """Two exports joined side by side."""
    line = b",".join(["文昌街道".encode("gbk"), "人民路社区".encode(), "城管局".encode("gbk")])
    text, _encoding, bad = decode_text("街道,社区,单位\n建设路街道,石桥社区,教育局\n朝阳街道,学院社区,卫健委\n".encode("gbk") + line + b"\n")

    assert "文昌街道,人民路社区,城管局" == text.splitlines()[3]
    assert 0 == bad


@needs_corpus
@pytest.mark.parametrize(
    ("path", "name", "word"),
    [
        ("gdal_autotest/autotest/ogr/data/shp/chinese.dbf", "GBK", "中国"),
        ("mapshaper/test/data/dbf/gb2312.dbf", "GBK", "简体国语"),
        ("mapshaper/test/data/dbf/big5.dbf", "Big5", "繁體國語"),
        ("mapshaper/test/data/dbf/cpg/big5.dbf", "Big5", "國語"),
        ("mapshaper/test/data/dbf/ldid/chinese.dbf", "GBK", "简体"),
        ("mapshaper/test/data/dbf/utf8.dbf", "UTF-8", "国语國語"),
        ("mapshaper/test/data/dbf/latin1.dbf", "Windows-1252", "Peçeña México"),
        ("mapshaper/test/data/dbf/eucjp.dbf", "EUC-JP", "ひたちなか市"),
        ("mapshaper/test/data/dbf/cpg/euckr.dbf", "EUC-KR", "한국말"),
        ("mapshaper/test/data/dbf/cpg/koi8r.dbf", "KOI8-R", "русский"),
        ("mapshaper/test/data/dbf/cpg/latin2.dbf", "ISO8859-2", "čeština"),
        ("shapefile_js/files/TM_WORLD_BORDERS_SIMPL-0.3.dbf", "ISO-8859-1", "Åland Islands"),
        ("shapefile_js/test/data/htmlcpg.dbf", "UTF-8", "Hněvošický háj"),
        ("mbostock_shapefile/test/utf8-property.dbf", "UTF-8", "ηελλο ςορλδ"),
    ],
)
def test_the_corpus_of_other_projects_decodes(path: str, name: str, word: str) -> None:
    """As these projects' own tests expect it."""
    table = SHARED / "corpus" / path
    raw = table.read_bytes()
    start, width = struct.unpack("<HH", raw[8:12])
    fields = [raw[at : at + 32] for at in range(32, start - 31, 32) if raw[at] != 13]
    found_pieces = []
    for row in range(struct.unpack("<I", raw[4:8])[0]):
        at = start + row * width + 1
        for one in fields:
            found_pieces += [raw[at : at + one[16]].strip(b" \x00")] if one[11:12] == b"C" else []
            at += one[16]
    cpg = table.with_suffix(".cpg")
    said = cpg.read_bytes()[:200].decode("latin-1") if cpg.is_file() else ""

    found = detect(found_pieces, said if codec_of(said) else "", raw[29])

    assert name == found.name
    assert word in {decode_piece(one, found.codec)[0] for one in found_pieces}


def test_a_made_shapefile_of_two_encodings_names_its_rows(tmp_path) -> None:
    """GBK rows and one in UTF-8: listed as repaired with its number."""
    path = shapefile(tmp_path / "网格.shp", {"网格名称": NAMES})
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace("责任单位".encode("gbk") + b" " * 4, "责任单位".encode()))

    incoming = read_vector(path)

    assert NAMES == incoming.columns[0].values
    assert [2] == [one.row for one in incoming.repaired]
    assert "网格名称" in incoming.repaired[0].what
    assert "UTF-8" in incoming.repaired[0].what
    assert "GBK" == next(one.name for one in incoming.candidates if one.chosen)
