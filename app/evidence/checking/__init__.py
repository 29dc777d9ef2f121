"""Holding the record against itself, its signatures, the rows it is about, and the photo files."""
