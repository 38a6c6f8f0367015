"""The autograder's own test: banks of right and wrong answers, and mutants."""
