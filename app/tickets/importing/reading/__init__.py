"""What a spreadsheet says: bytes into lines, lines into rows, each fault with its place. Pure."""
