"""Alerts of a real home: through channels that work, fail or hang, and through the death of whoever delivers them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import monotonic

import orjson
import pytest

from phoenix.domain.vocabulary import AlertEvent, DecisionKind, RefusalReason
from phoenix.ports.errors import ConfigurationError
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from phoenix.runtime.home.making import init
from phoenix.runtime.process.running import RunningExecutor
from phoenix.runtime.readings.outcomes import OutcomeStatus
from tests.adapters.alerts.receivers import HOST, Webhook, nobody, webhook
from tests.runtime.dying import run
from tests.runtime.processes import serving
from tests.runtime.trading import TRADER, approve, proposed

SECRET = "s3cret-t0ken"
_FILE = '\n[alerts]\nleave_s = {leave_s}\ntimeout_s = {timeout_s}\n\n[alerts.channels]\nphone = "{address}"\n'


def with_channel(home: Home, address: str, *, leave_s: float = 3.0, timeout_s: float = 20.0) -> Home:
    """The home, with a channel beyond this computer."""
    file = home.directory / "phoenix.toml"
    file.write_text(file.read_text() + _FILE.format(address=address, leave_s=leave_s, timeout_s=timeout_s))
    return Home.open(home.directory)


def hook(server: Webhook, path: str = "") -> str:
    return f"json://{HOST}:{server.port}/{path}"


def halted(home: Home) -> None:
    """Something worth an alert happens, and nobody is executor."""
    with Desk(home) as desk:
        desk.set_kill(None, "enough", signer=TRADER)


def caught_up(home: Home) -> None:
    """Somebody is executor for a moment."""
    with Desk(home) as desk:
        desk.catch_up()


def in_file(home: Home) -> list[str]:
    """The ids of the alerts in the file."""
    return (
        [orjson.loads(line)["alert_id"] for line in home.alerts.read_bytes().splitlines()]
        if home.alerts.exists()
        else []
    )


def raised(home: Home) -> list[str]:
    with Desk(home) as desk:
        return [told.alert.alert_id for told in desk.read.alerts()]


def until(happened: Callable[[], bool]) -> None:
    """Look again and again, for ten seconds at most."""
    for _ in range(200):
        if happened():
            return
        Event().wait(0.05)
    raise AssertionError("it did not happen")


async def nothing(_: RunningExecutor) -> None:
    """What an executor does by itself."""


def test_a_command_delivers_before_it_leaves(home: Home) -> None:
    with webhook() as server:
        home = with_channel(home, hook(server))
        halted(home)
        caught_up(home)
    assert [received["title"] for received in server.received] == ["WARNING KILL_FLAG_SET"]
    assert in_file(home) == raised(home)
    with Desk(home) as desk:
        [told] = desk.read.alerts()
        assert {name for name, _ in told.delivered} == {"file", "log", "phone"}
        assert not told.waits_for


def test_a_command_does_not_wait_for_a_service_that_dawdles_and_the_next_one_delivers(home: Home) -> None:
    with webhook() as server:
        server.is_dawdling = True
        home = with_channel(home, hook(server), leave_s=0.2)
        halted(home)
        began = monotonic()
        caught_up(home)
        assert monotonic() - began < 3
        with Desk(home) as desk:
            assert desk.read.alerts()[0].waits_for == ("phone",)
        server.is_dawdling = False
        caught_up(home)
        with Desk(home) as desk:
            assert desk.read.alerts()[0].waits_for == ()
    assert in_file(home) == raised(home)


def test_trading_goes_on_while_a_channel_hangs(home: Home) -> None:
    with webhook() as server:
        server.is_dawdling = True
        home = with_channel(home, hook(server), leave_s=0.2)
        with serving(home), Desk(home) as desk:
            flag_id = desk.set_kill("another", "try out", signer=TRADER)
            assert server.asked.acquire(timeout=10), "the channel was not tried"
            began = monotonic()
            outcome = approve(desk, str(proposed(desk).intent_id))
            assert outcome.status is OutcomeStatus.DONE
            assert monotonic() - began < 5
            desk.decide(DecisionKind.KILL_LIFT, flag_id, signer=TRADER, reason="over")


def test_a_running_executor_tells_what_others_bring_about_and_takes_acknowledgements(home: Home) -> None:
    with webhook() as server:
        home = with_channel(home, hook(server))
        with serving(home), Desk(home) as desk:
            halted(home)
            until(lambda: len(server.received) == 1)
            trial = desk.alerts.test("phone", signer=TRADER)
            assert trial.is_known
            assert trial.alert is not None
            assert [name for name, _ in trial.alert.delivered] == ["phone"]
            assert server.received[-1]["title"] == "INFO ALERTS_TESTED"
            refused = desk.decide(DecisionKind.ACKNOWLEDGE, "nothing", signer=TRADER)
            assert refused.refusal is not None
            assert refused.refusal.reason is RefusalReason.NOT_FOUND


def test_trying_channels_without_an_executor_says_of_each_what_became_of_it(home: Home) -> None:
    home = with_channel(home, f"json://{HOST}:{nobody()}/{SECRET}")
    with Desk(home) as desk:
        trial = desk.alerts.test(None, signer=TRADER)
    assert trial.is_known
    assert trial.alert is not None
    assert {name for name, _ in trial.alert.delivered} == {"file", "log"}
    [(name, reason)] = trial.alert.failed
    assert name == "phone"
    assert "onnection" in reason


@pytest.mark.parametrize("moment", ["commit.after.ALERT.RAISED", "alert.before", "alert.after",
                                    "commit.before.ALERT.DELIVERED", "commit.after.ALERT.DELIVERED"])  # fmt: skip
def test_whoever_dies_over_an_alert_leaves_it_to_the_next(home: Home, moment: str) -> None:
    halted(home)
    assert run(home, nothing, moment).was_killed
    for _ in range(2):
        assert run(home, nothing).code == 0
    [alert_id] = raised(home)
    assert set(in_file(home)) == {alert_id}
    assert len(in_file(home)) <= 2
    with Desk(home) as desk:
        [told] = desk.read.alerts()
        assert {name for name, _ in told.delivered} == {"file", "log"}


def test_what_was_raised_and_not_delivered_is_not_lost_with_the_process(home: Home) -> None:
    with webhook() as server:
        home = with_channel(home, hook(server))
        halted(home)
        assert run(home, nothing, "commit.after.ALERT.RAISED").was_killed
        assert server.received == []
        assert in_file(home) == []
        caught_up(home)
        assert [received["title"] for received in server.received] == ["WARNING KILL_FLAG_SET"]
        assert in_file(home) == raised(home)


# --- secrets ----------------------------------------------------------------------------------------------------------


def every_file(home: Home) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in home.directory.rglob("*") if path.is_file()}


def test_a_secret_of_the_environment_reaches_the_service_and_nothing_else(
    home: Home, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DESK_TOKEN", SECRET)
    said: list[str] = []
    with webhook() as server:
        home = with_channel(home, f"json://{HOST}:{server.port}/${{DESK_TOKEN}}")
        halted(home)
        with Desk(home, said.append) as desk:
            desk.catch_up()
            server.status = 401
            desk.alerts.test("phone", signer=TRADER)
            desk.alerts.test("phone", signer=TRADER)
    assert set(server.paths) == {f"/{SECRET}"}
    captured = capfd.readouterr()
    assert not any(SECRET.encode() in content for content in every_file(home).values())
    assert SECRET not in "".join((captured.out, captured.err, *said))
    with Desk(home) as desk:
        assert "ALERTS_DOWN" in {told.alert.kind for told in desk.read.alerts()}
        failed = [
            item for item in desk.beads() if getattr(item.bead.payload, "event", None) is AlertEvent.DELIVERY_FAILED
        ]
        assert failed


def test_an_address_with_its_secret_in_the_configuration_is_shown_and_recorded_nowhere_else(home: Home) -> None:
    with webhook() as server:
        home = with_channel(home, hook(server, SECRET))
        halted(home)
        caught_up(home)
    found = {Path(name).name for name, content in every_file(home).items() if SECRET.encode() in content}
    assert found == {"phoenix.toml"}
    assert SECRET not in repr(home.settings)
    assert home.settings.alerts.model_dump(mode="json")["channels"] == {"phone": "json://***"}


def test_a_secret_of_the_secrets_file_is_filled_in(home: Home) -> None:
    with webhook() as server:
        home = with_channel(home, f"json://{HOST}:{server.port}/${{DESK_TOKEN}}")
        home.alert_secrets.write_text(f'DESK_TOKEN = "{SECRET}"\n')
        home.alert_secrets.chmod(0o600)
        halted(home)
        caught_up(home)
    assert server.paths == [f"/{SECRET}"]


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        (None, 0o600, "there is no secret DESK_TOKEN"),
        ('OTHER = "x"', 0o600, "there is no secret DESK_TOKEN"),
        (f'DESK_TOKEN = "{SECRET}"', 0o644, "others than its owner can read these secrets. Run chmod 600"),
        (f"DESK_TOKEN = {SECRET}", 0o600, "is not TOML"),
        ("DESK_TOKEN = 17", 0o600, "holds more than text"),
    ],
)
def test_secrets_that_cannot_be_used_stop_the_start_and_are_not_repeated(
    home: Home, text: str | None, mode: int, said: str
) -> None:
    home = with_channel(home, "tgram://${DESK_TOKEN}/1")
    if text is not None:
        home.alert_secrets.write_text(text)
        home.alert_secrets.chmod(mode)
    with pytest.raises(ConfigurationError, match=said) as stopped:
        caught_up(home)
    assert SECRET not in str(stopped.value)


@pytest.mark.parametrize(
    "channels",
    [
        f'phone = "{SECRET}"', f'Phone = "json://{SECRET}"', f'file = "json://{SECRET}"', f'alerts = "json://{SECRET}"',
        f'phone = ["json://{SECRET}"]', f'phone = {{ url = "json://{SECRET}" }}',
    ],
)  # fmt: skip
def test_a_channel_that_is_wrong_is_refused_without_its_address(tmp_path: Path, channels: str) -> None:
    home = init(tmp_path / "home", datetime.now(UTC))
    file = home.directory / "phoenix.toml"
    file.write_text(f"{file.read_text()}\n[alerts.channels]\n{channels}\n")
    with pytest.raises(ConfigurationError, match="alerts") as refused:
        Home.open(home.directory)
    assert SECRET not in str(refused.value)


def test_a_channel_of_the_environment_counts(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with webhook() as server:
        monkeypatch.setenv("PHOENIX_ALERTS__CHANNELS__PHONE", hook(server, SECRET))
        home = Home.open(home.directory)
        assert home.settings.policy().alerts.channels == ("file", "log", "phone")
        halted(home)
        caught_up(home)
    assert server.paths == [f"/{SECRET}"]
