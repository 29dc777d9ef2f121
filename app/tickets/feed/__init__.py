"""The change feed: what changed since a reader last looked, for a phone's cache or an export."""
