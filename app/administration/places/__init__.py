"""Compounds, their contracts and their checkpoints."""
