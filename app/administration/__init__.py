"""Administration: organisations, people, places and the dictionary, each change on the log."""
