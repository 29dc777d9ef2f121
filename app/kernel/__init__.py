"""The ground floor: database, time, identity, errors and paging. It knows no domain word."""
