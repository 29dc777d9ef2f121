"""The desk grid: who answers for what, which duties a unit has, and the records that meet them."""
