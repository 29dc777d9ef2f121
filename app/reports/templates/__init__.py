"""A county's own templates of documents: checked when they are uploaded, then used."""
