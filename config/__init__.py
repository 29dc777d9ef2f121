"""What an operator or a county decides: settings and the shipped catalogue."""
