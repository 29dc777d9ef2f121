"""Whether an after-photo is the before-photo with something painted over."""
