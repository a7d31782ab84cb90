"""`phoenix drill`: one small trade through everything, over whatever broker the home is configured with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.homes import home_directory
from phoenix.cli.options import HomeOption, JsonFlag

if TYPE_CHECKING:
    from phoenix.runtime.drill import Drilled, DrillPlan, Step
    from phoenix.runtime.drill.floor import Approver
    from phoenix.runtime.home import Home

PairOption = Annotated[str | None, typer.Option(help="Instrument. By default the first that is configured.")]
QuantityOption = Annotated[
    str | None, typer.Option(metavar="UNITS", help="How much. By default the smallest that the instrument allows.")
]
HoldOption = Annotated[
    str, typer.Option(metavar="SECONDS", help="How long the position is held before its exit is asked for.")
]
WaitOption = Annotated[str, typer.Option(metavar="SECONDS", help="How long a step waits for the broker.")]
TargetFlag = Annotated[
    bool, typer.Option("--until-target", help="Wait for a near target, 15 minutes at least, instead of an exit.")
]
YesFlag = Annotated[
    bool, typer.Option("--yes-simulated", help="Approve without a person, on simulated accounts only: for scripts.")
]


def drill(
    pair: PairOption = None,
    quantity: QuantityOption = None,
    hold: HoldOption = "10",
    wait: WaitOption = "60",
    until_target: TargetFlag = False,
    yes_simulated: YesFlag = False,
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:
    """Prove the connection by one small round trip: account, quote, order, fill, protection, exit, books and record.

    Refused on live accounts. On paper accounts it goes as far as the review and leaves with 8. Interrupted, it leaves
    an ordinary position with its ordinary ways out.
    """
    from phoenix.cli.numbers import number_of
    from phoenix.runtime.drill import plan_of
    from phoenix.runtime.home import Home

    opened = Home.open(home_directory(home))
    plan = plan_of(
        opened.settings, pair, None if quantity is None else number_of("quantity", quantity), number_of("hold", hold),
        number_of("wait", wait), until_target=until_target,
    )  # fmt: skip
    approver = _approver(opened, plan, yes_simulated=yes_simulated, as_json=json)
    raise typer.Exit(_drill(opened, plan, approver, as_json=json))


def _drill(home: Home, plan: DrillPlan, approver: Approver, *, as_json: bool) -> ExitCode:
    from phoenix.cli.printing import console, print_json, say
    from phoenix.cli.views.drill import drilled_view, step_line
    from phoenix.runtime.documents.drill import drill_document
    from phoenix.runtime.drill import drill as carry_out

    screen = console()

    def tell(step: Step) -> None:
        if not as_json:
            screen.print(step_line(step))

    drilled = carry_out(home, plan, approver, tell, say)
    code = exit_code_of(drilled)
    if as_json:
        print_json(drill_document(drilled, code))
    else:
        screen.print(drilled_view(drilled))
    return code


def exit_code_of(drilled: Drilled) -> ExitCode:
    """The code that covers the worst of a drill's steps."""
    from phoenix.domain.vocabulary import AccountMode
    from phoenix.runtime.drill.steps import LOOKING, StepName, Verdict

    verdicts = {step.name: step.result.verdict for step in drilled.steps}
    if drilled.is_interrupted:
        return ExitCode.ERROR
    if verdicts[StepName.CONNECT] is not Verdict.OK:
        return ExitCode.BROKER_UNREACHABLE
    wrong = [name for name, verdict in verdicts.items() if verdict is Verdict.FAILED]
    if wrong:
        return {StepName.GATE: ExitCode.REFUSED, StepName.RECONCILED: ExitCode.DRIFT}.get(wrong[0], ExitCode.ERROR)
    if Verdict.UNKNOWN in verdicts.values():
        return ExitCode.NOT_YET_KNOWN
    if drilled.mode is not AccountMode.SIMULATOR and all(verdicts[name] is Verdict.OK for name in LOOKING):
        return ExitCode.CONNECTION_PROVEN
    return ExitCode.REFUSED if Verdict.NOT_DONE in verdicts.values() else ExitCode.OK


def _approver(home: Home, plan: DrillPlan, *, yes_simulated: bool, as_json: bool) -> Approver:
    """Whoever approves. Raises Refused, before anything is connected, where nobody could."""
    from phoenix.cli.confirming import require_terminal
    from phoenix.cli.drill_approvers import SimulatedApprover, TypedApprover
    from phoenix.domain.refusals import Refused
    from phoenix.domain.vocabulary import AccountMode, RefusalReason

    mode = home.settings.account.mode
    if yes_simulated and mode is not AccountMode.SIMULATOR:
        raise Refused(
            RefusalReason.PROOF_MISSING, "proof", f"--yes-simulated proves no human on a {mode.value} account",
            "Leave it out: the drill then goes as far as it can there",
        )  # fmt: skip
    if yes_simulated:
        return SimulatedApprover()
    if mode is AccountMode.SIMULATOR:
        require_terminal(as_json=as_json)
    return TypedApprover(plan.instrument, as_json=as_json)
