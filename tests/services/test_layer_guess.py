"""Which layer a file belongs to: by its name, else by the words of its columns and the kind of its shapes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from chuangwen.exchange.incoming import Column, Incoming
from chuangwen.services.layer_guess import guess_by_content, guess_by_name, is_photo_folder, layers_to_choose, layers_to_fill
from tests.build import layers


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        *(
            ("文昌街道网格.shp", "zone"),
            ("路长制责任路段.xlsx", "section"),
            ("6月3日问题清单.csv", "issue"),
            ("单位通讯录.xls", "unit"),
            ("IMG_2231.JPG", "issue"),
        ),
        *(("干部包楼栋表.xlsx", "building"), ("单位包小区分工表.xlsx", "compound"), ("在建工地.shp", "worksite"), ("门前三包台账.xlsx", "shop")),
        *(("路口点位表.xlsx", "crossing"), ("路口执勤排班表.xlsx", "post"), ("点位巡查记录表.xlsx", "visit"), ("街道社区界.shp", "territory")),
    ],
)
def test_the_name_tells(name: str, layer: str) -> None:
    """As offices call their files."""
    guess = guess_by_name(Path(name), layers())
    assert guess is not None
    assert guess.layer == layer
    assert layer in [one.id for one in layers_to_choose(layers())], "what is guessed can be chosen"


@pytest.mark.parametrize(
    ("titles", "layer"),
    [
        (["序号", "点位编号", "点位名称", "经度", "纬度"], "site"),
        (["问题编号", "点位名称", "存在问题", "责任单位", "整改时限"], "issue"),
        (["单位名称", "简称", "联络员", "办公电话"], "unit"),
    ],
)
def test_the_columns_tell(titles: list[str], layer: str) -> None:
    """A column that is the layer's own number or name counts more than one that many layers have."""
    incoming = Incoming("新建表格.xlsx", tuple(Column(title, ["x"]) for title in titles), [2])
    guess = guess_by_content(incoming, layers_to_fill(layers()))
    assert guess is not None
    assert guess.layer == layer
    assert titles[-1] in guess.why or titles[1] in guess.why or titles[0] in guess.why


def test_shapes_must_be_of_the_kind() -> None:
    """Areas with the columns of a list of sites are no sites; columns that say nothing give no guess."""
    areas = np.array([shapely.box(0, 0, 1, 1)], dtype=object)
    titled = Incoming("图.shp", (Column("网格编号", ["A"]), Column("网格名称", ["甲"]), Column("网格长", ["某某"])), [1], areas)
    guess = guess_by_content(titled, layers_to_fill(layers()))
    assert guess is not None
    assert layers()[guess.layer].geometry == "polygon"
    assert guess_by_content(Incoming("图.shp", (Column("abc", ["1"]),), [1], areas), layers_to_fill(layers())) is None


def test_a_folder_of_photos_is_one_import(tmp_path: Path) -> None:
    """With a list beside them it is not."""
    (tmp_path / "1.jpg").touch()
    assert is_photo_folder(tmp_path)
    (tmp_path / "清单.xlsx").touch()
    assert not is_photo_folder(tmp_path)
