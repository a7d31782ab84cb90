"""A simulated broker's inside: matching, accounts and chaos in virtual time.

A part of its own, with its own words: the in-process mock stands in front of it, and a wire-level gateway may. It knows
Phoenix's vocabulary and instruments, nothing of its application. Nothing here sleeps, reads a clock or shares
randomness: every instant is an argument, and every order's chances follow from the seed and the order's number.
"""
