"""Progress: how units stand with their duties, counted out of what is recorded anyway."""
