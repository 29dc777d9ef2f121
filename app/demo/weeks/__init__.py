"""Some weeks of a made-up county, lived through the product's own services at moved clocks."""
