"""JSON of administration, by theme."""
