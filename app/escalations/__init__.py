"""What the clock does: people are reminded of limits, rung by rung, and of a week's rounds."""
