"""What an executor last showed of itself, and a glance at it that costs next to nothing."""
