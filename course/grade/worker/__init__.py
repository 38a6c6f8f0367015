"""The worker: IPython for a student's cells, inside a locked-in process.

shell        the session: runs cells, keeps what they show
interpreter  IPython without terminal, kernel or programs
outputs      what cells show; stream: their prints; trimming: cut to size
tampering    what of IPython a cell may not change
not_done     what needs processes: left out with a word
"""
