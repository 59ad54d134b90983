"""What a question is about: its terms, the names in it, and who is only a namesake."""

import pytest

from assistant.engine import Assistant
from assistant.names import AlsoCalled, Expansion
from assistant.question import parse_question
from assistant.question_terms import full_names, is_of_namesakes, other_names, question_terms, terms_held
from indexes.lexical import LexicalIndex


@pytest.fixture(scope="module")
def lexical(starter: Assistant) -> LexicalIndex:
    return starter.generation().lexical


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Which order was Choe Un Jong designated under?", [{"choe", "un", "jong"}]),
        ("Who is Dan Gertler?", [{"dan", "gertler"}]),
        ("when was the mixer sanctioned?", []),
        ("When did Iran answer?", []),  # a word that asks is no part of a name
        ("", []),
    ],
)
def test_names_of_several_words(lexical: LexicalIndex, text: str, names: list[set[str]]) -> None:
    assert full_names(text, lexical) == [frozenset(name) for name in names]


@pytest.mark.parametrize(
    ("text", "namesake"),
    [
        ("Choe Chol Min was designated under E.O. 13382.", True),
        ("Choe Un Jong was designated under E.O. 13810.", False),
        ("Choe Chol Min is married to Choe Un Jong.", False),
        ("She was designated under E.O. 13810.", False),
        ("The bank was designated in January.", False),
        ("Dan Gertler was designated under E.O. 13818.", False),
    ],
)
def test_namesakes(lexical: LexicalIndex, text: str, namesake: bool) -> None:
    assert is_of_namesakes(text, full_names("Choe Un Jong", lexical), lexical) is namesake


def test_common_words_make_no_namesakes(lexical: LexicalIndex) -> None:
    names = full_names("Treasury Secretary Yellen", lexical)
    assert not is_of_namesakes("Treasury Secretary Geithner spoke in Beijing.", names, lexical)


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("Which executive order was Choe Un Jong designated under?", "13810"),
        ("Which executive order was Choe Chol Min designated under?", "13382"),
    ],
)
def test_what_is_told_of_a_namesake_answers_nothing(starter: Assistant, question: str, order: str) -> None:
    answer = starter.ask(question)
    assert order in answer.sentences[0].text or order in answer.sentences[-1].text
    name = question.split("was ")[1].split(" designated")[0]
    assert all(name in s.text or "Choe" not in s.text for s in answer.sentences)


def test_another_name_holds_the_terms_of_the_one_asked_for(lexical: LexicalIndex) -> None:
    expansion = Expansion("the HCO", (), (AlsoCalled("HCO", ("Harbor Control Office",)),))
    names = other_names(expansion, lexical)
    assert "hco" in terms_held("The Harbor Control Office opened.", lexical, names)
    assert "hco" not in terms_held("The Harbor Office opened.", lexical, names)


def test_earlier_turns_count_a_third(lexical: LexicalIndex) -> None:
    from assistant.question import Turn

    alone = question_terms(parse_question("Who owns the vessel?"), lexical, [])
    after = question_terms(parse_question("Who owns it?", [Turn("user", "Which vessel?")]), lexical, [])
    assert after["vessel"] == pytest.approx(alone["vessel"] / 3)
