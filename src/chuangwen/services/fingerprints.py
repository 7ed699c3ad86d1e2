"""What two pictures have in common after WeChat has recompressed and shrunk one of them: a difference hash of 64 bits (docs/decisions/0007).

Whether each of 8 × 8 places is brighter than its right neighbour (N. Krawetz, "Kind of like that", 2013). Recompression and scaling change few of the bits.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.errors import FileProblem
from chuangwen.text import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ALIKE = 6
"""Bits in which two pictures of the same shot may differ."""
_SIDE = 8
_LEAST_BITS = 6  # of either kind: a bare wall or a black frame has hardly any and is like every other
_AT_ONCE = 1_000  # rows of the comparison


def fingerprint(content: bytes, name: str) -> str:
    """16 hex digits; '' for a kind of picture that cannot be opened here (HEIC) or is too large. Raises `FileProblem` for one that is broken."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content)) as picture:
            picture.draft("L", (_SIDE * 16, _SIDE * 16))  # a JPEG is decoded at an eighth of its size
            upright = ImageOps.exif_transpose(picture)
            small = upright.convert("L").resize((_SIDE + 1, _SIDE), Image.Resampling.BOX)
    except Image.DecompressionBombError:
        return ""
    except UnidentifiedImageError as error:
        if content[4:8] == b"ftyp":
            return ""
        raise _broken(name) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise _broken(name) from error
    grey = np.asarray(small, dtype=np.int16)
    bits = (grey[:, 1:] > grey[:, :-1]).ravel()
    return f"{int(np.packbits(bits).view('>u8')[0]):016x}"


def alike(hashes: Sequence[str], of: Sequence[int] | None = None) -> list[tuple[int, int]]:
    """The pairs of positions, lower first, whose hashes differ in no more than `ALIKE` bits; only those with one in `of` where it is given.

    Empty and flat hashes are like nothing.
    """
    numbers = np.array([int(one, 16) if one else 0 for one in hashes], dtype=np.uint64)
    count = np.bitwise_count(numbers)
    says = (count >= _LEAST_BITS) & (count <= _SIDE * _SIDE - _LEAST_BITS)
    telling = np.flatnonzero(says)
    asked = telling if of is None else np.array([at for at in of if says[at]], dtype=np.int64)
    found: set[tuple[int, int]] = set()
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        near: NDArray[np.bool_] = np.bitwise_count(numbers[some][:, None] ^ numbers[telling][None, :]) <= ALIKE
        rows, columns = np.nonzero(near & (some[:, None] != telling[None, :]))
        found |= {(min(one, other), max(one, other)) for one, other in zip(some[rows].tolist(), telling[columns].tolist(), strict=True)}
    return sorted(found)


def _broken(name: str) -> FileProblem:
    return FileProblem(_("照片 {file} 打不开，可能没有复制完整，没有添加。").format(file=name), hint=_("请从手机或 U 盘重新复制一份。"))
