"""What an office has printed on every sheet: taken as it can be printed, refused with a reason where it cannot."""

from __future__ import annotations

import pytest

from chuangwen.domain.imprint import Imprint
from chuangwen.errors import RuleBroken


def test_blanks_at_the_ends_are_taken_off() -> None:
    """A pasted line has them."""
    assert Imprint(heading="示范区指挥部", footer="", mark="内部") == Imprint(heading=" 示范区指挥部\n", footer=" ", mark="内部　").checked()
    assert Imprint(logo="logo/1a.png") == Imprint(logo="logo/1a.png").checked()


@pytest.mark.parametrize(
    ("imprint", "field", "word"),
    [
        (Imprint(heading="长" * 41), "heading", "最多 40 个字，现在 41"),
        (Imprint(office="一行\n两行"), "office", "一行"),
        (Imprint(footer="长" * 61), "footer", "页脚"),
        (Imprint(mark="一\u2028二"), "mark", "一行"),
        (Imprint(logo="../别人的.png"), "logo", "文件夹"),
        (Imprint(logo="/etc/logo.png"), "logo", "文件夹"),
        (Imprint(logo="C:\\logo.png"), "logo", "文件夹"),
    ],
)
def test_what_cannot_be_printed_is_said_beside_its_field(imprint: Imprint, field: str, word: str) -> None:
    """One reason for each."""
    with pytest.raises(RuleBroken) as told:
        imprint.checked()
    assert [field] == list(told.value.reasons)
    assert word in told.value.reasons[field]
