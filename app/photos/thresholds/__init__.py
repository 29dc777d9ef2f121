"""The thresholds of findings: what may be changed, and what is in force when."""
