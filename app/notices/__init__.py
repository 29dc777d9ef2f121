"""Notices to people: an inbox, written in the transaction of what is told."""
