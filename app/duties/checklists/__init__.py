"""Checklists: what a kind of site must have, when it was last seen, and what came of gaps."""
