"""The rules of Phoenix: pure functions over frozen values.

Nothing here reads a clock, randomness, the environment, a file or the network; `now` and new ids are arguments.
"""
