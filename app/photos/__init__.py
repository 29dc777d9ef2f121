"""Photos: taken in, looked at, kept, and shown to whoever may see them."""
