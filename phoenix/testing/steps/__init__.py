"""The steps that every project may use, by subject; `phoenix.testing.plugin` makes them known to pytest."""
