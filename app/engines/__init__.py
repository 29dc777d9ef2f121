"""A whole installation moved to other engines: its rows to another database, its bytes to another
store, and the figures that prove that nothing was lost on the way."""
