"""Figures one can trust: each is counted by the rule that lists what it counts."""
