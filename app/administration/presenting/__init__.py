"""What administration answers and what its log keeps, by theme."""
