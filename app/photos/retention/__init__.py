"""For how long photos are kept, what may not go yet, and how what is due goes."""
