"""Numbered scripts that bring a catalog to this version's form."""
