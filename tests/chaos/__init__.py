"""Breaking it on purpose: processes killed, databases and stores stopped, while people work."""

BEGAN, FASTER, JUMP = "CHAOS_BEGAN", "CHAOS_FASTER", "CHAOS_JUMP"
"""What tells a process since when its clock runs, how many times faster, and the file that says by
how many seconds it is off."""
