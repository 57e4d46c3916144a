"""Visitors: what they may ask of a served page, how often and how much; and what hostile ones get."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dossier import Dossier
from dossier.errors import InputError, LateError
from dossier.stages import Watch, watched
from dossier.web.allowance import Allowance, Pace, visitor

ATTACKS = Path(__file__).parents[1] / "attacks"


@pytest.fixture
def attacks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The scripts of attacks can be imported."""
    monkeypatch.syspath_prepend(str(ATTACKS))
    yield
    for file in ATTACKS.glob("*.py"):
        sys.modules.pop(file.stem, None)


def test_hostile_requests_break_nothing_and_learn_nothing(attacks: None, tmp_path: Path) -> None:
    import hostile_requests

    with hostile_requests.served(tmp_path) as target:
        found = hostile_requests.attack(target, 120, seed=7)
        numbers = target.send("GET", "/metrics")[1]
    assert not [what for what in found if what.startswith("wrong")], found
    assert 'dossier_requests_refused_total{reason="form"}' in numbers
    assert 'dossier_requests_refused_total{reason="path"}' in numbers
    lines = [json.loads(line) for line in (tmp_path / "log.txt").read_text("utf-8").splitlines() if line[:1] == "{"]
    happened = {line["event"] for line in lines}
    assert {"request", "refused", "asked", "answered"} <= happened
    graver = [line for line in lines if line["level"] != "debug"]
    assert "Who kept bees?" not in json.dumps(graver)
    assert hostile_requests.SECRET not in json.dumps(lines)


def test_a_minutes_worth_may_come_at_once_and_then_one_by_one() -> None:
    pace = Pace(6)
    assert [pace.wait("ada", 100.0) for _ in range(7)] == [0, 0, 0, 0, 0, 0, 10]
    assert pace.wait("olga", 100.0) == 0
    assert [pace.wait("ada", now) for now in (105.0, 110.0, 111.0)] == [5, 0, 9]


def test_a_household_is_one_visitor() -> None:
    assert visitor("2001:db8::1") == visitor("2001:db8::ffff:2") != visitor("2001:db8:0:1::1")
    assert visitor("192.0.2.1") != visitor("192.0.2.2")


def test_nobody_is_slowed_down_at_home_unless_that_is_wished() -> None:
    assert Allowance.read({}, loopback=True).questions_per_minute == 0
    assert Allowance.read({}, loopback=False).questions_per_minute == 60
    assert Allowance.read({"DOSSIER_QUESTIONS_PER_MINUTE": "5"}, loopback=True).questions_per_minute == 5
    for value in ("many", "-1"):
        with pytest.raises(InputError, match=r"(?i)questions_per_minute is"):
            Allowance.read({"DOSSIER_QUESTIONS_PER_MINUTE": value}, loopback=False)
    with pytest.raises(InputError, match="from 1 to"):
        Allowance.read({"DOSSIER_SECONDS_PER_ANSWER": "0"}, loopback=False)


def test_an_answer_that_takes_too_long_is_given_up_between_its_stages(toy: Dossier) -> None:
    with watched(Watch()) as watch:
        toy.ask("Who kept bees?")
    assert list(watch.stages) == ["complete", "embed", "rank", "weigh", "cite"]
    with pytest.raises(LateError, match="longer than 0 seconds"), watched(Watch(0)):
        toy.ask("Who kept bees?")
    assert toy.ask("Who kept bees?").hits
