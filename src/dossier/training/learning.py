"""Learning: groups in, weights out, with checkpoints.

``python -m dossier.training.learning groups.jsonl.gz --output FOLDER`` trains for ``--steps``, on a GPU if there is
one, else on all cores, in bfloat16. Stopped at any moment it goes on from its last checkpoint when it is called again,
and called with more steps from where the rate began to fall. What is drawn follows from the seed and the step alone.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch.nn import functional

from dossier.answering.network import Network
from dossier.errors import InputError
from dossier.indexing.weights import find_model
from dossier.training.changing import Pool, changed
from dossier.training.examples import Group, read_groups, sources
from dossier.training.pairs import Pair, Piece, batch, pairs
from dossier.training.plan import Plan
from dossier.training.written import ALONE, COMPOSED, REWORDED, TWINS

# What these ask for is a sentence or a whole conclusion: they teach where to look and not where to cut.
WHOLE_SENTENCES = ("nqg-squad-sent", "selqa", "pubmedqa", "clapnq")
# Those are written in small letters, and so is every question of the rest in one case of so many.
SMALL_LETTERS = 8
CHECKPOINT_SECONDS = 300
CHECKPOINT, STEADY, WEIGHTS, CARD, LOG = (
    "checkpoint.pt",
    "steady.pt",
    "reader.safetensors",
    "reader.json",
    "learning.jsonl",
)
# By which the weights of a reader are told from a checkpoint.
SUFFIX = Path(WEIGHTS).suffix
# So many groups go through the network together; those of a step are of like length in each part.
TOGETHER = {"cpu": 8, "cuda": 128}
# Windows of passages have so many tokens.
SHORTEST, LONGEST = 64, 240


class Learner:
    """A network in bfloat16 and the masters of its parameters in single precision, which are what learns."""

    def __init__(self, plan: Plan) -> None:
        torch.manual_seed(plan.seed)
        model = find_model("minilm", download=False)
        self.tokenizer = Tokenizer.from_file(str(model.path / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.plan = plan
        self.network = Network.of(model.path).to(self.device, torch.bfloat16).train()
        self.masters = {name: value.detach().float().requires_grad_() for name, value in self.network.learnt().items()}
        self.optimizer = torch.optim.AdamW(self._parameters(), lr=plan.rate, betas=(0.9, 0.98))

    def step(self, groups: Sequence[Sequence[Pair]], number: int) -> dict[str, float]:
        """Learn from some groups; how wrong each kind of their reading was."""
        losses = self._gradients(sorted(groups, key=lambda rows: max(len(row.ids) for row in rows)))
        torch.nn.utils.clip_grad_norm_(self.masters.values(), 1.0)
        for one in self.optimizer.param_groups:
            one["lr"] = self.plan.rate * self.plan.rate_at(number)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.take()
        return losses

    def take(self) -> None:
        """Give the network the parameters of its masters."""
        with torch.no_grad():
            for name, value in self.network.learnt().items():
                value.copy_(self.masters[name])

    def save(self, path: Path, step: int) -> None:
        """Write all that the next step depends on."""
        state = {
            "plan": asdict(replace(self.plan, steps=0)),
            "steps": self.plan.steps,
            "step": step,
            "masters": {name: value.detach() for name, value in self.masters.items()},
            "optimizer": self.optimizer.state_dict(),
        }
        beside = path.with_suffix(".new")
        torch.save(state, beside)
        beside.replace(path)

    def resume(self, path: Path, *, of_any_plan: bool = False) -> tuple[int, int]:
        """Take over what was written; the step to go on with, and how many there were to be.

        Both are 0 where there is nothing. Raises `InputError` where it is of another plan but for the number of steps
        and that won't do.
        """
        if not path.exists():
            return 0, 0
        state = torch.load(path, map_location=self.device, weights_only=True)
        if state["plan"] != asdict(replace(self.plan, steps=0)) and not of_any_plan:
            raise InputError(
                f"{path} is of another plan: {state['plan']}. Go on with that one, or give another folder."
            )
        self._give(state["masters"])
        self.optimizer.load_state_dict(state["optimizer"])
        return int(state["step"]), int(state["steps"])

    def begin(self, path: Path) -> int:
        """Begin where another run has come to, at its checkpoint, or with a reader's weights at step 0; the step.

        Raises `InputError` where the weights are of another network.
        """
        if path.suffix != SUFFIX:
            return self.resume(path, of_any_plan=True)[0]
        given = load_file(path, device=str(self.device))
        if given.keys() != self.masters.keys():
            raise InputError(f"{path} holds other parameters than this network has. Give the weights of its kind.")
        self._give(given)
        return 0

    def _give(self, values: Mapping[str, torch.Tensor]) -> None:
        """Set the parameters, by name."""
        with torch.no_grad():
            for name, value in self.masters.items():
                value.copy_(values[name])
        self.take()

    def _gradients(self, groups: Sequence[Sequence[Pair]]) -> dict[str, float]:
        """The gradients of some groups, gathered over batches of like length."""
        size = TOGETHER[self.device.type]
        totals = dict.fromkeys(self.plan.weights, 0.0)
        for first in range(0, len(groups), size):
            part = groups[first : first + size]
            rows = [row for group in part for row in group]
            spans, answers = self.network(*(tensor.to(self.device) for tensor in batch(rows)))
            losses = _losses(spans.float(), answers.float(), part, self.plan.smoothing)
            share = len(part) / len(groups)
            (share * sum(weight * losses[name] for name, weight in self.plan.weights.items())).backward()
            for name, value in self.network.learnt().items():
                if value.grad is not None:  # none where a part has nothing to say of a head
                    master = self.masters[name]
                    master.grad = value.grad.float() if master.grad is None else master.grad + value.grad.float()
                    value.grad = None
            totals = {name: total + share * losses[name].item() for name, total in totals.items()}
        return totals

    def _parameters(self) -> list[dict[str, object]]:
        """The parameters, those that shrink and those that don't."""
        return [
            {"params": [one for one in self.masters.values() if one.ndim > 1], "weight_decay": self.plan.decay},
            {"params": [one for one in self.masters.values() if one.ndim < 2], "weight_decay": 0.0},
        ]


