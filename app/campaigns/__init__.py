"""Campaigns (一月一区): six actions in four steps each, in one compound or area a month."""
