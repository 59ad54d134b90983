"""The chat, in Gradio."""
