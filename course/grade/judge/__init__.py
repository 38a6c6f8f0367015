"""The judge: tests run in a process of their own, which no student's code is in.

needed    which names cells use, which cells are still needed
hearing   one submission: its cells run there, its tests here
returned  what a wrong answer without a name gave, for the class's report
crossing  what of a chapter's tests can't go between the two, told to its author
"""
