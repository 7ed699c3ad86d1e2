"""Pictures as a document holds them: turned upright, no finer than print needs, without what the telephone wrote into the file."""

from __future__ import annotations

import io

from chuangwen.errors import FileProblem
from chuangwen.exchange.documents.package import Picture
from chuangwen.text import _

_LONGEST = 1600
"""Pixels of a photo's longer side in print (domain.md 4.3). A map, which is a PNG, keeps its own up to twice that."""


def prepared(content: bytes, what: str) -> tuple[Picture, tuple[int, int]]:
    """The picture and its size in pixels. `what` names it in the `FileProblem` raised for bytes that are no picture."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content)) as found:
            drawn = found.format == "PNG"
            image = ImageOps.exif_transpose(found)
            image = image.convert("RGB" if not drawn or not found.has_transparency_data else "RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        message = _("“{what}”不是能用的图片，文书没有写出。").format(what=what or _("图片"))
        raise FileProblem(message, hint=_("请在照片栏里删去它，换一张再试。")) from error
    longest = _LONGEST * 2 if drawn else _LONGEST
    image.thumbnail((longest, longest))
    image.info.clear()  # comments, places and times
    packed = io.BytesIO()
    image.save(packed, "PNG" if drawn else "JPEG", quality=85)
    return Picture(packed.getvalue(), "png" if drawn else "jpg"), image.size
