"""Assignments that instructors bring along: plain asserts, judged in one of two ways.

hearing    a submission's cells and tests, one after the other
apart      a test that runs here, in the judge's process, while its answers run there
stand_ins  what such a test gets to see of a student's; asking: every question to it
values     plain data between the two
session    the student's process: runs cells and, where that is the way, tests
points     what a test gives, by nbgrader's rule; why: what failed, in words

Way `APART` is this course's: judge and student are two processes. A test that needs
what can't cross runs `INSIDE`, in the locked-in process of the submission: there the
student's code can reach it, and its points are not protected.
"""

APART, INSIDE = "apart", "inside"
