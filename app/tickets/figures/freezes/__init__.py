"""Months whose figures somebody froze."""
