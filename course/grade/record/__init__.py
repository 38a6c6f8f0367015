"""The record: who got what, in nbgrader's gradebook and folders.

ledger      one writer, one transaction a submission
queries     what nbgrader's tables and ours are asked
changes     whose points grading again would change
gradebook   the database, opened once for a batch
entry       one submission's rows in nbgrader's tables
marks       what it holds of a submission: the tests' points and a person's
autograded  the notebook in autograded/
"""
