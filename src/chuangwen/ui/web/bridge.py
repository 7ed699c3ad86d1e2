"""What the page in the window can say and hear: two names, a layer and a feature's id. Everything it says is taken as a stranger's word."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from chuangwen.ui.session import Session


class Bridge(QObject):
    """Known to the page as `program`. A selection goes each way once: what came from the page does not go back to it."""

    selected = Signal(str, str)  # layer, id; '' for none
    ready = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        session.selection.changed.connect(self._on_selected)

    @Slot(str, str)
    def picked(self, layer: str, row_id: str) -> None:
        """The reader chose a feature in the page, or none."""
        project = self._session.project
        if project is None:
            return
        if not layer:
            self._session.selection.clear(self)
        elif layer in project.layers and row_id in project.features(layer).index:
            self._session.selection.set(layer, [row_id], self)

    @Slot()
    def met(self) -> None:
        """The page is drawn and listens."""
        self.ready.emit()
        self._tell()

    def _on_selected(self, source: object) -> None:
        if source is not self:
            self._tell()

    def _tell(self) -> None:
        chosen = self._session.selection
        one = len(chosen.ids) == 1
        self.selected.emit(chosen.layer if one else "", chosen.ids[0] if one else "")
