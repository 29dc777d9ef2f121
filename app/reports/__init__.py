"""Ledgers and documents made of what the packages below know; nothing is asked again for them."""
