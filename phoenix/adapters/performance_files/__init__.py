"""Reads shadow performance from files, strictly: CSV or JSON, all of a file or nothing."""

from __future__ import annotations

from phoenix.adapters.performance_files.reading import PerformanceFile, read_performance

__all__ = ["PerformanceFile", "read_performance"]
