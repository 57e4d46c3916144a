"""Forms: what a call must look like before Gradio takes it, which trusts whoever calls further than it should."""

from __future__ import annotations

import json
import re
from inspect import signature
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio as gr

# The fields of a call that go on, and their kinds; all others are left out.
KINDS: dict[str, type | tuple[type, ...]] = {
    "data": object,
    "event_data": object,
    "fn_index": int,
    "trigger_id": (int, type(None)),
    "session_hash": str,
    "event_id": (str, type(None)),
    "component_id": int,
    "fn_name": str,
}
# Which of them each door needs.
NEEDED = {
    "queue": {"data", "fn_index", "session_hash"},
    "run": {"data", "fn_index"},
    "call": {"data"},
    "component_server": {"data", "component_id", "fn_name", "session_hash"},
    "cancel": {"session_hash", "fn_index", "event_id"},
    "reset": {"event_id"},
}
HASH = re.compile(r"[\w-]{1,64}", re.ASCII)
MULTIPART = re.compile(r"multipart/form-data\s*;\s*boundary=\"?[\w'()+,./:=? -]{1,70}\"?", re.ASCII | re.IGNORECASE)
# Nothing that the page or a program sends is nested any deeper.
DEEPEST = 32


class MalformedError(Exception):
    """A call is not of the form that its door takes."""


def well_formed(door: str, body: bytes, content_type: str, blocks: gr.Blocks) -> bytes:
    """The body of a call as it goes on to Gradio; one of another protocol goes on as it is.

    ``door`` is the path after the API's prefix. Raises `MalformedError`.
    """
    kind, _, name = door.strip("/").partition("/")
    if kind not in NEEDED:
        return body
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise MalformedError("The content type must be application/json.")
    named = kind == "call" and name.startswith("v2/")
    try:
        given = json.loads(body)
        fields = given if isinstance(given, dict) else {}
        fields = fields if named else {key: fields[key] for key in KINDS if key in fields}
        if _depth(fields) > DEEPEST:
            raise MalformedError(f"The call is nested more than {DEEPEST} deep.")
        passed_on = json.dumps(fields, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise MalformedError("The call is not JSON text in UTF-8.") from None
    if named:
        _check_named(name.removeprefix("v2/"), fields, blocks)
        return passed_on
    if kind == "run" and b"gradio.FileData" in passed_on:
        raise MalformedError("Files can't be given to this function.")
    missing = sorted(NEEDED[kind] - fields.keys())
    if missing:
        raise MalformedError(f"The call is no JSON object with the fields {', '.join(sorted(NEEDED[kind]))}.")
    for key, value in fields.items():
        if not isinstance(value, KINDS[key]) or (isinstance(value, bool) and key not in ("data", "event_data")):
            raise MalformedError(f"The field {key} is of another kind than it must be.")
    _check(kind, name, fields, blocks)
    return passed_on


def check_upload(content_type: str) -> None:
    """Raise `MalformedError` where an upload does not come as a form whose parts can be told apart."""
    if not MULTIPART.fullmatch(content_type.strip()):
        raise MalformedError("The content type must be multipart/form-data, with a boundary of 1 to 70 characters.")


def _check(kind: str, name: str, fields: dict[str, Any], blocks: gr.Blocks) -> None:
    """Raise `MalformedError` where a call names what is not there."""
    for key in ("session_hash", "event_id"):
        if fields.get(key) is not None and not HASH.fullmatch(fields[key]):
            raise MalformedError(f"The field {key} has other characters than letters, digits, - and _, or over 64.")
    if kind in ("queue", "run", "call") and not isinstance(fields["data"], list):
        raise MalformedError("The field data is no list.")
    function = blocks.fns.get(fields["fn_index"]) if "fn_index" in fields else None
    if kind == "call":
        function = _door(name, blocks)
    if function is None or function.fn is None:  # the browser alone does the latter
        if kind in ("queue", "run", "call"):
            raise MalformedError("There is no such function.")
    elif kind in ("queue", "run", "call") and len(fields["data"]) != len(function.inputs):
        raise MalformedError(f"The field data has {len(fields['data'])} items where {len(function.inputs)} are needed.")
    if kind == "component_server" and fields["component_id"] not in blocks.blocks:
        raise MalformedError("There is no such component.")


def _check_named(name: str, fields: dict[str, Any], blocks: gr.Blocks) -> None:
    """Raise `MalformedError` where the arguments of a door, by name, are not those that it takes."""
    function = _door(name, blocks)
    if function is None:
        raise MalformedError("There is no such function.")
    taken = signature(function.fn).parameters
    needed = {one.name for one in taken.values() if one.default is one.empty}
    if not needed <= fields.keys() <= taken.keys():
        raise MalformedError(
            f"The call is no JSON object of the arguments {', '.join(taken) or 'that there are: none'}."
        )


def _door(name: str, blocks: gr.Blocks) -> Any:
    return next((one for one in blocks.fns.values() if one.api_name == name and one.fn is not None), None)


def _depth(value: Any) -> int:
    """How deep lists and objects lie in each other."""
    depth, level = 0, [value]
    while level:
        nested = [item for item in level if isinstance(item, (list, dict))]
        level = [child for item in nested for child in (item.values() if isinstance(item, dict) else item)]
        depth += bool(nested)
    return depth
