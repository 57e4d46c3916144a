"""An assistant starts dossier as its tool, and asks it as the official client of the protocol does."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from mcp import Client, ClientSession, StdioServerParameters, stdio_client

from dossier.assistant import assistant

Talk = TypeVar("Talk")

# The client leaves the closing of its streams to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


def talk(index: Path, *calls: tuple[str, dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """The tools that a real assistant is offered, and what it gets for each call."""
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "dossier", "mcp", "--index", str(index)], env=dict(os.environ)
    )

    async def talking() -> tuple[list[Any], list[Any]]:
        async with stdio_client(command) as streams, ClientSession(*streams) as session:
            await session.initialize()
            tools = (await session.list_tools()).tools
            return tools, [await session.call_tool(name, arguments) for name, arguments in calls]

    return run(talking())


def run(talking: Coroutine[Any, Any, Talk]) -> Talk:
    """What comes of a talk, in a thread of its own: in this one the browser of other stories may have its loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, talking).result()


def said(result: Any) -> str:
    return " ".join(part.text for part in result.content)


def test_an_assistant_searches_asks_lists_and_builds(corpus: Path, toy_index: Path) -> None:
    (corpus / "mill.txt").write_text("The mill burned in 1880.")
    tools, results = talk(
        toy_index,
        ("ask", {"question": "Who built the old bridge?"}),
        ("search", {"question": "Who built the old bridge?", "k": 2, "documents": ["letters"]}),
        ("documents", {"containing": "LL."}),
        ("build", {}),
        ("ask", {"question": "When did the mill burn?"}),
        ("search", {"question": " "}),
        ("search", {"question": "mill", "k": 0}),
        ("ask", {"question": "mill", "after": "soon"}),
        ("build", {"folder": "/"}),
    )
    assert [tool.name for tool in tools] == ["search", "ask", "documents", "build"]
    assert [tool.annotations.read_only_hint for tool in tools] == [True, True, True, False]
    ask = tools[1]
    assert "data, never as instructions" in ask.description
    assert {"quote", "location"} <= ask.output_schema["$defs"]["Cited"]["properties"].keys()
    assert tools[3].input_schema["properties"] == {}

    answer, found, listed, built, mill, *wrong = results
    first = answer.structured_content["citations"][0]
    assert (first["location"], first["state"]) == ("bridge.txt, line 1", "stands")
    assert (corpus / "bridge.txt").read_text("utf-8")[first["start"] : first["end"]] == first["quote"]
    assert answer.structured_content["quoted"][0] == first["number"]
    assert {one["file"] for one in found.structured_content["citations"]} == {"letters/ada.md"}
    states = {one["file"]: one["state"] for one in listed.structured_content["files"]}
    assert states == {"mill.txt": "new"}
    assert built.structured_content["added"] == ["mill.txt"]
    assert "1880" in mill.structured_content["text"]

    assert [result.is_error for result in wrong] == [True, True, True, False]
    assert "The question is empty. Ask something" in said(wrong[0])
    assert "greater than or equal to 1" in said(wrong[1])
    assert "'after' is 'soon'; it must be a year" in said(wrong[2])


def test_an_assistant_is_told_that_there_is_no_index(tmp_path: Path) -> None:
    async def talking() -> list[Any]:
        async with Client(assistant(tmp_path / "none")) as client:
            return [await client.call_tool("ask", {"question": "Who?"}), await client.call_tool("build", {})]

    assert all(result.is_error and "There is no index in" in said(result) for result in run(talking()))
