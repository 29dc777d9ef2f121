"""What the mission obliges, row by row: walked over HTTP, and written down from the same rows."""
