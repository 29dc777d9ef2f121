"""What the desk grid is made of, as dated rows: duties, kinds of record, festivals, checklists."""
