"""Plays the commands that a page of the documentation prints, at a real terminal, and draws what a reader would see."""
