"""Whether what is tuned on one corpus's questions loses on questions of another kind.

    python -m tests.bench.other_questions

The encoder of sentences and the trees were fitted on questions put to the department's own releases. Here they meet the
questions over the starter corpus: digests in other words, shorter. For each answerable question the same candidate
sentences are ranked three ways; a question counts where the first three sentences hold all its facts.
"""

import tempfile
from pathlib import Path

import numpy as np

from assistant.answers.evidence import Candidate, gather
from assistant.engine import Assistant
from assistant.evaluation.facts import fold, states
from assistant.evaluation.questions import STARTER_QUESTIONS, read_question_set
from assistant.question import parse_question
from assistant.retrieval import retrieve
from assistant.settings import Settings
from corpus.starter import STARTER
from indexes.build import build_index
from indexes.embedding.encoder import DEFAULT_MODEL
from indexes.generation import Home

SHOWN = 3


def main() -> None:
    """Print the share of questions whose facts stand in the first sentences, by what ranks them."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        build_index(STARTER, home, DEFAULT_MODEL)
        with Assistant(Settings(home=home.folder)) as assistant:
            held: dict[str, list[bool]] = {"published encoder": [], "tuned encoder": [], "trees over it": []}
            for question in read_question_set(STARTER_QUESTIONS):
                if not question.gold_facts:
                    continue
                found = retrieve(parse_question(question.question), assistant.generation(), assistant.encoder)
                ranked = gather(found, assistant.generation(), assistant.sentence_encoder).candidates
                vectors = assistant.encoder.embed([question.question, *(c.text for c in ranked)])
                published = np.argsort(-(vectors[1:] @ vectors[0]), kind="stable")
                orders: dict[str, list[Candidate]] = {
                    "published encoder": [ranked[n] for n in published],
                    "tuned encoder": sorted(ranked, key=lambda c: -c.features.cosine),
                    "trees over it": ranked,
                }
                for name, order in orders.items():
                    shown = fold(" ".join(candidate.text for candidate in order[:SHOWN]))
                    held[name].append(all(states(shown, fact) for fact in question.gold_facts))
    for name, hits in held.items():
        print(f"{name:18} {np.mean(hits):.3f} of {len(hits)}")  # noqa: T201 - a bench prints


if __name__ == "__main__":
    main()
