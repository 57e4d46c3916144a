"""Calibrating on one's own documents: a model that nobody calibrated can be as sure as its cosines allow."""

from __future__ import annotations

from pathlib import Path

import pytest

from dossier import Dossier, Settings, build
from dossier.answering.confidence import confidence, fitting, read_signs, shipped
from dossier.answering.scale import FILE, Scale, read_scale, write_scale
from dossier.errors import BrokenIndexError, InputError
from dossier.evaluation.anchoring import calibrate

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds, indexed with a model that has no calibration of its own."""
    folder = tmp_path_factory.mktemp("toy") / "index"
    build(SEEDS, folder, settings=Settings(model="words"))
    return folder


def test_questions_made_of_the_documents_become_a_scale_that_an_open_dossier_takes_up(index: Path) -> None:
    before = Dossier.open(index)
    assert fitting(before.embedder.digest, scale=before.scale) == shipped()[-1]
    found = calibrate(index)
    assert found.questions == found.strange == 150
    assert found.found > 0.9 * found.questions
    assert found.strange_refused > 0.9 * found.strange
    assert found.refused < 0.1 * found.questions
    after = Dossier.open(index)
    assert after.scale is not None
    unread = [one for one in shipped() if not one.reader]
    assert fitting(after.embedder.digest, scale=after.scale) == unread[0]
    hits = after.search("What did Ban Ki-moon emphasise?")
    assert after.ask("What did Ban Ki-moon emphasise?").confidence == confidence(
        "What did Ban Ki-moon emphasise?", hits, after.index, scale=after.scale
    )
    assert calibrate(index) == found


def test_a_scale_moves_anchor_onto_anchor(index: Path) -> None:
    dossier = Dossier.open(index)
    signs = read_signs("Who spoke?", dossier.search("Who spoke?"), dossier.index)
    one = Scale("one", {"passage": 0.9, "sentence": 0.8}, {"passage": 0.7, "sentence": 0.4})
    two = Scale("two", {"passage": 0.5, "sentence": 0.5}, {"passage": 0.1, "sentence": 0.1})
    moved = one.onto(two, signs | {"passage": 0.8, "sentence": 0.4})
    assert moved["passage"] == pytest.approx(0.3)
    assert moved["sentence"] == pytest.approx(0.1)
    assert moved["words"] == signs["words"]


def test_a_model_that_is_calibrated_stays_as_it_is(seeds_index: Path) -> None:
    with pytest.raises(InputError, match="'minilm' is calibrated already"):
        calibrate(seeds_index)


def test_too_few_sentences_are_said(toy_index: Path) -> None:
    with pytest.raises(InputError, match="sentences of which a question can be made; 20 are needed"):
        calibrate(toy_index)


def test_a_scale_of_another_model_is_not_used_and_a_damaged_one_is_said(index: Path, tmp_path: Path) -> None:
    scale = {"model": "x", "there": {"passage": 0.5, "sentence": 0.5}, "absent": {"passage": 0.1, "sentence": 0.1}}
    write_scale(tmp_path, Scale(**scale))
    assert read_scale(tmp_path, "y") is None
    assert read_scale(tmp_path, "x") == Scale(**scale)
    written = (tmp_path / FILE).read_text("utf-8")
    for damaged in ("{", written.replace("0.5", "0.6"), written.replace("passage", "chapter")):
        (tmp_path / FILE).write_text(damaged, "utf-8")
        with pytest.raises(BrokenIndexError, match="dossier calibrate"):
            read_scale(tmp_path, "x")
