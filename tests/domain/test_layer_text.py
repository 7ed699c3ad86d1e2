"""A layer file is read, or refused with file, key and the nearest right spelling."""

from __future__ import annotations

from pathlib import Path

import pytest

from chuangwen.domain.layer import folded
from chuangwen.domain.layer_text import parse_layer
from chuangwen.errors import DataProblem, UserError
from chuangwen.store.layer_files import read_layers

GOOD = """
id = "tree"
title = "古树"
geometry = "point"
[[field]]
name = "code"
title = "编号"
type = "text"
[[field]]
name = "name"
title = "名称"
type = "text"
[[field]]
name = "state"
title = "状态"
type = "choice"
choice = [{ value = "good", title = "完好", synonyms = ["好"] }, { value = "bad", title = "受损" }]
[[symbol]]
when = { state = "good" }
shape = "circle"
"""


def test_a_good_file() -> None:
    """Fields, choices and symbols arrive as declared."""
    layer = parse_layer(GOOD, "tree.toml")

    assert ["code", "name", "state"] == [one.name for one in layer.fields]
    assert "good" == layer.field("state").read("好")
    assert "good" == layer.field("状态").read("good")
    assert "完好" == layer.field("state").show("good")
    assert {"state": ("good",)} == layer.symbols[0].when


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("titel", "title", ["titel", "title"]),
        ('type = "chioce"', 'type = "choice"', ["field state.type", "chioce", "choice"]),
        ('shape = "circel"', 'shape = "circle"', ["symbol[1].shape", "circel", "circle"]),
        ('state = "goood"', 'state = "good"', ["symbol[1].when.state", "goood", "good"]),
        ("when = { stat = ", "when = { state = ", ["stat", "state"]),
        ('name = "geom"', 'name = "state"', ["geom"]),
        ('id = "Tree"', 'id = "tree"', ["Tree", "小写"]),
    ],
)
def test_a_mistake_is_named_with_file_key_and_nearest_spelling(wrong: str, right: str, said: list[str]) -> None:
    """The one who edits a layer file sees where and what."""
    with pytest.raises(UserError) as refused:
        parse_layer(GOOD.replace(right, wrong, 1), "tree.toml")

    for word in ["tree.toml", *said]:
        assert word in str(refused.value)


def test_broken_toml_and_missing_code_are_named() -> None:
    """Not a traceback of tomllib."""
    with pytest.raises(UserError, match="TOML"):
        parse_layer("id = ", "x.toml")
    with pytest.raises(UserError, match="code"):
        parse_layer(GOOD.replace('name = "code"', 'name = "kode"'), "tree.toml")


def test_an_unknown_choice_offers_the_nearest() -> None:
    """An importer lists this sentence beside the row."""
    with pytest.raises(DataProblem, match="受损"):
        parse_layer(GOOD, "tree.toml").field("state").read("受损坏")


def test_our_own_layer_files_hold_what_the_issue_asks() -> None:
    """The shipped declarations are sound, every layer has code and name, the issue has description and status."""
    layers = read_layers(Path(__file__).parents[2] / "layers")

    assert {"site", "zone", "section", "issue", "unit", "person", "district", "road", "water", "green", "building_outline"} <= set(layers)
    assert layers["issue"].has("description")
    assert layers["issue"].has("status")


def test_headers_are_compared_without_blanks_breaks_and_brackets() -> None:
    """domain.md 5.8, 'header variants'."""
    assert {"责任单位"} == {folded(text) for text in ("责任单位\n（盖章）", "责 任　单位", "责任单位*", "责任单位：")}
