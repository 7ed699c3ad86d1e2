"""Templates of paper: frames never meet and stay on the paper, whatever stands in them; a bad file is named with its fault."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.errors import FileProblem
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.templates import BOX_PAD, Template, template
from chuangwen.settings import resources_folder

PRODUCTS = sorted(path.stem for path in (resources_folder() / "paper").glob("*.toml"))


def ways(made: Template) -> list[tuple[str, str, bool]]:
    """Paper, layout, landscape: all that a product may be printed on."""
    return [(paper, layout, way) for paper in made.papers for way in made.ways() for layout in (("landscape" if way else "portrait"), "continuation")]


@pytest.mark.parametrize("product", PRODUCTS)
@given(heights=st.lists(st.floats(0, 400), min_size=30, max_size=30))
def test_frames_never_meet_and_stay_on_the_paper(product: str, heights: list[float]) -> None:
    """Also where a frame has far more to hold than there is room."""
    made = template(product)
    for name, layout, way in ways(made):
        paper = made.paper(name)
        width, height = paper.size(landscape=way)
        given_heights = iter(heights)
        found = made.frames(layout, paper, landscape=way, measure=lambda _name, _width, rest=given_heights: next(rest))  # type: ignore[misc]
        outer = {frame.within for frame in found}
        leaves = [place for frame, place in found.items() if frame.name not in outer]
        assert all(place.x >= paper.margin - 1e-6 and place.y >= paper.margin - 1e-6 and place.right <= width - paper.margin + 1e-6 for place in leaves)
        assert all(place.bottom <= height - paper.margin + 1e-6 for place in leaves)
        assert not any(_meet(one, other) for one, other in combinations(leaves, 2))


@pytest.mark.parametrize("product", PRODUCTS)
def test_the_maps_frame_needs_no_measuring(product: str) -> None:
    """Scale and paper are chosen before any text is set; measured text moves no map. Strip maps have heights of their own to choose from."""
    made = template(product)
    if made.map.heights:
        assert all(frame.fits for layout in made.layouts.values() for frame in layout if frame.name.startswith("map"))
        return
    for name, layout, way in ways(made):
        planned = {frame.name: place for frame, place in made.frames(layout, made.paper(name), landscape=way).items()}
        measured = {frame.name: place for frame, place in made.frames(layout, made.paper(name), landscape=way, measure=lambda _name, _width: 37.0).items()}
        maps = [frame for frame in measured if frame.startswith("map")]
        assert all(planned[frame] == measured[frame] for frame in maps)


def test_a_boxed_frame_has_room_for_its_content_inside_its_box() -> None:
    """As high as its content and both margins, and it is measured in the width that its content has; an empty one takes nothing."""
    made = template("street")
    paper = made.paper("A3")
    asked: dict[str, float] = {}

    def measure(name: str, width: float) -> float:
        asked[name] = width
        return 20.0

    found = {frame.name: place for frame, place in made.frames("landscape", paper, landscape=True, measure=measure).items()}
    pad = BOX_PAD * made.scale(paper)
    assert found["legend"].inset(pad).height == pytest.approx(20.0)
    assert found["legend"].inset(pad).width == pytest.approx(asked["legend"])
    empty = made.frames("landscape", paper, landscape=True, measure=lambda _name, _width: 0.0)
    assert [place.height for frame, place in empty.items() if frame.name == "legend"] == [0.0]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ('title = "x"', "papers"),
        ('title = "x"\npapers = ["A9"]', "A9"),
        ('title = "x"\npapers = ["A4"]', "landscape"),
        ('title = "x"\npapers = ["A4"]\nturn = "portrait"\n[[portrait]]\nname = "a"\nedge = "middle"', "a"),
        ('title = "x"\npapers = ["A4"]\nturn = "portrait"\n[[portrait]]\nname = "a"\nwithin = "b"', "a"),
        ("title = ", "bad.toml"),
    ],
)
def test_a_bad_template_is_named(tmp_path: Path, words: str, fault: str) -> None:
    """Somebody will edit one."""
    (tmp_path / "bad.toml").write_text(words, encoding="utf-8")

    with pytest.raises(FileProblem, match=r"bad\.toml") as caught:
        template("bad", tmp_path)
    assert fault in str(caught.value)


def _meet(one: Rect, other: Rect) -> bool:
    shared_x = min(one.right, other.right) - max(one.x, other.x)
    shared_y = min(one.bottom, other.bottom) - max(one.y, other.y)
    return shared_x > 1e-6 and shared_y > 1e-6
