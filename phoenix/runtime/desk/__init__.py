"""What every surface works with: looking, deciding, handing in."""

from phoenix.runtime.desk.desk import Desk

__all__ = ["Desk"]
