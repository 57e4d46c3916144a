"""The ONNX model that Chroma runs by default and would download: here made of the weights in a folder.

Run in Chroma's environment, in whose folder it is kept: `python chroma_model.py MODEL_FOLDER`
"""

import shutil
import sys
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModel

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


class Tokens(torch.nn.Module):
    """A model that gives the vectors of the tokens alone."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, *inputs: Any) -> Any:
        return self.model(**dict(zip(INPUTS, inputs, strict=True))).last_hidden_state


def main() -> None:
    kept = Path(sys.prefix) / "all-MiniLM-L6-v2" / "onnx"
    kept.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "special_tokens_map.json", "tokenizer_config.json", "tokenizer.json", "vocab.txt"):
        shutil.copyfile(Path(sys.argv[1]) / name, kept / name)
    model = AutoModel.from_pretrained(sys.argv[1], attn_implementation="eager").eval()
    example = torch.ones((2, 16), dtype=torch.long)

    torch.onnx.export(
        Tokens(model),
        (example, example, 0 * example),
        str(kept / "model.partial"),
        input_names=INPUTS,
        output_names=["last_hidden_state"],
        dynamic_axes={name: {0: "texts", 1: "tokens"} for name in [*INPUTS, "last_hidden_state"]},
        dynamo=False,
    )
    (kept / "model.partial").replace(kept / "model.onnx")


if __name__ == "__main__":
    main()
