"""all-MiniLM-L6-v2 on ONNX Runtime, 8-bit weights: the fast path on a CPU, with no torch import.

The weights are exported once (torch's own exporter), quantised dynamically (ONNX Runtime), compared with
sentence-transformers' vectors on this very machine, and only then put in place; 8-bit arithmetic differs between
processors. Where the 8-bit form does not agree, the exact 32-bit form is kept instead.
"""

import contextlib
import io
import json
import logging
import os
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from corpus.errors import EmbeddingError
from indexes.embedding.adapter import adapter_hash, add_adapter
from indexes.embedding.encoder import Vectors
from indexes.embedding.packaged_model import WEIGHTS_SHA256, check_weights, model_folder, sha256

if TYPE_CHECKING:
    import torch
    from tokenizers import Encoding

WINDOW = 256
DIMENSION = 384
REFERENCE = "reference.npy"

#: The least cosine between our vector and the reference's that any probe may have.
LEAST_AGREEMENT = {"int8": 0.97, "float32": 0.9999}

#: Texts of every length and kind that the corpus has, for comparing with the reference.
PROBES = (
    "Choe Un Jong",
    "Which executive order was he designated under?",
    "E.O. 13382, E.O. 13810 and 31 U.S.C. 5318A",
    "The bank moved $1.5 billion through 14 accounts between March 2006 and June 15, 2009.",
    "The Secretary will meet the finance ministers of the G7 in Washington on Friday at 10:30 a.m.",
    "Two shipping companies and their tanker were sanctioned for carrying petroleum to North Korea.",
    "Net foreign purchases of long-term securities fell by 12.4 percent.",
    "Der Minister traf seine Kollegen in Zürich; они говорили о санкциях.",
    " ".join(f"Clause {n} lets the lender renew the line of credit for a further {n + 3} months." for n in range(40)),
)


class OnnxEncoder:
    """An ``Encoder`` over an exported and verified ONNX file."""

    dimension = DIMENSION
    window = WINDOW

    def __init__(self, path: Path, precision: str, weights: str) -> None:
        """Open an ONNX file; ``weights`` names what it was exported from."""
        self.folder = path.parent
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1  # the cores are shared out among texts, see ``embed``
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        tokenizer_file = str(model_folder() / "tokenizer.json")
        self._counter = Tokenizer.from_file(tokenizer_file)
        self._counter.no_truncation()
        self._counter.no_padding()
        self._tokenizer = Tokenizer.from_file(tokenizer_file)
        self._tokenizer.enable_truncation(WINDOW)
        self._tokenizer.no_padding()
        self._workers = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="embed")
        self.precision = precision
        self.fingerprint = f"{weights}-onnx-{precision}"

    @classmethod
    def open(cls, models_folder: Path, adapter: Path | None = None) -> "OnnxEncoder":
        """Open the exported model; export it first where that was not done yet.

        Args:
            models_folder: where the exported file is kept.
            adapter: a folder with what fine-tuning added to the published weights; see ``adapter``.

        Raises:
            EmbeddingError: the weights or the exported file were altered, or no form agrees with the reference.
        """
        weights = WEIGHTS_SHA256[:16] + (f"-{adapter_hash(adapter)[:16]}" if adapter else "")
        folder = models_folder / f"all-MiniLM-L6-v2-{weights}"
        if not (folder / "export.json").is_file():
            export(folder, adapter)
        try:
            record = json.loads((folder / "export.json").read_text(encoding="utf-8"))
            model, precision, expected = folder / record["file"], record["precision"], record["sha256"]
            intact = sha256(model) == expected
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EmbeddingError(f"{folder} is damaged ({error}); delete it, it will be made again") from error
        if not intact:
            raise EmbeddingError(f"{model} was altered after its export; delete {folder}, it will be made again")
        return cls(model, precision, weights)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See ``Encoder.count_tokens``."""
        encodings = self._counter.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See ``Encoder.embed``. Each text runs alone, so that its vector never depends on what else is embedded.

        Dynamic quantisation scales by the greatest value in a batch, and padding counts; alone, nothing is padded
        either, and with one text on each core it is as fast as batches are.
        """
        vectors = np.empty((len(texts), DIMENSION), np.float32)
        encodings = self._tokenizer.encode_batch_fast(list(texts))
        for row, vector in enumerate(self._workers.map(self._embed_one, encodings)):
            vectors[row] = vector
        return vectors

    def _embed_one(self, encoding: "Encoding") -> NDArray[np.float32]:
        ids = np.array([encoding.ids], np.int64)
        (states,) = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        mean: NDArray[np.float32] = states[0].mean(axis=0)
        return mean / np.linalg.norm(mean)


