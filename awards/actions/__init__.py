"""Changes: one function for each thing a person does.

Order of locks, everywhere the same, so that two acts never wait for each other in a ring:
the record, then its nominations by key, then a register, and last (inside `audit`) the log.
"""
