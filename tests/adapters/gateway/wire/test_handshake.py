"""Both sides agree on a version they speak, or know that there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.adapters.gateway.wire.framing import Deframer, prefixed
from phoenix.adapters.gateway.wire.handshake import Handshake, Offer, answer, negotiate
from phoenix.adapters.gateway.wire.requests import Undecodable
from tests.adapters.gateway.wire.outcomes import outcome


def greeting(text: bytes) -> bytes:
    return b"API\0" + prefixed(text)


@pytest.mark.parametrize(
    ("text", "offer"),
    [
        (b"v157..176", Offer(157, 176)),
        (b"v100..157 +PACEAPI", Offer(100, 157, "+PACEAPI")),
        (b"v100", Offer(100, 100)),
    ],
)
def test_an_offer_is_read_in_whatever_pieces_it_comes(text: bytes, offer: Offer) -> None:
    data = greeting(text)
    for at in range(len(data)):
        handshake = Handshake()
        assert handshake.feed(data[:at]) is None
        assert handshake.feed(data[at:]) == offer
        assert handshake.rest == b""


def test_what_comes_behind_the_offer_is_left_for_the_next_reader() -> None:
    handshake = Handshake()
    assert handshake.feed(greeting(b"v157..176") + b"\x00\x00\x00\x08") == Offer(157, 176)
    assert handshake.rest == b"\x00\x00\x00\x08"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"GET / HTTP/1.1", id="another protocol"),
        pytest.param(b"AP!", id="wrong from the third byte on"),
        pytest.param(greeting(b"157..176"), id="no v"),
        pytest.param(greeting(b"v157.."), id="no end"),
        pytest.param(greeting(b"v176..157"), id="upside down"),
        pytest.param(greeting("v١٥٧".encode()), id="other digits"),
        pytest.param(b"API\0\xff\xff\xff\xff", id="endless"),
        pytest.param(b"API\0\x00\x00\x00\x00", id="empty"),
    ],
)
def test_what_is_no_client_is_refused(data: bytes) -> None:
    with pytest.raises(Undecodable) as refused:
        Handshake().feed(data)
    assert refused.value.code == 507


@pytest.mark.parametrize(
    ("offer", "highest", "version"),
    [
        (Offer(157, 176), 178, 176),
        (Offer(100, 157), 178, 157),
        (Offer(157, 200), 178, 178),
        (Offer(157, 176), 163, 163),
        (Offer(157, 176), 150, None),
        (Offer(179, 200), 178, None),
        (Offer(38, 66), 178, None),
    ],
)
def test_the_highest_common_version_is_spoken(offer: Offer, highest: int, version: int | None) -> None:
    assert negotiate(offer, highest) == version


def test_the_answer_is_the_version_and_the_time() -> None:
    assert Deframer().feed(answer(176, "20260302 09:30:00 UTC")) == [["176", "20260302 09:30:00 UTC"]]


@given(st.binary(max_size=30).map(greeting) | st.binary(max_size=30))
def test_garbage_is_refused_or_waited_for(data: bytes) -> None:
    offer = outcome(lambda: Handshake().feed(data))
    if isinstance(offer, Undecodable):
        assert offer.code == 507
    else:
        assert offer is None or offer.lowest <= offer.highest
