"""Content safety (内容安全): photos that a host looks at, and what a person decides about them."""
