"""A demonstration township and believable photos of it, drawn from a seed; no place or person in
them exists."""
