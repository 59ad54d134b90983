"""The encoder that compares questions with sentences: the published weights, fine-tuned for what answers."""

from pathlib import Path

from indexes.embedding.onnx_encoder import OnnxEncoder

#: The adapter, fitted by ``assistant.answers.encoder_fitting``, with its figures.
ADAPTER = Path(__file__).parent / "sentence_adapter"


def load_sentence_encoder(models_folder: Path) -> OnnxEncoder:
    """Open it, exported on first use.

    Raises:
        EmbeddingError: the weights or the exported file were altered, or no form agrees with the reference.
    """
    return OnnxEncoder.open(models_folder, ADAPTER)
