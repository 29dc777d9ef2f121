"""Faces and number plates covered on what is shown: boxes that a person draws, kept as versions."""
