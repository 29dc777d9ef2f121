"""Records: what was done, said once in a short form, counted by every duty that it meets."""
