"""Photos that a phone sends straight to the store, and then says that they are there."""
