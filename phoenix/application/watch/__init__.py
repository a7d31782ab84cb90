"""What time and trouble bring about: the session, kill flags, due timers, autopsies."""
