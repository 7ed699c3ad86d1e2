"""The house's words: screen text through gettext, SQL in the store only, names that say something. Each guard is seen to fail on a planted fault."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.build import ROOT

SOURCE = ROOT / "src" / "chuangwen"
HAN = re.compile(r"[\u4e00-\u9fff]")
PLACES = ("ui", "services", "render", "exchange", "store", "domain", "cli", "app.py", "settings.py", "progress.py", "errors.py")
DATA = {"_GUESSES", "_PRODUCER", "_ZONES"}
"""Tables of words that are matched or written into files, never shown: file names that tell a layer, the producer of a PDF, a demo file."""
WORDS_OF_FILES = {
    "ui/pictures.py": "a street of the demo",
    "render/extraction.py": "characters that fonts are known to lose",
    "render/compounds.py": "how numbers of buildings are written",
    "domain/personal.py": "words before a telephone, the form of a name",
    "domain/calendar.py": "the measure word in 3个工作日",
    "domain/checklist.py": "例 and 不适用 as results of a checklist have them",
    "domain/lifecycle.py": "states and buttons of the trade: kept in files, matched on import, shown as they stand",
    "domain/resolution_record.py": "the words of a stored record, never translated: old records stay readable",
    "domain/values.py": "是 / 否 / 无 and dates as cells have them",
    "exchange/character_model.py": "the everyday characters of both scripts",
    "exchange/encoding_names.py": "what a .cpg calls an encoding",
    "exchange/field_repair.py": "the ending that a field name may have",
    "exchange/field_tables.py": "titles and names of field tables",
    "exchange/cells.py": "lengths and counts as cells have them",
    "exchange/codes.py": "numerals and words around the numbers of zones",
    "exchange/control_table.py": "titles of a table of control points",
    "exchange/crs_names.py": "the names of coordinate systems as files have them",
    "exchange/coordinates.py": "degrees, minutes and compass words as cells have them",
    "exchange/building_ranges.py": "words after the number of a building",
    "exchange/duty_lists.py": "titles of rosters, times of day as cells have them",
    "exchange/filling.py": "同上 and its kin, headers of columns that are typed once a group",
    "exchange/grouping_words.py": "how streets, communities, units and days end",
    "exchange/headers.py": "栏次 and 甲 乙 丙 under a header",
    "exchange/incoming.py": "the name of a column without a title",
    "exchange/list_meta.py": "附件1 above a list",
    "exchange/list_names.py": "dates and marks of copies in the names of files",
    "exchange/list_rows.py": "rows of a list that are no records: 合计, 填表人, 一、…",
    "exchange/telling.py": "numbers and directions in a description",
    "exchange/vector_out.py": "the name of a file",
    "exchange/dissolve.py": "column titles that name a larger zone or count something",
    "exchange/matching.py": "column titles that tell the datum or the field",
    "exchange/office_dates.py": "dates and deadlines as cells have them",
    "exchange/people.py": "words around telephones, double surnames",
    "exchange/reading.py": "what stands between the two ends of a road in a cell",
    "exchange/shift_check.py": "words in the names of files that say a shift was taken out",
    "exchange/written_shapes.py": "titles of a column of shapes",
    "services/checks/rosters.py": "what stands between two times of day in a cell",
    "services/pictures_in.py": "column titles that tell a picture after the rectification",
    "exchange/reference.py": "column titles that tell a name or a code",
    "exchange/shapes.py": "what GEOS says of a broken shape, in Chinese",
    "exchange/splitting.py": "一是 … 二是 … inside a cell",
    "exchange/units.py": "roles, seals and joining words as cells have them",
    "exchange/workbook_out.py": "the name of a typeface",
    "ui/import_pictures.py": "names and cells of files as offices send them, made for the pictures",
    "settings.py": "the office's name until it is set",
}
"""Files below the window whose words are the trade's or other people's files', each with its reason. A new one needs one."""


def modules(*places: str) -> Iterator[Path]:
    """The Python files of some places below the package."""
    for place in places:
        path = SOURCE / place
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def unwrapped(text: str) -> list[str]:
    """Chinese literals that do not go through `_()`: docstrings and data tables excepted."""
    tree = ast.parse(text)
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
            skipped.update(id(one) for argument in node.args for one in ast.walk(argument))
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id in DATA for target in targets) and node.value is not None:
                skipped.update(id(one) for one in ast.walk(node.value))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and HAN.search(node.value) and id(node) not in skipped
    ]


