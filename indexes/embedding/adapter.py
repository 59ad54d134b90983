"""Low-rank adapters of the packaged weights (Hu et al., "LoRA", 2021), as PEFT writes them.

A fine-tuned model of 90 MB is the published one and a correction of 1 MB; the correction is what this project keeps.
It is added to the weights before they are exported, so it costs nothing when texts are embedded.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import EmbeddingError
from indexes.embedding.packaged_model import sha256

if TYPE_CHECKING:
    import torch

WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"
_PREFIX = "base_model.model."


def adapter_hash(folder: Path) -> str:
    """Names the adapter: the sha256 of its weights.

    Raises:
        EmbeddingError: there are none.
    """
    try:
        return sha256(folder / WEIGHTS)
    except OSError as error:
        raise EmbeddingError(f"{folder} holds no adapter of the embedding model: {error}") from error


def add_adapter(model: "torch.nn.Module", folder: Path) -> None:
    """Add the adapter in a folder to the weights of the model that it was trained on, in place.

    Raises:
        EmbeddingError: the folder holds no adapter, or one of another model.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        scale = config["lora_alpha"] / config["r"]
        tensors = load_file(folder / WEIGHTS)
        weights = dict(model.named_parameters())
        with torch.no_grad():
            for name, down in tensors.items():
                if name.endswith(".lora_A.weight"):
                    up = tensors[name.replace(".lora_A.", ".lora_B.")]
                    target = name.removeprefix(_PREFIX).replace(".lora_A.", ".")
                    weights[target].add_(scale * (up.float() @ down.float()))
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise EmbeddingError(f"{folder} cannot be used as an adapter of the embedding model: {error}") from error
