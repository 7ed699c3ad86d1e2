"""Reading the folder `layers/`: one TOML file a layer."""

from __future__ import annotations

from pathlib import Path

from chuangwen.domain.layer import Layers
from chuangwen.domain.layer_text import check_references, parse_layer
from chuangwen.errors import FileProblem, UserError
from chuangwen.text import _


def read_layers(folder: Path) -> Layers:
    """All layers declared in `folder`, the lowest drawn first. Raises `UserError` that names file, key and the nearest right spelling."""
    found = {}
    file_of: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            layer = parse_layer(path.read_text(encoding="utf-8"), path.name)
        except (OSError, UnicodeDecodeError) as error:
            raise FileProblem(_("无法读取图层文件 {file}：{error}。").format(file=path.name, error=error)) from error
        if layer.id in found:
            raise UserError(_("图层文件 {file} 与 {other} 声明了同一个图层 {id}。").format(file=path.name, other=file_of[layer.id], id=layer.id))
        found[layer.id] = layer
        file_of[layer.id] = path.name
    if not found:
        raise FileProblem(_("文件夹 {folder} 中没有图层文件。").format(folder=folder))
    layers = Layers(dict(sorted(found.items(), key=lambda item: (item[1].order, item[0]))))
    check_references(layers, file_of)
    return layers
