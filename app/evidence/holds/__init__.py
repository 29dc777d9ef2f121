"""Legal holds: what may not be purged, who says so and why."""
