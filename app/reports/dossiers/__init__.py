"""A half year's or a year's papers of a unit as one package with a manifest."""
