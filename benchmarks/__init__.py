"""What fast means here: ratios against a floor, both sides measured in one run."""
