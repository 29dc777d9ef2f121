"""Titles of units that change what they have to do: civilised, or a pilot of waste sorting."""
