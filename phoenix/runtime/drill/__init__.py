"""A drill: one small trade through everything, over whatever broker a home is configured with, step by step."""

from phoenix.runtime.drill.course import Drilled, drill
from phoenix.runtime.drill.plan import STRATEGY, DrillPlan, plan_of
from phoenix.runtime.drill.steps import Step, Verdict

__all__ = ["STRATEGY", "DrillPlan", "Drilled", "Step", "Verdict", "drill", "plan_of"]
