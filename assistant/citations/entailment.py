"""A model that judges whether a sentence follows from what it cites: any cross-encoder trained for that."""

import math

from corpus.errors import EmbeddingError

#: What such models call the label.
ENTAILMENT = "entail"


class CrossEncoderEntailment:
    """Natural language inference by any such cross-encoder that sentence-transformers can load."""

    def __init__(self, model: str) -> None:
        """Load ``model``, a folder or a name in the local model cache.

        Raises:
            EmbeddingError: it cannot be loaded, or none of its labels says that one text follows from another.
        """
        from sentence_transformers import CrossEncoder

        try:
            self._model = CrossEncoder(model)
        except Exception as error:  # the library raises many kinds, down to those of its HTTP client
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise EmbeddingError(f"the entailment model {model!r} cannot be loaded: {reason}") from error
        labels: dict[int, str] = self._model.config.id2label
        found = next((n for n, label in labels.items() if label.lower().startswith(ENTAILMENT)), None)
        if found is None:
            named = ", ".join(labels.values())
            raise EmbeddingError(f"{model!r} is no entailment model: its labels are {named}")
        self._label = found

    def entails(self, premise: str, hypothesis: str) -> float:
        """How likely the hypothesis follows from the premise, from 0 to 1."""
        scores = [float(score) for score in self._model.predict([(premise, hypothesis)], show_progress_bar=False)[0]]
        highest = max(scores)
        weights = [math.exp(score - highest) for score in scores]
        return weights[self._label] / sum(weights)
