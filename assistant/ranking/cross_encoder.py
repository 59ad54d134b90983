"""Ranking by any cross-encoder that sentence-transformers can load: slower, and as good as its model."""

import math

from assistant.ranking.ranker import Found, Ranker, likelihoods
from corpus.errors import EmbeddingError
from indexes.generation import Generation

#: Releases that are read, the first of the ranker before it, and the best passages of each.
RELEASES = 20
PASSAGES = 2


class CrossEncoderRanker:
    """The second stage of a cascade (Nogueira and Cho, "Passage Re-ranking with BERT", 2019).

    The first releases of another ranker are put in the order of their best passage, which the model reads together
    with the question; those behind them keep their order.
    """

    def __init__(self, model: str, first: Ranker) -> None:
        """Load ``model``, a folder or a name in the local model cache.

        Raises:
            EmbeddingError: it cannot be loaded, or gives more than one score.
        """
        from sentence_transformers import CrossEncoder

        self._first = first
        try:
            self._model = CrossEncoder(model, num_labels=1)
        except Exception as error:  # the library raises many kinds, down to those of its HTTP client
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise EmbeddingError(f"the cross-encoder {model!r} cannot be loaded: {reason}") from error

    def rank(self, found: Found, generation: Generation) -> list[tuple[str, float]]:
        """See ``Ranker.rank``."""
        ranked = self._first.rank(found, generation)
        read = [release_id for release_id, _ in ranked[:RELEASES] if found.hits[release_id]]
        if not read:
            return ranked
        hits = [hit for release_id in read for hit in found.hits[release_id][:PASSAGES]]
        heads = generation.releases.heads(read)
        texts = generation.releases.slices([(hit.release_id, hit.start, hit.end) for hit in hits])
        query = found.question.asked_text
        pairs = [(query, f"{heads[hit.release_id].title}\n{text}") for hit, text in zip(hits, texts, strict=True)]
        scores: dict[str, float] = {}
        for hit, score in zip(hits, self._model.predict(pairs, show_progress_bar=False).tolist(), strict=True):
            scores[hit.release_id] = max(scores.get(hit.release_id, -math.inf), float(score))
        reranked = likelihoods(scores)
        last = reranked[-1][1]
        return reranked + [(i, last * score) for i, score in ranked if i not in scores]