def raised(text: str) -> list[str]:
    """Chinese literals below a `raise` that do not go through `_()`."""
    return [word for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Raise) for word in unwrapped(ast.unparse(node))]


def glued(text: str) -> list[str]:
    """f-strings inside `_()`: their words can never be found in a catalogue."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"]
    return [ast.unparse(call) for call in calls if any(not isinstance(argument, ast.Constant) for argument in call.args)]


def test_screen_words_go_through_gettext() -> None:
    """Whoever writes the English catalogue finds every sentence."""
    assert unwrapped('"""文档"""\nx = _("好")\n') == []
    assert unwrapped('x = "坏"') == ["坏"]
    assert glued('_(f"坏{x}")')

    found = {path.relative_to(SOURCE).as_posix(): unwrapped(path.read_text(encoding="utf-8")) for path in modules(*PLACES)}
    assert {name: words for name, words in found.items() if words and name not in WORDS_OF_FILES} == {}
    assert [name for name in WORDS_OF_FILES if not found[name]] == []


def test_sentences_to_the_user_are_wrapped_everywhere() -> None:
    """Also in the files that are excepted above: whatever is raised is read by somebody."""
    assert raised('raise FileProblem("坏")') == ["坏"]
    assert raised('raise FileProblem(f"坏 {x}", "因")') == ["因", "坏 "]
    assert raised('raise FileProblem(_("好"))') == []

    found = {path.relative_to(SOURCE).as_posix(): raised(path.read_text(encoding="utf-8")) for path in modules(*PLACES)}
    assert {name: words for name, words in found.items() if words} == {}
    assert [line for path in modules(".") for line in glued(path.read_text(encoding="utf-8"))] == []


SQL = re.compile(r"^\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s.+\sSET|DELETE\s+FROM|CREATE\s+\w+|DROP\s+\w+|ALTER\s+TABLE|PRAGMA)\b", re.DOTALL)
"""Upper case, as statements are written: a docstring begins with one capital."""


def sql_in(text: str) -> list[str]:
    """Statements in string literals."""
    literals = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    return [one for one in literals if isinstance(one, str) and SQL.match(one)]


def test_only_the_store_speaks_sql() -> None:
    """Decision 3 of design.md."""
    assert sql_in('run("SELECT a FROM b")') == ["SELECT a FROM b"]

    found = [(path.name, line) for path in modules(".") if "store" not in path.parts for line in sql_in(path.read_text(encoding="utf-8"))]
    assert found == []


def test_files_are_one_idea_with_a_name() -> None:
    """No file over 500 lines, no utils, helpers or managers, no class of such a name."""
    names = re.compile(r"(utils?|helpers?|managers?|misc|common)$", re.IGNORECASE)
    assert names.search("map_utils")

    assert [path.name for path in modules(".") if names.search(path.stem)] == []
    assert [path.name for path in modules(".") if len(path.read_text(encoding="utf-8").splitlines()) > 500] == []
    classes = [node.name for path in modules(".") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ClassDef)]
    assert [name for name in classes if names.search(name)] == []


def tracked() -> list[Path]:
    """The files that git has."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    return [ROOT / name for name in listed.split("\0") if name]


def test_no_address_of_a_registry_and_no_path_of_a_machine() -> None:
    """The lock and the build files name no index; no tracked text names a home or a workplace."""
    address = re.compile(r"https?://|index-url|find-links\s")
    machine = re.compile(r"/(work|root|home)/(main|fresh|[a-z]+/)")
    assert address.search("--index-url https://x")
    assert machine.search("see /" + "work/main/out")

    build = [path for path in tracked() if path.name in ("requirements.lock", "Makefile", "pyproject.toml") or ".ci" in path.parts]
    assert [path.name for path in build if address.search(path.read_text(encoding="utf-8"))] == []
    texts = [path for path in tracked() if path.suffix in (".py", ".md", ".toml", ".lock", "") and path.is_file()]
    assert [path.name for path in texts if machine.search(path.read_text(encoding="utf-8"))] == []
