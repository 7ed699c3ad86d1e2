"""Who may see what: the rules as shipped, their mistakes, and one function that decides."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import Point, box

from chuangwen.domain.audience import coarse, disclosed
from chuangwen.errors import UserError
from chuangwen.services.audiences import audience, audiences
from chuangwen.services.project import Project
from tests.build import layers


def test_four_readers_are_known() -> None:
    """By id and by title; each says what it shows."""
    found = audiences()

    assert ["internal", "unit", "patrol", "public"] == list(found)
    assert audience("公开") is not None
    assert all(len(one.says) > 15 for one in found.values())
    with pytest.raises(UserError, match="public"):
        audience("pubilc")


def test_the_public_sees_no_private_field_of_any_layer() -> None:
    """Whatever the lists of audiences.toml say: layers/*.toml has the last word."""
    public = audience("public")

    for layer in layers().values():
        assert not [one.name for one in public.fields(layer) if one.private or one.name.endswith("phone")]
    assert not {"address", "person", "responsible_unit"} & {one.name for one in public.fields(layers()["issue"])}


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('subject = "unit"', 'subject = "units"', r"audience\[2\]\.subject"),
        ('ticks = ["issue"]', 'ticks = ["isue"]', r"audience\[3\]\.ticks.*issue"),
        ('"code", "status", "name", "description", "category", "street"', '"code", "statsu"', r"audience\[4\]\.layer\[1\]\.fields.*status"),
        ("needs_consent = true", "needs_consent = 1", r"audience\[4\]\.needs_consent"),
        ("is_scanned = true", "is_scanned = false", r"audience\[4\].*is_scanned = true"),
        ("days = 90", "days = -1", r"audience\[4\]\.days"),
        ("审图号：{review}", "审图号：{reviev}", r"audience\[4\].*review"),
        ('title = "公开"', 'titel = "公开"', r"audience\[4\]\.titel.*title"),
        ('id = "public"', 'id = "unit"', r"audience\[4\]\.id"),
        ('states_out = ["void"]', 'states_out = ["viod"]', r"audience\[1\]\.layer\[1\]\.states_out.*void"),
        ("[[audience]]", "[[audience", "TOML"),
    ],
)
def test_a_mistake_is_named_with_file_and_place(tmp_path: Path, old: str, new: str, place: str) -> None:
    """The project's own file in place of the shipped one."""
    shipped = (Path(__file__).parents[2] / "resources" / "rules" / "audiences.toml").read_text(encoding="utf-8")
    own = tmp_path / "rules" / "audiences.toml"
    own.parent.mkdir()
    assert old in shipped
    own.write_text(shipped.replace(old, new), encoding="utf-8")

    with pytest.raises(UserError, match=place) as refused:
        audiences(tmp_path)
    assert str(own) in str(refused.value)


def test_what_is_left_of_a_layer(town: Project) -> None:
    """No other field, no exact place, in the order of the list."""
    seen = disclosed(town.features("issue"), audience("public"))

    assert ["code", "status", "name", "description", "category", "street", "found_at", "done_at"] == [one.name for one in seen.layer.fields]
    assert set(seen.columns) == {one.name for one in seen.layer.fields}
    inside = (shapely.get_coordinates(seen.geometry) / 200) % 1
    assert np.allclose(inside, 0.5)


def test_places_are_no_finer_than_the_reader_may_know() -> None:
    """Points in the middle of squares; two areas keep the border they share; nothing without a place."""
    shapes = np.array([Point(103.2, 48.9), Point(149.9, 0.1), box(0, 0, 101.3, 50), box(101.3, 0, 200, 50), None], dtype=object)
    found = coarse(shapes, 50, 5)

    assert [(125.0, 25.0), (125.0, 25.0)] == [(one.x, one.y) for one in found[:2]]
    assert found[2].bounds == (0, 0, 100, 50)
    assert found[2].intersection(found[3]).length == 50
    assert found[4] is None
    assert coarse(shapes, 0, 0)[0] is shapes[0]


def test_masks_leave_codes_alone(town: Project) -> None:
    """A unit's page has 138****0000; a code that looks like a telephone is a code."""
    zones = disclosed(town.features("zone"), audience("unit"))

    assert set(zones.column("phone")) == {"138****5602"}
    assert zones.column("code") == ["A-1", "A-2"]
