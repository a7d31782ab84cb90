"""Orders on their way: sent once, followed through every word of the broker, protected, closed."""
