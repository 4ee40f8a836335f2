"""The house keeps its rules: import contracts notice a breach, every library has a home, modules stay readable."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = PYPROJECT["tool"]["importlinter"]["contracts"]
PROTECTED = [contract for contract in CONTRACTS if contract["type"] == "protected"]
MODULES = sorted(path for package in ("monitor", "storage") for path in (ROOT / package).rglob("*.py"))
SCRIPTS = ROOT / "storage" / "migrations" / "versions"

LAYERS, PLACES, PURE = (contract["name"] for contract in CONTRACTS if contract["type"] != "protected")

# For each contract on layers and pure rooms, lines that break it: (module, line).
BREACHES = [
    (LAYERS, "monitor/text/__init__.py", "import monitor.match"),
    (LAYERS, "monitor/match/__init__.py", "import monitor.parse"),
    (LAYERS, "monitor/settings/__init__.py", "import storage"),
    (LAYERS, "storage/__init__.py", "import monitor.app"),
    (PLACES, "monitor/stray.py", "import monitor.model"),
    (PURE, "monitor/alert/__init__.py", "import logging"),
    (PURE, "monitor/cadence.py", "import time"),
    (PURE, "monitor/model/__init__.py", "import random"),
]  # fmt: skip
HOMES = [(contract["name"], library) for contract in PROTECTED for library in contract["protected_modules"]]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages that may be broken; each test mends it again."""
    copy = tmp_path_factory.mktemp("house")
    for package in ("monitor", "storage"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def test_the_contracts_are_kept(house: Path) -> None:
    assert broken(house) == []


@pytest.mark.parametrize(("contract", "module", "line"), BREACHES)
def test_a_breach_of_the_layers_is_noticed(house: Path, contract: str, module: str, line: str) -> None:
    assert contract in broken(house, module, line)


@pytest.mark.parametrize(("contract", "library"), HOMES)
def test_a_library_used_outside_its_home_is_noticed(house: Path, contract: str, library: str) -> None:
    assert contract in broken(house, "monitor/pipeline/stray.py", f"import {library}")


def test_no_contract_is_without_a_breach_that_shows_it() -> None:
    shown = {contract for contract, *_ in BREACHES} | {contract for contract, _ in HOMES}

    assert {contract["name"] for contract in CONTRACTS} == shown


def test_every_library_that_is_imported_has_its_one_home() -> None:
    homeless = {
        (library, str(path.relative_to(ROOT)))
        for path in MODULES
        for library in imported(path)
        if library not in sys.stdlib_module_names | {"monitor", "storage"}
        if library not in {name for _, name in HOMES}
    }

    assert homeless == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_for_and_stays_readable(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    too_long = [
        f"{function.name}: {length(function)} lines"
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        if length(function) > 50 and SCRIPTS not in path.parents
    ]

    assert len(ast.get_docstring(tree) or "") >= 10
    assert len(source.splitlines()) - documented(tree) <= 300
    assert too_long == []


def test_functions_are_short_as_a_rule() -> None:
    lengths = sorted(
        length(node)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )

    assert lengths[len(lengths) // 2] <= 8


@pytest.mark.parametrize("word", ["utils", "helpers", "manager", "misc", "common"])
def test_no_module_is_named_for_nothing(word: str) -> None:
    assert [path for path in MODULES if word in path.stem.split("_")] == []


def broken(house: Path, module: str = "", line: str = "") -> list[str]:
    """Add a line to a module of the copy; return the names of the contracts that are broken then."""
    path = house / module if module else None
    before = path.read_text(encoding="utf-8") if path and path.exists() else None
    if path:
        path.write_text((before or "") + f"\n{line}\n", encoding="utf-8")
    try:
        command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
        done = subprocess.run(
            [*command, "--no-logo", "--cache-dir", ".cache"], cwd=house, capture_output=True, text=True, check=False
        )
    finally:
        if path and before is not None:
            path.write_text(before, encoding="utf-8")
        elif path:
            path.unlink()
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    found = [row.removesuffix(" BROKEN") for row in done.stdout.splitlines() if row.endswith(" BROKEN")]
    assert bool(found) == bool(done.returncode)
    return found


def imported(path: Path) -> Iterator[str]:
    """Return the first names of everything a module imports, at any depth."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function has, its docstring left out."""
    return (function.end_lineno or function.lineno) - function.lineno + 1 - documented(function)


def documented(node: ast.AST) -> int:
    """Return how many lines of docstrings are in a module or function; `ports` is little else."""
    return sum(
        (first.end_lineno or first.lineno) - first.lineno + 1
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and inner.body
        if isinstance(first := inner.body[0], ast.Expr) and isinstance(first.value, ast.Constant)
    )
