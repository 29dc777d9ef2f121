"""What is inside a picture file: walked under bounds, decoded, turned upright, encoded afresh."""
