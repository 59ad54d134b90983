"""What tests of briefings share: one briefing over the starter corpus."""

import datetime

import pytest

from assistant.briefing.briefing import Briefing, build_briefing
from assistant.briefing.questions import parse_markdown
from assistant.engine import Assistant

DAY = datetime.date(2026, 11, 25)
QUESTIONS = """# Sanctions & more

## North Korea

- Which executive order was Choe Un Jong designated under, and why?
- Who is Choe Un Jong's husband?
- List the three hacking groups sanctioned in September 2019.

## Elsewhere

- Who won the 1998 World Cup?
- -
- Under which executive order was Tornado Cash designated?
"""


@pytest.fixture(scope="module")
def briefing(starter: Assistant) -> Briefing:
    return build_briefing(starter, parse_markdown(QUESTIONS), date=DAY)
