"""Written answers, graded one question at a time: rubrics, and a page for formgrader.

rubric    what earns points and what is often said, kept with the chapter
answers   who wrote what and has how many points, from and into nbgrader's gradebook
shown     an answer as a page may show it
view      in which order, with names or without
handlers  the pages, in the server that formgrader runs in
"""
