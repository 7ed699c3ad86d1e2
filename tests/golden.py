"""Comparing pictures with the ones that were looked at and found good.

`CHUANGWEN_ACCEPT=1 pytest tests/render/test_golden.py` takes the present pictures as the new references; the commit says why they changed.
On failure `out/golden/<case>.png` shows result, reference and difference side by side.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

Pixels = NDArray[np.uint8]

FAR = 32  # steps of 256 from which a pixel counts as another colour
SHARE = 0.001  # of the pixels that may be so
MEAN = 0.5  # steps by which the whole picture may differ
OUT = Path(__file__).parents[1] / "out" / "golden"


@dataclass(frozen=True)
class Difference:
    """How two pictures differ: share of pixels that are `far` off in some channel, and the mean step over all."""

    share: float
    mean: float

    def within(self, share: float = SHARE, mean: float = MEAN) -> bool:
        """Whether the pictures count as the same."""
        return self.share <= share and self.mean <= mean


def pixels(image: QImage) -> Pixels:
    """(height, width, 3) of 0…255."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    raw = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), plain.bytesPerLine() // 4, 4)
    return raw[:, : plain.width(), 2::-1].copy()


def compare(result: Pixels, reference: Pixels, far: int = FAR) -> Difference:
    """The difference of two pictures. Pictures of different size differ altogether."""
    if result.shape != reference.shape:
        return Difference(1.0, 255.0)
    # Signed before subtracting: with unsigned bytes a darker picture wraps round and may pass for the same.
    off = np.abs(result.astype(np.int16) - reference.astype(np.int16))
    return Difference(float((off.max(axis=2) > far).mean()), float(off.mean()))


def check(case: Path, image: QImage) -> None:
    """Fail unless `image` is the reference of the folder `case`, or take it as such when asked to."""
    reference = case / "reference.png"
    if os.environ.get("CHUANGWEN_ACCEPT"):
        assert image.save(str(reference))
        return
    assert reference.exists(), f"{case.name}: no reference.png; look at the picture, then run with CHUANGWEN_ACCEPT=1"
    now, wanted = pixels(image), pixels(QImage(str(reference)))
    found = compare(now, wanted)
    if not found.within():
        OUT.mkdir(parents=True, exist_ok=True)
        beside = side_by_side(now, wanted)
        beside.save(str(OUT / f"{case.name}.png"))
    assert found.within(), f"{case.name}: {found.share:.3%} of the pixels differ, mean {found.mean:.2f}; see out/golden/{case.name}.png"


def side_by_side(result: Pixels, reference: Pixels) -> QImage:
    """Result, reference, and what differs in black on white."""
    height = max(result.shape[0], reference.shape[0])
    shown = [result, reference]
    if result.shape == reference.shape:
        off = np.abs(result.astype(np.int16) - reference.astype(np.int16)).max(axis=2)
        shown.append(np.repeat(255 - np.minimum(off * 4, 255).astype(np.uint8)[:, :, None], 3, axis=2))
    padded = [np.pad(one, ((0, height - one.shape[0]), (0, 8), (0, 0)), constant_values=200) for one in shown]
    whole = np.ascontiguousarray(np.concatenate(padded, axis=1))
    return QImage(whole.data, whole.shape[1], whole.shape[0], whole.shape[1] * 3, QImage.Format.Format_RGB888).copy()
