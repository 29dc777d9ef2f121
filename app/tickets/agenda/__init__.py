"""A responsible organisation's day: what is with it, what it contests, what is handed over."""
