"""The engine: who forks, who waits, on how many machines.

nursery      the resident parent, which forks a worker and a judge per submission
coordinator  starts a nursery and grades one submission after the other by it
attempts     one submission in as many processes as it takes
pools        many submissions on this machine; cluster: on many
"""
