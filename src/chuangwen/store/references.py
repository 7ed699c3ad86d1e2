"""The declaration of a reference layer, which stands in no file of ours: the project keeps it as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from chuangwen.domain.layer import Choice, Field, Label, Layer, Palette, Symbol
from chuangwen.errors import FileProblem
from chuangwen.text import _


def reference_text(layer: Layer) -> str:
    """A layer's declaration as text."""
    return json.dumps(asdict(layer), ensure_ascii=False)


def reference_layer(text: str) -> Layer:
    """The layer of a declaration. What a newer version of the program said besides is left out. Raises `FileProblem` where the text is damaged."""
    try:
        found = json.loads(text)
        parts: dict[str, Any] = {
            "fields": tuple(_made(Field, {**one, "choices": tuple(_made(Choice, choice) for choice in one["choices"])}) for one in found["fields"]),
            "symbols": tuple(_made(Symbol, {**one, "when": {name: tuple(values) for name, values in one["when"].items()}}) for one in found["symbols"]),
            "label": found["label"] and _made(Label, found["label"]),
            "palette": found["palette"] and _made(Palette, found["palette"]),
        }
        made: Layer = _made(Layer, found | parts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileProblem(_("项目文件里一个参考图层的说明已损坏。"), hint=_("请用备份，或向发来文件的人重新要一份。")) from error
    return made


def _made(kind: type[Any], said: Mapping[str, Any]) -> Any:
    return kind(**{one.name: tuple(value) if isinstance(value := said[one.name], list) else value for one in fields(kind) if one.name in said})
