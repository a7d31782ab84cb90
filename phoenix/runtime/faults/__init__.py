"""Faults that a rehearsal asks for, at named points of a process and around its collaborators."""
