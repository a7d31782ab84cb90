"""The use cases: what people, programs, the broker and time may ask of Phoenix, decided on the folded state.

Everything in here is synchronous and pure but for the executor, which carries out what was decided.
"""
