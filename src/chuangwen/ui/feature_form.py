"""The form of one or several features, built from the layer's file. Every accepted field is written at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QVBoxLayout, QWidget

from chuangwen.domain import edits
from chuangwen.domain.feature import Feature
from chuangwen.domain.layer import Layer
from chuangwen.domain.values import Scalar, plain
from chuangwen.errors import Conflict, DataProblem, RuleBroken, UserError
from chuangwen.services.deadlines_by_hand import checked, read_time, set_due
from chuangwen.services.timing import timekeeper
from chuangwen.text import _
from chuangwen.ui.field_editors import SEVERAL, FieldEditor
from chuangwen.ui.session import Session


class FeatureForm(QWidget):
    """Fields in their groups. The status of an issue is not among them: it moves by its own buttons."""

    def __init__(self, session: Session, layer: Layer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._layer = session, layer
        self.editors: dict[str, FieldEditor] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 2, 12, 12)
        column.setSpacing(4)
        project = session.project
        assert project is not None
        for group in layer.groups or ("",):
            fields = [field for field in layer.fields if (field.group == group or not layer.groups) and not (layer.id == "issue" and field.name == "status")]
            if not fields:
                continue
            if group:
                head = QLabel(group)
                head.setProperty("section", True)
                column.addWidget(head)
            rows = QFormLayout()
            rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
            rows.setHorizontalSpacing(10)
            rows.setVerticalSpacing(6)
            for field in fields:
                editor = FieldEditor(
                    field,
                    project.features(field.to) if field.type == "ref" and field.to == "unit" else None,
                    in_words=layer.id == "issue" and field.name == "due_at",
                )
                editor.edited.connect(lambda value, name=field.name: self._on_edited(name, value))
                label = QLabel(f"{field.title}{' *' if field.required else ''}")
                label.setMinimumWidth(66)
                label.setContentsMargins(0, 5, 0, 0)
                label.setBuddy(editor.input)
                if field.private:
                    label.setToolTip(_("个人信息，不进入公开的文件"))
                rows.addRow(label, editor)
                self.editors[field.name] = editor
            column.addLayout(rows)
        column.addStretch(1)

    def show_features(self, features: list[Feature]) -> None:
        """Show what the features have in common. A field that is being typed in is left alone."""
        for name, editor in self.editors.items():
            values = [feature.get(name) for feature in features]
            same = all(value == values[0] for value in values)
            if not (editor.input.hasFocus() and editor.reason):
                editor.show_value(values[0] if same else SEVERAL)

    def _on_edited(self, name: str, value: Scalar) -> None:
        features = self._session.selection.features()
        editor = self.editors[name]
        project = self._session.project
        if not features or project is None:
            return
        try:
            if name == "responsible_unit" and self._layer.id == "issue":
                edit = edits.assign_unit(self._layer, features, value if isinstance(value, str) else None)
            elif self._layer.id == "issue" and name == "due_at":
                edit = set_due(project, self._layer, features, plain(value))
            elif self._layer.id == "issue" and name == "due_time":
                edit = edits.set_values(self._layer, features, {name: read_time(plain(value))})
                edit = checked(timekeeper(project), edit, features)
            else:
                edit = edits.set_values(self._layer, features, {name: value})
        except RuleBroken as broken:
            editor.refuse(broken.reasons.get(name, str(broken)))
            return
        except DataProblem as problem:
            editor.refuse(str(problem))
            return
        if not edit:
            held = {feature.get(name) for feature in features}
            editor.show_value(features[0].get(name) if len(held) == 1 else SEVERAL)  # it holds that already: nothing is wrong any more
            return
        self._session.commit(edit, self, failed=lambda error: self._on_failed(name, error))

    def _on_failed(self, name: str, error: UserError) -> None:
        """Somebody else was faster: show what stands there now, and let the user decide again."""
        self.show_features(self._session.selection.features())
        if isinstance(error, Conflict) and name in error.now:
            now = self._layer.field(name).show(error.now[name])  # type: ignore[arg-type]
            self.editors[name].refuse(_("刚被别人改为“{now}”。仍要改，请再填一次。").format(now=now or _("空")))
        else:
            self.editors[name].refuse(str(error))
