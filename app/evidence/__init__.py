"""What the server vouches for: an append-only chain of hashes per township, its signed days."""
