"""Applications for the county's awards of a year: made by a community, answered by the town."""
