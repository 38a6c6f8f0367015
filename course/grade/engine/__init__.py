"""The engine: who forks, who waits, on how many machines.

nursery      the resident parent, which forks a worker and a judge per submission
resident     its process, as whoever grades has it
coordinator  one submission after the other, or several at once, by one nursery
attempts     one submission in as many processes as it takes
pools        many submissions on this machine; cluster: on many
"""
