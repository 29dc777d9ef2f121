"""Weekly rounds of compounds by their wardens, and how much of the grid they cover."""
