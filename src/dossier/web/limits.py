"""Limits: what a question may be limited to, out of the way under the question until somebody wants it."""

from __future__ import annotations

import html
from collections.abc import Iterable

from dossier.dossier import Dossier
from dossier.escaping import printable
from dossier.web.inquiry import LONGEST_PATH, Data
from dossier.web.texts import say

# So many files and folders are suggested at a time.
SUGGESTED = 40


def limits_shell(language: str) -> str:
    """The form in which documents and dates are given, and the line that shows them."""
    return (
        f'<div class="limits-line"><button type="button" class="toggle" aria-expanded="false" '
        f'aria-controls="limits-panel">{say(language, "limit")}</button><ul class="chips"></ul>'
        '<span class="warning" role="status"></span></div>'
        '<form id="limits-panel" class="panel" hidden>'
        f'<label class="wide">{say(language, "limit_documents")} <input name="in" list="limits-places" '
        f'autocomplete="off" maxlength="1000" placeholder="{say(language, "limit_hint")}" '
        f'data-unknown="{say(language, "limit_unknown")}"></label><datalist id="limits-places"></datalist>'
        + "".join(
            f'<label>{say(language, f"limit_{name}")} <input name="{name}" placeholder="2026-11-21" maxlength="10" '
            rf'pattern="\d{{4}}(-\d\d(-\d\d)?)?" title="{say(language, "limit_date")}" autocomplete="off"></label>'
            for name in ("after", "before")
        )
        + f'<button type="submit">{say(language, "limit_done")}</button>'
        f'<span class="hidden" data-remove="{say(language, "limit_remove")}"></span></form>'
    )


def suggestions(dossier: Dossier, typed: object) -> Data:
    """The files and folders that may be meant: ``html`` holds options, ``known`` says whether what is typed is one."""
    wanted = typed.strip()[:LONGEST_PATH] if isinstance(typed, str) else ""
    files = list(dossier.index.passages_of)
    places = sorted({*_folders(files), *files})
    near = [place for place in places if wanted.casefold() in place.casefold()][:SUGGESTED]
    options = "".join(f'<option value="{html.escape(printable(place))}"></option>' for place in near)
    return {"html": options, "known": wanted in places or f"{wanted}/" in places}


def _folders(paths: Iterable[str]) -> set[str]:
    """Every folder that holds one of some files, each with a slash at its end."""
    parts = (path.split("/")[:-1] for path in paths)
    return {"/".join(part[: depth + 1]) + "/" for part in parts for depth in range(len(part))}
