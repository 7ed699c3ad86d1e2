"""The fingerprint tells the truth: of each product, an edit changes the fingerprints of exactly the sheets whose pictures change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chuangwen.domain.change import Change, Edit
from chuangwen.domain.feature import Feature
from chuangwen.render.output import image
from chuangwen.render.paper.page import Page
from chuangwen.render.paper.products import PRODUCTS, atlas
from chuangwen.services.paper.fingerprint import Fingerprints
from chuangwen.services.paper.frames import PAPERS
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project
from tests.build import copied

pytestmark = pytest.mark.window

DOTS = 1.2  # of a millimetre: enough to see that a letter is another
UNIT = "区城市管理局"


@pytest.fixture(scope="module")
def demo(demo_file: Path, tmp_path_factory: pytest.TempPathFactory, qapp: object) -> Iterator[Project]:
    """The demo project; each edit is taken back."""
    found = Project.open(copied(demo_file, tmp_path_factory.mktemp("demo")), "甲")
    yield found
    found.close()


def picture(page: Page) -> bytes:
    """All its dots."""
    made = image(page, DOTS)
    return bytes(made.constBits())


def looks(project: Project, request: Request) -> tuple[list[str], list[bytes]]:
    """Of each sheet its fingerprint, and its pages as pictures with the time of the data covered."""
    run = atlas(project, request)
    run.style = replace(run.style, data_time="2024-06-03 08:00")
    take = Fingerprints(project)
    pictures = [b"".join(picture(page) for page in run.pages if page.sheet is sheet) for sheet in run.sheets]
    return [take.facts(sheet).fingerprint for sheet in run.sheets], pictures


def about(project: Project) -> tuple[Feature, Feature, Feature, Feature, Feature]:
    """An open issue at a site, that site, its zone, the section nearest to it, and the site's unit."""
    sites = {site.name: site for site in project.features("site") if site.geometry is not None}
    for issue in project.features("issue"):
        site = sites.get(str(issue.get("site_name")))
        if issue.geometry is not None and issue.get("due_at") and issue.get("status") == "in_progress" and site is not None:
            place = issue.geometry
            zone = next((one for one in project.features("zone") if one.geometry is not None and one.geometry.covers(place)), None)
            section = min((one for one in project.features("section") if one.geometry is not None), key=lambda one: one.geometry.distance(place))  # type: ignore[union-attr]
            unit = next((one for one in project.features("unit") if one.name == site.get("responsible_unit")), None)
            if zone is not None and unit is not None:
                return issue, site, zone, section, unit
    raise AssertionError


EDITS: list[tuple[int, dict[str, Any]]] = [
    (0, {"description": "改了的描述"}),
    (0, {"status": "closed"}),
    (0, {"due_at": dt.datetime(2024, 6, 27, 18)}),
    (0, {"measure": "约谈", "remark": "备注", "priority": "hard"}),
    (1, {"chief": "某某某"}),
    (1, {"responsible_unit": UNIT}),
    (2, {"chief": "某某某"}),
    (2, {"responsible_unit": UNIT}),
    (3, {"responsible_unit": UNIT}),
    (3, {"chief1": "某某某"}),
    (4, {"office_phone": "0700-1234567"}),
    (4, {"short_name": "改了名"}),
]


QUICK = ("site", "zone")  # the others print of the same fields: they are looked at with `slow`


@pytest.mark.parametrize("product", [pytest.param(one, marks=() if one in QUICK else pytest.mark.slow) for one in sorted(PRODUCTS)])
def test_pictures_and_fingerprints_change_together(demo: Project, product: str) -> None:
    """An issue, a site, a zone, a section; also a field that no sheet prints."""
    subjects = about(demo)
    layer = PRODUCTS[product].subject
    own = next((one for one in subjects if one.layer == layer), None)
    others = [one.code for one in demo.features(layer)][:2] if layer else []
    codes = tuple(dict.fromkeys([own.code, *others])) if own is not None else None
    if product == "street":
        codes = (str(subjects[2].get("street")), next(sheet.group for sheet in atlas(demo, Request("zone")).sheets))
    request = Request(product, codes, min(PRODUCTS[product].template.papers, key=lambda name: PAPERS[name].long))
    prints, pictures = looks(demo, request)
    changed = 0
    for at, values in EDITS:
        feature = subjects[at]
        demo.apply(Edit("改", (Change(feature.layer, feature.id, {name: feature.get(name) for name in values}, values),)))
        after, seen = looks(demo, request)
        demo.undo()
        told = [number for number, (one, other) in enumerate(zip(prints, after, strict=True)) if one != other]
        drawn = [number for number, (one, other) in enumerate(zip(pictures, seen, strict=True)) if one != other]
        assert (feature.layer, values, drawn) == (feature.layer, values, told)
        changed += len(told)
    assert changed
    assert looks(demo, request)[0] == prints


def test_a_picture_of_another_day_is_another_picture(demo: Project) -> None:
    """The comparison sees what it should: without the cover, the time of the data would tell every sheet apart."""
    request = Request("zone", (demo.features("zone").at(0).code,))
    run = atlas(demo, request)
    plain = b"".join(picture(page) for page in run.pages)
    assert looks(demo, request)[1] != [plain]
