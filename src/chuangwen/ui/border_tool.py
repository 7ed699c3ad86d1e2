"""Drag a common border of zones on the map: what changes hands is told while the mouse moves, and nothing is written until it is taken over."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QFileDialog, QMessageBox

from chuangwen.domain.shared_edges import VERTEX, Handle, Reshaped, SharedEdges
from chuangwen.errors import RuleBroken, UserError
from chuangwen.render.view import SCREEN_DOTS_PER_MM
from chuangwen.services.handover import HandOver, taking_over
from chuangwen.services.what_if import COUNTED, Preview, Transfer, WhatIf
from chuangwen.text import _
from chuangwen.ui.parts import restyle
from chuangwen.ui.tools import RED, Tool

if TYPE_CHECKING:
    from chuangwen.ui.canvas import MapCanvas

_REACH_PX = 9
_SHOWN, _ASKED = 5, 12  # pairs of zones on the card, and in the question
_BLUE, _PAPER, _INK = QColor("#0a58ca"), QColor(255, 255, 255, 240), QColor("#3a1512")


class MoveBorder(Tool):
    """Raises `UserError` where no zone is on the map. What was dragged is kept and adds up until Enter takes it over or Escape lets it go."""

    id = "border"
    cursor = Qt.CursorShape.CrossCursor
    hint = _("拖动网格的公共边界；方向键微调，Insert 加顶点，Delete 删顶点，空格取顶点，再按取下一个；回车确定移交，Esc 放弃")

    def __init__(self, canvas: MapCanvas) -> None:
        super().__init__(canvas)
        project = canvas.session.project
        assert project is not None
        self.what = WhatIf(project, project.campaign.today)
        self._step = project.last_step
        self.chosen: Handle | None = None
        self._hover: Handle | None = None
        self._from: tuple[float, float] | None = None
        self.preview: Preview | None = None
        self._dragged: Preview | None = None

    # --- mouse

    def press(self, event: QMouseEvent) -> None:
        """Take the vertex or side under the mouse; elsewhere the map moves."""
        super().press(event)
        self._renew()
        self.chosen = self._at(event.position()) if event.button() == Qt.MouseButton.LeftButton else None
        self._from = None
        if self.chosen is not None:
            self._from = self.canvas.ground(event.position())
            self.what.take(self.chosen)
        self.canvas.update()

    def move(self, event: QMouseEvent) -> None:
        """The border follows, or shows what can be taken."""
        if self._from is None:
            super().move(event)
            if self._pressed is None:
                self._hover = self._at(event.position())
                self.canvas.update()
            return
        if self._pressed is not None and (event.position() - self._pressed).manhattanLength() >= 3:
            x, y = self.canvas.ground(event.position())
            self.preview = self._dragged = self.what.drag(x - self._from[0], y - self._from[1])
            self.canvas.update()

    def release(self, event: QMouseEvent) -> None:
        """What was dragged is kept; what was refused springs back."""
        if self._from is None:
            super().release(event)
            return
        x, y = self.canvas.ground(event.position())
        by, self._from, self._pressed = (x - self._from[0], y - self._from[1]), None, None
        if self._dragged is not None:
            dragged, self._dragged = self._dragged, None
            self._keep(dragged, by)

    def click(self, event: QMouseEvent) -> None:
        """A click beside the borders chooses nothing."""

    def double_click(self, event: QMouseEvent) -> None:
        """A vertex more where a side is hit."""
        self._change(SharedEdges.inserted, self._at(event.position()))

    # --- keys

    def key(self, event: QKeyEvent) -> bool:
        """Arrows, Insert, Delete, space, Enter, Escape."""
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
        pressed = Qt.Key(event.key())
        if pressed in steps and self.chosen is not None:
            step = self.canvas.view.metres_per_mm
            by = steps[pressed][0] * step, steps[pressed][1] * step
            self.what.take(self.chosen)
            self._keep(self.what.drag(*by), by)
        elif pressed == Qt.Key.Key_Space:
            self._choose_next()
        elif pressed == Qt.Key.Key_Insert:
            self._change(SharedEdges.inserted, self.chosen or self._hover)
        elif pressed == Qt.Key.Key_Delete:
            self._change(SharedEdges.removed, self.chosen or self._hover)
        elif pressed in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.what.mesh.touched:
            self.finish()
        elif pressed == Qt.Key.Key_Escape and (self.what.mesh.touched or self._from is not None):
            self.start_over()
        else:
            return False
        return True

    def _choose_next(self) -> None:
        """The border nearest to the middle of the map; from there one vertex of the common border after another."""
        if self.chosen is None:
            self.chosen = self.what.nearest(*self.canvas.view.centre, self.canvas.view.width * self.canvas.view.metres_per_mm / 4)
        else:
            line, (x, y) = self.what.mesh.line(self.chosen), self.chosen.points[0]
            later = [place for place in line if place > (round(x, 3), round(y, 3))] or line
            self.chosen = self.what.nearest(*later[0], 0.01) if later else None
        self.canvas.update()

    # --- what it does

    def start_over(self) -> None:
        """Let go of all that was dragged."""
        self.what.start_over()
        self.chosen = self._hover = self.preview = self._from = self._dragged = None
        self.canvas.update()

    def finish(self) -> None:
        """Ask, write the list where one is wanted, and take the border over."""
        preview = self.what.standing()
        box = QMessageBox(self.canvas.window())
        box.setWindowTitle(_("确定移交"))
        box.setText(_("<b>调整网格边界，下列内容随之移交：</b>"))
        asked = sum(one.needs_consent for one in preview.owners)
        notes = [_("未销号问题 {count} 个换责任单位").format(count=len(preview.owners))] if preview.owners else []
        notes += [_("其中 {count} 个已经交办，不自动改派，列入清单征求同意。").format(count=asked)] if asked else []
        told = [html.escape(words(one)).replace(" ", "&nbsp;").replace("\n", "<br>") for one in preview.transfers[:_ASKED]]
        if len(preview.transfers) > _ASKED:
            told.append(_("……共 {count} 对网格").format(count=len(preview.transfers)))
        box.setInformativeText("<br>".join([*told, *notes]) or _("只增减了顶点，没有内容移交。"))
        box.setStyleSheet("QLabel#qt_msgbox_informativelabel { min-width: 460px; }")  # a figure is not parted from its unit by the narrow box of Qt
        both = box.addButton(_("移交并存清单…"), QMessageBox.ButtonRole.AcceptRole)
        plain = box.addButton(_("只移交"), QMessageBox.ButtonRole.AcceptRole)
        only = box.addButton(_("只存清单…"), QMessageBox.ButtonRole.ActionRole)
        box.addButton(_("再改改"), QMessageBox.ButtonRole.RejectRole)
        restyle(both, "main", value=True)
        box.setDefaultButton(both)
        box.exec()
        pressed = box.clickedButton()
        if pressed in (both, only) and not self._save(preview):
            return
        if pressed in (both, plain):
            self.take_over(preview)

    def take_over(self, preview: Preview) -> None:
        """One edit; undo takes it back."""
        try:
            edit = taking_over(self.what, preview)
        except RuleBroken as broken:
            self.canvas.session.noticed.emit(broken)
            return
        self.canvas.session.commit(edit, self.canvas, self._renew)

    def _save(self, preview: Preview) -> bool:
        project = self.canvas.session.project
        assert project is not None
        hand_over = HandOver(self.what, preview, project.campaign, project.campaign.today)
        name, _kind = QFileDialog.getSaveFileName(self.canvas.window(), hand_over.title, f"{hand_over.title}.docx", _("文档 (*.docx);;表格 (*.xlsx)"))
        if not name:
            return False
        try:
            hand_over.write(Path(name))
        except UserError as error:
            self.canvas.session.noticed.emit(error)
            return False
        return True

    def _keep(self, preview: Preview, by: tuple[float, float]) -> None:
        if preview.refused:
            self.preview = self.what.standing() if self.what.mesh.touched else None
            self.canvas.session.noticed.emit(RuleBroken(_("边界不能这样调整：{reason}").format(reason=preview.refused)))
        else:
            self.what.keep(preview)
            held, self.preview = self.chosen, self.what.standing()
            x, y = held.at if held is not None else (0.0, 0.0)
            self.chosen = self.what.nearest(x + by[0], y + by[1], 0.01) if held is not None else None
        self.canvas.update()

    def _change(self, verb: Callable[[SharedEdges, Handle], Reshaped], handle: Handle | None) -> None:
        if handle is None:
            return
        self._renew()
        self.chosen = handle
        self._keep(self.what.preview(verb(self.what.mesh, handle)), (0.0, 0.0))

    def _renew(self) -> None:
        """Start from the project as it is now, where somebody changed it meanwhile."""
        project = self.canvas.session.project
        if project is not None and project.last_step != self._step:
            self.what, self._step = WhatIf(project, project.campaign.today), project.last_step
            self.start_over()

    def _at(self, at: QPointF) -> Handle | None:
        return self.what.nearest(*self.canvas.ground(at), _REACH_PX / SCREEN_DOTS_PER_MM * self.canvas.view.metres_per_mm)

    # --- what it shows

    def paint(self, painter: QPainter) -> None:
        """The land that changes hands hatched, the borders as they would be, vertices, and the card."""
        preview = self.preview
        if preview is not None and not preview.refused:
            for one in preview.transfers:
                for land in one.pieces:
                    path = self._path(land)
                    painter.fillPath(path, QColor(198, 40, 40, 40))
                    painter.fillPath(path, QBrush(RED, Qt.BrushStyle.BDiagPattern))
        if preview is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(RED, 2, Qt.PenStyle.DashLine if preview.refused else Qt.PenStyle.SolidLine))
            for shape in self.what.shapes(preview.reshaped).values():
                painter.drawPath(self._path(shape))
        shown = self.chosen or self._hover
        if shown is not None and self._from is None:
            painter.setPen(QPen(_BLUE, 1))
            painter.setBrush(QColor("#ffffff"))
            for place in self.what.mesh.line(shown):
                spot = self.canvas.pixel(*place)
                if self.canvas.rect().contains(spot.toPoint()):
                    painter.drawRect(QRectF(spot.x() - 2.5, spot.y() - 2.5, 5, 5))
            spots = [self.canvas.pixel(*place) for place in shown.points]
            painter.setPen(QPen(_BLUE, 3))
            if shown.kind != VERTEX:
                painter.drawLine(spots[0], spots[-1])
            painter.setBrush(_BLUE if shown is self.chosen else QColor("#ffffff"))
            for spot in spots:
                painter.drawEllipse(spot, 5, 5)
        self._card(painter)

    def lines(self) -> list[str]:
        """What the card says."""
        if self.preview is None:
            return [_("调整网格边界"), self.hint.replace("；", "\n")] if self.chosen is None else [_("调整网格边界"), _("拖动，或按方向键")]
        if self.preview.refused:
            return [_("不能这样调整"), self.preview.refused]
        found = [words(one) for one in self.preview.transfers[:_SHOWN]]
        if len(self.preview.transfers) > _SHOWN:
            found.append(_("……共 {count} 对网格").format(count=len(self.preview.transfers)))
        if self.preview.owners:
            found.append(_("换责任单位的问题 {count} 个").format(count=len(self.preview.owners)))
        return [_("随边界移交"), *(found or [_("没有内容移交")]), _("回车：确定移交…　Esc：放弃")]

    def _card(self, painter: QPainter) -> None:
        rows = [line for words in self.lines() for line in words.split("\n")]
        face, bold = QFont(painter.font()), QFont(painter.font())
        for one in (face, bold):
            one.setPixelSize(13)
        bold.setBold(True)
        wide = max(QFontMetricsF(bold if number == 0 else face).horizontalAdvance(row) for number, row in enumerate(rows))
        height = 20.0
        ground = QRectF(12, 12, wide + 24, len(rows) * height + 14)
        painter.setPen(QPen(RED if self.preview is not None and self.preview.refused else QColor("#b0a8a0"), 1))
        painter.setBrush(_PAPER)
        painter.drawRoundedRect(ground, 4, 4)
        painter.setPen(_INK)
        for number, row in enumerate(rows):
            painter.setFont(bold if number == 0 else face)
            painter.drawText(QRectF(24, 19 + number * height, wide + 4, height), Qt.AlignmentFlag.AlignVCenter, row)

    def _path(self, shape: shapely.Geometry) -> QPainterPath:
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.OddEvenFill)
        for part in shapely.get_parts(shape).tolist():
            for ring in (part.exterior, *part.interiors):
                places = self.canvas.view.to_paper(np.asarray(shapely.get_coordinates(ring))) * SCREEN_DOTS_PER_MM
                path.moveTo(*places[0])
                for x, y in places[1:].tolist():
                    path.lineTo(x, y)
        return path


def words(one: Transfer) -> str:
    """What goes from where to where, in a line: WC-01 → ZQ-03：面积 1,456 m²，路段 96 m，道路 127 m，问题 2，点位 1."""
    titles = dict(zip(COUNTED, (_("问题"), _("点位"), _("小区"), _("楼栋"), _("门店"), _("工地"), _("路口")), strict=True))
    sizes = [(_("路段"), one.section_m), (_("道路"), one.road_m)]
    parts = [f"{one.area_m2:,.0f} m²", *(f"{title} {metres:,.0f} m" for title, metres in sizes if metres >= 0.5)]
    parts += [f"{title} {one.count(layer)}" for layer, title in titles.items() if one.count(layer)]
    units = (one.giver.unit or "—", one.taker.unit or "—")
    moved = "" if units[0] == units[1] else _("\n　（{giver} → {taker}）").format(giver=units[0], taker=units[1])
    return _("{giver} → {taker}：{what}").format(giver=one.giver.code or one.giver.name, taker=one.taker.code or one.taker.name, what="，".join(parts)) + moved
