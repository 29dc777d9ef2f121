"""What scores are computed from: tickets, rounds, duties, campaigns, cases, records, awards."""
