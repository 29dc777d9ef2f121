"""A list of tickets as a spreadsheet, of any size."""
