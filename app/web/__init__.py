"""The edge: sign-in check, parsing, the unit of work, errors as problems, replays, the document."""
