"""A CRS is known by whatever name an office or a program gives it."""

from __future__ import annotations

import pytest
from pyproj import CRS

from chuangwen.exchange.crs_names import BEIJING54, XIAN80, epsg_of_name, family_of, kind_of, old_twin, parse_declared, title_of


@pytest.mark.parametrize(
    ("name", "epsg"),
    [
        ("CGCS2000_3度带_117E", 4548),
        ("国家2000 3度带 39带", 4527),
        ("2000国家大地坐标系 中央经线117", 4548),
        ("CGCS2000_3_Degree_GK_CM_117E", 4548),
        ("CGCS2000_3_Degree_GK_Zone_39", 4527),
        ("CGCS2000 6度带 第20带", 4498),
        ("国家2000坐标系", 4490),
        ("西安80 39带", 2363),
        ("Xian_1980_3_Degree_GK_CM_117E", 2384),
        ("西安80坐标系 中央子午线114度", 2383),
        ("北京54", 4214),
        ("北京54 3度带 117E", 2436),
        ("某某市独立坐标系", 0),
        ("CGCS2000 高斯投影", 0),
        ("1980西安坐标系 3度分带 第39带", 2363),
        ("北京54/3度带/39", 2415),
        ("Beijing_1954_GK_Zone_20", 21420),
        ("国家2000 20带", 4498),
    ],
)
def test_names_of_offices(name: str, epsg: int) -> None:
    """domain.md 7.1: family, three or six degrees, prefix or meridian. What says too little says nothing."""
    assert epsg == epsg_of_name(name)


@pytest.mark.parametrize("epsg", [4490, 4527, 4548, 4498, 4509, 2363, 2384, 2334, 4610, 2415, 2436, 21420, 21460])
@pytest.mark.filterwarnings("ignore:You will likely lose important projection information")
@pytest.mark.parametrize("form", ["WKT1_ESRI", "WKT1_GDAL", "WKT2_2019", "proj", "number", "urn", "link"])
def test_every_way_to_write_one(epsg: int, form: str) -> None:
    """WKT of three kinds, an EPSG number bare, as a URN and as a link: the same meridian and false easting come out."""
    crs = CRS.from_epsg(epsg)
    forms = {"number": str(epsg), "urn": f"urn:ogc:def:crs:EPSG::{epsg}", "link": f"http://www.opengis.net/def/crs/EPSG/0/{epsg}"}
    text = forms.get(form) or (crs.to_proj4() if form == "proj" else crs.to_wkt(form))

    found = parse_declared(text)

    assert found is not None
    assert _shape(found) == _shape(crs)


def _shape(crs: CRS) -> list[float]:
    return [round(param.value, 3) for param in crs.coordinate_operation.params if param.value] if crs.coordinate_operation else []


@pytest.mark.parametrize("cut", range(60, 400, 17))
def test_a_prj_cut_anywhere(cut: int) -> None:
    """The name at its start is enough."""
    text = CRS.from_epsg(4548).to_wkt("WKT1_ESRI")

    found = parse_declared(text[:cut])

    assert found is not None
    assert 4548 == found.to_epsg()


@pytest.mark.parametrize("epsg", [4527, 2384, 4610, 21420, 4214])
@pytest.mark.parametrize("form", ["WKT1_ESRI", "WKT1_GDAL", "WKT2_2019", "proj"])
@pytest.mark.filterwarnings("ignore:You will likely lose important projection information")
def test_a_cut_text_never_names_another_system(epsg: int, form: str) -> None:
    """`Xian 19`, `CM 11`, `+x_0=50`: half a word or half a number says nothing."""
    crs = CRS.from_epsg(epsg)
    text = crs.to_proj4() if form == "proj" else crs.to_wkt(form)
    for cut in [*range(1, 75), *range(75, len(text), 41)]:
        found = parse_declared(text[:cut])
        assert found is None or (family_of(found), kind_of(found)) == (family_of(crs), kind_of(crs)), text[:cut]


def test_an_office_s_own_name_for_a_standard_system() -> None:
    """WKT with Chinese names and no number: known by its parameters; the datum by its ellipsoid."""
    text = CRS.from_epsg(4548).to_wkt("WKT1_ESRI").replace("CGCS2000_3_Degree_GK_CM_117E", "国家2000_117")
    old = (
        text.replace("GCS_China_Geodetic_Coordinate_System_2000", "GCS_本市")
        .replace("D_China_2000", "D_本市")
        .replace("6378137.0,298.257222101", "6378140.0,298.257")
    )

    assert 4548 == parse_declared(text).to_epsg()
    assert (XIAN80, 2384) == (family_of(parse_declared(old)), parse_declared(old).to_epsg())


@pytest.mark.parametrize("text", ["", "   ", "\x00\x00", "<html>", "GEOGCS[", 'PROJCS["某某市独立坐标系"', "EPSG:999999", "{}"])
def test_rubbish_is_nothing(text: str) -> None:
    """Not an error: the numbers decide then."""
    assert parse_declared(text) is None


def test_titles_in_plain_words() -> None:
    """What the dialog offers."""
    assert "国家2000坐标，中央经线 117°" == title_of(4548)
    assert "国家2000坐标，中央经线 117°，东坐标带 39 带号" == title_of(4527)
    assert "西安80坐标（旧），中央经线 117°，东坐标带 39 带号" == title_of(2363)
    assert "EPSG:32650" == title_of(32650)


def test_the_old_systems_of_the_same_zone() -> None:
    """domain.md 7.1: 2345 + z, 2397 + z."""
    assert (2384, 2436) == (old_twin(4548, XIAN80), old_twin(4548, BEIJING54))
    assert (2363, 2415) == (old_twin(4527, XIAN80), old_twin(4527, BEIJING54))
    assert (4610, 4214, 0) == (old_twin(4490, XIAN80), old_twin(4490, BEIJING54), old_twin(3857, XIAN80))
