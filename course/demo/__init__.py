"""`course demo`: the whole teaching loop on a made-up class, without a browser.

prepare   a small course of its own in an empty folder (folder)
build     chapters/ to source/ and release/, registered with nbgrader (loop)
hand in   twelve students answer: right, wrong, half-done, broken (roster)
look      what nbgrader could not read is found before it (look)
grade     nbgrader's autograde and generate_feedback (loop)
compare   points given with points expected by construction (report)
"""
