"""Any place in China, any system, written any way: right within a metre, or asked with the truth among the answers. At home nothing needs to be asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pyproj import CRS

from chuangwen.domain.geo import Extent, project_epsg
from chuangwen.exchange import crs
from chuangwen.exchange.coordinate_ranges import CM, DEGREES, MERCATOR, ZONE3, ZONE6
from chuangwen.exchange.crs_choices import in_country
from chuangwen.exchange.crs_names import BEIJING54, CGCS2000, XIAN80, epsg_for
from chuangwen.exchange.doubts import Unanswered
from chuangwen.exchange.source_crs import Home, SourceCrs, transformer

NAMES = {CGCS2000: "国家2000 3度带", XIAN80: "西安80 高斯投影", BEIJING54: "北京54_3度带"}


@dataclass(frozen=True)
class Case:
    """A file somewhere: its points in degrees and as written, what it says of itself, its true EPSG code."""

    degrees: np.ndarray
    written: np.ndarray
    declared: str
    code: int
    home: Home


def number_of(kind: str, lon: float) -> int:
    """The prefix or the meridian of a place."""
    return {CM: 3 * round(lon / 3), ZONE3: round(lon / 3), ZONE6: int(lon // 6) + 1}.get(kind, 0)


def made(lon: float, lat: float, family: str, kind: str, swap: bool, factor: float, says: str, at: str) -> Case:
    """The points of a file near (lon, lat); `says`: nothing, the truth, the other form of the same zone, degrees for metres, a name alone."""
    degrees = np.array([[lon, lat], [lon + 0.01, lat + 0.01], [lon - 0.01, lat], [lon, lat - 0.01]])
    number = number_of(kind, lon)
    code = epsg_for(family, kind, number)
    x, y = transformer(4490 if kind == MERCATOR else epsg_for(family, DEGREES), code).transform(*degrees.T)
    written = np.column_stack([x, y]) * (factor if kind in (CM, ZONE3, ZONE6) else 1.0)
    form = {CM: (ZONE3, number // 3), ZONE3: (CM, 3 * number), ZONE6: ("cm6", 6 * number - 3)}
    declared = {
        "nothing": "",
        "truth": CRS.from_epsg(code).to_wkt("WKT1_ESRI"),
        "name": NAMES[family],
        "degrees": CRS.from_epsg(epsg_for(family, DEGREES) if kind != DEGREES else epsg_for(family, CM, number_of(CM, lon))).to_wkt(),
        "other form": CRS.from_epsg(epsg_for(family, *form[kind]) if kind in form else code).to_wkt("WKT1_ESRI"),
    }[says]
    own = project_epsg(lon)
    home = {"home": Home(own, Extent(lon - 0.2, lat - 0.2, lon + 0.2, lat + 0.2)), "empty": Home(), "new": Home(own)}[at]
    return Case(degrees, written[:, ::-1] if swap else written, declared, code, home)


def judge(case: Case) -> tuple[bool, list[str], bool]:
    """Whether the points land within a metre, what is offered, whether the import waits for an answer."""
    try:
        found: SourceCrs = crs.find(case.declared, case.written, case.home)
    except Unanswered as error:
        return False, [one.value for one in error.doubts[0].answers], True
    right = bool(np.abs(found.to_degrees(case.written) - case.degrees).max() * 111_000 < 1)
    asked = [one for one in found.doubts if one.key == "crs" and one.asks]
    return right, [answer.value for doubt in asked for answer in doubt.answers], bool(asked)


@settings(deadline=None, max_examples=100)
@given(
    st.floats(75, 134.5),
    st.floats(18, 53),
    st.sampled_from([CGCS2000, CGCS2000, XIAN80, BEIJING54]),
    st.sampled_from([DEGREES, CM, ZONE3, ZONE6, MERCATOR]),
    st.booleans(),
    st.sampled_from([1.0, 1.0, 1e-3, 1e3]),
    st.sampled_from(["nothing", "truth", "name", "degrees", "other form"]),
    st.sampled_from(["home", "empty", "new"]),
)
@example(80.0, 45.0, CGCS2000, DEGREES, True, 1.0, "truth", "empty")  # swapped, and degrees of Norway as they stand
@example(76.7, 37.0, XIAN80, ZONE6, False, 1.0, "other form", "new")  # zone 13 has the numbers of eastern Mercator
@example(121.5, 31.2, CGCS2000, MERCATOR, True, 1.0, "nothing", "empty")
def test_right_or_asked(lon: float, lat: float, family: str, kind: str, swap: bool, factor: float, says: str, at: str) -> None:
    """domain.md 7.1–7.3. An old system without a word about it cannot be told (a question names it); everything else can."""
    assume(in_country(lon, lat))
    assume(family == CGCS2000 or (says != "nothing" and kind != MERCATOR))
    case = made(lon, lat, family, kind, swap, factor, says, at)
    right, offered, waits = judge(case)

    assert right or waits
    assert right or f"EPSG:{case.code}" in offered
    if at == "home":
        assert (right, waits) == (True, False)


@pytest.mark.parametrize("kind", [CM, ZONE3, ZONE6])
def test_an_old_system_that_nothing_tells_is_named(kind: str) -> None:
    """It is taken as CGCS2000, some tens of metres off: the old ones stand among the answers, and a sentence says so."""
    case = made(116.36, 39.9, XIAN80, kind, False, 1.0, "nothing", "home")
    found = crs.find(case.declared, case.written, case.home)

    (doubt,) = found.doubts
    assert f"EPSG:{case.code}" in [one.value for one in doubt.answers]
    assert not doubt.asks


@pytest.mark.parametrize(("family", "kind"), [(XIAN80, CM), (XIAN80, ZONE3), (BEIJING54, ZONE6), (BEIJING54, DEGREES)])
@pytest.mark.parametrize("says", ["truth", "other form", "degrees", "name"])
def test_a_declared_datum_is_never_lost(family: str, kind: str, says: str) -> None:
    """However the form of the numbers belies the .prj: Xian 80 stays Xian 80, and is asked about."""
    case = made(116.36, 39.9, family, kind, False, 1.0, says, "home")
    found = crs.find(case.declared, case.written, case.home)

    assert family == crs.family_of(found.crs)
    assert "old_datum" in [one.key for one in found.doubts]
