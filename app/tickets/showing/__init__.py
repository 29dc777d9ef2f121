"""Tickets as somebody may see them."""
