"""Spot checks (抽查): a supervisor walks again what was reported clean; results stand by unit."""
