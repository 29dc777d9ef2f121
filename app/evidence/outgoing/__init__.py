"""What leaves the office: which photos may go, which wait for a look, who wants them."""
