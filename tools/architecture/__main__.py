"""python -m tools.architecture: prints every violation and a verdict; exit code 1 where there is one."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.architecture.check import check, source_files
from tools.architecture.rules import RULES


def main() -> int:
    """Checks the repository that this file is part of."""
    root = Path(__file__).resolve().parents[2]
    violations = check(root)
    for violation in violations:
        print(violation)
    verdict = f"{len(violations)} violation(s)" if violations else "clean"
    print(f"Architecture: {len(source_files(root))} files under {len(RULES) + 1} rules: {verdict}")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
