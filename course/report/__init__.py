"""What an instructor hears about a class: the report, and grades for Canvas and Moodle.

gather      gradebook, graded results and submitted/ -> one assignment of one class
items       each exercise's difficulty, discrimination and named mistakes
unnamed     wrong answers that the bank has no name for, grouped by what they gave
trajectory  each student over the course
attention   which submissions need a person, and why
names       who is who: names, or pseudonyms that nobody can compute back
figures     SVG with an alternative text, for a wide page and for a phone
page        the HTML of one assignment, and of all of them
table       CSV that no spreadsheet takes for formulas
commands    what `course` has of all this on the command line
command     `course report`, put together
export      `course export`, put together
forms       the gradebook imports of Canvas and Moodle
moodle_feedback  feedback pages as the zip that Moodle takes
canvas      students matched with the rows of Canvas's own export
"""
