"""What comes back from a patrol is read as what a stranger may have written."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from chuangwen.errors import DataProblem, FileProblem
from chuangwen.exchange.web.returned import MOST_BYTES, read_returned

GOOD: dict[str, Any] = {
    "format": "chuangwen-patrol",
    "version": 1,
    "project": "p",
    "packet": "7-x",
    "subject": "A-1 东一网格",
    "data_time": "2024-06-03T08:30:00",
    "saved_at": "2024-06-03T15:00:00",
    "patroller": "甲",
    "entries": [{"layer": "issue", "id": "1", "result": "done", "note": "修好了", "photo": "a.jpg", "at": "2024-06-03T10:00:00"}],
}
ENTRY = GOOD["entries"][0]


def saved(folder: Path, content: object) -> Path:
    """The file."""
    path = folder / "回传.json"
    path.write_bytes(content if isinstance(content, bytes) else (content if isinstance(content, str) else json.dumps(content)).encode())
    return path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    """Local time, or UTC, with a mark of byte order or without."""
    found = read_returned(saved(tmp_path, GOOD))
    assert (found.subject, found.patroller, found.data_time) == ("A-1 东一网格", "甲", dt.datetime(2024, 6, 3, 8, 30))
    assert found.entries[0].note == "修好了"

    later = {**GOOD, "saved_at": "2024-06-03T07:00:00.123Z"}
    assert read_returned(saved(tmp_path, b"\xef\xbb\xbf" + json.dumps(later).encode())).saved_at == dt.datetime(2024, 6, 3, 15, 0)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02", b"PK\x03\x04zip", b"<!doctype html><html>", b"null", b"[]", b'"text"', b"1", b"{}", "不是".encode("gbk"), b'{"format": "other"}'],
)
def test_other_files_are_refused_as_such(tmp_path: Path, content: bytes) -> None:
    """A page, a picture, nothing: no traceback, a sentence that says what to choose."""
    with pytest.raises(DataProblem, match="不是巡查回传文件"):
        read_returned(saved(tmp_path, content))


def entry(**changes: Any) -> dict[str, Any]:
    """A file whose one entry is changed."""
    return {**GOOD, "entries": [{**ENTRY, **changes}]}


@pytest.mark.parametrize(
    "content",
    [
        {**GOOD, "entries": {}},
        {**GOOD, "entries": ["x"]},
        {**GOOD, "entries": [ENTRY, ENTRY]},
        {**GOOD, "entries": [{**ENTRY, "id": str(at)} for at in range(60_000)]},
        {**GOOD, "more": 1},
        {**GOOD, "subject": 5},
        {**GOOD, "subject": "长" * 300},
        {**GOOD, "saved_at": "昨天"},
        {**GOOD, "saved_at": "9999-12-31T23:59:59-23:59"},
        {**GOOD, "data_time": "0001-01-01T00:00:00"},
        {key: value for key, value in GOOD.items() if key != "packet"},
        entry(result="closed"),
        entry(result=True),
        entry(id=7),
        entry(id=None),
        entry(note="长" * 5_000),
        entry(at="2024-13-01"),
        entry(extra="x"),
        {**GOOD, "entries": [{key: value for key, value in ENTRY.items() if key != "photo"}]},
        json.dumps(GOOD).replace('"done"', "NaN"),
        json.dumps(GOOD).replace('"done"', "Infinity"),
        json.dumps(GOOD).replace('"patroller"', '"subject": "y", "patroller"'),
    ],
)
def test_what_was_changed_by_hand_is_refused(tmp_path: Path, content: object) -> None:
    """Types, lengths, words, doubled entries, not-a-number: one sentence, nothing taken."""
    with pytest.raises((DataProblem, FileProblem), match=r"被改过|MB"):
        read_returned(saved(tmp_path, content))


@pytest.mark.parametrize("content", [json.dumps(GOOD)[:-20], "{" * 100_000, json.dumps(GOOD).replace("1,", "1" * 10_000 + ",", 1)])
def test_what_was_cut_off_is_refused(tmp_path: Path, content: str) -> None:
    """Half a file, a nest of brackets, a number without end."""
    with pytest.raises(DataProblem):
        read_returned(saved(tmp_path, content))


def test_another_version_is_said(tmp_path: Path) -> None:
    """Instead of guessed."""
    for version in (2, 0, True, "1"):
        with pytest.raises(DataProblem, match="另一版"):
            read_returned(saved(tmp_path, {**GOOD, "version": version}))


def test_a_large_file_is_not_even_read(tmp_path: Path) -> None:
    """50 MB are refused by their size."""
    path = tmp_path / "大.json"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert MOST_BYTES < 50_000_000

    with pytest.raises(FileProblem, match="50 MB"):
        read_returned(path)
    with pytest.raises(FileProblem, match=r"没有\.json"):
        read_returned(tmp_path / "没有.json")


def test_words_lose_what_is_not_seen_and_photos_their_folders(tmp_path: Path) -> None:
    """Direction marks and control characters turn sentences round; a name of a photo is never a path."""
    found = read_returned(saved(tmp_path, entry(note="好\u202e了\x00\x1b[31m\n第二行", photo="..\\..\\C:/x/y.jpg"))).entries[0]

    assert found.note == "好了[31m\n第二行"
    assert found.photo == "y.jpg"
