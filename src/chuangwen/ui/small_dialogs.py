"""Small dialogs: a new project, its dates, the settings, a new site or issue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shapely.geometry.base import BaseGeometry

from chuangwen.domain import edits
from chuangwen.domain.campaign import PHASES, Campaign, check_dates
from chuangwen.domain.change import Edit
from chuangwen.domain.checklist import version_of
from chuangwen.domain.geo import central_meridian
from chuangwen.domain.layer import Layer
from chuangwen.domain.limits import LimitTable
from chuangwen.domain.roles import ROLES
from chuangwen.domain.values import Scalar
from chuangwen.errors import RuleBroken
from chuangwen.services.checklists import Choice
from chuangwen.services.project import Project
from chuangwen.settings import Settings
from chuangwen.text import _
from chuangwen.ui.field_editors import FieldEditor

_DATES = ("start", "arrival", "end", "fixed_today")
_THEMES = {"system": _("跟随系统"), "light": _("浅色"), "dark": _("深色")}


class FormDialog(QDialog):
    """Rows, a place for a refusal, 确定 and 取消 in Chinese."""

    def __init__(self, title: str, parent: QWidget | None = None, width: int = 460) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self.rows = QFormLayout()
        self.rows.setHorizontalSpacing(12)
        self.rows.setVerticalSpacing(8)
        self.rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self.rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.said = QLabel(wordWrap=True)
        self.said.setProperty("reason", True)
        self.said.hide()
        self.buttons = QDialogButtonBox()
        self.ok = self.buttons.addButton(_("确定"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(_("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        self.ok.setDefault(True)
        self.ok.setProperty("main", True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addLayout(self.rows)
        column.addWidget(self.said)
        column.addStretch(1)
        column.addWidget(self.buttons)

    def refuse(self, reason: str) -> None:
        """Say why it cannot be done as it stands."""
        self.said.setText(reason)
        self.said.show()


class NewProjectDialog(FormDialog):
    """Title, arrival date, CRS, file. `chosen` gives path, title, crs and arrival as `services.create` takes them."""

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(_("新建项目"), parent, 520)
        self.title = QLineEdit(placeholderText=_("例如：××区创建全国文明城市一张图"))
        self.arrival = QLineEdit(placeholderText=_("例如：2024-06-24，可以以后再填"))
        self.crs = QComboBox()
        self.crs.addItem(_("由第一份导入的数据确定（推荐）"), "auto")
        for epsg in range(4534, 4555):
            self.crs.addItem(_("CGCS2000 三度带，中央经线 {degrees}°（EPSG:{epsg}）").format(degrees=central_meridian(epsg), epsg=epsg), f"EPSG:{epsg}")
        self.path = QLineEdit(str(folder / _("创文.gpkg")))
        browse = QPushButton(_("选择…"))
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(browse)
        self.rows.addRow(_("项目名称"), self.title)
        self.rows.addRow(_("进驻日"), self.arrival)
        self.rows.addRow(_("坐标系"), self.crs)
        self.rows.addRow(_("项目文件"), row)

    def _browse(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(self, _("项目文件"), self.path.text(), _("项目 (*.gpkg)"))
        if name:
            self.path.setText(name if name.endswith(".gpkg") else f"{name}.gpkg")

    def accept(self) -> None:
        """Only with a title, and a date that is one."""
        if not self.title.text().strip():
            self.refuse(_("请填写项目名称。"))
        elif self.arrival.text().strip() and not _day(self.arrival.text()):
            self.refuse(_("进驻日请写成 2024-06-24 的样子。"))
        else:
            super().accept()

    def chosen(self) -> tuple[Path, str, str, str | None]:
        """What was filled in."""
        return Path(self.path.text()), self.title.text().strip(), self.crs.currentData(), self.arrival.text().strip() or None


class CampaignDialog(FormDialog):
    """Title, office, dates and phase of the open project, which table of limits is in force and which version of the checklist (SR-01, SR-07, SR-15)."""

    def __init__(self, campaign: Campaign, tables: Sequence[LimitTable] = (), versions: Sequence[Choice] = (), parent: QWidget | None = None) -> None:
        super().__init__(_("项目信息"), parent)
        self._versions = {one.id: one for one in versions}
        self._campaign = campaign
        titles = {
            "title": _("项目名称"),
            "district": _("区县"),
            "office": _("制图单位"),
            "start": _("迎检开始"),
            "arrival": _("进驻日"),
            "end": _("测评结束日"),
        }
        titles["fixed_today"] = _("固定今天（演练用）")
        self.lines = {name: QLineEdit(str(getattr(campaign, name) or "")) for name in titles}
        for name, line in self.lines.items():
            if name in _DATES:
                line.setPlaceholderText(_("年-月-日，可不填"))
            self.rows.addRow(titles[name], line)
        self.already_arrived = QCheckBox(_("测评组已提前进驻"))
        self.already_arrived.setChecked(campaign.already_arrived)
        self.phase = QComboBox()
        for value, title in PHASES.items():
            self.phase.addItem(title, value)
        self.phase.setCurrentIndex(max(self.phase.findData(campaign.phase), 0))
        self.phase.setToolTip(_("迎检和测评中：时限按自然时间连续计算，每个点位每天至少巡查一次"))
        self.limit_table = QComboBox()
        self.limit_table.addItem(_("只按紧急程度"), "")
        for table in tables:
            self.limit_table.addItem(table.title, table.id)
        self.limit_table.setCurrentIndex(max(self.limit_table.findData(campaign.limit_table), 0))
        self.limit_table.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.checklist = QComboBox()
        for one in versions:
            self.checklist.addItem(one.title, one.id)
        self.checklist.setCurrentIndex(max(self.checklist.findData(version_of(campaign.checklist)), 0))
        self.checklist.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.checklist.setToolTip(_("以后的测评结果按这个版本；已有的结果保留当时的版本"))
        self.rows.insertRow(len(titles) - 1, "", self.already_arrived)
        self.rows.insertRow(len(titles), _("阶段"), self.phase)
        self.rows.insertRow(len(titles) + 1, _("分类时限表"), self.limit_table)
        self.rows.insertRow(len(titles) + 2, _("测评标准"), self.checklist)

    def accept(self) -> None:
        """Only with dates that are dates."""
        wrong = [name for name in _DATES if self.lines[name].text().strip() and not _day(self.lines[name].text())]
        if wrong:
            self.lines[wrong[0]].setFocus()
            self.refuse(_("日期请写成 2024-06-24 的样子。"))
            return
        try:
            check_dates(self.chosen())
        except RuleBroken as broken:
            self.refuse(str(broken))
            return
        version = self._versions.get(self.checklist.currentData())
        if version is not None and version.problem is not None and version.id != version_of(self._campaign.checklist):
            self.refuse(str(version.problem))
            return
        super().accept()

    def chosen(self) -> Campaign:
        """The campaign as filled in."""
        words = {name: line.text().strip() for name, line in self.lines.items()}
        dates = {name: _day(words[name]) for name in _DATES}
        checklist = self.checklist.currentData() or ""
        return Campaign(
            words["title"],
            words["district"],
            words["office"],
            dates["start"],
            dates["arrival"],
            dates["fixed_today"],
            dates["end"],
            self.phase.currentData(),
            self.already_arrived.isChecked(),
            self.limit_table.currentData(),
            self._campaign.checklist if checklist in ("", version_of(self._campaign.checklist)) else checklist,
        )


class SettingsDialog(FormDialog):
    """Who works here, and how the window looks."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(_("设置"), parent)
        self._settings = settings
        self.actor = QLineEdit(settings.actor, placeholderText=settings.who)
        self.role = QComboBox()
        for value, title in ROLES.items():
            self.role.addItem(title, value)
        self.role.setCurrentIndex(max(self.role.findData(settings.role), 0))
        self.office = QLineEdit(settings.office)
        self.theme = QComboBox()
        for value, title in _THEMES.items():
            self.theme.addItem(title, value)
        self.theme.setCurrentIndex(max(self.theme.findData(settings.theme), 0))
        self.rows.addRow(_("姓名"), self.actor)
        self.rows.addRow(_("角色"), self.role)
        self.rows.addRow(_("单位名称"), self.office)
        self.rows.addRow(_("外观"), self.theme)
        note = QLabel(_("姓名和角色写进每一条修改的经过。"), wordWrap=True)
        note.setProperty("dim", True)
        self.rows.addRow("", note)

    def chosen(self) -> Settings:
        """The settings as filled in."""
        return replace(
            self._settings, actor=self.actor.text().strip(), role=self.role.currentData(), office=self.office.text().strip(), theme=self.theme.currentData()
        )


