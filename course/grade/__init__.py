"""Grading strangers' notebooks: intake, run, judge, record.

commands   `course grade` on the command line
command    `course grade` and `course feedback`: batch, newcomers, summary, feedback
engine     two locked-in processes for each submission: who forks, who waits
judge      tests run here, answers there
bridge     plain data between the two
record     one transaction a submission
intake     a submitted file becomes cells, and nothing else of it is believed
worker     IPython for a student's cells
isolation  what it is locked in with
inert      outputs that can run nothing

Each floor knows those below it only; plan (what an assignment asks) and result (what
grading gives) are known on all.
"""
