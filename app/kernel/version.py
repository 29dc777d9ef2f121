"""The release of this tree."""

VERSION = "0.1.0"
