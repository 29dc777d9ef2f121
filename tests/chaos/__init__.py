"""Breaking it on purpose: processes killed, databases and stores stopped, while people work."""

BEGAN, FASTER = "CHAOS_BEGAN", "CHAOS_FASTER"
"""What tells a process since when its clock runs, and how many times faster."""
