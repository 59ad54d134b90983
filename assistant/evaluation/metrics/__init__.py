"""The metrics of single questions, in the order in which tables show them."""

from assistant.evaluation.metrics import answers, citations, retrieval
from assistant.evaluation.metrics.metric import Metric

METRICS: tuple[Metric, ...] = (*answers.METRICS, *citations.METRICS, *retrieval.METRICS)
