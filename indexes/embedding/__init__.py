"""Embedding models: the ONNX path for the default, sentence-transformers for any other."""
