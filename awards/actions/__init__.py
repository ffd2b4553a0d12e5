"""Changes: one function for each thing a person does.

Order of locks, everywhere the same, so that two acts never wait for each other in a ring:
the record, then its nominations by key, then a register, and last (inside `audit`) the log.
Rows are locked `no_key`: PostgreSQL checks references at commit, when the log is already held, and
a plain FOR UPDATE would let that check wait for somebody who waits for the log.
"""
