"""From a report to a filed ticket: where it is, who is responsible, whether it was seen before."""
