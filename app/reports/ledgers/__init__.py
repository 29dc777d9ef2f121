"""Ledgers: what was done in some days as a spreadsheet to be filed and printed."""
