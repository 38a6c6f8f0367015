"""What students use: their copies, where they stand, a run from the top, a mending.

The students' bundle ships this folder; nothing here needs torch or a chapter's text.
"""
