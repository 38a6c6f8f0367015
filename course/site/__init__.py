"""The lectures as a book to read: `course site`, and the Sphinx extension it uses.

execute   every lecture runs once; what it printed and drew is kept by its content
nbval_keeps   or nbval runs it, and what it showed is kept as well
pages     what is put into a page's text; the order of the book
welcome   its first page, of README and the map
opening   where a notebook can be opened
folds     what only draws is folded
bibliography citations   works that are cited: their page, links to them
terms     the index of terms, from docs/site/terms.toml
sections  what the search looks through
corrections   where to report a mistake, where to edit
links     nothing that a page shows or leads to is missing or comes from the network
"""
