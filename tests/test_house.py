"""The rules of the house, read from the files themselves: layout, imports, budgets, bans."""

from __future__ import annotations

import ast
import fnmatch
import io
import re
import shutil
import subprocess
import token
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from streamlit import config as streamlit_config

ROOT = Path(__file__).resolve().parents[1]

TOP_LEVEL = {
    ".ci", ".gitignore", ".streamlit", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md",
    "app.py", "benchmarks", "data", "pages", "pyproject.toml", "recommender", "requirements.lock",
    "requirements.txt", "tests",
}  # fmt: skip

# A room imports only from rooms of a lower rank, or of its own rank without a circle.
# answers_values.py is a file of the room answers; __init__ is the public API, nothing else.
RANK = {
    "answers": 0, "words": 0, "catalog": 0, "estimate": 1, "decide": 2, "share": 3,
    "__init__": 4, "serve": 5, "cli": 5, "__main__": 6,
}  # fmt: skip

MODULE_LINES_MAX = 300
FUNCTION_LINES_MAX = 50
FUNCTION_LINES_P90 = 30

PALETTE = {  # closed, open-weight, small, no data
    "light": ["#D9541E", "#2A7DE1", "#0F5C52", "#8A8F98"],
    "dark": ["#E8703A", "#4C9BFF", "#9FF0D0", "#7C828C"],
}
CONTRAST_MIN = 3.0

FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "shelve", "marshal"}
FORBIDDEN_CALLS = {"eval", "exec", "read_pickle", "to_pickle"}
FORBIDDEN_FLAGS = {"unsafe_allow_html", "unsafe_allow_javascript"}
SKIPPING = {"skip", "skipif", "xfail", "importorskip"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[str, ...]:
    """Every file of the project, relative to its root: what git tracks or would track."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return tuple(name for name in listed.stdout.splitlines() if (ROOT / name).exists())
    ignored = [*(ROOT / ".gitignore").read_text(encoding="utf-8").split(), ".git/"]
    patterns = [entry.rstrip("/") for entry in ignored]
    names = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return tuple(
        sorted(
            name.as_posix()
            for name in names
            if not any(fnmatch.fnmatch(part, pattern) for part in name.parts for pattern in patterns)
            and not any(name.as_posix().startswith(pattern) for pattern in patterns)
        )
    )


def python_files(*folders: str) -> list[str]:
    """The Python files at or under the given paths; all of them without a path."""
    names = [name for name in files() if name.endswith(".py")]
    return [name for name in names if not folders or name.split("/")[0] in folders]


@cache
def parsed(name: str) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), filename=name)


def module_of(name: str) -> str:
    """recommender/decide/rules.py -> recommender.decide.rules; a package is its folder."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def imports(name: str) -> tuple[str, ...]:
    """Every module that a file imports, at the top or inside a function, as an absolute name."""
    found: list[str] = []
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parts = name.removesuffix(".py").split("/")
            start = ".".join(parts[: -node.level]) if node.level else ""
            base = ".".join(part for part in (start, node.module) if part)
            found += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return tuple(found)


def own_imports(name: str) -> set[str]:
    """The modules of recommender/ that a file names in an import, itself left out."""
    modules = {module_of(other) for other in python_files("recommender")}
    wanted = {other for other in imports(name) if other in modules}
    # `from recommender.decide import rules` asks for the module, not for the package around it.
    inner = {other for other in wanted if any(deeper.startswith(f"{other}.") for deeper in wanted)}
    return wanted - inner - {module_of(name)}


def room_of(module: str) -> str:
    """recommender.decide.rules -> decide, recommender.cli_models -> cli; the package itself is __init__."""
    _, _, inner = module.partition(".")
    name = inner.split(".")[0] or "__init__"
    return name if name.startswith("__") else name.split("_")[0]


def code_lines(source: str) -> set[int]:
    """Numbers of the lines that hold code: no blank line, comment or docstring."""
    silent = {token.COMMENT, token.NL, token.NEWLINE, token.INDENT, token.DEDENT, token.ENDMARKER}
    lines: set[int] = set()
    for piece in tokenize.generate_tokens(io.StringIO(source).readline):
        if piece.type not in silent:
            lines.update(range(piece.start[0], piece.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | Function) and ast.get_docstring(node) is not None:
            text = node.body[0]
            lines -= set(range(text.lineno, (text.end_lineno or text.lineno) + 1))
    return lines


def function_lengths() -> dict[str, int]:
    """Lines of code of each function in recommender/, by place."""
    lengths = {}
    for name in python_files("recommender"):
        lines = code_lines((ROOT / name).read_text(encoding="utf-8"))
        for node in ast.walk(parsed(name)):
            if isinstance(node, Function):
                inside = range(node.lineno, (node.end_lineno or node.lineno) + 1)
                lengths[f"{name}:{node.lineno} {node.name}"] = len(lines.intersection(inside))
    return lengths


def dotted(node: ast.AST) -> str:
    """st.components.v1.html as text; an empty text for anything else than names and dots."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def test_top_level_holds_only_the_known_names():
    """A new file at the top is a decision, not an accident."""
    assert {name.split("/")[0] for name in files()} - TOP_LEVEL == set()


def test_every_room_of_the_recommender_has_a_rank():
    """A new room is given its place in the flow."""
    rooms = {room_of(module_of(name)) for name in python_files("recommender")}
    assert rooms - set(RANK) == set()


def test_imports_flow_one_way():
    """answers, catalog -> estimate -> decide -> share -> serve, cli: never backwards."""
    backwards = [
        f"{name} imports {other}"
        for name in python_files("recommender")
        for other in sorted(own_imports(name))
        if RANK[room_of(other)] > RANK[room_of(module_of(name))]
    ]
    assert backwards == []


def test_no_room_is_in_a_circle():
    """Two rooms of one rank never need each other."""
    needs: dict[str, set[str]] = {}
    for name in python_files("recommender"):
        room = room_of(module_of(name))
        needs.setdefault(room, set()).update(room_of(other) for other in own_imports(name))
    assert circle({room: others - {room} for room, others in needs.items()}) == []


def test_no_module_is_in_a_circle():
    """No two modules of the recommender import each other, directly or round a corner."""
    assert circle({module_of(name): own_imports(name) for name in python_files("recommender")}) == []


def circle(needs: dict[str, set[str]]) -> list[str]:
    """The members of a circle among the dependencies, or an empty list."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_recommender_knows_no_interface():
    """The library works without Streamlit, Plotly or the pages."""
    seen = {
        f"{name} imports {other}"
        for name in python_files("recommender")
        for other in imports(name)
        if other.split(".")[0] in {"streamlit", "plotly", "pages", "app"}
    }
    assert seen == set()


def test_pages_do_no_arithmetic_on_constants():
    """A number in a sum belongs to the recommender or to data/; pages only draw."""
    found = [
        f"{name}:{node.lineno}"
        for name in python_files("pages", "app.py")
        if name != "pages/parts/figures.py"
        for node in ast.walk(parsed(name))
        if any(is_number(part) for part in operands(node))
    ]
    assert found == []


def operands(node: ast.AST) -> list[ast.expr]:
    """Both sides of a sum, or what `+=` adds."""
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    return [node.value] if isinstance(node, ast.AugAssign) else []


def is_number(node: ast.expr) -> bool:
    """A literal number, with or without a sign."""
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(inner, ast.Constant) and type(inner.value) in {int, float}


def test_no_dangerous_call():
    """No raw HTML or script, no pickle, no eval, no YAML loader that builds objects."""
    found = [
        f"{name}:{getattr(node, 'lineno', 0)} {what}"
        for name in python_files("recommender", "pages", "app.py", "tests", "benchmarks")
        for node in ast.walk(parsed(name))
        for what in dangers(node)
    ]
    assert found == []


def dangers(node: ast.AST) -> Iterator[str]:
    """Names of the banned things that one node of a syntax tree uses."""
    if isinstance(node, ast.keyword) and node.arg in FORBIDDEN_FLAGS:
        if not (isinstance(node.value, ast.Constant) and node.value.value is False):
            yield node.arg
    elif isinstance(node, ast.Call):
        called = dotted(node.func)
        if called.split(".")[-1] in FORBIDDEN_CALLS - {called.partition(".")[0]} or called in FORBIDDEN_CALLS:
            yield called
        if called == "yaml.load" or called.startswith("yaml.unsafe_load"):
            yield called
    elif isinstance(node, ast.Attribute):
        if "components.v1" in dotted(node):
            yield dotted(node)
    elif isinstance(node, ast.Import | ast.ImportFrom):
        names = [alias.name for alias in node.names]
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else names
        yield from (name for name in modules if name.split(".")[0] in FORBIDDEN_MODULES)
        yield from (name for name in [*modules, *names] if "components.v1" in name)


def test_recommender_catches_only_named_exceptions():
    """A broad except hides faults; the recommender has none."""
    found = [
        f"{name}:{node.lineno}"
        for name in python_files("recommender")
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.ExceptHandler) and is_broad(node.type)
    ]
    assert found == []


def is_broad(kind: ast.expr | None) -> bool:
    """Whether an except clause catches everything."""
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(each is None or dotted(each) in {"Exception", "BaseException"} for each in kinds)


def test_modules_are_short():
    """A module over the limit has grown a second subject."""
    lengths = {
        name: len(code_lines((ROOT / name).read_text(encoding="utf-8")))
        for name in python_files("recommender", "pages", "app.py")
    }
    assert {name: n for name, n in lengths.items() if n > MODULE_LINES_MAX} == {}


def test_no_function_is_long():
    """No function of the recommender is over the limit."""
    assert {place: n for place, n in function_lengths().items() if n > FUNCTION_LINES_MAX} == {}


def test_most_functions_are_short():
    """Nine functions of ten stay within a screen half."""
    lengths = sorted(function_lengths().values())
    assert lengths[int(len(lengths) * 0.9)] <= FUNCTION_LINES_P90


def test_public_names_of_the_recommender_have_docstrings():
    """Every public function and class, and every module with code, says what it is."""
    silent = [
        f"{name}: {getattr(node, 'name', 'module')}"
        for name in python_files("recommender")
        for node in [parsed(name), *parsed(name).body]
        if isinstance(node, ast.Module | ast.ClassDef | Function) and getattr(node, "body", None)
        if not getattr(node, "name", "").startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_todo_without_an_issue():
    """A reminder names the issue that keeps it."""
    pattern = re.compile("TO" + r"DO(?!\s*\(#\d+\))|FIX" + "ME")
    kinds = (".py", ".md", ".yaml", ".toml", "Makefile")
    marked = [
        name
        for name in files()
        if name.endswith(kinds) and pattern.search((ROOT / name).read_text(encoding="utf-8"))
    ]
    assert marked == []


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_readme_shows_the_two_commands(command):
    """A visitor finds both commands in the README."""
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


def test_no_test_is_skipped():
    """A test that does not run proves nothing."""
    skipped = [
        f"{name}:{node.lineno}"
        for name in python_files("tests")
        for node in ast.walk(parsed(name))
        if isinstance(node, ast.Attribute) and node.attr in SKIPPING and dotted(node).startswith("pytest.")
    ]
    assert skipped == []


def test_every_test_states_its_behaviour():
    """Each test has a docstring sentence."""
    silent = [
        f"{name}: {node.name}"
        for name in python_files("tests")
        for node in ast.walk(parsed(name))
        if isinstance(node, Function) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_lock_file_is_portable():
    """Every package is pinned with hashes; no index, host or local path is written down."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^(\S+)==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", text, flags=re.MULTILINE)
    assert len(pins) == len(re.findall(r"^\w", text, flags=re.MULTILINE))
    assert re.findall(r"^-.*|://|file:.*|(?<=via )-.*", text, flags=re.MULTILINE) == []


def test_lock_file_covers_the_requirements():
    """What requirements.txt asks for is locked."""
    wanted = re.findall(r"^([a-z]+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), flags=re.M)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert [name for name in wanted if not re.search(rf"^{name}==", lock, flags=re.M)] == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_chart_colours_are_the_class_colours(mode):
    """The theme holds the class colours, in the order closed, open-weight, small, no data."""
    assert theme(mode)["chartCategoricalColors"] == PALETTE[mode]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_chart_colours_stand_out(mode, ground):
    """Every mark has at least 3:1 contrast with the background it lies on."""
    ratios = {colour: contrast(colour, theme(mode)[ground]) for colour in PALETTE[mode]}
    assert {colour: ratio for colour, ratio in ratios.items() if ratio < CONTRAST_MIN} == {}


def theme(mode: str) -> dict[str, object]:
    """One theme of .streamlit/config.toml."""
    text = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["theme"][mode]


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two #RRGGBB colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2 relative luminance, 0 to 1."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_streamlit_knows_every_option_we_set():
    """An option that Streamlit dropped (postScriptGC is a hidden one) would be ignored silently."""
    known = streamlit_config.get_config_options()
    text = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert [name for name in option_names(tomllib.loads(text)) if name not in known] == []
    assert "runner.postScriptGC" in option_names(tomllib.loads(text))


def option_names(table: dict[str, object], prefix: str = "") -> list[str]:
    """runner.postScriptGC and the like, for every leaf of a TOML table."""
    names = []
    for key, value in table.items():
        names += option_names(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"]
    return names
