"""Working time: calendars, limits and lights, as pure functions of values."""
