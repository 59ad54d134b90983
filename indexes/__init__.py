"""Chunks, their embeddings, and the dense and lexical indexes over them."""