def learn(groups: Sequence[Group], folder: Path, plan: Plan, begin: Path | None = None) -> None:
    """Train on some groups; checkpoints, a log and at last the weights, in half precision, are written to a folder.

    ``begin`` is the checkpoint of another run, of whatever plan, from which this one goes apart, or the weights of a
    reader, which learns on. Raises `InputError` where there is a checkpoint of another plan in the folder, or what is
    there has learnt for longer at a full rate.
    """
    folder.mkdir(parents=True, exist_ok=True)
    learner = Learner(plan)
    own = [group for group in groups if not group.kept_out and group.passages]
    pool = Pool.of(group.question for group in own)
    often = {ALONE: plan.written, TWINS: plan.twins, REWORDED: plan.reworded, COMPOSED: plan.reworded}
    own = [group for group in own for _ in range(often.get(group.source, 1))]
    begun, steps = learner.resume(folder / CHECKPOINT)
    if steps != plan.steps and begun > replace(plan, steps=steps).falls_from:
        begun, _ = learner.resume(folder / STEADY)  # what has learnt at a falling rate can't go on at a full one
        if not 0 < begun <= plan.steps:
            raise InputError(f"{folder} has come further than {plan.steps} steps. Ask for more, or of another folder.")
    if not begun and begin is not None:
        begun = learner.begin(begin)
    saved = time.monotonic()
    said: dict[str, float] = {}
    for step in range(begun, plan.steps):
        started = time.monotonic()
        read = _drawn(own, pool, step, plan, learner.tokenizer)
        losses = learner.step(read, step)
        tokens = sum(len(row.ids) for rows in read for row in rows)
        losses["tokens_per_s"] = tokens / (time.monotonic() - started)
        said = {name: 0.95 * said.get(name, value) + 0.05 * value for name, value in losses.items()}
        if (step + 1) % 20 == 0:
            _log(folder / LOG, {"step": step + 1, "of": plan.steps} | {name: round(x, 4) for name, x in said.items()})
        if step + 1 == plan.falls_from:
            learner.save(folder / STEADY, step + 1)
        if time.monotonic() - saved > CHECKPOINT_SECONDS:
            learner.save(folder / CHECKPOINT, step + 1)
            saved = time.monotonic()
    learner.save(folder / CHECKPOINT, plan.steps)
    _keep_card(folder / CARD, groups, plan, learner.device.type)
    save_file({name: value.detach().half().cpu() for name, value in learner.masters.items()}, folder / WEIGHTS)


