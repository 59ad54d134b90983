"""Which sentences of a draft assert something that a release can carry or contradict, decided by rules alone.

Everything is checked but what these rules let go, and they let go little:

1. headings and questions;
2. fragments: what does not end as a sentence does and names no figure, or has fewer than three words;
3. what holds nothing but references;
4. what speaks of the draft itself ("This note sets out ..."), the writer's own judgement ("This merits attention.") or
   for the writer ("We recommend ..."), unless it holds a figure, a date or an order. A sentence with one of these is
   always checked, and so is a judgement that names somebody.
"""

import re

from assistant.briefing.draft.draft import BlockKind, DraftSentence

_FIGURE = re.compile(r"\d")
#: A name: a capital inside the sentence.
_NAME = re.compile(r"(?<!^)(?<![“\"(])\b[A-Z][\w’'-]+")
_OF_THE_DRAFT = re.compile(
    r"(?:This|The (?:present|following|attached)|These|Our) "
    r"(?:note|memo|memorandum|paper|brief|briefing|section|page|report|draft|document|summary|analysis|table|points?)\b"
    r"|(?:See|Note that|For (?:background|details))\b|(?:Sources?|Notes?|Contact|Prepared by|From|To|Subject|Re|Date):",
    re.I,
)
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|our|Our|my|My)\b(?![’'.])")
_JUDGES = re.compile(
    r"(?:We|I)(?: \w+)? (?:recommend|suggest|propose|believe|think|expect|conclude|assess|judge|advise|hope)\b"
    r"|In (?:our|my) (?:view|opinion|judge?ment)\b",
)
_JUDGEMENT = re.compile(
    r"\b(?:should|ought to|merits?|deserves?|warrants?|remains? to be seen|worth (?:\w+ing|a)\b|"
    r"(?:it|this|that) (?:is|seems|appears) (?:\w+ )?(?:important|notable|striking|worrying|encouraging|unclear|"
    r"likely|unlikely|early|hard|difficult|clear|essential|a concern)|is (?:to be )?(?:welcomed?|regretted)|"
    r"raises? (?:\w+ )?questions)\b",
    re.I,
)


def nothing_to_check(sentence: DraftSentence) -> str:
    """Why a sentence is not checked; empty where it is."""
    words = sentence.words
    figures = bool(_FIGURE.search(words))
    names = bool(_NAME.search(words))
    if sentence.kind is BlockKind.HEADING:
        return "a heading"
    if not re.search(r"[^\W\d_]", words):
        return "no words"
    if words.rstrip("”\"’')] ").endswith("?"):
        return "a question"
    if len(words.split()) < 3 or not (re.search(r"[.!:;…][”\"’')\]]*$", words) or figures or _is_long(words)):
        return "a fragment"
    if sentence.kind is BlockKind.CELL and not re.search(r"[.!]$", words):
        return "a table's cell"
    if figures:
        return ""
    if _OF_THE_DRAFT.match(words):
        return "about the draft itself"
    if _JUDGES.match(words):
        return "the writer's judgement"
    if not names and _FIRST_PERSON.search(words):
        return "in the first person"
    if not names and _JUDGEMENT.search(words):
        return "the writer's judgement"
    return ""


def _is_long(words: str) -> bool:
    """Whether what lacks a full stop is a sentence nevertheless, as items of lists often are."""
    return len(words.split()) >= 6
