"""Intake: what a student handed in, without believing or running any of it.

opening     plain files only, opened without following links
reading     bytes to cells: sources, nothing else; pictures: those pasted into text
matching    cells to their places in the pristine notebook; written: whatever else is
            part of a written answer
misplaced   what lies there in its place, in words
moments     when it was handed in
submission  all of these: a submission, with cells or with the reason why not
flags       what a person should look at; ways_round: where something is forbidden
"""
