"""A home: its configuration, the store it names, and what lies beside it."""

from phoenix.runtime.home.directory import BOOK, INBOX_FOLDERS, Home, beside, configuration_of

__all__ = ["BOOK", "INBOX_FOLDERS", "Home", "beside", "configuration_of"]
