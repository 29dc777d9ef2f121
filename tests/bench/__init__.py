"""How fast it is: real requests to real workers on a county full of tickets; see `make bench`."""
