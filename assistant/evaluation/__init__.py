"""Evaluation: a question set in, a report out that a team can trust. ``docs/evaluation.md`` defines every figure."""
