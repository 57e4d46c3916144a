"""Asking: a question is looked at, and brought into the form in which an index can compare it with its passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dossier.errors import InputError
from dossier.indexing.embedding import EmbeddedText, Embedder, Vectors
from dossier.indexing.index import Index
from dossier.indexing.ranking import Scores
from dossier.settings import LONGEST_QUESTION


@dataclass(frozen=True)
class Asked:
    """A question, its vector, (dim,), and its tokens as the index compares them, (n, components).

    ``weights``, (n,), say how much each token counts: the rarity of the word it belongs to. ``tokens`` is None where
    the index or the model has none.
    """

    text: str
    vector: Vectors
    tokens: Vectors | None
    weights: Scores

    @classmethod
    def of(cls, index: Index, embedder: Embedder, question: str) -> Asked:
        """The question as an index sees it, from one pass of the model."""
        return cls._of(index, question, embedder.embed_question_tokens(question))

    @classmethod
    def of_each(cls, index: Index, embedder: Embedder, questions: Sequence[str]) -> list[Asked]:
        """The same of several, in their order, from fewer passes."""
        embedded = embedder.embed_questions_tokens(questions)
        return [cls._of(index, *one) for one in zip(questions, embedded, strict=True)]

    @classmethod
    def _of(cls, index: Index, question: str, embedded: EmbeddedText) -> Asked:
        tokens = index.tokens.project(embedded.tokens) if index.tokens is not None and embedded.spans else None
        return cls(question, embedded.vector, tokens, index.lexical.rarities(question, embedded.spans))


def checked(question: str, k: int, embedder: Embedder) -> str:
    """The question without white space around it.

    Raises `InputError` where it can't be asked, or ``k`` passages can't be found.
    """
    if not isinstance(question, str):
        raise InputError(f"The question is a {type(question).__name__}; it must be text.")
    if not isinstance(k, int) or k < 1:
        raise InputError(f"k is {k!r}; ask for 1 passage or more.")
    asked = question.strip()
    if not asked:
        raise InputError("The question is empty. Ask something, for example: Who attended the meeting?")
    if len(asked) > LONGEST_QUESTION:
        raise InputError(
            f"The question has {len(asked):,} characters; at most {LONGEST_QUESTION:,} can be asked. Shorten it."
        )
    try:
        asked.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError("The question holds characters that are not Unicode text. Type it again.") from None
    (tokens,) = embedder.count_tokens([asked])
    if tokens > embedder.max_tokens:
        raise InputError(
            f"The question has {tokens} tokens; the model {embedder.name!r} reads {embedder.max_tokens}. Shorten it."
        )
    return asked


def fits(embedder: Embedder, question: str) -> bool:
    """Whether a question is short enough for a model."""
    return len(question) <= LONGEST_QUESTION and embedder.count_tokens([question])[0] <= embedder.max_tokens
