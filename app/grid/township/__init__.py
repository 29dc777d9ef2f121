"""Loading a township from a folder: read, check everything, then write."""
