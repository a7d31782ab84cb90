"""The specifications in features/, bound to the whole core over a simulated broker."""
