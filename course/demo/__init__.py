"""`course demo`: the whole teaching loop on a made-up class, without a browser.

prepare   a small course of its own in an empty folder (folder)
build     chapters/ to source/ and release/ (loop)
hand in   twelve students answer: right, wrong, half-done, broken (roster)
grade     as `course grade` and `course feedback` do (loop)
compare   points given with points expected by construction (report)
"""
