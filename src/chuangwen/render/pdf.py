"""The last touch to a PDF: bookmarks by street and zone, fixed dates and ids (the same data gives the same bytes)."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from pathlib import Path

import pikepdf

from chuangwen.render.halo import stroke_halos


def finish(path: Path, pages: list[tuple[str, str]], title: str, moment: dt.datetime) -> None:
    """Rewrite the file in place. `pages`: street and name of each page; `moment`: the data's time, which is the document's too."""
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        with document.open_outline() as outline:
            numbered = list(enumerate(pages))
            for street, run in groupby(numbered, key=lambda entry: entry[1][0]):
                rows = list(run)
                items = [pikepdf.OutlineItem(name, number) for number, (_street, name) in rows]
                if street:
                    head = pikepdf.OutlineItem(street, rows[0][0])
                    head.children.extend(items)
                    outline.root.append(head)
                else:
                    outline.root.extend(items)
        stroke_halos(document)
        document.docinfo["/Title"] = title
        stamp = f"D:{moment:%Y%m%d%H%M%S}+08'00'"
        for key in ("/CreationDate", "/ModDate"):
            document.docinfo[key] = stamp
        if "/Metadata" in document.Root:
            del document.Root["/Metadata"]  # Qt's copy of title and time of day
        document.Root.PageMode = pikepdf.Name.UseOutlines
        document.Root.Lang = "zh-CN"
        if "/ID" in document.trailer:
            del document.trailer["/ID"]  # Qt's is a throw of the dice; a new one is made from the content
        document.save(path, deterministic_id=True, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