def agreement(encoder: OnnxEncoder, reference: Vectors) -> float:
    """The least cosine between the encoder's vectors of the probes and the reference's."""
    return float((encoder.embed(PROBES) * reference).sum(axis=1).min())


def check_agreement(encoder: OnnxEncoder) -> float:
    """Compare an opened encoder with the reference vectors kept at its export; gives the least cosine.

    Raises:
        EmbeddingError: it no longer agrees, as after a change of processor or of ONNX Runtime.
    """
    least = agreement(encoder, np.load(encoder.folder / REFERENCE))
    if least < LEAST_AGREEMENT[encoder.precision]:
        raise EmbeddingError(
            f"{encoder.folder} no longer agrees with sentence-transformers (cosine {least:.4f}); "
            "delete it, it will be made again for this machine"
        )
    return least


def export(folder: Path, adapter: Path | None = None) -> None:
    """Write the ONNX form of the packaged weights into ``folder``, verified; the folder appears whole or not at all.

    Raises:
        EmbeddingError: the weights were altered, the adapter is none, or neither form agrees with
            sentence-transformers.
    """
    source = model_folder()
    check_weights(source)
    from onnxruntime.quantization import QuantType, quantize_dynamic

    from indexes.embedding.reference_encoder import load_sentence_transformer

    model = load_sentence_transformer(str(source), device="cpu", model_kwargs={"attn_implementation": "eager"})
    if adapter:
        add_adapter(cast("torch.nn.Module", model[0].auto_model), adapter)
    reference = np.asarray(model.encode(list(PROBES), normalize_embeddings=True, show_progress_bar=False), np.float32)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".export-") as scratch:
        exact, small = Path(scratch) / "float32.onnx", Path(scratch) / "int8.onnx"
        with _quiet():
            _export_graph(cast("torch.nn.Module", model[0].auto_model), exact)
            quantize_dynamic(str(exact), str(small), weight_type=QuantType.QInt8, per_channel=True)
        cosines = {}
        for path in (small, exact):
            precision = path.stem
            cosines[precision] = agreement(OnnxEncoder(path, precision, folder.name), reference)
            if cosines[precision] >= LEAST_AGREEMENT[precision]:
                break
        else:
            raise EmbeddingError(
                f"the ONNX export does not agree with sentence-transformers on this machine (cosines {cosines}); "
                "please report it with the output of 'assistant doctor'"
            )
        done = Path(scratch) / "done"
        done.mkdir()
        path.rename(done / path.name)
        np.save(done / REFERENCE, reference)
        record = {
            "file": path.name,
            "precision": precision,
            "sha256": sha256(done / path.name),
            "weights_sha256": WEIGHTS_SHA256,
            "least_cosine": round(cosines[precision], 5),
        }
        (done / "export.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        try:
            done.replace(folder)
        except OSError:
            if not (folder / "export.json").is_file():  # another process may have finished the same export first
                raise


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The exporter and the quantiser print and warn about what is as it should be."""
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)


def _export_graph(model: "torch.nn.Module", path: Path) -> None:
    import torch

    class LastHiddenState(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            return self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    batch, sequence = torch.export.Dim("batch"), torch.export.Dim("sequence", max=512)
    example = torch.ones((2, 16), dtype=torch.int64)
    axes = {0: batch, 1: sequence}
    torch.onnx.export(
        LastHiddenState().eval(),
        (example, example.clone()),  # two tensors: the exporter would take one for one input
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=["last_hidden_state"],
        dynamic_shapes={"input_ids": axes, "attention_mask": axes},
        dynamo=True,
        external_data=False,
    )
