"""What waits for a supervisor's or lead's decision, the riskiest first."""
