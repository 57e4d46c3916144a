"""Averaging: the weights of two readers that began alike become those of one that reads better than either.

``python -m dossier.training.averaging FIRST SECOND --share 0.6 --output reader.safetensors``. Both must have gone apart
from one checkpoint: then what lies between them reads too (model soups: Wortsman et al. 2022).
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor

from dossier.errors import InputError


def average(first: Mapping[str, Tensor], second: Mapping[str, Tensor], share: float) -> dict[str, Tensor]:
    """The parameters of both, those of the second by a ``share`` from 0 to 1, in half precision.

    Raises `InputError` where they are not those of one network.
    """
    shapes, others = ({name: value.shape for name, value in one.items()} for one in (first, second))
    if shapes != others:
        raise InputError("The two files hold the parameters of different networks. Give two readers of one kind.")
    if not 0 <= share <= 1:
        raise InputError(f"The share is {share}; give a number from 0 to 1.")
    return {name: (first[name].float() * (1 - share) + second[name].float() * share).half() for name in first}


def main() -> None:
    """Average as the command line says."""
    parser = argparse.ArgumentParser(description="Average the weights of two readers.")
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--share", type=float, default=0.6, help="how much the second one counts")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    try:
        save_file(average(load_file(options.first), load_file(options.second), options.share), options.output)
    except (InputError, OSError) as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
