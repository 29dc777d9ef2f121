"""Photos and their uses judged anew by the thresholds of now, because somebody asked."""
