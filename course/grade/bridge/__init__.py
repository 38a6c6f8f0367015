"""Two processes, one verdict: tests in the judge's process, answers in the student's.

Between them travel typed plain data only. What is shared (tensors, modules, lists and
other objects that a test lends to an answer) has a number and is a real object on both
sides; what either side changed goes along with the next message. So a test can call an
answer, train its net, pass it an optimizer or differentiate through it as if both were
in one process.

What does not cross, or otherwise than in one notebook (`course check` tells authors
when it matters to a chapter):

- Generators, files, locks, patterns, objects with slots, NumPy's generators and the
  checks themselves can't be handed to an answer: `CannotCross`.
- Names that a test assigns are seen by its own functions at once, and by answers that
  read them as globals only after the visible part has ended. What a test's function
  assigns as `global` while an answer calls it stays over there; `nonlocal` comes back.
- Two views of one tensor that are lent together are two tensors over there, in step
  again once the call is over.
- What a test lets go (a list, or numbers without gradient, that no name of it holds)
  is shared no longer; a view that it kept is then a tensor of its own.
- A test can't derive a class from a student's. A named tuple's class and a library's
  function that an answer hands out are others than the test's (`f() is torch.relu`);
  a library's classes are the same.
- Of an error come its class, its message and plain arguments, but no other attributes.
- Hooks that a test registers on a student's net run when the test calls the net, not
  when the student's code does.
- The second of two normal numbers that NumPy's `randn` drew in advance is forgotten.
"""
