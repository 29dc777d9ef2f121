"""What happens to a ticket while it is handled: effects, clocks, evidence, timeline."""
