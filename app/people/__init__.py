"""Organisations, persons and their posts; sign-in; who may do what."""
