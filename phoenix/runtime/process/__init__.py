"""The executor at work: opening what it needs, living turn by turn, and letting go."""
