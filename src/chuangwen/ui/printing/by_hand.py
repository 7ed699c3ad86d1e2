"""What is changed on a sheet by hand: kept in the project at once, one step after the other to be taken back while the window is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chuangwen.errors import UserError
from chuangwen.render.paper.page import Page
from chuangwen.services.paper.handwork import Handwork, key_of, of_project
from chuangwen.services.paper.sheet import Sheet
from chuangwen.store.base import SheetKey
from chuangwen.ui.session import Session


class ByHand:
    """`changed(sheet)` is called when it is written, `refused(error)` when it cannot be."""

    def __init__(self, session: Session, changed: Callable[[Sheet], None], refused: Callable[[UserError], None]) -> None:
        self._session, self._changed, self._refused = session, changed, refused
        assert session.project is not None
        self._hands: dict[SheetKey, Handwork] = of_project(session.project)
        self._steps: list[tuple[Sheet, Handwork]] = []

    def of(self, sheet: Sheet) -> Handwork:
        """What was changed on a sheet."""
        return self._hands.get(key_of(sheet), Handwork())

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to be taken back."""
        return bool(self._steps)

    def drag_ground(self, page: Page, dx: float, dy: float) -> None:
        """The map of a page was dragged by so many mm."""
        self._set(page.sheet, self.of(page.sheet).dragged(dx, dy, page.sheet.map))

    def move_label(self, page: Page, layer: str, row_id: str, pin: tuple[float, float] | None) -> None:
        """A label was moved; None: back to where the program puts it."""
        self._set(page.sheet, self.of(page.sheet).labelled(layer, row_id, pin))

    def set_scale(self, page: Page, denominator: float) -> None:
        """Another scale for this sheet."""
        self._set(page.sheet, replace(self.of(page.sheet), denominator=denominator))

    def show_layer(self, page: Page, layer: str, *, on: bool) -> None:
        """A layer shown or not on this sheet."""
        hand = self.of(page.sheet)
        self._set(page.sheet, replace(hand, hidden=hand.hidden - {layer} if on else hand.hidden | {layer}))

    def turn(self, page: Page, *, landscape: bool) -> None:
        """The paper of this sheet turned."""
        self._set(page.sheet, replace(self.of(page.sheet), landscape=landscape))

    def reset(self, page: Page) -> None:
        """As it was planned."""
        self._set(page.sheet, Handwork())

    def undo(self) -> None:
        """Take back the last step, on whichever sheet it was."""
        if self._steps:
            sheet, before = self._steps.pop()
            self._write(sheet, before)

    def _set(self, sheet: Sheet, hand: Handwork) -> None:
        before = self.of(sheet)
        if hand != before:
            self._steps.append((sheet, before))
            self._write(sheet, hand)

    def _write(self, sheet: Sheet, hand: Handwork) -> None:
        key, before = key_of(sheet), self.of(sheet)
        self._hands[key] = hand

        def failed(error: UserError) -> None:
            self._hands[key] = before
            self._refused(error)
            self._changed(sheet)

        self._session.keep_handwork(key, hand, lambda: self._changed(sheet), failed)
