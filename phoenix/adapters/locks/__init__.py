"""The lock that makes one process the executor of a store."""

from phoenix.adapters.locks.file import FileLock, this_process

__all__ = ["FileLock", "this_process"]
