"""One module for each schema revision. A released one is never changed."""
