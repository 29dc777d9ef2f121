"""How well reused photos are recognised: measured, not asserted (`make evidence-report`)."""
