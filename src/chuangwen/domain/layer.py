"""A layer as its TOML file declares it: fields, choices, symbols, label, form.

Table, form, legend, import matching, schema, web pop-up and docs all read these values (design.md, decision 5).
Lengths are millimetres on paper; a `denominator` is the N of a scale 1:N.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from chuangwen.domain.values import LIST_MARK, Scalar, parse
from chuangwen.errors import DataProblem, UserError, nearest
from chuangwen.text import _

FIELD_TYPES = ("text", "integer", "real", "boolean", "date", "datetime", "choice", "ref", "refs")
GEOMETRY_KINDS = ("point", "line", "polygon", "any", "none")
LAYER_KINDS = ("subject", "base", "list", "record", "reference")
SHAPES = ("circle", "square", "diamond", "triangle", "down_triangle", "pentagon", "hexagon", "octagon", "star", "cross", "house", "flag")
HATCHES = ("", "/", "\\", "x", "-", "|", "+", ".")


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed value of a field: `value` is stored, `title` shown and written to office files; import takes either."""

    value: str
    title: str
    synonyms: tuple[str, ...] = ()
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute. `type` `ref` holds the name of a feature of layer `to`; `refs` several, joined by 、."""

    name: str
    type: str
    title: str
    required: bool = False
    choices: tuple[Choice, ...] = ()
    to: str = ""
    synonyms: tuple[str, ...] = ()
    group: str = ""
    readonly: bool = False
    multiline: bool = False
    unit: str = ""
    private: bool = False  # names and telephones of persons: kept out of public exports
    default: str = ""
    default_from: str = ""  # at import, when empty: the start of this other field
    unknown: str = ""  # the choice that a word not among the choices stands for (base layers); empty: such a word is refused

    def choice(self, value: Scalar) -> Choice | None:
        """The choice whose stored value is `value`."""
        return next((choice for choice in self.choices if choice.value == value), None)

    def show(self, value: Scalar) -> str:
        """`value` as the user reads it."""
        from chuangwen.domain.values import plain

        choice = self.choice(value) if self.choices else None
        return choice.title if choice else plain(value)

    def read(self, cell: Scalar) -> Scalar:
        """Read a cell of an office file or a command line. References are checked by the caller, who knows the names.

        Raises `DataProblem` with a sentence that names the nearest allowed word.
        """
        if self.type == "choice":
            return self._read_choice(cell)
        if self.type in ("ref", "refs"):
            text = parse(cell, "text")
            return text if self.type == "ref" else _joined(text)
        return parse(cell, self.type)

    def _read_choice(self, cell: Scalar) -> str | None:
        text = parse(cell, "text")
        if not isinstance(text, str):
            return None
        key = folded(text)
        for choice in self.choices:
            if key in (folded(choice.value), folded(choice.title), *map(folded, choice.synonyms)):
                return choice.value
        if self.unknown:
            return self.unknown
        titles = [choice.title for choice in self.choices]
        close = nearest(text, titles)
        raise DataProblem(
            _("{title}“{value}”不在可选项中").format(title=self.title, value=text),
            hint=_("，是不是“{close}”？").format(close=close) if close else _("，可选：{titles}").format(titles=LIST_MARK.join(titles)),
        )


@dataclass(frozen=True, slots=True)
class Symbol:
    """How features of one class look, in millimetres. `fill` and `stroke` are #rrggbb or empty (none).

    `when` maps a field to the stored values it fits; the first fitting symbol of a layer is used. Symbols differ by shape, glyph or
    hatch and not by colour alone: `mono` gives what changes on a black-and-white printer.
    """

    title: str = ""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shape: str = "circle"
    size: float = 2.6
    fill: str = ""
    stroke: str = ""
    stroke_width: float = 0.2
    dash: tuple[float, ...] = ()
    casing: str = ""  # colour of the wider line drawn beneath a line (roads)
    casing_width: float = 0.0  # its full width
    ground_width: float = 0.0  # metres: at large scales a line is drawn as wide as this on the ground (roads between their kerbs)
    hatch: str = ""
    hatch_colour: str = "#000000"
    hatch_spacing: float = 1.6
    glyph: str = ""
    glyph_colour: str = "#ffffff"
    mono: Mapping[str, object] = field(default_factory=dict)

    def in_mono(self) -> Symbol:
        """The same symbol as it is drawn for a black-and-white printer."""
        from dataclasses import replace

        return replace(self, mono={}, **self.mono) if self.mono else self  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Badge:
    """A small mark over the symbols of features whose derived columns say so (逾期): `symbol` with its middle `dx` mm right of and `dy` mm below theirs."""

    when: Mapping[str, tuple[str, ...]]
    symbol: Symbol
    title: str = ""
    dx: float = 0.0
    dy: float = 0.0


@dataclass(frozen=True, slots=True)
class Label:
    """What is written at a feature. `text` is a template of field names: `{code} {name}`."""

    text: str
    size: float = 2.5
    colour: str = "#222222"
    halo: str = "#ffffff"
    halo_width: float = 0.35
    bold: bool = False
    placement: str = "around"  # around a point | along a line | inside an area
    priority: int = 5  # larger is placed first
    max_denominator: float = 20_000.0  # not drawn at a smaller scale


@dataclass(frozen=True, slots=True)
class Palette:
    """Fill colours given out to the distinct values of a field (zones by street; '': to each feature) so that no two that touch look alike."""

    field: str
    colours: tuple[str, ...]
    order: int = 10  # where these fills lie among the layers: beneath roads and buildings, while outlines stay at the layer's own order


@dataclass(frozen=True)
class Layer:
    """What the map knows of one kind of thing. Every layer has the fields `code` and `name`; `id` is a UUID of ours."""

    id: str
    title: str
    kind: str = "subject"
    geometry: str = "none"
    fields: tuple[Field, ...] = ()
    symbols: tuple[Symbol, ...] = (Symbol(),)
    label: Label | None = None
    palette: Palette | None = None
    groups: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()  # of the table, in order
    search: tuple[str, ...] = ("code", "name")
    order: int = 0  # larger is drawn on top
    visible: bool = True
    max_denominator: float = 0.0  # 0: drawn at every scale
    derived: tuple[Field, ...] = ()  # columns that are worked out and never stored (domain/derived.py)
    badges: tuple[Badge, ...] = ()

    @cached_property
    def field_by_name(self) -> dict[str, Field]:
        """The fields by name."""
        return {one.name: one for one in self.fields}

    def field(self, name: str) -> Field:
        """The field `name`, by identifier or title. Raises `UserError` with the nearest right spelling."""
        found = self.field_by_name.get(name) or next((one for one in self.fields if one.title == name), None)
        if found:
            return found
        close = nearest(name, list(self.field_by_name))
        raise UserError(
            _("图层“{layer}”没有字段“{name}”。").format(layer=self.title, name=name),
            hint=_("是不是“{close}”？").format(close=close) if close else _("有：{names}").format(names=LIST_MARK.join(self.field_by_name)),
        )

    def column(self, name: str) -> Field:
        """A field or a derived column, as tables show them. Raises `UserError` where there is neither."""
        return next((one for one in self.derived if one.name == name), None) or self.field(name)

    def has(self, name: str) -> bool:
        """Whether there is a field `name`."""
        return name in self.field_by_name

    @property
    def has_geometry(self) -> bool:
        """Whether its features can lie on the map."""
        return self.geometry != "none"

    @property
    def always_listed(self) -> bool:
        """Whether lists of layers and tables name it while it is empty; records and what is off at first would only be in the way."""
        return self.visible and self.kind != "record"


class Layers(Mapping[str, Layer]):
    """All layers of a project by identifier, in the order of their declaration."""

    def __init__(self, layers: Mapping[str, Layer]) -> None:
        self._layers = dict(layers)

    def __getitem__(self, name: str) -> Layer:
        return self._layers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._layers)

    def __len__(self) -> int:
        return len(self._layers)

    def named(self, name: str) -> Layer:
        """The layer by identifier or title. Raises `UserError` with the nearest right spelling."""
        for layer in self._layers.values():
            if name in (layer.id, layer.title):
                return layer
        close = nearest(name, [*self._layers, *(layer.title for layer in self._layers.values())])
        raise UserError(
            _("没有图层“{name}”。").format(name=name),
            hint=_("是不是“{close}”？").format(close=close) if close else _("有：{names}").format(names=LIST_MARK.join(self._layers)),
        )

    def drawn(self) -> list[Layer]:
        """The layers that lie on the map, the lowest first."""
        return sorted((layer for layer in self._layers.values() if layer.has_geometry), key=lambda layer: layer.order)

    def on_paper(self) -> list[Layer]:
        """Those of `drawn` that a printed map shows: no overlays of the user, no records, nothing that is off until somebody turns it on."""
        return [layer for layer in self.drawn() if layer.visible and layer.kind not in ("reference", "record")]

    def plus(self, layer: Layer) -> Layers:
        """These layers and one more (a reference layer of the project)."""
        return Layers({**self._layers, layer.id: layer})


_BRACKETED = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]")
_SPACE = re.compile("[\\s\u3000\u200b\ufeff*＊:：]+")


def folded(text: str) -> str:
    """`text` for comparing headers and words: no blanks, line breaks, brackets with their text; half-width; lower case (domain.md 5.8)."""
    from chuangwen.domain.values import half_width

    bare = _SPACE.sub("", _BRACKETED.sub("", text)) or _SPACE.sub("", text)
    return half_width(bare).lower()


def _joined(text: Scalar) -> str | None:
    if not isinstance(text, str):
        return None
    names = [part.strip() for part in re.split(r"[、;；,，\n]+", text) if part.strip()]
    return LIST_MARK.join(names) or None
