"""Submissions that are alike where a class is not: places to look, and no verdict.

Nothing of a submission is run. Each answer becomes a text of tokens, without what was
handed out, comments, and names that a student could choose; RapidFuzz says how alike
two are. What many wrote alike tells nothing, so that a likeness counts by how rare it
is in this class, and all of a pair's likenesses together.

texts       answers -> tokens
evidence    which pairs are alike in what is rare, which groups these make
page        the groups side by side
command     `course similar`, put together
"""
