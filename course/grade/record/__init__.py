"""The record: who got what, in nbgrader's gradebook and folders.

ledger      one writer, one transaction a submission
gradebook   the database, opened once for a batch
entry       one submission's rows in nbgrader's tables
marks       what it holds of a submission: the tests' points and a person's
autograded  the notebook in autograded/
"""
