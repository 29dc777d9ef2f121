"""Documents in Word: drafted of what is known, edited, sent for approval, issued and then kept."""
