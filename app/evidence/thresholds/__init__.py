"""The thresholds of findings, kept by the county: dated, logged, within believable bounds."""
