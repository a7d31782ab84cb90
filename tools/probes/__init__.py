"""Programs that hold Phoenix against the vendors' own libraries. They are no tests: CI installs no vendor library."""
