"""Made-up places drawn through a pinhole camera: flat colours, perspective, the hour's light."""
