"""Signals on their way in: how they are written, the inbox, and handing over to whoever may refuse them."""
