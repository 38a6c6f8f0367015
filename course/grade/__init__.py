"""Grading strangers' notebooks: intake, run, judge, record."""
