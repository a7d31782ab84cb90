"""What the core needs from the world: small interfaces, one to a file."""
