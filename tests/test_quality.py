"""The code keeps its own rules: layers, types, style, a true `__all__`, light imports."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

import coopgraph
import layers
from coopgraph.ask.graph import CoopGraph

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "coopgraph"
SERVER = ("ledger", "paging", "push", "remote")
COMMANDS = {
    "ask", "check", "difference", "group", "mcp", "options", "publish", "read", "review", "review_terminal", "send",
    "serve", "share", "sheet", "show", "table", "write",
}  # fmt: skip
"""The modules of the command line that click reads commands for."""
HEAVY = ("rdflib", "networkx", "pyvis", "pyshacl", "IPython", "numpy", "pandas", "rich", "httpx", "rustworkx",
         "pyarrow", "duckdb")  # fmt: skip


def tool(*words: str) -> None:
    done = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    """Ruff finds nothing to complain of."""
    tool("ruff", "check", "src", "tests", "benchmarks", "--no-cache")


def test_ruff_would_format_nothing() -> None:
    """Every file is formatted as Ruff formats it."""
    tool("ruff", "format", "--check", "src", "tests", "benchmarks", "--no-cache")


def test_types_hold() -> None:
    """`mypy --strict` finds nothing in the package."""
    tool("mypy")


def test_layers_hold() -> None:
    """A module imports only from layers below it, and every module has its layer."""
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        (
            "pyoxigraph",
            {
                "answers",
                "dump",
                "interface",
                "literals",
                "local",
                "places",
                "rdf_writer",
                "rdflib_dataset",
                "sorted_rdf",
                "terms",
                "turtle",
                "turtle_comments",
                "written_forms",
                *SERVER,
            },
        ),
        ("oxrdflib", {"rdflib_dataset"}),
        ("pyvis", {"html_page"}),
        ("httpx", {"allowed_hosts", "authentication", "body", "chat", "failures", "transport"}),
        ("rustworkx", {"measures"}),
        ("pyarrow", {"column_tables", "column_formats", "duckdb_file", "parquet", "results"}),
        ("duckdb", {"duckdb_file"}),
        ("sqlite3", {"sqlite_file", "name_index", "sorted_lines"}),
        ("click", COMMANDS),
    ],
)
def test_library_is_used_in_its_home_alone(library: str, homes: set[str]) -> None:
    """Each outside library has its few modules, so that it can be exchanged there."""
    assert {path.stem for path in PACKAGE.rglob("*.py") if library in imports(path)} == homes


def test_only_the_command_line_prints() -> None:
    """No module but the command line calls print or echo."""
    for path in PACKAGE.rglob("*.py"):
        calls = {node.func.id for node in ast.walk(parsed(path))
                 if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}  # fmt: skip
        assert path.parent.name == "cli" or "print" not in calls, path


def test_public_names_are_true() -> None:
    """Every name in `__all__` is there, sorted, and none has the name of its module."""
    assert sorted(coopgraph.__all__) == coopgraph.__all__
    for name in coopgraph.__all__:
        assert getattr(coopgraph, name).__doc__
        assert not (PACKAGE / f"{name}.py").exists()


def test_a_question_imports_nothing_heavy(article_graph: CoopGraph) -> None:
    """Asking a question imports none of the libraries that cost more than the question."""
    code = (
        "import sys; from coopgraph.cli.group import cli\n"
        "cli(['query', 'partners', '-p', 'place=Liaoning', '--format', 'csv'], standalone_mode=False)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=article_graph.workspace.root, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_an_export_imports_nothing_that_it_does_not_write_with() -> None:
    """The library of networks is imported by forms that are networks alone: it takes 13 MB and a moment."""
    code = f"import sys, coopgraph.export.export; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_modules_and_functions_stay_short() -> None:
    """Modules stay within 350 lines, functions within 50, and half of the functions within 10."""
    lengths = []
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text("utf-8")
        assert text.count("\n") <= 350, path
        nodes = [n for n in ast.walk(parsed(path)) if isinstance(n, ast.FunctionDef)]
        lengths += [(n.end_lineno or 0) - n.lineno + 1 for n in nodes]
    assert max(lengths) <= 50
    assert sorted(lengths)[len(lengths) // 2] <= 10


def own_imports(path: Path, names: frozenset[str], *, at_start: bool) -> list[str]:
    """Return the module of each name that a module takes from the package, of all or of those `at_start` alone."""
    modules = []
    waiting: list[ast.AST] = [parsed(path)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("coopgraph"):
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            modules += [each if each in names else str(node.module) for each in full]
        is_later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.If)
        waiting += [] if at_start and is_later else list(ast.iter_child_nodes(node))
    return modules


def test_the_house_stays_flat() -> None:
    """The longest chain of imports is 8 modules, 10 with the site, and half of the modules take 7 names or fewer."""
    paths = {".".join(["coopgraph", *path.relative_to(PACKAGE).with_suffix("").parts]): path
             for path in PACKAGE.rglob("*.py") if path.stem not in ("__init__", "__main__")}  # fmt: skip
    names = frozenset(paths)
    below = {name: set(own_imports(path, names, at_start=True)) & names for name, path in paths.items()}

    @cache
    def depth(name: str) -> int:
        return 1 + max(map(depth, below[name]), default=0)

    assert max(depth(name) for name in names if ".site." not in name) <= 8
    assert max(map(depth, names)) <= 10
    taken = sorted(len(own_imports(path, names, at_start=False)) for path in paths.values())
    assert taken[len(taken) // 2] <= 7


def test_no_file_of_tests_is_thorough_alone() -> None:
    """Of every file of tests, `make test` runs at least one test, and of every sample at least one case."""
    for path in (ROOT / "tests").glob("test_*.py"):
        tests = [
            node
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        ]
        marks = [{ast.unparse(mark) for mark in test.decorator_list} for test in tests]
        assert any("pytest.mark.thorough" not in each for each in marks), path
        assert not any("pytest.mark.sampled(0)" in each for each in marks), path


def test_a_sample_has_every_value_that_it_can() -> None:
    """Of two sets that are crossed, a sample as large as the larger one has each value, those of the other as often."""
    pairs = [{"server": server, "question": question} for server in range(2) for question in range(10)]
    cases = [SimpleNamespace(callspec=SimpleNamespace(indices=pair)) for pair in pairs]
    sample = [case.callspec.indices for case in cases if case not in layers.beyond(cases, 10)]  # type: ignore[arg-type]
    assert sorted(pair["question"] for pair in sample) == list(range(10))
    assert sorted(pair["server"] for pair in sample) == [0] * 5 + [1] * 5


def test_no_file_names_a_machine_or_a_registry() -> None:
    """No file of the project has an absolute path of a machine or the address of a package registry."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    banned = [
        word.replace("_", "")
        for word in ("/ro_ot/", "/wo_rk/", "/ho_me/", "py_pi.org", "files.python_hosted", "registry.np_mjs")
    ]
    for name in filter(None, listed):
        path = ROOT / name
        if path.suffix not in (".png", ".svg", ".gz") and path.is_file():
            text = path.read_text("utf-8")
            assert not [word for word in banned if word in text], name


def test_coopgraph_is_installed_from_its_folder() -> None:
    """Nothing tells to install coopgraph by its name alone: in the registry that pip asks it is another project's."""
    by_name = re.compile(r"coopgraph\[|\binstall (?:-\S+ )*['\"]?coopgraph\b")
    places = [*PACKAGE.rglob("*.py"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("Containerfile")]
    for path in [*places, *ROOT.glob("*.md")]:
        assert not by_name.search(path.read_text("utf-8")), path
