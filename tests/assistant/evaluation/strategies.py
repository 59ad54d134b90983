"""What the property tests of the evaluation draw: release ids, questions with gold, and sets of them."""

from typing import Any

from hypothesis import strategies as st

from assistant.evaluation.questions import EvaluationQuestion, QuestionType

ANSWERABLE = [kind for kind in QuestionType if kind is not QuestionType.UNANSWERABLE]

#: Ids as they are: letters, then digits. Few, so that draws meet.
RELEASE_IDS = st.sampled_from([f"ab{n}" for n in range(1, 13)])
#: Ids without white space, in any script.
NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
#: Any text that UTF-8 can hold, line breaks and control characters too.
TEXTS = st.text(max_size=40)

TURNS = st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant"]), "content": TEXTS})


def groups(ids: st.SearchStrategy[str] = RELEASE_IDS, most: int = 3) -> st.SearchStrategy[list[list[str]]]:
    """Gold groups, none of them empty, no release in two of them."""
    drawn = st.lists(ids, min_size=1, max_size=3 * most, unique=True)
    return (
        st.tuples(drawn, st.integers(1, most))
        .map(lambda both: [both[0][n :: both[1]] for n in range(both[1])])
        .map(lambda made: [group for group in made if group])
    )


@st.composite
def questions(draw: st.DrawFn, ids: st.SearchStrategy[str] = NAMES) -> EvaluationQuestion:
    """A question of any type, with or without gold and history."""
    fields: dict[str, Any] = {
        "id": draw(ids),
        "question": draw(TEXTS),
        "type": draw(st.sampled_from(QuestionType)),
        "history": draw(st.lists(TURNS, max_size=3)),
        "gold_releases": draw(st.just([]) | groups(NAMES.map(str.lower))),
        "gold_facts": draw(st.lists(st.lists(TEXTS, min_size=1, max_size=2), max_size=3)),
        "note": draw(TEXTS),
    }
    return EvaluationQuestion.model_validate(fields)


def question_sets(ids: st.SearchStrategy[str] = NAMES) -> st.SearchStrategy[list[EvaluationQuestion]]:
    """Questions that differ in their ids."""
    return st.lists(questions(ids), min_size=1, max_size=4, unique_by=lambda question: question.id)
