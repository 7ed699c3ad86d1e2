"""What leaves the main window as a file: the table in front, the map as a picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from chuangwen.errors import UserError
from chuangwen.services.exporting import run_export
from chuangwen.text import _
from chuangwen.ui.session import Session

FILE_KINDS = _("Excel 表格 (*.xlsx);;CSV (*.csv);;Shapefile (*.shp);;GeoPackage (*.gpkg);;GeoJSON (*.geojson);;KML (*.kml)")
"""What a table can be written as, for a file dialog."""


def export_layer(parent: QWidget, session: Session, layer_id: str) -> None:
    """Ask for a file and write the layer into it as it is filtered, off the GUI thread."""
    project = session.project
    if project is None or not layer_id:
        return
    layer = project.layers[layer_id]
    name, _kind = QFileDialog.getSaveFileName(parent, _("导出{title}").format(title=layer.title), f"{layer.title}.xlsx", FILE_KINDS)
    if not name:
        return
    features = project.features(layer.id)
    mask = session.mask(layer.id)
    chosen = features if mask is None else features.take(mask)

    def failed(error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error
        session.noticed.emit(error)

    session.jobs.read(
        lambda _progress: run_export(project, layer, Path(name), features=chosen),
        lambda written: session.noticed.emit(" ".join([_("已导出 {count} 条到 {file}。").format(count=written.count, file=Path(name).name), *written.notes])),
        failed,
        loud=True,
    )


def save_picture(map_widget: QWidget, session: Session) -> None:
    """Ask for a file and write what the map shows."""
    name, _kind = QFileDialog.getSaveFileName(map_widget, _("把地图存为图片"), _("地图.png"), "PNG (*.png)")
    if name and not map_widget.grab().save(name):
        session.noticed.emit(UserError(_("无法写入 {file}。").format(file=name), hint=_("请检查文件夹是否可写。")))
