"""A small trading world in virtual time, with what is made up for it: for specifications, tests and chaos vectors."""
