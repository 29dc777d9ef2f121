"""People on duty: accounts, posts, and who stands in for whom."""
