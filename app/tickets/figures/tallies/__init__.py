"""The county's figures counted in advance: exact at every moment, whatever the worker has done."""
