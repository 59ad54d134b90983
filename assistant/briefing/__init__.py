"""Briefings made from lists of questions, and drafts checked against the corpus."""
