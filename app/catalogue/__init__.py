"""The dictionary of what can be wrong: categories, conditions, limits and the work calendar."""
