"""Redrawing cells: read, preview, and only then write."""
