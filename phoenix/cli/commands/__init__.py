"""The commands, a module per subject. Each imports what it works with only when it runs."""
