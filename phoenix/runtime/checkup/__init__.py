"""The checkup of a home: everything that can be looked at without connecting, each as a finding with a way out."""

from phoenix.runtime.checkup.examination import examine, examine_configuration
from phoenix.runtime.checkup.finding import Finding, Verdict

__all__ = ["Finding", "Verdict", "examine", "examine_configuration"]
