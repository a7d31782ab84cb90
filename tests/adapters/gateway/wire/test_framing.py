"""A stream of bytes is cut into the same messages, however it is broken up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.adapters.gateway.wire.framing import Deframer, frame
from phoenix.adapters.gateway.wire.requests import Undecodable
from tests.adapters.gateway.wire.outcomes import outcome

FIELD = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=12)
MESSAGES = st.lists(st.lists(FIELD, min_size=1, max_size=5), max_size=4)


def test_a_message_is_its_length_and_its_closed_fields() -> None:
    assert frame(("71", "2", "3", "")) == b"\x00\x00\x00\x08" + b"71\x002\x003\x00\x00"


@given(MESSAGES)
def test_what_is_framed_comes_back(messages: list[list[str]]) -> None:
    assert Deframer().feed(b"".join(map(frame, messages))) == messages


@given(MESSAGES)
def test_single_bytes_make_the_same_messages(messages: list[list[str]]) -> None:
    deframer = Deframer()
    stream = b"".join(map(frame, messages))
    assert [message for byte in stream for message in deframer.feed(bytes((byte,)))] == messages


def test_a_split_at_any_byte_loses_nothing() -> None:
    messages = [["9", "1", "101"], ["15", "1", "Zoë"], ["102"]]
    stream = b"".join(map(frame, messages))
    for at in range(len(stream) + 1):
        deframer = Deframer()
        assert deframer.feed(stream[:at]) + deframer.feed(stream[at:]) == messages


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(b"\x01\x00\x00\x00", id="longer than any message"),
        pytest.param(b"GET / HTTP/1.1\r\n", id="another protocol"),
        pytest.param(b"\x00\x00\x00\x00", id="empty"),
        pytest.param(b"\x00\x00\x00\x01\xff", id="no text"),
        pytest.param(b"\x00\x00\x00\x02ab", id="not closed"),
    ],
)
def test_a_stream_that_cannot_be_followed_is_refused(stream: bytes) -> None:
    with pytest.raises(Undecodable) as refused:
        Deframer().feed(stream)
    assert refused.value.code == 507


def test_the_longest_message_is_waited_for() -> None:
    assert Deframer().feed(b"\x00\xff\xff\xff") == []


def test_a_field_cannot_smuggle_another_field_in() -> None:
    with pytest.raises(ValueError, match="zero byte"):
        frame(("4", "text\x00999"))


@given(st.binary(max_size=40))
def test_garbage_is_refused_or_waited_for(data: bytes) -> None:
    read = outcome(lambda: Deframer().feed(data))
    assert read.code == 507 if isinstance(read, Undecodable) else all(read)
