"""Parts of the map as pictures for documents: exact size and scale, the numbers of the document's table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from shapely.geometry import LineString, Point, box

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.feature import Feature
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import UserError
from chuangwen.render.paper.picture import map_picture, png
from chuangwen.services.project import Project
from tests.golden import pixels

pytestmark = pytest.mark.window

X, Y = 440_000.0, 3_093_000.0


def adding(layer: str, code: str, geometry: object = None, **values: object) -> Change:
    """A row of a project."""
    return Change(layer, edits.new_id(), None, {"code": code, "name": values.pop("name", code), **values, GEOMETRY: geometry})  # type: ignore[arg-type]


@pytest.fixture
def project(tmp_path: Path, qapp: object) -> Iterator[Project]:
    """Two zones, a road, two issues a hundred metres apart and one without a place."""
    found = Project.create(tmp_path / "p.gpkg", Campaign("试验"), 4548, "甲")
    rows = (
        adding("zone", "A-1", box(X - 400, Y - 400, X + 300, Y + 400), street="东街"),
        adding("zone", "A-2", box(X + 300, Y - 400, X + 900, Y + 400), street="东街"),
        adding("road", "1", LineString([(X - 900, Y + 60), (X + 900, Y + 60)]), name="人民路", **{"class": "main"}),
        adding("issue", "2024-1", Point(X, Y), status="in_progress"),
        adding("issue", "2024-2", Point(X + 40, Y), status="in_progress"),
        adding("issue", "2024-3", None, status="in_progress"),
    )
    found.apply(Edit("x", rows))
    yield found
    found.close()


def feature(project: Project, layer: str, code: str) -> Feature:
    """A feature by its code."""
    found = project.features(layer).coded(code)
    assert found is not None
    return found


def differing(one: QImage, other: QImage) -> np.ndarray:
    """(y, x) of the dots in which two pictures differ."""
    return np.argwhere(np.abs(pixels(one).astype(int) - pixels(other).astype(int)).max(axis=-1) > 24)


def test_the_picture_has_the_size_it_was_asked_for(project: Project) -> None:
    """140 × 90 mm at 200 dpi; the size on paper is in the file, so that a document places it as large."""
    found = map_picture(project, feature(project, "issue", "2024-1"), 140, 90)

    assert (found.width(), found.height()) == (round(140 / 25.4 * 200), round(90 / 25.4 * 200))
    again = QImage.fromData(png(found))
    assert again.size() == found.size()
    assert again.dotsPerMeterX() * 0.0254 == pytest.approx(200, abs=1)
    assert differing(found.convertToFormat(QImage.Format.Format_RGB32), again.convertToFormat(QImage.Format.Format_RGB32)).size == 0


def test_the_scale_is_true(project: Project) -> None:
    """An issue moved by 40 m is 20 mm farther at 1:2 000."""
    plain = map_picture(project, (X, Y), 120, 80, 2000, dpi=254)
    near = map_picture(project, (X, Y), 120, 80, 2000, dpi=254, numbers={feature(project, "issue", "2024-1").id: ""})
    far = map_picture(project, (X, Y), 120, 80, 2000, dpi=254, numbers={feature(project, "issue", "2024-2").id: ""})

    middle = [np.median(differing(plain, one)[:, 1]) / 10 for one in (near, far)]
    assert middle[0] == pytest.approx(60, abs=0.3)
    assert middle[1] - middle[0] == pytest.approx(20, abs=0.35)


def test_only_the_issues_of_the_document_are_shown_with_their_numbers(project: Project) -> None:
    """Without numbers only the one that it is about; a number changes the picture beside its symbol and nowhere else."""
    first, second = (feature(project, "issue", code).id for code in ("2024-1", "2024-2"))
    none = map_picture(project, (X, Y), 120, 80, 2000)
    one = map_picture(project, (X, Y), 120, 80, 2000, numbers={first: "7"})
    both = map_picture(project, (X, Y), 120, 80, 2000, numbers={first: "7", second: "8"})

    assert 50 < len(differing(none, one)) < len(differing(none, both))
    spread = differing(one, both)[:, 1] / (200 / 25.4)
    assert spread.min() > 70  # all of it about the second issue, which is 20 mm to the right of the middle


def test_what_it_is_about_is_seen_at_once(project: Project) -> None:
    """The issue has a rim, the zone a thick boundary at the scale that shows all of it."""
    about = feature(project, "issue", "2024-1")
    rimmed = map_picture(project, about, 80, 60, 2000)
    bare = map_picture(project, (X, Y), 80, 60, 2000, numbers={about.id: ""})
    assert len(differing(rimmed, bare)) > 100

    zone = map_picture(project, feature(project, "zone", "A-1"), 100, 80)
    dots = pixels(zone).astype(int)
    assert ((dots[..., 0] > 170) & (dots[..., 1] < 70)).sum() > 2000  # red


def test_a_picture_for_a_black_and_white_printer_is_grey(project: Project) -> None:
    """Also the rim."""
    assert map_picture(project, feature(project, "issue", "2024-1"), 80, 60, mono=True).isGrayscale()
    assert not map_picture(project, feature(project, "issue", "2024-1"), 80, 60).isGrayscale()


def test_what_cannot_be_drawn_is_said(project: Project) -> None:
    """An issue without a place, a picture of no size or of a wall's."""
    with pytest.raises(UserError, match="2024-3"):
        map_picture(project, feature(project, "issue", "2024-3"), 80, 60)
    for size in ((2, 60), (80, 5000)):
        with pytest.raises(UserError, match="地图图片"):
            map_picture(project, (X, Y), *size)
    with pytest.raises(UserError, match="地图图片"):
        map_picture(project, (X, Y), 80, 60, dpi=0)
