"""Tickets: a problem from its report to its closure."""
