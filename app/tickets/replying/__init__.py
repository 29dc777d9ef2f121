"""Answers back to where work came from: what became of it, in official words, as a spreadsheet."""
