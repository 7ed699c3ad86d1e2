"""The CRS of a file is found by what it says, what its numbers allow and where the project lies."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import CRS

from chuangwen.domain.geo import Extent
from chuangwen.errors import DataProblem, UserError
from chuangwen.exchange import crs
from chuangwen.exchange.shapes import sample_points
from chuangwen.exchange.vector_files import read_vector
from tests.exchange.made import CORPUS

HOME = crs.Home(4548, Extent(116.0, 39.8, 116.6, 40.2))
HERE = np.array([[116.36, 39.95], [116.37, 39.96], [116.35, 39.94]])
METRES = crs.find("EPSG:4490", HERE, HOME).to(HERE, 4548)
ZONE_39, ZONE_20 = np.array([39e6, 0]), np.array([20e6, 0])
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus lies in ../shared/data, which is absent")


def found(points: np.ndarray, declared: str = "", home: crs.Home = HOME, wanted: str = "auto") -> crs.SourceCrs:
    return crs.find(declared, points, home, wanted)


def test_the_reference_point_of_the_domain() -> None:
    """domain.md 7.1: lon 116.36 lat 27.95 → EPSG:4548 E 437018.632 N 3093065.667; with prefix 39437018.632."""
    point = np.array([[116.36, 27.95]])

    assert found(point).to(point, 4548)[0] == pytest.approx([437018.632, 3093065.667], abs=0.001)
    assert crs.find("EPSG:4527", np.array([[39437018.632, 3093065.667]]), HOME).to(np.array([[39437018.632, 3093065.667]]), 4548)[0] == pytest.approx(
        [437018.632, 3093065.667], abs=0.0001
    )


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda p: HERE, "EPSG:4490", "经纬度"),
        (lambda p: HERE[:, ::-1], "EPSG:4490", "已对调"),
        (lambda p: p, "EPSG:4548", "中央经线"),
        (lambda p: p[:, ::-1], "EPSG:4548", "已对调"),
        (lambda p: p + ZONE_39, "EPSG:4527", "带带号"),
        (lambda p: (p + ZONE_39)[:, ::-1], "EPSG:4527", "已对调"),
        (lambda p: p + ZONE_20, "EPSG:4498", "六度带"),
        (lambda p: p / 1000, "EPSG:4548", "千米"),
        (lambda p: p * 1000, "EPSG:4548", "毫米"),
    ],
    ids=["degrees", "degrees swapped", "six digits", "six digits swapped", "zone 39", "zone 39 swapped", "six-degree zone 20", "kilometres", "millimetres"],
)
def test_numbers_alone_are_enough(change, code: str, said: str) -> None:
    """domain.md 7.3, no .prj: every way to write one place lands on it within a millimetre."""
    points = change(METRES)

    source = found(points)

    assert code == source.code
    assert said in source.evidence
    assert source.to(points, 4548) == pytest.approx(METRES, abs=0.001)


def test_web_mercator_is_told_from_a_six_degree_zone() -> None:
    """The ranges overlap; what lands in the district wins."""
    mercator = crs.find("EPSG:4490", HERE, HOME).to(HERE, 3857)

    assert "EPSG:3857" == found(mercator).code


def test_six_digits_without_a_meridian_need_the_user_when_the_project_has_none() -> None:
    """Nothing decides: the message names what to pass."""
    with pytest.raises(DataProblem, match="无法确定位置") as caught:
        found(METRES, home=crs.Home())
    assert "--crs EPSG:4548" in caught.value.hint


def test_a_local_system_is_refused() -> None:
    """Five-digit coordinates of a city's own system."""
    with pytest.raises(DataProblem, match="地方独立坐标系"):
        found(np.array([[12345.6, 65432.1], [12346.0, 65433.0]]))


def test_a_prj_that_contradicts_the_numbers_loses() -> None:
    """Gauss-Krüger declared, degrees inside."""
    source = found(HERE, "EPSG:4548")

    assert "EPSG:4490" == source.code
    assert any("以数值为准" in warning for warning in source.warnings)


def test_a_declared_zone_without_the_prefix_in_the_numbers() -> None:
    """A .prj of zone 39 on coordinates without 39: the meridian of the .prj, the numbers as they are."""
    source = found(METRES, "EPSG:4527")

    assert "EPSG:4548" == source.code
    assert source.to(METRES, 4548) == pytest.approx(METRES, abs=0.001)


def test_old_datums_are_warned_of() -> None:
    """facts.md 11: GDAL takes Xian 80 as a null shift."""
    source = found(METRES + ZONE_39, "EPSG:2363")

    assert any("近似转换，误差可达数十至百米" in warning for warning in source.warnings)