class AddDialog(FormDialog):
    """The few fields that a new site or issue needs; the rest is filled in the panel."""

    def __init__(self, project: Project, layer: Layer, at: BaseGeometry, parent: QWidget | None = None) -> None:
        super().__init__(_("新增{title}").format(title=layer.title), parent)
        self._layer, self._at = layer, at
        self.values: dict[str, Scalar] = {"code": next_code(project, layer)}
        self.editors: dict[str, FieldEditor] = {}
        issue = ("code", "description", "category", "source_level", "responsible_unit")
        wanted = issue if layer.id == "issue" else ("code", "name", "category", "responsible_unit", "address")
        for name in wanted:
            field = layer.field(name)
            editor = FieldEditor(field, project.features("unit") if field.type == "ref" else None)
            editor.show_value(self.values.get(name))
            editor.edited.connect(lambda value, key=name: self._on_edited(key, value))
            self.editors[name] = editor
            self.rows.addRow(f"{field.title}{' *' if field.required else ''}", editor)
        self.edit: Edit | None = None
        self._project = project
        self.editors[wanted[1]].input.setFocus()

    def _on_edited(self, name: str, value: Scalar) -> None:
        self.values[name] = value
        self.editors[name].show_value(value)

    def accept(self) -> None:
        """Only when the rules let it in."""
        self.ok.setFocus()  # so that the field being typed in is done
        values = dict(self.values)
        if self._layer.id == "issue":
            values["name"] = str(values.get("description") or "")[:30] or None
            values["found_at"] = self._project.campaign.today
            values["status"] = "registered" if values.get("category") and values.get("source_level") else "draft"  # what 登记 asks for (domain.md 4.2)
        if self._project.features(self._layer.id).coded(str(values.get("code") or "")) is not None:
            self.editors["code"].refuse(_("已有这个编号"))
            return
        try:
            self.edit = edits.add(self._layer, values, self._at)
        except RuleBroken as broken:
            for name, reason in broken.reasons.items():
                if name in self.editors:
                    self.editors[name].refuse(reason)
            if not set(broken.reasons) & set(self.editors):
                self.refuse(str(broken))
            return
        super().accept()


def next_code(project: Project, layer: Layer) -> str:
    """The next free code: `YYYYMMDD-nnn` for issues (domain.md 8.1), else one more than the largest number."""
    codes = {str(code) for code in project.features(layer.id).column("code") if code}
    if layer.id == "issue":
        day = f"{project.campaign.today:%Y%m%d}"
        taken = [int(code[9:]) for code in codes if code.startswith(f"{day}-") and code[9:].isdigit()]
        return f"{day}-{max(taken, default=0) + 1:03d}"
    return f"{max((int(code) for code in codes if code.isdigit()), default=0) + 1:03d}"


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        return None
