"""Papers about one ticket, to be printed: its sheet, and the notice to whoever has to act."""
