"""Schemes of assessment: a file of the catalogue, and its dated rows."""
