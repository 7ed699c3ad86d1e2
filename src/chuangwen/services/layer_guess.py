"""Which layer a file most likely belongs to, by its name and by what its columns are called. The user sees the guess and may change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from chuangwen.domain.layer import Field, Layer, Layers, folded
from chuangwen.exchange import photos_in, sheets
from chuangwen.exchange.incoming import Incoming
from chuangwen.exchange.matching import SERIAL, known_words
from chuangwen.exchange.shapes import of_kind
from chuangwen.services.importing import ENDINGS, REFERENCE, ImportOptions, read_file
from chuangwen.services.project import Project
from chuangwen.text import _

_GUESSES = (
    ("巡查记录", "visit"),
    ("排班", "post"),
    ("楼栋", "building"),
    ("小区", "compound"),
    ("工地", "worksite"),
    ("三包", "shop"),
    ("门店", "shop"),
    ("路口点位", "crossing"),
    ("执勤路口", "crossing"),
    ("社区界", "territory"),
    ("属地", "territory"),
    ("网格", "zone"),
    ("路段", "section"),
    ("路长", "section"),
    ("问题", "issue"),
    ("点位", "site"),
    ("通讯录", "unit"),
    ("单位", "unit"),
    ("人员", "person"),
    ("区界", "district"),
    ("道路", "road"),
    ("水系", "water"),
    ("河", "water"),
    ("绿地", "green"),
    ("公园", "green"),
    ("建筑", "building_outline"),
    ("楼", "building_outline"),
)
"""Words of a file's name → the layer it most likely is, the surest first."""
_KINDS = {"subject": 0, "list": 1, "base": 2}
_LISTED = ("post", "visit")
_SURE = 1.0
_OWN = 0.5  # a column that is the layer's own number or name: 点位名称 stands in lists of issues too


@dataclass(frozen=True, slots=True)
class Guess:
    """A layer (`reference` where nothing fits) and why, as a sentence for people."""

    layer: str
    why: str


def layers_to_fill(layers: Layers) -> list[Layer]:
    """The layers that a file may go into, those of the trade first."""
    return sorted((one for one in layers.values() if one.kind in _KINDS), key=lambda one: (_KINDS[one.kind], -one.order))


def layers_to_choose(layers: Layers) -> list[Layer]:
    """What a file can be said to be: `layers_to_fill`, and the records that offices keep as lists of their own."""
    return [*layers_to_fill(layers), *(layers[name] for name in _LISTED if name in layers)]


def guess_by_name(path: Path, layers: Layers) -> Guess | None:
    """By the words of the file's name, None where they tell nothing."""
    if path.suffix.lower() in photos_in.ENDINGS or is_photo_folder(path):
        return Guess("issue", _("照片可以成为问题，或附到已有的问题上"))
    for word, layer in _GUESSES:
        if word in path.stem and layer in layers:
            return Guess(layer, _("文件名里有“{word}”").format(word=word))
    return None


def guess_layer(project: Project, path: Path, options: ImportOptions) -> Guess:
    """By the name, else by the columns and shapes, for which the file is read. Raises as `services.importing.prepare` does."""
    named = guess_by_name(path, project.layers)
    if named is not None:
        return named
    is_list = path.suffix.lower() in sheets.ENDINGS
    incoming = read_file(path, project.layers["issue"] if is_list else None, options)
    return guess_by_content(incoming, layers_to_fill(project.layers)) or Guess("issue" if is_list else REFERENCE, _("列名看不出是什么，请核对"))


KNOWN = (*ENDINGS, ".shx", ".gdb")
"""`importing.ENDINGS`, and what may be named though it is a companion or a folder."""


def is_photo_folder(path: Path) -> bool:
    """Whether a folder has photos and nothing else that can be imported: then it is one import."""
    if not path.is_dir():
        return False
    endings = {one.suffix.lower() for one in path.iterdir()} & set(KNOWN)
    return bool(endings) and endings <= set(photos_in.ENDINGS)


def guess_by_content(incoming: Incoming, layers: Sequence[Layer]) -> Guess | None:
    """The layer whose words the columns speak. A word that fewer layers know tells more, and so does one for its number or name; shapes must
    be of the layer's kind.
    """
    words = {layer.id: known_words(layer) - SERIAL for layer in layers if _fits(incoming, layer)}
    own = {layer.id: {folded(word) for name in ("code", "name") if layer.has(name) for word in _words(layer.field(name))} for layer in layers}
    titles = [{folded(word) for word in column.words} for column in incoming.columns]
    scores: dict[str, float] = {}
    for keys in titles:
        knowing = [name for name, known in words.items() if keys & known]
        for name in knowing:
            scores[name] = scores.get(name, 0.0) + 1.0 / len(knowing) + (_OWN if keys & own[name] else 0.0)
    best = max(scores, key=lambda name: scores[name], default="")
    if not best or scores[best] < _SURE:
        return None
    known = [column.title for column, keys in zip(incoming.columns, titles, strict=True) if keys & words[best]]
    return Guess(best, _("有“{titles}”这些列").format(titles="、".join(known[:3])))


def _words(one: Field) -> tuple[str, ...]:
    return one.name, one.title, *one.synonyms


def _fits(incoming: Incoming, layer: Layer) -> bool:
    if incoming.geometry is None:
        return layer.kind != "base"
    there = incoming.geometry[shapely.get_type_id(incoming.geometry) >= 0]
    if not len(there):
        return True
    return layer.has_geometry and (layer.geometry == "any" or bool(np.mean(of_kind(there, layer.geometry)) > 0.5))
