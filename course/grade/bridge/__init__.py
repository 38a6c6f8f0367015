"""Two processes, one verdict: tests in the judge's process, answers in the student's.

Between them travel typed plain data only. What is shared (tensors, modules, lists and
other objects that a test lends to an answer) has a number and is a real object on both
sides; what either side changed goes along with the next message. So a test can call an
answer, train its net, pass it an optimizer or differentiate through it as if both were
in one process.
"""
