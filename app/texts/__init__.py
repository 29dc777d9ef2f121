"""Content safety (内容安全) of texts: what people write, which a host looks at, and what a person
decides about what it warned of."""
