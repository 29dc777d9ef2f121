"""The kinds of case: a file of the catalogue, and its dated rows."""