def _losses(
    spans: torch.Tensor, answers: torch.Tensor, groups: Sequence[Sequence[Pair]], smoothing: float
) -> dict[str, torch.Tensor]:
    """How wrongly some groups were read, by kind, from the logits of their rows in order.

    Cross-entropy of where an answer begins and ends, of there being one, and of which of a group's rows has it.
    """
    rows = [row for group in groups for row in group]
    there = [row.answer is not None for row in rows]
    wanted = torch.tensor(there, dtype=torch.float32, device=answers.device)
    smooth = wanted * (1 - 2 * smoothing) + smoothing
    zero = answers.new_zeros(())
    span = [_span_loss(spans[place], row) for place, row in enumerate(rows) if row.answer and row.telling]
    order, begin = [], 0
    for group in groups:
        own = slice(begin, begin + len(group))
        begin += len(group)
        if len(group) > 1 and sum(there[own]) == 1:
            order.append(-functional.log_softmax(answers[own], dim=0)[there[own].index(True)])
    return {
        "span": torch.stack(span).mean() if span else zero,
        "answers": functional.binary_cross_entropy_with_logits(answers, smooth),
        "order": torch.stack(order).mean() if order else zero,
    }


def _span_loss(logits: torch.Tensor, row: Pair) -> torch.Tensor:
    """The cross-entropy of the first and the last token of an answer among those of its window."""
    inside = logits[row.first : len(row.ids) - 1]
    target = torch.tensor(row.answer, device=logits.device) - row.first
    return functional.cross_entropy(inside.T, target)


def _drawn(groups: Sequence[Group], pool: Pool, step: int, plan: Plan, tokenizer: Tokenizer) -> list[list[Pair]]:
    """The pairs of a step, group by group."""
    epoch, place = divmod(step * plan.groups, max(len(groups) - plan.groups, 1))
    order = list(range(len(groups)))
    random.Random(f"{plan.seed} {epoch}").shuffle(order)  # noqa: S311  # to be drawn again
    chance = random.Random(f"{plan.seed} step {step}")  # noqa: S311
    pieces = [_chosen(groups[one], pool, chance, plan) for one in order[place : place + plan.groups]]
    flat = [piece for group in pieces for piece in group]
    made = iter(pairs(tokenizer, flat, [chance.randint(SHORTEST, LONGEST) for _ in flat], chance))
    return [[next(made) for _ in group] for group in pieces]


def _chosen(group: Group, pool: Pool, chance: random.Random, plan: Plan) -> list[Piece]:
    """As many passages of a group as are compared, and its twin or its question changed."""
    asked = group.question.lower() if chance.randrange(SMALL_LETTERS) == 0 else group.question
    sentences = group.source in WHOLE_SENTENCES
    right = [Piece(asked, text, answer, not sentences) for text, answer in group.passages if answer is not None]
    wrong = [Piece(asked, text, None) for text, answer in group.passages if answer is None]
    chosen = [*right, *chance.sample(wrong, min(plan.negatives, len(wrong)))]
    if right:
        other = group.twin or (changed(asked, right[0].text, pool, chance) if chance.random() < plan.changed else None)
        if other:
            other = other.lower() if asked.islower() else other
            chosen.append(Piece(other, right[0].text, None, lure=right[0].answer))
    return chosen


def _keep_card(path: Path, groups: Sequence[Group], plan: Plan, device: str) -> None:
    """Write down what was learnt from and how."""
    learnt = [group for group in groups if not group.kept_out]
    card = {
        "groups": sources(learnt),
        "kept_out": len(groups) - len(learnt),
        "plan": asdict(plan),
        "device": device,
        "torch": torch.__version__,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }
    path.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8", newline="\n")


def _log(path: Path, line: dict[str, float]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def main() -> None:
    """Train as the command line says."""
    parser = argparse.ArgumentParser(description="Train the reader; see the top of this file.")
    parser.add_argument("groups", type=Path)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--begin", type=Path, help="a checkpoint or the weights of another run, to learn on from")
    for name, value in asdict(Plan()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    options = vars(parser.parse_args())
    groups, folder, begin = read_groups(options.pop("groups")), options.pop("output"), options.pop("begin")
    if begin is not None and not begin.exists():
        parser.exit(1, f"There is no file {str(begin)!r}.\n")
    sys.stdout.write(f"{sources(groups)}\n")
    learn(groups, folder, Plan(**options), begin)


if __name__ == "__main__":
    main()
