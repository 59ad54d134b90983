"""From a question to the passages and releases that bear on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.question import Question, without_release_ids
from indexes.embedding.encoder import Encoder, Vectors
from indexes.filters import SearchFilter
from indexes.generation import Generation
from indexes.hybrid import DENSE_WEIGHT, Hit, hybrid_search, rank_releases

#: Distinct releases reported for a question.
REPORTED = 20
#: What a hit gains whose release the question names by its id: more than any search score.
NAMED = 1.0


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a search found: chunks best first, releases best first, the question's vector, and releases it names.

    ``mentioned`` are the ids as the question names them, ``named`` those of their releases: an id that a release was
    also published under leads to it.
    """

    hits: Sequence[Hit]
    releases: list[tuple[str, float]]
    vector: Vectors
    named: Sequence[str] = ()
    mentioned: Sequence[str] = ()


def retrieve(
    question: Question,
    generation: Generation,
    encoder: Encoder,
    condition: SearchFilter | None = None,
    dense_weight: float = DENSE_WEIGHT,
) -> Retrieved:
    """Search for a question; a release that it names by id, and that meets the condition, comes first."""
    mentioned = [i for i in question.mentioned_ids if generation.releases.known([i])]
    named = generation.releases.known(mentioned)
    text = without_release_ids(question.search_text, mentioned)
    vector = encoder.embed([text])[0]
    hits = hybrid_search(generation, text, vector, condition, dense_weight)
    condition = condition or SearchFilter()
    if wanted := tuple(i for i in named if not condition.release_ids or i in condition.release_ids):
        inside = hybrid_search(generation, text, vector, replace(condition, release_ids=wanted), dense_weight)
        lifted = [Hit(h.chunk_id, h.release_id, h.start, h.end, h.score + NAMED, h.dense, h.lexical) for h in inside]
        hits = lifted + [hit for hit in hits if hit.release_id not in named]
    return Retrieved(hits, rank_releases(hits, REPORTED), vector, named, mentioned)
