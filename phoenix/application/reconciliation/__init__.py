"""Comparing Phoenix's book with the broker's. It reads, and records what it finds; it can do nothing else (SPEC 3.9).

What is imported here says so: no door to orders, positions or the store leads into this package.
"""
