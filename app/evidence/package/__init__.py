"""What is handed over as proof: files, timeline, and the stretch of the chain that holds them."""
