"""Photos that look like earlier ones: hashes of what they show, kept and looked up exactly."""
