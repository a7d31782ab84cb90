"""Pages for people who would rather look: each one self-contained HTML file, no scripts, nothing from elsewhere."""
