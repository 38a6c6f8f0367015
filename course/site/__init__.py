"""The lectures as a book to read: `course site`, and the Sphinx extension it uses.

execute   every lecture runs once; what it printed and drew is kept by its content
nbval_keeps   or nbval runs it, and what it showed is kept as well
pages     what is put into a page: the order of the book, links that open a notebook
terms     the index of terms, from docs/site/terms.toml
links     nothing that a page shows or leads to is missing or comes from the network
"""
