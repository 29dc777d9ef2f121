"""Cells, compounds and checkpoints, and which cell holds a point."""
