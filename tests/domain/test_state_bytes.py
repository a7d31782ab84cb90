"""Any state comes back from its bytes, whatever stands in any of its fields."""

from __future__ import annotations

from dataclasses import fields

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phoenix.domain.change import replace
from phoenix.domain.encoding import encode_trusted
from phoenix.domain.evolve import EMPTY
from phoenix.domain.state import State
from phoenix.domain.typed_json import decode_value, encode_value
from tests.domain.beads.strategies import dataclasses_of

ANY = dataclasses_of(State)


@settings(max_examples=40, suppress_health_check=[HealthCheck.data_too_large])
@given(data=st.data(), state=ANY)
def test_every_field_of_a_state_comes_back(data: st.DataObject, state: State) -> None:
    other = data.draw(ANY)
    for field in fields(State):
        changed = replace(EMPTY, **{field.name: getattr(other, field.name)})
        assert come_back(changed) == changed
    assert come_back(state) == state


def come_back(state: State) -> State:
    body = encode_trusted(encode_value(state))
    restored = decode_value(State, orjson.loads(body))
    assert encode_trusted(encode_value(restored)) == body
    return restored
