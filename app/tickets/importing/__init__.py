"""Work from elsewhere: a spreadsheet with photos is read, shown, and only then made tickets of."""
