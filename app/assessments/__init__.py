"""Assessment: reference scores out of what happened, off until the county switches it on."""
