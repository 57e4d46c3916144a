"""The shape of the house: who may import whom, what the front door offers, and that the tools find nothing to say."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import dossier
from dossier.cli import _parser

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "src" / "dossier"

# Who may import whom: downward only.
BELOW = {
    "records": set(),
    "errors": set(),
    "events": set(),
    "stages": {"errors"},
    "settings": {"errors"},
    "reading": {"records", "errors", "reading"},
    "indexing": {"records", "errors", "settings", "indexing"},
    "indexing.building": {"records", "errors", "settings", "indexing", "reading"},
    "indexing.rereading": {"records", "indexing", "reading"},
    "indexing.watching": {"records", "errors", "events", "reading"},
    "answering": {"records", "errors", "settings", "stages", "indexing", "answering"},
    "dossier": {"records", "errors", "stages", "settings", "models", "overview", "answering", "indexing", "reading"},
    "doctor": {"errors", "settings", "indexing", "dossier"},
    "upkeep": {"records", "errors", "settings", "answering", "indexing", "dossier"},
    "curating": {"records", "errors", "dossier", "indexing", "reading"},
    "answers": {"records"},
    "reports": {"records"},
    "models": {"errors", "settings", "answering", "indexing"},
    "overview": {"records", "errors", "settings", "indexing", "reading"},
    "rendering": {"records", "dossier", "indexing", "answering", "rendering"},
    "listing": {"records", "dossier", "rendering"},
    "escaping": set(),
    "calls": {"dossier"},
    "judging": {"records", "errors", "indexing"},
    "assistant": {"records", "errors", "dossier", "calls"},
    "cli": {"commands", "errors", "events", "rendering"},
    "commands": {
        "records",
        "errors",
        "events",
        "settings",
        "dossier",
        "doctor",
        "upkeep",
        "rendering",
        "web",
        "evaluation",
        "assistant",
    },
    "web": {
        "calls",
        "judging",
        "records",
        "errors",
        "events",
        "stages",
        "settings",
        "dossier",
        "upkeep",
        "curating",
        "rendering",
        "web",
    },
    "evaluation": {"records", "errors", "settings", "dossier", "rendering", "evaluation"},
    "evaluation.calibrating": {"records", "errors", "settings", "evaluation", "answering"},
    "evaluation.cases": {"records", "errors", "settings", "dossier", "evaluation", "answering"},
    "training": {"records", "errors", "settings", "dossier", "indexing", "answering", "training"},
    "evaluation.anchoring": {"records", "errors", "dossier", "rendering", "answering", "indexing", "reading"},
}


# Rooms that stand side by side: who may enter the first may enter the others.
TOGETHER = {
    "records": {"answers", "reports"},
    "dossier": {"models", "overview"},
    "rendering": {"listing", "escaping"},
}


def imported_rooms(file: Path) -> set[str]:
    """The rooms that a file imports from, late imports too."""
    modules = [node.module for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    return {module.split(".")[1] for module in modules if module and module.startswith("dossier.")}


@pytest.mark.parametrize("file", sorted(HOUSE.rglob("*.py")), ids=lambda file: file.relative_to(HOUSE).as_posix())
def test_rooms_import_downward_only(file: Path) -> None:
    name = file.relative_to(HOUSE).with_suffix("").as_posix().replace("/", ".")
    if name.startswith("__") or name.endswith("__init__"):
        return
    allowed = BELOW[name] if name in BELOW else BELOW[name.split(".")[0]]
    allowed = allowed.union(*(TOGETHER.get(room, ()) for room in allowed))
    assert imported_rooms(file) <= allowed


@pytest.mark.parametrize("wing", ["reading", "indexing", "answering", "web", "evaluation", "training"])
def test_a_wing_begins_with_one_sentence_and_no_imports(wing: str) -> None:
    body = ast.parse((HOUSE / wing / "__init__.py").read_text("utf-8")).body
    assert [type(node) for node in body] == [ast.Expr]


def test_the_front_door_exports_exactly_what_it_says() -> None:
    offered = {
        name for name, value in vars(dossier).items() if not name.startswith("_") and not hasattr(value, "__path__")
    }
    rooms = {file.stem for file in HOUSE.glob("*.py")}
    assert offered - rooms == set(dossier.__all__) - rooms


def test_heavy_libraries_are_imported_late() -> None:
    heavy = {"torch", "transformers", "mcp", "sentence_transformers", "openvino", "gradio", "faiss", "bm25s", "sklearn"}
    heavy |= {"lxml", "pypdfium2"}
    program = f"import sys, dossier.cli; print({heavy} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


def test_each_command_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = next(action.choices for action in _parser()._actions if isinstance(action.choices, dict))
    for command in commands:
        assert f"dossier {command}" in readme


@pytest.mark.parametrize(
    "tool", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]], ids=["lint", "format", "types"]
)
def test_the_tools_find_nothing_to_say(tool: list[str]) -> None:
    found = subprocess.run([sys.executable, "-m", *tool], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
