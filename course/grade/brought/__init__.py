"""Assignments that instructors bring along: plain asserts, judged in one of two ways.

hearing    a submission's cells and tests, one after the other; trial: which way is taken
apart      a test run here, in the judge's process, what it calls over there
stand_ins  what of a student's such a test gets to see; values: plain data between the two
session    the student's process: runs cells and, if need be, tests
points     what a test gives, by nbgrader's rule; why: the assertion that failed, in words

Way `APART` is this course's: judge and student are two processes. A test that needs what
can't cross runs `INSIDE`, in the locked-in process of the submission: there a student's
code can reach it, and its points are not protected.
"""

APART, INSIDE = "apart", "inside"
