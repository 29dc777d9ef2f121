"""A county of a hundred townships: what its reads and writes take, and how that grows."""
