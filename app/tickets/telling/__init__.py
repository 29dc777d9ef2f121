"""Whom what happens to a ticket concerns, and in which words they are told."""