def test_the_parameters_that_a_file_brings_are_used() -> None:
    """TOWGS84 in a .prj of Xian 80: nothing to ask, and a sentence that says so. Zeros are no parameters."""
    text = CRS.from_epsg(2363).to_wkt("WKT1_GDAL")
    said, nothing = (text.replace('AUTHORITY["EPSG","7049"]]', f'AUTHORITY["EPSG","7049"]],TOWGS84[{one},0,0,0,0,0,0]') for one in (-100, 0))
    points = METRES + ZONE_39

    own, plain = found(points, said), found(points, nothing)

    assert np.hypot(*(own.to(points, 4548) - plain.to(points, 4548)).T) == pytest.approx(90, abs=5)
    assert () == own.doubts
    assert any("自带的转换参数" in one for one in own.warnings)
    assert ["old_datum"] == [one.key for one in plain.doubts]


def test_data_far_from_the_project_is_warned_of() -> None:
    """A file of another province."""
    source = found(np.array([[104.06, 30.67], [104.07, 30.68]]))

    assert any("公里" in warning for warning in source.warnings)


def test_shifted_coordinates_of_web_maps_come_back() -> None:
    """facts.md 12: WGS84 (116.36, 27.95) → GCJ-02 → BD-09 and back."""
    for word, point in [("gcj02", [116.365009, 27.946868]), ("bd09", [116.371518, 27.952775])]:
        points = np.array([point])
        source = crs.find("", points, crs.Home(4548), word)

        assert source.to_degrees(points)[0] == pytest.approx([116.36, 27.95], abs=2e-6)
        assert any("1–5 米" in warning for warning in source.warnings)


def test_the_user_overrides() -> None:
    """--crs EPSG:4547 on six digits."""
    source = found(METRES, wanted="EPSG:4547")

    assert "EPSG:4547" == source.code
    assert "由用户指定" in source.evidence


def test_the_users_word_stands_where_the_numbers_say_nothing() -> None:
    """A drawing in metres from a corner of its own: no system looks like that, and a named one is taken."""
    assert "EPSG:4548" == found(np.array([[10.0, 2_000.0], [900.0, 1_500.0]]), wanted="EPSG:4548").code


def test_nonsense_is_refused() -> None:
    """--crs moon."""
    with pytest.raises(UserError, match="不认识坐标系"):
        found(METRES, wanted="moon")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"EPSG:4548", "EPSG:4548"),
        ("EPSG:4548".encode("utf-16"), "EPSG:4548"),
        ("EPSG:4548".encode("utf-16-le"), "EPSG:4548"),
        ("EPSG:4548".encode("utf-16-be"), "EPSG:4548"),
        ("\ufeffEPSG:4548".encode("utf-16-be"), "EPSG:4548"),
        (b"\xef\xbb\xbfEPSG:4548", "EPSG:4548"),
        ("坐标系".encode("gbk"), "坐标系"),
        ("国家2000 39带".encode("utf-16-be"), "国家2000 39带"),
        ("国家2000 39带".encode("utf-16-le"), "国家2000 39带"),
        (b" \r\n\x00", ""),
        (b"", ""),
    ],
)
def test_a_prj_is_read_however_notepad_saved_it(raw: bytes, expected: str) -> None:
    """UTF-8, UTF-16 with and without a mark, GBK."""
    assert expected == crs.prj_text(raw)


def test_a_new_project_takes_the_meridian_of_its_data() -> None:
    """design.md, decision 4: 海淀 lies at 116.3° E → EPSG:4548; a file in CM 117 keeps its own."""
    assert 4548 == crs.home_epsg(crs.find("", HERE, crs.Home()), HERE)
    assert 4548 == crs.home_epsg(crs.find("EPSG:4527", METRES + ZONE_39, crs.Home()), METRES + ZONE_39)


def test_single_cells_out_of_range_are_told_from_the_rest() -> None:
    """A table with blanks, 0/0 and microdegrees."""
    points = np.array([[116.36, 39.95], [0, 0], [np.nan, np.nan], [116_360_000, 39_950_000], [116.37, 39.96]])

    assert [True, False, False, False, True] == found(points).fits(points).tolist()


@needs_corpus
@pytest.mark.parametrize("path", sorted((CORPUS / "crs").glob("*.shp")), ids=lambda path: path.stem)
def test_the_corpus_lies_on_itself(path) -> None:
    """One area in sixteen dresses: all land within a centimetre of the one with a sound .prj (old datums: as a null shift)."""
    sound = read_vector(CORPUS / "crs" / "cgcs2000_3deg_cm117.shp").geometry
    incoming = read_vector(path)
    source = crs.find(incoming.declared_crs, sample_points(incoming.geometry), crs.Home(4548))

    placed = shapely.transform(incoming.geometry, lambda points: source.to(points, 4548))

    assert 8 == len(incoming)
    assert shapely.hausdorff_distance(placed, sound).max() < 0.01


def test_one_answer_for_what_a_user_cannot_tell_apart() -> None:
    """WGS 84 and CGCS2000 degrees read the same: the question offers them once."""
    far = np.array([[104.06, 30.66], [104.07, 30.67], [104.05, 30.65]])

    (doubt,) = [one for one in found(far, "EPSG:4326").doubts if one.key == "crs"]
    titles = [answer.title for answer in doubt.answers]
    assert doubt.asks
    assert len(titles) == len(set(titles)) > 1
