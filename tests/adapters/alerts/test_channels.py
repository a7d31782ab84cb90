"""Channels hand notices on, or say why they could not, and never tell their secrets."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from apprise import NotifyLogEntry

from phoenix.adapters.alerts import AppriseChannel, FileChannel, LineChannel, RecordingCourier
from phoenix.adapters.alerts.redaction import Redaction
from phoenix.ports.alerts import Delivered, NotDelivered
from tests.adapters.alerts.made_up import notice
from tests.adapters.alerts.receivers import HOST, mail_server, nobody, webhook

SECRET = "s3cret-t0ken"
PASSWORD = "correct horse"


def names_in(path: Path) -> list[str]:
    return [orjson.loads(line)["alert_id"] for line in path.read_bytes().splitlines()]


def test_the_file_gets_a_line_for_each_alert(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    assert FileChannel(path).deliver(notice("file", "a", "b")) == Delivered()
    assert FileChannel(path).deliver(notice("file", "c")) == Delivered()
    assert names_in(path) == ["a", "b", "c"]


def test_a_file_that_cannot_be_written_is_a_failure_that_says_why(tmp_path: Path) -> None:
    outcome = FileChannel(tmp_path / "not there" / "alerts.jsonl").deliver(notice("file"))
    assert isinstance(outcome, NotDelivered)
    assert "No such file" in outcome.reason


def test_whoever_watches_gets_a_line_for_each_alert() -> None:
    said: list[str] = []
    assert LineChannel(said.append).deliver(notice("log", "a", "b")) == Delivered()
    assert said == ["CRITICAL POSITION_STALLED: look [RB-003]"] * 2


def test_a_recording_courier_keeps_the_order() -> None:
    courier = RecordingCourier()
    for name in "ba":
        courier.take(notice("log", name))
    assert [kept.alert_id for kept in courier.delivered] == ["b", "a"]
    assert len(courier.finished()) == 2
    assert not courier.finished()


def test_a_webhook_gets_title_and_text_as_they_are() -> None:
    text = "1 < 2 & *nothing* is _markup_ <b>here</b>\nnor \\n here"
    with webhook() as server:
        channel = AppriseChannel("desk", f"json://{HOST}:{server.port}/alerts")
        assert channel.deliver(notice("desk", text=text)) == Delivered()
    [received] = server.received
    assert (received["title"], received["message"]) == ("CRITICAL POSITION_STALLED", text)
    assert received["type"] == "failure"


def test_mail_arrives() -> None:
    with mail_server() as server:
        channel = AppriseChannel("mail", _mail_address(server.port))
        assert channel.deliver(notice("mail")) == Delivered()
    [received] = server.received
    assert "CRITICAL POSITION_STALLED" in received
    assert "the whole of it" in received


def _mail_address(port: int) -> str:
    return f"mailto://{HOST}:{port}/?smtp={HOST}&mode=insecure&from=phoenix@example.com&to=trader@example.com"


@pytest.mark.parametrize("status", [401, 429, 500, 502])
def test_a_service_that_does_not_take_it_is_a_failure_with_its_reason(status: int) -> None:
    with webhook() as server:
        server.status = status
        outcome = AppriseChannel("desk", f"json://{HOST}:{server.port}/{SECRET}").deliver(notice("desk"))
    assert isinstance(outcome, NotDelivered)
    assert f"error={status}" in outcome.reason
    assert server.paths == [f"/{SECRET}"]


def test_a_mail_server_that_refuses_is_a_failure() -> None:
    with mail_server() as server:
        server.refusal = "550 no such trader"
        outcome = AppriseChannel("mail", _mail_address(server.port)).deliver(notice("mail"))
    assert isinstance(outcome, NotDelivered)


@pytest.mark.parametrize("address", ["nonsense://host/x", "tgram://", "tgram://token", ""])
def test_an_address_that_means_nothing_is_a_failure(address: str) -> None:
    channel = AppriseChannel("desk", address)
    outcome = channel.deliver(notice("desk"))
    assert isinstance(outcome, NotDelivered)
    assert "apprise has no service" in outcome.reason
    assert not channel.is_understood()


ADDRESSES: dict[str, Callable[[int], str]] = {
    "path": lambda port: f"json://{HOST}:{port}/{SECRET}/hook",
    "password": lambda port: f"json://trader:{SECRET}@{HOST}:{port}/hook",
    "query": lambda port: f"json://{HOST}:{port}/hook?+X-Token={SECRET}",
    "user": lambda port: f"json://{SECRET}@{HOST}:{port}/hook",
    "mail": lambda port: (
        f"mailto://trader:{SECRET}@{HOST}:{port}/?smtp={HOST}&mode=insecure&from=a@example.com&to=b@example.com"
    ),
    "webhook of a chat": lambda _: f"slack://T1JJ3T3L2/A1BRTD4JD/{SECRET}TIiajkdnlazkcOXrIdevi7FQ/#trading",
    "chat": lambda _: f"tgram://123456789:{SECRET}AAfB1vCQfbHk4hZDJ5mWwWnCEgwHh/1234",
    "unknown scheme": lambda port: f"nonsense://{SECRET}@{HOST}:{port}",
}


@pytest.mark.parametrize("kind", ADDRESSES)
def test_no_secret_is_told_whatever_goes_wrong(
    kind: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://{HOST}:{nobody()}")
    caplog.set_level(logging.DEBUG)
    outcome = AppriseChannel("phone", ADDRESSES[kind](nobody())).deliver(notice("phone"))
    assert isinstance(outcome, NotDelivered)
    assert outcome.reason
    captured = capfd.readouterr()
    for text in (outcome.reason, caplog.text, captured.out, captured.err):
        assert SECRET not in text


def test_a_secret_that_a_failing_service_repeats_is_blotted_out() -> None:
    with webhook() as server:
        channel = AppriseChannel("desk", f"json://{HOST}:{server.port}/{SECRET}?+X-Key={PASSWORD.replace(' ', '%20')}")
        broken = _Broken(f"cannot reach /{SECRET} with {PASSWORD}")
        channel._apprise = broken  # type: ignore[assignment]
        outcome = channel.deliver(notice("desk"))
    assert isinstance(outcome, NotDelivered)
    assert outcome.reason == "RuntimeError: cannot reach /*** with ***"


def test_a_secret_that_a_service_gives_as_its_reason_is_blotted_out() -> None:
    channel = AppriseChannel("desk", f"json://{HOST}/{SECRET}")
    channel._apprise = _Telling(f"no such hook: {SECRET}")  # type: ignore[assignment]
    assert channel.deliver(notice("desk")) == NotDelivered("no such hook: ***")


class _Telling:
    def __init__(self, words: str) -> None:
        self._words = words

    def __bool__(self) -> bool:
        return True

    def notify(self, *, log_callback: Callable[[NotifyLogEntry, object], None], **_: object) -> bool:
        log_callback(NotifyLogEntry("WARNING", self._words), None)
        return False


class _Broken:
    def __init__(self, words: str) -> None:
        self._words = words

    def __bool__(self) -> bool:
        return True

    def notify(self, **_: object) -> bool:
        raise RuntimeError(self._words)


def test_redaction_hides_every_part_but_the_scheme() -> None:
    hide = Redaction("tgram://123456:AbCdEf/chat-7/?silent=yes&note=p%40ss%20word").hide
    assert hide("tgram 123456 abcdef chat-7 p@ss word p%40ss%20word x") == "tgram *** *** *** *** *** x"
    assert Redaction().hide("all of it") == "all of it"
