"""Network: the shipped model's encoder read as a cross-encoder, with heads for the span and for there being one.

Needs torch, so it is imported late: by a conversion, once, and by training.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

# What stays as the embedding model has it, so that only the layers above need to come along.
SHARED = ("words.weight", "places.weight")


class Layer(nn.Module):  # type: ignore[misc]  # torch is not looked into
    """A layer of BERT (Devlin, Chang, Lee, Toutanova 2019): attention, then two linear steps, each added and scaled."""

    def __init__(self, dim: int, heads: int, inner: int, eps: float) -> None:
        super().__init__()
        self.heads = heads
        self.query_key_value = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)
        self.norm = nn.LayerNorm(dim, eps)
        self.up = nn.Linear(dim, inner)
        self.down = nn.Linear(inner, dim)
        self.last_norm = nn.LayerNorm(dim, eps)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """The hidden states after this layer, (n, tokens, dim); ``bias``, (n, 1, 1, tokens), hides what is filled."""
        count, tokens, dim = hidden.shape
        each = dim // self.heads
        parts = self.query_key_value(hidden).view(count, tokens, 3, self.heads, each).permute(2, 0, 3, 1, 4)
        query, key, value = parts.unbind(0)
        # Written out: at these lengths it trains faster on a processor than torch's fused attention.
        attention = (query @ key.transpose(2, 3) * each**-0.5 + bias).softmax(-1)
        seen = (attention @ value).transpose(1, 2).reshape(count, tokens, dim)
        hidden = self.norm(hidden + self.out(seen))
        inner = self.down(functional.gelu(self.up(hidden)))
        after: Tensor = self.last_norm(hidden + inner)
        return after


class Network(nn.Module):  # type: ignore[misc]  # torch is not looked into
    """An encoder of BERT's kind as a reader. Its word and place vectors stay as they are."""

    def __init__(self, words: int, places: int, dim: int, layers: int, heads: int, inner: int, eps: float) -> None:
        super().__init__()
        self.words = nn.Embedding(words, dim)
        self.places = nn.Embedding(places, dim)
        self.types = nn.Embedding(2, dim)
        self.norm = nn.LayerNorm(dim, eps)
        self.layers = nn.ModuleList(Layer(dim, heads, inner, eps) for _ in range(layers))
        self.span = nn.Linear(dim, 2)
        self.whole = nn.Linear(dim, dim)
        self.answers = nn.Linear(dim, 1)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of each token to begin and to end the answer, (n, tokens, 2), and of there being one, (n,).

        All that goes in is (n, tokens), of whole numbers.
        """
        places = torch.arange(ids.shape[1], device=ids.device)
        hidden = self.norm(self.words(ids) + self.places(places) + self.types(types))
        bias = (1 - mask[:, None, None, :].to(hidden.dtype)) * -1e4
        for layer in self.layers:
            hidden = layer(hidden, bias)
        whole = functional.gelu(self.whole(hidden[:, 0]))
        return self.span(hidden), self.answers(whole).squeeze(-1)

    @classmethod
    def of(cls, folder: Path) -> Network:
        """The network that begins as the embedding model in a folder, its heads by chance.

        Raises `KeyError` where that is no model of BERT's kind.
        """
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        network = cls(
            words=config["vocab_size"],
            places=config["max_position_embeddings"],
            dim=config["hidden_size"],
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            inner=config["intermediate_size"],
            eps=config["layer_norm_eps"],
        )
        network.load_state_dict(_renamed(load_file(folder / "model.safetensors"), len(network.layers)), strict=False)
        for name in SHARED:
            network.get_parameter(name).requires_grad_(False)
        return network

    def learnt(self) -> dict[str, Tensor]:
        """The parameters that training changes, by name."""
        return {name: value for name, value in self.named_parameters() if name not in SHARED}

    def take(self, path: Path) -> None:
        """Take what was learnt from a file. Raises `ValueError` where it is of another network."""
        found = load_file(path)
        if found.keys() != self.learnt().keys():
            raise ValueError(f"{path} holds other parameters than this network has.")
        self.load_state_dict({name: value.float() for name, value in found.items()}, strict=False)


def _renamed(given: dict[str, Tensor], layers: int) -> dict[str, Tensor]:
    """The parameters of a BERT by the names of ours."""
    kinds = ("weight", "bias")
    found = {
        "words.weight": given["embeddings.word_embeddings.weight"],
        "places.weight": given["embeddings.position_embeddings.weight"],
        "types.weight": given["embeddings.token_type_embeddings.weight"],
    } | {f"norm.{kind}": given[f"embeddings.LayerNorm.{kind}"] for kind in kinds}
    for number in range(layers):
        theirs, ours = f"encoder.layer.{number}", f"layers.{number}"
        for kind in kinds:
            parts = [given[f"{theirs}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            found[f"{ours}.query_key_value.{kind}"] = torch.cat(parts)
            for own, name in (
                ("out", "attention.output.dense"),
                ("norm", "attention.output.LayerNorm"),
                ("up", "intermediate.dense"),
                ("down", "output.dense"),
                ("last_norm", "output.LayerNorm"),
            ):
                found[f"{ours}.{own}.{kind}"] = given[f"{theirs}.{name}.{kind}"]
    return found
