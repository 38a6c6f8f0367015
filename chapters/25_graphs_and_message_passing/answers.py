# %% adjacency hints [markdown]
# 1. A call from 0 to 2: which row does it belong to, that of who calls or that of who
#    hears? And what is in the cell if the pair comes again?
# 2. A cell is a sum over calls, so it grows; it is not set. Without directions every
#    call grows two cells that mirror each other, unless both are one and the same.
# 3. Zeros of the right shape; then for each call add the minutes at row target, column
#    source. Where there are no directions and both ends differ, add them at the
#    mirrored cell, too.


# %% adjacency right "with index_put and accumulate"
def adjacency(calls, num_nodes, directed):
    A = torch.zeros(num_nodes, num_nodes)
    if not calls:
        return A
    source, target, minutes = zip(*calls)
    s, t, w = torch.tensor(source), torch.tensor(target), torch.tensor(minutes)
    A.index_put_((t, s), w, accumulate=True)
    if directed:
        return A
    return A + A.T - torch.diag(A.diagonal())


# %% adjacency right "the list doubled first"
def adjacency(calls, num_nodes, directed):
    edges = list(calls)
    if not directed:
        edges += [(t, s, w) for s, t, w in calls if s != t]
    cells = [[0.0] * num_nodes for _ in range(num_nodes)]
    for s, t, w in edges:
        cells[t][s] += float(w)
    return torch.tensor(cells)


# %% adjacency wrong "source and target swapped: rows are sources"
def adjacency(calls, num_nodes, directed):
    A = torch.zeros(num_nodes, num_nodes)
    for source, target, minutes in calls:
        A[source, target] += minutes
        if not directed and source != target:
            A[target, source] += minutes
    return A


# %% adjacency wrong "a self-loop counts twice where there are no directions"
def adjacency(calls, num_nodes, directed):
    A = torch.zeros(num_nodes, num_nodes)
    for source, target, minutes in calls:
        A[target, source] += minutes
        if not directed:
            A[source, target] += minutes
    return A


# %% adjacency wrong "undirected edges stand in one direction only"
def adjacency(calls, num_nodes, directed):
    A = torch.zeros(num_nodes, num_nodes)
    for source, target, minutes in calls:
        A[target, source] += minutes
    return A


# %% adjacency wrong "both directions are filled, whatever `directed` says"
def adjacency(calls, num_nodes, directed):
    A = torch.zeros(num_nodes, num_nodes)
    for source, target, minutes in calls:
        A[target, source] += minutes
        if source != target:
            A[source, target] += minutes
    return A


# %% adjacency wrong "`directed` is read the wrong way round"
def adjacency(calls, num_nodes, directed):
    A = torch.zeros(num_nodes, num_nodes)
    for source, target, minutes in calls:
        A[target, source] += minutes
        if directed and source != target:
            A[source, target] += minutes
    return A


# %% adjacency wrong "a later call of a pair replaces the earlier ones"
def adjacency(calls, num_nodes, directed):
    A = torch.zeros(num_nodes, num_nodes)
    for source, target, minutes in calls:
        A[target, source] = minutes
        if not directed:
            A[source, target] = minutes
    return A


# %% adjacency wrong "the weights are ignored: a 1 for each edge"
def adjacency(calls, num_nodes, directed):
    A = torch.zeros(num_nodes, num_nodes)
    for source, target, _ in calls:
        A[target, source] = 1.0
        if not directed:
            A[source, target] = 1.0
    return A


# %% adjacency wrong "calls are counted, their minutes ignored"
def adjacency(calls, num_nodes, directed):
    A = torch.zeros(num_nodes, num_nodes)
    for source, target, _ in calls:
        A[target, source] += 1.0
        if not directed and source != target:
            A[source, target] += 1.0
    return A


# %% adjacency wrong "self-loops are left out"
def adjacency(calls, num_nodes, directed):
    A = torch.zeros(num_nodes, num_nodes)
    for source, target, minutes in calls:
        if source != target:
            A[target, source] += minutes
            if not directed:
                A[source, target] += minutes
    return A


# %% adjacency wrong "nodes without calls at the end are lost"
def adjacency(calls, num_nodes, directed):
    num_nodes = max([0] + [max(s, t) + 1 for s, t, _ in calls])
    A = torch.zeros(num_nodes, num_nodes)
    for source, target, minutes in calls:
        A[target, source] += minutes
        if not directed and source != target:
            A[source, target] += minutes
    return A


# %% adjacency wrong "every node gets a self-loop that nobody listed"
def adjacency(calls, num_nodes, directed):
    A = torch.eye(num_nodes)
    for source, target, minutes in calls:
        A[target, source] += minutes
        if not directed and source != target:
            A[source, target] += minutes
    return A


# %% adjacency wrong "whole numbers, where the minutes are none"
def adjacency(calls, num_nodes, directed):
    A = torch.zeros(num_nodes, num_nodes, dtype=torch.int64)
    for source, target, minutes in calls:
        A[target, source] += int(minutes)
        if not directed and source != target:
            A[source, target] += int(minutes)
    return A


# %% adjacency wrong "an undirected call is shared between the two directions"
def adjacency(calls, num_nodes, directed):
    A = torch.zeros(num_nodes, num_nodes)
    for source, target, minutes in calls:
        A[target, source] += minutes
    return A if directed else (A + A.T) / 2


# %% degrees hints [markdown]
# 1. Nodes 0 and 1 send each other a message. How many edges has node 0 then, and how
#    many neighbours?
# 2. The first two columns count edges, so a count over one row of the list is enough.
#    The third counts nodes: bring both directions together before you count, and keep
#    each node from meeting itself.
# 3. A table of who sends to whom, true or false. Its column sums and row sums are the
#    first two numbers. For the third: the table or its mirror image, without the
#    diagonal, summed by row. Stack the three side by side.


# %% degrees right "bincount and sets"
def degrees(edge_index, num_nodes):
    source, target = edge_index
    friends = [set() for _ in range(num_nodes)]
    for s, t in edge_index.T.tolist():
        if s != t:
            friends[s].add(t)
            friends[t].add(s)
    into = torch.bincount(target, minlength=num_nodes)
    out = torch.bincount(source, minlength=num_nodes)
    return torch.stack([into, out, torch.tensor([len(f) for f in friends])], dim=1)


# %% degrees right "unique pairs"
def degrees(edge_index, num_nodes):
    loopless = edge_index[:, edge_index[0] != edge_index[1]]
    pairs = torch.cat([loopless, loopless.flip(0)], dim=1).unique(dim=1)
    rows = [edge_index[1], edge_index[0], pairs[0]]
    return torch.stack([r.bincount(minlength=num_nodes) for r in rows]).T


# %% degrees wrong "in-degree and out-degree swapped"
def degrees(edge_index, num_nodes):
    source, target = edge_index
    A = torch.zeros(num_nodes, num_nodes, dtype=torch.bool)
    A[source, target] = True
    either = (A | A.T) & ~torch.eye(num_nodes, dtype=torch.bool)
    return torch.stack([A.sum(dim=1), A.sum(dim=0), either.sum(dim=1)], dim=1)


# %% degrees wrong "a node with a self-loop counts as its own neighbour"
def degrees(edge_index, num_nodes):
    source, target = edge_index
    A = torch.zeros(num_nodes, num_nodes, dtype=torch.bool)
    A[source, target] = True
    either = A | A.T
    return torch.stack([A.sum(dim=0), A.sum(dim=1), either.sum(dim=1)], dim=1)


# %% degrees wrong "neighbours are counted as in-degree plus out-degree"
def degrees(edge_index, num_nodes):
    source, target = edge_index
    into = torch.bincount(target, minlength=num_nodes)
    out = torch.bincount(source, minlength=num_nodes)
    return torch.stack([into, out, into + out], dim=1)


# %% degrees wrong "a neighbour in both directions counts twice"
def degrees(edge_index, num_nodes):
    source, target = edge_index
    into = torch.bincount(target, minlength=num_nodes)
    out = torch.bincount(source, minlength=num_nodes)
    loops = torch.bincount(source[source == target], minlength=num_nodes)
    return torch.stack([into, out, into + out - 2 * loops], dim=1)


# %% degrees wrong "a neighbour in both directions counts twice, a self-loop once"
def degrees(edge_index, num_nodes):
    source, target = edge_index
    arrive = torch.bincount(target, minlength=num_nodes)
    leave = torch.bincount(source, minlength=num_nodes)
    loops = torch.bincount(source[source == target], minlength=num_nodes)
    return torch.stack([arrive, leave, arrive + leave - loops], dim=1)


# %% degrees wrong "self-loops are left out of all three"
def degrees(edge_index, num_nodes):
    source, target = edge_index
    A = torch.zeros(num_nodes, num_nodes, dtype=torch.bool)
    A[source, target] = True
    A &= ~torch.eye(num_nodes, dtype=torch.bool)
    return torch.stack([A.sum(dim=0), A.sum(dim=1), (A | A.T).sum(dim=1)], dim=1)


# %% degrees wrong "a self-loop counts twice in both degrees"
def degrees(edge_index, num_nodes):
    source, target = edge_index
    A = torch.zeros(num_nodes, num_nodes, dtype=torch.int64)
    A[source, target] = 1
    loops = A.diagonal()
    either = ((A + A.T) > 0) & ~torch.eye(num_nodes, dtype=torch.bool)
    columns = [A.sum(dim=0) + loops, A.sum(dim=1) + loops, either.sum(dim=1)]
    return torch.stack(columns, dim=1)


# %% degrees wrong "only the nodes that one sends to count as neighbours"
def degrees(edge_index, num_nodes):
    source, target = edge_index
    A = torch.zeros(num_nodes, num_nodes, dtype=torch.bool)
    A[source, target] = True
    other = A & ~torch.eye(num_nodes, dtype=torch.bool)
    return torch.stack([A.sum(dim=0), A.sum(dim=1), other.sum(dim=1)], dim=1)


# %% degrees wrong "only the nodes that one hears count as neighbours"
def degrees(edge_index, num_nodes):
    source, target = edge_index
    A = torch.zeros(num_nodes, num_nodes, dtype=torch.bool)
    A[source, target] = True
    other = A & ~torch.eye(num_nodes, dtype=torch.bool)
    return torch.stack([A.sum(dim=0), A.sum(dim=1), other.sum(dim=0)], dim=1)


# %% degrees wrong "only neighbours in both directions count"
def degrees(edge_index, num_nodes):
    source, target = edge_index
    A = torch.zeros(num_nodes, num_nodes, dtype=torch.bool)
    A[source, target] = True
    mutual = (A & A.T) & ~torch.eye(num_nodes, dtype=torch.bool)
    return torch.stack([A.sum(dim=0), A.sum(dim=1), mutual.sum(dim=1)], dim=1)


# %% degrees wrong "the three degrees in rows, not in columns"
def degrees(edge_index, num_nodes):
    source, target = edge_index
    A = torch.zeros(num_nodes, num_nodes, dtype=torch.bool)
    A[source, target] = True
    either = (A | A.T) & ~torch.eye(num_nodes, dtype=torch.bool)
    return torch.stack([A.sum(dim=0), A.sum(dim=1), either.sum(dim=1)])


# %% degrees wrong "nodes without edges at the end are lost"
def degrees(edge_index, num_nodes):
    num_nodes = int(edge_index.max()) + 1 if edge_index.numel() else 0
    source, target = edge_index
    A = torch.zeros(num_nodes, num_nodes, dtype=torch.bool)
    A[source, target] = True
    either = (A | A.T) & ~torch.eye(num_nodes, dtype=torch.bool)
    return torch.stack([A.sum(dim=0), A.sum(dim=1), either.sum(dim=1)], dim=1)


# %% degrees wrong "floats, where counts are asked"
def degrees(edge_index, num_nodes):
    source, target = edge_index
    A = torch.zeros(num_nodes, num_nodes)
    A[source, target] = 1.0
    either = torch.maximum(A, A.T) * (1 - torch.eye(num_nodes))
    return torch.stack([A.sum(dim=0), A.sum(dim=1), either.sum(dim=1)], dim=1)


# %% degrees wrong "all edges taken for undirected"
def degrees(edge_index, num_nodes):
    source, target = edge_index
    A = torch.zeros(num_nodes, num_nodes, dtype=torch.bool)
    A[source, target] = True
    A = A | A.T
    either = A & ~torch.eye(num_nodes, dtype=torch.bool)
    return torch.stack([A.sum(dim=0), A.sum(dim=1), either.sum(dim=1)], dim=1)


# %% degrees equivalent "who is a neighbour is symmetric"
# return torch.stack([A.sum(dim=0), A.sum(dim=1), either.sum(dim=1)], dim=1) -> return torch.stack([A.sum(dim=0), A.sum(dim=1), either.sum(dim=0)], dim=1)


# %% incidence hints [markdown]
# 1. How many cells of one column can differ from 0, and in which rows do they stand? In
#    which row do both fall for a self-loop?
# 2. A column is the sum of two simple columns: one for the source, one for the target.
#    The sign belongs to the first of them. If you add and don't set, the self-loop
#    needs no case of its own.
# 3. One-hot rows of the sources and of the targets, one row an edge. Their difference,
#    target minus source, or their sum, then transposed, so that edges are columns.


# %% incidence right "column by column"
def incidence(edge_index, num_nodes, signed):
    M = torch.zeros(num_nodes, edge_index.shape[1])
    for e, (source, target) in enumerate(edge_index.T.tolist()):
        M[source, e] += -1.0 if signed else 1.0
        M[target, e] += 1.0
    return M


# %% incidence right "comparing node numbers"
def incidence(edge_index, num_nodes, signed):
    nodes = torch.arange(num_nodes)[:, None]
    source, target = edge_index
    gives = (nodes == source).float()
    gets = (nodes == target).float()
    return gets + (1 - 2 * int(signed)) * gives


# %% incidence wrong "the signs swapped: plus at the source"
def incidence(edge_index, num_nodes, signed):
    source, target = F.one_hot(edge_index, num_nodes).float()
    return (source - target if signed else target + source).T


# %% incidence wrong "no signs, although they are asked for"
def incidence(edge_index, num_nodes, signed):
    source, target = F.one_hot(edge_index, num_nodes).float()
    return (target + source).T


# %% incidence wrong "signs, although none are asked for"
def incidence(edge_index, num_nodes, signed):
    source, target = F.one_hot(edge_index, num_nodes).float()
    return (target - source).T


# %% incidence wrong "a self-loop's two ends are set one over the other, not added"
def incidence(edge_index, num_nodes, signed):
    E = edge_index.shape[1]
    M = torch.zeros(num_nodes, E)
    M[edge_index[0], torch.arange(E)] = -1.0 if signed else 1.0
    M[edge_index[1], torch.arange(E)] = 1.0
    return M


# %% incidence wrong "a self-loop's target is set first, then its source over it"
def incidence(edge_index, num_nodes, signed):
    E = edge_index.shape[1]
    M = torch.zeros(num_nodes, E)
    M[edge_index[1], torch.arange(E)] = 1.0
    M[edge_index[0], torch.arange(E)] = -1.0 if signed else 1.0
    return M


# %% incidence wrong "the signs are taken off by an absolute value, so a self-loop is lost"
def incidence(edge_index, num_nodes, signed):
    source, target = edge_index
    M = torch.zeros(num_nodes, edge_index.shape[1])
    edges = torch.arange(edge_index.shape[1])
    M.index_put_((source, edges), torch.tensor(-1.0), accumulate=True)
    M.index_put_((target, edges), torch.tensor(1.0), accumulate=True)
    return M if signed else M.abs()


# %% incidence wrong "edges in rows, nodes in columns"
def incidence(edge_index, num_nodes, signed):
    source, target = F.one_hot(edge_index, num_nodes).float()
    return target - source if signed else target + source


# %% incidence wrong "self-loops have no column"
def incidence(edge_index, num_nodes, signed):
    edge_index = edge_index[:, edge_index[0] != edge_index[1]]
    source, target = F.one_hot(edge_index, num_nodes).float()
    return (target - source if signed else target + source).T


# %% incidence wrong "only the targets are marked"
def incidence(edge_index, num_nodes, signed):
    return F.one_hot(edge_index[1], num_nodes).float().T


# %% incidence wrong "only the sources are marked"
def incidence(edge_index, num_nodes, signed):
    source = F.one_hot(edge_index[0], num_nodes).float().T
    return -source if signed else source


# %% incidence wrong "an adjacency matrix"
def incidence(edge_index, num_nodes, signed):
    A = torch.zeros(num_nodes, num_nodes)
    A[edge_index[1], edge_index[0]] = 1.0
    if not signed:
        A = torch.maximum(A, A.T)
    return A


# %% incidence wrong "whole numbers, not float32"
def incidence(edge_index, num_nodes, signed):
    source, target = F.one_hot(edge_index, num_nodes)
    return (target - source if signed else target + source).T


# %% incidence wrong "nodes without edges at the end are lost"
def incidence(edge_index, num_nodes, signed):
    source, target = F.one_hot(edge_index, int(edge_index.max()) + 1).float()
    return (target - source if signed else target + source).T


# %% incidence wrong "columns sorted by source, not in the order of the edges"
def incidence(edge_index, num_nodes, signed):
    edges = torch.tensor(sorted(edge_index.T.tolist())).T
    source, target = F.one_hot(edges, num_nodes).float()
    return (target - source if signed else target + source).T


# %% both_ways hints [markdown]
# 1. A friendship was named by both. How many columns may it have in the end, and which
#    of the two numbers of years is the right one?
# 2. Think of a table from (source, target) to years. Each row of the survey goes into
#    it under two names, its own and the mirrored one. What if the name is there
#    already, and what if both names are the same?
# 3. A dict with pairs as keys; for each row and its mirror image keep the larger
#    number. Then the sorted keys make the columns, and the values, in the same order,
#    the weights.


# %% both_ways right "a matrix of the most years"
def both_ways(pairs, years):
    n = int(pairs.max()) + 1
    most = torch.full((n, n), -torch.inf)
    for (u, v), y in zip(pairs.tolist(), years):
        most[u, v] = most[v, u] = torch.maximum(most[u, v], y)
    edge_index = (most > -torch.inf).nonzero().T
    return edge_index, most[edge_index[0], edge_index[1]]


# %% both_ways right "unique and scatter_reduce"
def both_ways(pairs, years):
    both = torch.cat([pairs, pairs.flip(1)])
    edges, where = both.unique(dim=0, return_inverse=True)
    weight = torch.full((len(edges),), -torch.inf)
    weight = weight.scatter_reduce(0, where, torch.cat([years, years]), "amax")
    return edges.T.contiguous(), weight


# %% both_ways wrong "each friendship is listed in one direction only"
def both_ways(pairs, years):
    most = {}
    for (u, v), y in zip(pairs.tolist(), years.tolist()):
        edge = (min(u, v), max(u, v))
        most[edge] = max(y, most.get(edge, y))
    edges = sorted(most)
    return torch.tensor(edges).T, torch.tensor([most[e] for e in edges])


# %% both_ways wrong "directions that nobody named are missing"
def both_ways(pairs, years):
    most = {}
    for (u, v), y in zip(pairs.tolist(), years.tolist()):
        for edge in ((u, v),):
            most[edge] = max(y, most.get(edge, y))
    edges = sorted(most)
    return torch.tensor(edges).T, torch.tensor([most[e] for e in edges])


# %% both_ways wrong "friendships named twice are listed twice, self-loops too"
def both_ways(pairs, years):
    edges = [((u, v), y) for (u, v), y in zip(pairs.tolist(), years.tolist())]
    edges += [((v, u), y) for (u, v), y in edges]
    edges.sort()
    return torch.tensor([e for e, _ in edges]).T, torch.tensor([y for _, y in edges])


# %% both_ways wrong "friendships named twice are listed twice, only self-loops are not"
def both_ways(pairs, years):
    edges = [((u, v), y) for (u, v), y in zip(pairs.tolist(), years.tolist())]
    edges += [((v, u), y) for (u, v), y in edges if u != v]
    edges.sort()
    return torch.tensor([e for e, _ in edges]).T, torch.tensor([y for _, y in edges])


# %% both_ways wrong "a self-loop is listed twice"
def both_ways(pairs, years):
    most = {}
    for (u, v), y in zip(pairs.tolist(), years.tolist()):
        for edge in ((u, v), (v, u)):
            most[edge] = max(y, most.get(edge, y))
    edges = sorted(list(most) + [e for e in most if e[0] == e[1]])
    return torch.tensor(edges).T, torch.tensor([most[e] for e in edges])


# %% both_ways wrong "self-loops are left out"
def both_ways(pairs, years):
    most = {}
    for (u, v), y in zip(pairs.tolist(), years.tolist()):
        for edge in ((u, v), (v, u)):
            if u != v:
                most[edge] = max(y, most.get(edge, y))
    edges = sorted(most)
    columns = torch.tensor(edges, dtype=torch.int64).reshape(-1, 2).T
    return columns, torch.tensor([most[e] for e in edges])


# %% both_ways wrong "the last number of years named, not the largest"
def both_ways(pairs, years):
    most = {}
    for (u, v), y in zip(pairs.tolist(), years.tolist()):
        for edge in ((u, v), (v, u)):
            most[edge] = y
    edges = sorted(most)
    return torch.tensor(edges).T, torch.tensor([most[e] for e in edges])


# %% both_ways wrong "the first number of years named, not the largest"
def both_ways(pairs, years):
    most = {}
    for (u, v), y in zip(pairs.tolist(), years.tolist()):
        for edge in ((u, v), (v, u)):
            most.setdefault(edge, y)
    edges = sorted(most)
    return torch.tensor(edges).T, torch.tensor([most[e] for e in edges])


# %% both_ways wrong "the smallest number of years, not the largest"
def both_ways(pairs, years):
    most = {}
    for (u, v), y in zip(pairs.tolist(), years.tolist()):
        for edge in ((u, v), (v, u)):
            most[edge] = min(y, most.get(edge, y))
    edges = sorted(most)
    return torch.tensor(edges).T, torch.tensor([most[e] for e in edges])


# %% both_ways wrong "the years are added up, with those of self-loops twice"
def both_ways(pairs, years):
    most = {}
    for (u, v), y in zip(pairs.tolist(), years.tolist()):
        for edge in ((u, v), (v, u)):
            most[edge] = y + most.get(edge, 0.0)
    edges = sorted(most)
    return torch.tensor(edges).T, torch.tensor([most[e] for e in edges])


# %% both_ways wrong "the years are added up"
def both_ways(pairs, years):
    most = {}
    for (u, v), y in zip(pairs.tolist(), years.tolist()):
        for edge in {(u, v), (v, u)}:
            most[edge] = y + most.get(edge, 0.0)
    edges = sorted(most)
    return torch.tensor(edges).T, torch.tensor([most[e] for e in edges])


# %% both_ways wrong "each direction keeps what was named in this direction first"
def both_ways(pairs, years):
    most = {}
    for (u, v), y in zip(pairs.tolist(), years.tolist()):
        most[u, v] = max(y, most.get((u, v), y))
    for (u, v), y in list(most.items()):
        most.setdefault((v, u), y)
    edges = sorted(most)
    return torch.tensor(edges).T, torch.tensor([most[e] for e in edges])


# %% both_ways wrong "edges in the order of the list, not sorted"
def both_ways(pairs, years):
    most = {}
    for (u, v), y in zip(pairs.tolist(), years.tolist()):
        for edge in ((u, v), (v, u)):
            most[edge] = max(y, most.get(edge, y))
    return torch.tensor(list(most)).T, torch.tensor(list(most.values()))


# %% both_ways wrong "sorted by target, then by source"
def both_ways(pairs, years):
    most = {}
    for (u, v), y in zip(pairs.tolist(), years.tolist()):
        for edge in ((u, v), (v, u)):
            most[edge] = max(y, most.get(edge, y))
    edges = sorted(most, key=lambda e: (e[1], e[0]))
    return torch.tensor(edges).T, torch.tensor([most[e] for e in edges])


# %% both_ways wrong "a row for each edge, not a column"
def both_ways(pairs, years):
    most = {}
    for (u, v), y in zip(pairs.tolist(), years.tolist()):
        for edge in ((u, v), (v, u)):
            most[edge] = max(y, most.get(edge, y))
    edges = sorted(most)
    return torch.tensor(edges), torch.tensor([most[e] for e in edges])


# %% both_ways wrong "the weights are not in the order of the sorted edges"
def both_ways(pairs, years):
    most = {}
    for (u, v), y in zip(pairs.tolist(), years.tolist()):
        for edge in ((u, v), (v, u)):
            most[edge] = max(y, most.get(edge, y))
    return torch.tensor(sorted(most)).T, torch.tensor(list(most.values()))


# %% both_ways wrong "friendships of 0 years are lost"
def both_ways(pairs, years):
    n = int(pairs.max()) + 1
    most = torch.zeros(n, n)
    for (u, v), y in zip(pairs.tolist(), years):
        most[u, v] = most[v, u] = torch.maximum(most[u, v], y)
    edge_index = most.nonzero().T
    return edge_index, most[edge_index[0], edge_index[1]]


# %% both_ways equivalent "each pair has its number of years, and a maximum has no order"
# for (u, v), y in zip(pairs.tolist(), years.tolist(), strict=True): -> for (u, v), y in zip(pairs.tolist(), years.tolist()):
# for (u, v), y in zip(pairs.tolist(), years.tolist(), strict=True): -> for (u, v), y in zip(pairs.tolist(), years.tolist(), strict=False):
# most[edge] = max(y, most.get(edge, y)) -> most[edge] = max(most.get(edge, y), y)


# %% aggregate hints [markdown]
# 1. Which row of `edge_index` says what is heard, and which row says by whom? And what
#    is the maximum of negative numbers if a 0 lies among them?
# 2. Look at one node: the sources of the edges that end at it give some rows of `X`,
#    perhaps none. None is a case of its own, and the text says what it gives, for each
#    word.
# 3. For each node pick the rows whose target it is. If there are any, reduce over the
#    rows by the word. Else take the node's own row or zeros. Stack, one row a node.


# %% aggregate right "with scatter_reduce"
def aggregate(X, edge_index, how):
    if how not in {"sum", "mean", "max", "range"}:
        raise ValueError(how)
    source, target = edge_index
    index = target[:, None].expand(-1, X.shape[1])
    zeros = torch.zeros_like(X)

    def reduce(word):
        start = X if word in ("mean", "amax") and how != "range" else zeros
        return start.scatter_reduce(0, index, X[source], word, include_self=False)

    if how == "range":
        return reduce("amax") - reduce("amin")
    return reduce({"sum": "sum", "mean": "mean", "max": "amax"}[how])


# %% aggregate right "a matrix of who hears whom"
def aggregate(X, edge_index, how):
    n = len(X)
    A = torch.zeros(n, n).index_put((edge_index[1], edge_index[0]), torch.tensor(1.0))
    count = A.sum(dim=1, keepdim=True)
    if how == "sum":
        return A @ X
    if how == "mean":
        return torch.where(count > 0, A @ X / count.clamp(min=1), X)
    if how not in ("max", "range"):
        raise ValueError("unknown aggregation")
    low = torch.where(A[:, :, None] > 0, X[None], torch.inf).amin(dim=1)
    high = torch.where(A[:, :, None] > 0, X[None], -torch.inf).amax(dim=1)
    if how == "max":
        return torch.where(count > 0, high, X)
    return torch.where(count > 0, high - low, 0.0)


# %% aggregate wrong "source and target swapped"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    target, source = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            rows.append(f(heard, dim=0))
    return torch.stack(rows)


# %% aggregate wrong "edges taken for undirected, listed in both directions"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = torch.cat([edge_index, edge_index.flip(0)], dim=1)
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            rows.append(f(heard, dim=0))
    return torch.stack(rows)


# %% aggregate wrong "a node hears itself as well"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = torch.cat([X[source[target == node]], X[node : node + 1]])
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            rows.append(f(heard, dim=0))
    return torch.stack(rows)


# %% aggregate wrong "a node that hears nobody gets 0 by every word"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            rows.append(f(heard, dim=0))
    return torch.stack(rows)


# %% aggregate wrong "a node that hears nobody gets its own row by every word"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            rows.append(f(heard, dim=0))
    return torch.stack(rows)


# %% aggregate wrong "a node that hears nobody gets its own row by the sum, too"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node] if how != "range" else 0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            rows.append(f(heard, dim=0))
    return torch.stack(rows)


# %% aggregate wrong "a 0 lies among what is compared, so a negative maximum is lost"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            value = f(heard, dim=0)
            rows.append(value.clamp(min=0) if how == "max" else value)
    return torch.stack(rows)


# %% aggregate wrong "range as the spread of the sum: minimum not subtracted"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            rows.append(f(heard, dim=0))
    return torch.stack(rows)


# %% aggregate wrong "range as minimum minus maximum"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append(heard.amin(dim=0) - heard.amax(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            rows.append(f(heard, dim=0))
    return torch.stack(rows)


# %% aggregate wrong "range over all features together"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append((heard.max() - heard.min()).expand(X.shape[1]))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            rows.append(f(heard, dim=0))
    return torch.stack(rows)


# %% aggregate wrong "the maximum over all features together"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            value = f(heard, dim=0)
            rows.append(value.max().expand_as(value) if how == "max" else value)
    return torch.stack(rows)


# %% aggregate wrong "the mean divides by the number of all nodes"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            value = f(heard, dim=0)
            rows.append(value * len(heard) / len(X) if how == "mean" else value)
    return torch.stack(rows)


# %% aggregate wrong "the mean divides by one more, as if the node itself were heard"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            value, k = f(heard, dim=0), len(heard)
            rows.append(value * k / (k + 1) if how == "mean" else value)
    return torch.stack(rows)


# %% aggregate wrong "the mean divides by the number of edges that leave"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            value, out = f(heard, dim=0), (source == node).sum().clamp(min=1)
            rows.append(value * len(heard) / out if how == "mean" else value)
    return torch.stack(rows)


# %% aggregate wrong "the sum is a mean"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.mean, "mean": torch.mean, "max": torch.amax}[how]
            rows.append(f(heard, dim=0))
    return torch.stack(rows)


# %% aggregate wrong "the mean is a sum"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.sum, "max": torch.amax}[how]
            rows.append(f(heard, dim=0))
    return torch.stack(rows)


# %% aggregate wrong "the maximum is a minimum"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amin}[how]
            rows.append(f(heard, dim=0))
    return torch.stack(rows)


# %% aggregate wrong "a mean or a maximum of nothing: NaN or an error"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0 and how in ("sum", "range"):
            rows.append(0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            rows.append(f(heard, dim=0))
    return torch.stack(rows)


# %% aggregate wrong "an unknown word raises no ValueError"
def aggregate(X, edge_index, how):
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}.get(
                how, torch.sum
            )
            rows.append(f(heard, dim=0))
    return torch.stack(rows)


# %% aggregate wrong "silence is read from a 0 in the result, which messages can give, too"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    index = target[:, None].expand(-1, X.shape[1])

    def reduce(word):
        zeros = torch.zeros_like(X)
        return zeros.scatter_reduce(0, index, X[source], word, include_self=False)

    if how == "range":
        return reduce("amax") - reduce("amin")
    got = reduce({"sum": "sum", "mean": "mean", "max": "amax"}[how])
    return got if how == "sum" else torch.where(got == 0, X, got)


# %% aggregate wrong "the own row takes part where something is heard, except in the sum"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    index = target[:, None].expand(-1, X.shape[1])
    if how == "sum":
        return torch.zeros_like(X).index_add(0, target, X[source])
    if how == "range":
        most = X.scatter_reduce(0, index, X[source], "amax")
        return most - X.scatter_reduce(0, index, X[source], "amin")
    word = {"mean": "mean", "max": "amax"}[how]
    return X.scatter_reduce(0, index, X[source], word)


# %% aggregate wrong "only one edge into a node counts"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]][-1:]
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            rows.append(f(heard, dim=0))
    return torch.stack(rows)


# %% aggregate wrong "self-loops are left out"
def aggregate(X, edge_index, how):
    if how not in ("sum", "mean", "max", "range"):
        raise ValueError(how)
    source, target = edge_index[:, edge_index[0] != edge_index[1]]
    rows = []
    for node in range(len(X)):
        heard = X[source[target == node]]
        if len(heard) == 0:
            rows.append(X[node] if how in ("mean", "max") else 0 * X[node])
        elif how == "range":
            rows.append(heard.amax(dim=0) - heard.amin(dim=0))
        else:
            f = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
            rows.append(f(heard, dim=0))
    return torch.stack(rows)


# %% edge_conv hints [markdown]
# 1. An edge from j to i: which row of `edge_index` is i, and whose row of `X` is
#    subtracted from whose?
# 2. Make one row for each edge first: the receiver's features beside the difference.
#    The messages of all edges are then one matrix product. They may be negative, so a
#    maximum must not start from 0, and yet a node without messages gets 0.
# 3. Rows of `X` at the targets, beside rows at the sources minus those. Times `W`, plus
#    `b`, tanh. Then a maximum by target that leaves out the start value, over zeros.


# %% edge_conv right "node by node"
def edge_conv(X, edge_index, W, b):
    rows = []
    for i in range(len(X)):
        sources = edge_index[0][edge_index[1] == i]
        own = X[i].expand(len(sources), -1)
        said = (torch.cat([own, X[sources] - own], dim=1) @ W + b).tanh()
        rows.append(said.max(dim=0).values if len(sources) else torch.zeros(len(b)))
    return torch.stack(rows)


# %% edge_conv right "the weights in two parts"
def edge_conv(X, edge_index, W, b):
    F_in = X.shape[1]
    of_target = X @ (W[:F_in] - W[F_in:]) + b  # (n, F')
    of_source = X @ W[F_in:]
    source, target = edge_index
    said = torch.tanh(of_target[target] + of_source[source])
    Y = torch.full((len(X), W.shape[1]), -2.0)
    Y = Y.scatter_reduce(0, target[:, None].expand_as(said), said, "amax")
    return torch.where(Y < -1.5, 0.0, Y)


# %% edge_conv wrong "source and target swapped"
def edge_conv(X, edge_index, W, b):
    target, source = edge_index
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)
    messages = torch.tanh(ends @ W + b)
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "amax", include_self=False)


# %% edge_conv wrong "the difference the wrong way round: receiver minus sender"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[target], X[target] - X[source]], dim=1)
    messages = torch.tanh(ends @ W + b)
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "amax", include_self=False)


# %% edge_conv wrong "the sender's own row in place of the difference"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[target], X[source]], dim=1)
    messages = torch.tanh(ends @ W + b)
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "amax", include_self=False)


# %% edge_conv wrong "the sender's row stands where the receiver's belongs"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[source], X[source] - X[target]], dim=1)
    messages = torch.tanh(ends @ W + b)
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "amax", include_self=False)


# %% edge_conv wrong "the difference first, the receiver behind it"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[source] - X[target], X[target]], dim=1)
    messages = torch.tanh(ends @ W + b)
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "amax", include_self=False)


# %% edge_conv wrong "a 0 takes part in the maximum, so negative messages are lost"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)
    messages = torch.tanh(ends @ W + b)
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "amax")


# %% edge_conv wrong "the sum of the messages, not their maximum"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)
    messages = torch.tanh(ends @ W + b)
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "sum", include_self=False)


# %% edge_conv wrong "the mean of the messages, not their maximum"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)
    messages = torch.tanh(ends @ W + b)
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "mean", include_self=False)


# %% edge_conv wrong "the minimum of the messages, not their maximum"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)
    messages = torch.tanh(ends @ W + b)
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "amin", include_self=False)


# %% edge_conv wrong "the bias is forgotten"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)
    messages = torch.tanh(ends @ W)
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "amax", include_self=False)


# %% edge_conv wrong "no tanh"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)
    messages = ends @ W + b
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "amax", include_self=False)


# %% edge_conv wrong "ReLU in place of tanh"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)
    messages = torch.relu(ends @ W + b)
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "amax", include_self=False)


# %% edge_conv wrong "messages are gathered at their source"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)
    messages = torch.tanh(ends @ W + b)
    index = source[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "amax", include_self=False)


# %% edge_conv wrong "a row for each edge: nothing is aggregated"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)
    messages = torch.tanh(ends @ W + b)
    return messages


# %% edge_conv wrong "a node without messages gets the message to itself"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)
    messages = torch.tanh(ends @ W + b)
    index = target[:, None].expand_as(messages)
    zeros = torch.tanh(torch.cat([X, 0 * X], dim=1) @ W + b)
    return zeros.scatter_reduce(0, index, messages, "amax", include_self=False)


# %% edge_conv wrong "a node without messages gets minus infinity"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)
    messages = torch.tanh(ends @ W + b)
    index = target[:, None].expand_as(messages)
    zeros = messages.new_full((len(X), messages.shape[1]), -torch.inf)
    return zeros.scatter_reduce(0, index, messages, "amax", include_self=False)


# %% edge_conv wrong "every node also sends a message to itself"
def edge_conv(X, edge_index, W, b):
    loops = torch.arange(len(X)).repeat(2, 1)
    source, target = torch.cat([edge_index, loops], dim=1)
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)
    messages = torch.tanh(ends @ W + b)
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "amax", include_self=False)


# %% edge_conv wrong "edges taken for undirected, listed in both directions"
def edge_conv(X, edge_index, W, b):
    source, target = torch.cat([edge_index, edge_index.flip(0)], dim=1)
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)
    messages = torch.tanh(ends @ W + b)
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "amax", include_self=False)


# %% edge_conv wrong "the maximum before tanh's argument gets its bias, which then comes twice"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)
    messages = torch.tanh(ends @ W + 2 * b)
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    return zeros.scatter_reduce(0, index, messages, "amax", include_self=False)


# %% edge_conv wrong "one maximum for all features"
def edge_conv(X, edge_index, W, b):
    source, target = edge_index
    ends = torch.cat([X[target], X[source] - X[target]], dim=1)
    messages = torch.tanh(ends @ W + b)
    index = target[:, None].expand_as(messages)
    zeros = messages.new_zeros(len(X), messages.shape[1])
    messages = messages.amax(dim=1, keepdim=True).expand_as(index)
    return zeros.scatter_reduce(0, index, messages, "amax", include_self=False)


# %% walk_counts hints [markdown]
# 1. Somebody stands at a node in 3 ways. Along which edges can each of the 3 go on, and
#    to which nodes do these edges lead?
# 2. The number of walks of one step more that end at a node is the sum of the numbers
#    at the sources of its incoming edges. That is a round of messages, in which no node
#    keeps what it had.
# 3. A row of zeros with a 1 at the start. Then, steps times: gather the row at the
#    sources, add it up at the targets of a fresh row of zeros, keep the row. Stack.


# %% walk_counts right "with a matrix"
def walk_counts(edge_index, num_nodes, start, steps):
    A = torch.zeros(num_nodes, num_nodes, dtype=torch.int64)
    A[edge_index[1], edge_index[0]] = 1
    powers = [torch.eye(num_nodes, dtype=torch.int64)]
    for _ in range(steps):
        powers.append(A @ powers[-1])
    return torch.stack([P[:, start] for P in powers])


# %% walk_counts right "edge by edge, in plain Python"
def walk_counts(edge_index, num_nodes, start, steps):
    table = [[int(v == start) for v in range(num_nodes)]]
    for k in range(steps):
        row = [0] * num_nodes
        for source, target in edge_index.T.tolist():
            row[target] += table[k][source]
        table.append(row)
    return torch.tensor(table)


# %% walk_counts wrong "walks against the direction of the edges"
def walk_counts(edge_index, num_nodes, start, steps):
    target, source = edge_index
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps):
        here = torch.zeros_like(here).index_add(0, target, here[source])
        rows.append(here)
    return torch.stack(rows)


# %% walk_counts wrong "walks in both directions of each edge"
def walk_counts(edge_index, num_nodes, start, steps):
    source, target = torch.cat([edge_index, edge_index.flip(0)], dim=1)
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps):
        here = torch.zeros_like(here).index_add(0, target, here[source])
        rows.append(here)
    return torch.stack(rows)


# %% walk_counts wrong "a node keeps what it had, so walks may rest"
def walk_counts(edge_index, num_nodes, start, steps):
    source, target = edge_index
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps):
        here = here.index_add(0, target, here[source])
        rows.append(here)
    return torch.stack(rows)


# %% walk_counts wrong "walks of at most k steps, not of exactly k"
def walk_counts(edge_index, num_nodes, start, steps):
    source, target = edge_index
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps):
        here = torch.zeros_like(here).index_add(0, target, here[source])
        rows.append(here)
    return torch.stack(rows).cumsum(dim=0)


# %% walk_counts wrong "reached or not, a 1, in place of the number"
def walk_counts(edge_index, num_nodes, start, steps):
    source, target = edge_index
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps):
        here = torch.zeros_like(here).index_add(0, target, here[source])
        here = (here > 0).long()
        rows.append(here)
    return torch.stack(rows)


# %% walk_counts wrong "self-loops are no steps"
def walk_counts(edge_index, num_nodes, start, steps):
    source, target = edge_index[:, edge_index[0] != edge_index[1]]
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps):
        here = torch.zeros_like(here).index_add(0, target, here[source])
        rows.append(here)
    return torch.stack(rows)


# %% walk_counts wrong "a self-loop counts as two steps"
def walk_counts(edge_index, num_nodes, start, steps):
    loops = edge_index[:, edge_index[0] == edge_index[1]]
    source, target = torch.cat([edge_index, loops], dim=1)
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps):
        here = torch.zeros_like(here).index_add(0, target, here[source])
        rows.append(here)
    return torch.stack(rows)


# %% walk_counts wrong "the row of 0 steps is missing"
def walk_counts(edge_index, num_nodes, start, steps):
    source, target = edge_index
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps):
        here = torch.zeros_like(here).index_add(0, target, here[source])
        rows.append(here)
    return torch.stack(rows[1:] or rows[:0] + [here[:0]])


# %% walk_counts wrong "one step too few"
def walk_counts(edge_index, num_nodes, start, steps):
    source, target = edge_index
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps - 1):
        here = torch.zeros_like(here).index_add(0, target, here[source])
        rows.append(here)
    return torch.stack(rows)


# %% walk_counts wrong "one step too many"
def walk_counts(edge_index, num_nodes, start, steps):
    source, target = edge_index
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps + 1):
        here = torch.zeros_like(here).index_add(0, target, here[source])
        rows.append(here)
    return torch.stack(rows)


# %% walk_counts wrong "only the last row"
def walk_counts(edge_index, num_nodes, start, steps):
    source, target = edge_index
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps):
        here = torch.zeros_like(here).index_add(0, target, here[source])
        rows.append(here)
    return rows[-1]


# %% walk_counts wrong "steps in columns, nodes in rows"
def walk_counts(edge_index, num_nodes, start, steps):
    source, target = edge_index
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps):
        here = torch.zeros_like(here).index_add(0, target, here[source])
        rows.append(here)
    return torch.stack(rows, dim=1)


# %% walk_counts wrong "floats, where counts are asked"
def walk_counts(edge_index, num_nodes, start, steps):
    source, target = edge_index
    here = torch.zeros(num_nodes, dtype=torch.float32)
    here[start] = 1
    rows = [here]
    for _ in range(steps):
        here = torch.zeros_like(here).index_add(0, target, here[source])
        rows.append(here)
    return torch.stack(rows)


# %% walk_counts wrong "several edges into a node overwrite each other"
def walk_counts(edge_index, num_nodes, start, steps):
    source, target = edge_index
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps):
        new = torch.zeros_like(here)
        for s, t in edge_index.T.tolist():
            new[t] = here[s]
        here = new
        rows.append(here)
    return torch.stack(rows)


# %% walk_counts wrong "an edge is used once only"
def walk_counts(edge_index, num_nodes, start, steps):
    left = edge_index
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps):
        old, here = here, torch.zeros_like(here).index_add(0, left[1], here[left[0]])
        left = left[:, old[left[0]] == 0]
        rows.append(here)
    return torch.stack(rows)


# %% walk_counts wrong "a node is visited once only"
def walk_counts(edge_index, num_nodes, start, steps):
    source, target = edge_index
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps):
        here = torch.zeros_like(here).index_add(0, target, here[source])
        here = here * (torch.stack(rows).sum(dim=0) == 0)
        rows.append(here)
    return torch.stack(rows)


# %% walk_counts wrong "powers of the numbers: each entry of A to the k"
def walk_counts(edge_index, num_nodes, start, steps):
    source, target = edge_index
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    A = torch.zeros(num_nodes, num_nodes, dtype=torch.int64)
    A[target, source] = 1
    rows = [here]
    for _ in range(steps):
        here = A[:, start]
        rows.append(here)
    return torch.stack(rows)


# %% walk_counts wrong "the start is forgotten: walks from all nodes"
def walk_counts(edge_index, num_nodes, start, steps):
    source, target = edge_index
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[:] = 1
    rows = [here]
    for _ in range(steps):
        here = torch.zeros_like(here).index_add(0, target, here[source])
        rows.append(here)
    return torch.stack(rows)


# %% walk_counts wrong "the rounds are normalised by the number of edges that leave"
def walk_counts(edge_index, num_nodes, start, steps):
    source, target = edge_index
    here = torch.zeros(num_nodes, dtype=torch.int64)
    here[start] = 1
    rows = [here]
    for _ in range(steps):
        out = torch.bincount(source, minlength=num_nodes).clamp(min=1)
        here = torch.zeros_like(here).index_add(0, target, here[source] // out[source])
        rows.append(here)
    return torch.stack(rows)


# %% merge hints [markdown]
# 1. Node 0 of the third graph: which number does it get among all nodes? And which of a
#    cell's two numbers, row or column, is the source?
# 2. Each graph is shifted by the number of nodes in all graphs before it, not by the
#    number of graphs or of edges. A graph without edges shifts the others, too.
# 3. Go through the graphs with a running offset. The cells that aren't 0 give rows and
#    columns in the order that is asked: columns above rows, plus the offset. The same
#    cells give the weights, and the size says how often to repeat the graph's number.


# %% merge right "one block-diagonal matrix"
def merge(matrices):
    large = torch.block_diag(*matrices)
    target, source = large.nonzero(as_tuple=True)
    sizes = torch.tensor([len(A) for A in matrices])
    batch = torch.arange(len(matrices)).repeat_interleave(sizes)
    return torch.stack([source, target]), large[target, source], batch


# %% merge right "cell by cell"
def merge(matrices):
    source, target, weight, batch = [], [], [], []
    for k, A in enumerate(matrices):
        first = len(batch)
        batch.extend([k] * A.shape[0])
        for i, row in enumerate(A.tolist()):
            for j, w in enumerate(row):
                if w != 0:
                    source.append(first + j)
                    target.append(first + i)
                    weight.append(w)
    edges = torch.tensor([source, target], dtype=torch.int64)
    return edges, torch.tensor(weight, dtype=torch.float32), torch.tensor(batch)


# %% merge wrong "source and target swapped: rows taken for sources"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([target, source]) + offset)
        weights.append(A[target, source])
        batch += [k] * len(A)
        offset += len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "no offset: every graph's nodes start at 0"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]))
        weights.append(A[target, source])
        batch += [k] * len(A)
        offset += len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "the offset is the number of the graph"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [k] * len(A)
        offset += 1
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "the offset is the number of edges so far"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [k] * len(A)
        offset += len(source)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "the offset is the size of the last graph alone"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [k] * len(A)
        offset = len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "the offset is shifted before the graph is written, not behind it"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        offset += len(A)
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [k] * len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "the offset leaves out nodes without edges"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [k] * len(A)
        offset += len(torch.cat([source, target]).unique())
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "the offset is the largest node number so far, not one more"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [k] * len(A)
        offset += len(A) - 1
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "the weights are the other cells': rows and columns swapped"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[source, target])
        batch += [k] * len(A)
        offset += len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "all weights are 1"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(torch.ones(len(source)))
        batch += [k] * len(A)
        offset += len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "`batch` says it for the edges, not for the nodes"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [k] * len(source)
        offset += len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "`batch` holds the size of each graph"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [len(A)]
        offset += len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "`batch` counts the graphs from 1"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [k + 1] * len(A)
        offset += len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "`batch` holds the offsets"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [offset] * len(A)
        offset += len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "`batch` numbers the nodes within their graph"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += range(len(A))
        offset += len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "negative weights are taken for no edge"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = (A > 0).nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [k] * len(A)
        offset += len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "edges in the order of the columns, not of the rows"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        source, target = A.T.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [k] * len(A)
        offset += len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "self-loops added to every node"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        A = A + torch.eye(len(A))
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [k] * len(A)
        offset += len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "the edges of the last graph only"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [k] * len(A)
        offset += len(A)
    return edges[-1], weights[-1], torch.tensor(batch)


# %% merge wrong "a row for each edge, not a column"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [k] * len(A)
        offset += len(A)
    return torch.cat(edges, dim=1).T, torch.cat(weights), torch.tensor(batch)


# %% merge wrong "graphs without edges are passed over"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        if not A.any():
            continue
        target, source = A.nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [k] * len(A)
        offset += len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% merge wrong "both directions of each edge are listed"
def merge(matrices):
    edges, weights, batch, offset = [], [], [], 0
    for k, A in enumerate(matrices):
        target, source = ((A != 0) | (A.T != 0)).nonzero().T
        edges.append(torch.stack([source, target]) + offset)
        weights.append(A[target, source])
        batch += [k] * len(A)
        offset += len(A)
    return torch.cat(edges, dim=1), torch.cat(weights), torch.tensor(batch)


# %% is_equivariant hints [markdown]
# 1. If the nodes are listed in another order, what becomes of the rows of `X`, what of
#    rows and columns of `A`, and what should become of the answer?
# 2. Two answers have to be compared: that to the new list, and the old answer listed
#    anew by the same order. One order may be kind by chance, so several are needed, and
#    a single large difference settles it.
# 3. The answer to the old list once. Then for each random order: index rows and columns
#    of `A`, rows of `X`, call `f`; the largest absolute difference from the old answer
#    in that order. Above the tolerance: `False`. After the loop: `True`.


# %% is_equivariant right "with permutation matrices"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    n = len(X)
    worst = 0.0
    for _ in range(num_orders):
        P = torch.eye(n)[torch.randperm(n)]
        gap = f(P @ A @ P.T, P @ X) - P @ f(A, X)
        worst = max(worst, gap.abs().max().item())
    return worst <= tolerance


# %% is_equivariant right "the answer is listed back, with the inverse order"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    fine = []
    for _ in range(num_orders):
        order = torch.rand(len(X)).argsort()
        moved = f(A[order[:, None], order], X[order])
        fine.append(bool(((moved[order.argsort()] - Y).abs() <= tolerance).all()))
    return all(fine)


# %% is_equivariant wrong "invariance is tested: the answer's order is left as it was"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved - Y).abs().max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "only `X` is listed anew, `A` isn't"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A, X[order])
        if (moved - Y[order]).abs().max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "only `A` is listed anew, `X` isn't"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X)
        if (moved - Y[order]).abs().max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "only the rows of `A` are listed anew, not its columns"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order], X[order])
        if (moved - Y[order]).abs().max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "only the columns of `A` are listed anew, not its rows"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[:, order], X[order])
        if (moved - Y[order]).abs().max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "the old answer is listed by the inverse order"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order.argsort()]).abs().max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "`A` is listed by the inverse order, `X` by the order"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order.argsort()][:, order.argsort()], X[order])
        if (moved - Y[order]).abs().max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "`A` and `X` get two different orders"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[torch.randperm(len(X))])
        if (moved - Y[order]).abs().max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "sums over the nodes are compared, not the nodes"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved.sum(dim=0) - Y.sum(dim=0)).abs().max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "sorted answers are compared, so an exchange isn't seen"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved.sort(dim=0).values - Y.sort(dim=0).values).abs().max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "one fixed exchange of the first two nodes"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.arange(len(X))
        order[:2] = torch.tensor([1, 0])
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order]).abs().max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "one and the same order each time"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.arange(len(X)).flip(0)
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order]).abs().max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "the list is only rotated, never mixed"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.arange(len(X)).roll(int(torch.randint(1, len(X), (1,))))
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order]).abs().max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "the tolerance is taken relative to the answer"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if not torch.allclose(moved, Y[order], rtol=tolerance):
            return False
    return True


# %% is_equivariant wrong "the norm of all differences is compared"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order]).norm() > tolerance:
            return False
    return True


# %% is_equivariant wrong "always 20 orders, whatever `num_orders` says"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(20):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order]).abs().max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "no new order at all"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.arange(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order]).abs().max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "only one order is tried, whatever `num_orders` says"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(1):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order]).abs().max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "one order that passes is enough"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order]).abs().max() <= tolerance:
            return True
    return False


# %% is_equivariant wrong "yes and no swapped"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order]).abs().max() > tolerance:
            return True
    return False


# %% is_equivariant wrong "the tolerance is ignored: a small fixed one"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order]).abs().max() > 1e-4:
            return False
    return True


# %% is_equivariant wrong "the tolerance is ignored: exact equality"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order]).abs().max() > 0:
            return False
    return True


# %% is_equivariant wrong "differences are added up with their signs and cancel"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order]).sum().abs() > tolerance:
            return False
    return True


# %% is_equivariant wrong "the smallest difference is compared, not the largest"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order]).abs().min() > tolerance:
            return False
    return True


# %% is_equivariant wrong "the largest difference without its absolute value"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order]).max() > tolerance:
            return False
    return True


# %% is_equivariant wrong "the mean of the differences, which hides a single node"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        if (moved - Y[order]).abs().mean() > tolerance:
            return False
    return True


# %% is_equivariant wrong "the difference in place of a verdict"
def is_equivariant(f, A, X, num_orders=20, tolerance=1e-4):
    Y = f(A, X)
    worst = torch.tensor(0.0)
    for _ in range(num_orders):
        order = torch.randperm(len(X))
        moved = f(A[order][:, order], X[order])
        worst = torch.maximum(worst, (moved - Y[order]).abs().max())
    return worst.item()


# %% is_equivariant equivalent "a difference has no sign, and none is exactly the tolerance"
# if (moved - Y[order]).abs().max() > tolerance: -> if (Y[order] - moved).abs().max() > tolerance:
# if (moved - Y[order]).abs().max() > tolerance: -> if (moved - Y[order]).abs().max() >= tolerance:


# %% mean_age hints [markdown]
# 1. In which order does the graph hold its nodes, and in which order does the dict hold
#    the ages? Who is in the dict and not in the graph?
# 2. Look at the names. Which name do functions of NetworkX expect for a weight? What
#    kind of thing is an age that was read from a file? And by what is a weighted mean
#    divided?
# 3. Put all names into the graph first, then the meetings, with their weights. For each
#    name go through its neighbours: hours times age as a float, added up, divided by
#    the hours added up; `None` where there are no neighbours.


# %% mean_age right "with matrices"
def mean_age(ages, meetings):
    names = list(ages)
    G = nx.Graph()
    G.add_nodes_from(names)
    for one, other, hours in meetings:
        G.add_edge(one, other, weight=hours)
    A = torch.tensor(nx.to_numpy_array(G, nodelist=names))  # float64
    x = torch.tensor([float(ages[v]) for v in names], dtype=torch.float64)
    total, count = (A @ x).tolist(), A.sum(dim=1).tolist()
    pairs = zip(names, total, count, strict=True)
    return {v: t / c if c > 0 else None for v, t, c in pairs}


# %% mean_age right "without a graph"
def mean_age(ages, meetings):
    top, below = dict.fromkeys(ages, 0.0), dict.fromkeys(ages, 0.0)
    for one, other, hours in meetings:
        for a, b in ((one, other), (other, one)):
            top[a] += hours * float(ages[b])
            below[a] += hours
    return {v: top[v] / below[v] if below[v] else None for v in ages}


# %% mean_age wrong "the ages are still text"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_nodes_from(ages)
    for one, other, hours in meetings:
        G.add_edge(one, other, weight=hours)
    A = torch.tensor(nx.to_numpy_array(G, nodelist=list(G))).double()
    x = torch.tensor([ages[v] for v in G]).double()
    count = A.sum(dim=1)
    means = (A @ x / count).tolist()
    return {v: m if c > 0 else None for v, m, c in zip(G, means, count)}


# %% mean_age wrong "the weights stand under a name that NetworkX doesn't read"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_nodes_from(ages)
    for one, other, hours in meetings:
        G.add_edge(one, other, edge_weights=hours)
    A = torch.tensor(nx.to_numpy_array(G, nodelist=list(G))).double()
    x = torch.tensor([float(ages[v]) for v in G]).double()
    count = A.sum(dim=1)
    means = (A @ x / count).tolist()
    return {v: m if c > 0 else None for v, m, c in zip(G, means, count)}


# %% mean_age wrong "divided by the number of people met, not by the hours"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_nodes_from(ages)
    G.add_weighted_edges_from(meetings)
    means = {}
    for name in G:
        hours = {other: G.edges[name, other]["weight"] for other in G.neighbors(name)}
        total = sum(h * float(ages[other]) for other, h in hours.items())
        means[name] = total / len(hours) if hours else None
    return means


# %% mean_age wrong "people who meet nobody are missing"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_weighted_edges_from(meetings)
    means = {}
    for name in G:
        hours = {other: G.edges[name, other]["weight"] for other in G.neighbors(name)}
        total = sum(h * float(ages[other]) for other, h in hours.items())
        means[name] = total / sum(hours.values()) if hours else None
    return means


# %% mean_age wrong "people who meet nobody get 0"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_nodes_from(ages)
    G.add_weighted_edges_from(meetings)
    means = {}
    for name in G:
        hours = {other: G.edges[name, other]["weight"] for other in G.neighbors(name)}
        total = sum(h * float(ages[other]) for other, h in hours.items())
        means[name] = total / sum(hours.values()) if hours else 0.0
    return means


# %% mean_age wrong "people who meet nobody get their own age"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_nodes_from(ages)
    G.add_weighted_edges_from(meetings)
    means = {}
    for name in G:
        hours = {other: G.edges[name, other]["weight"] for other in G.neighbors(name)}
        total = sum(h * float(ages[other]) for other, h in hours.items())
        means[name] = total / sum(hours.values()) if hours else float(ages[name])
    return means


# %% mean_age wrong "people who meet nobody get NaN"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_nodes_from(ages)
    for one, other, hours in meetings:
        G.add_edge(one, other, weight=hours)
    A = torch.tensor(nx.to_numpy_array(G, nodelist=list(G))).double()
    x = torch.tensor([float(ages[v]) for v in G]).double()
    count = A.sum(dim=1)
    means = (A @ x / count).tolist()
    return {v: m for v, m, c in zip(G, means, count)}


# %% mean_age wrong "the ages stand in another order than the nodes"
def mean_age(ages, meetings):
    G = nx.Graph()
    for one, other, hours in meetings:
        G.add_edge(one, other, weight=hours)
    A = torch.tensor(nx.to_numpy_array(G, nodelist=list(G))).double()
    x = torch.tensor([float(ages[v]) for v in ages][: len(G)]).double()
    count = A.sum(dim=1)
    means = (A @ x / count).tolist()
    means = {v: m if c > 0 else None for v, m, c in zip(G, means, count)}
    return {v: means.get(v) for v in ages}


# %% mean_age wrong "only the second of a pair meets the first: one direction"
def mean_age(ages, meetings):
    G = nx.DiGraph()
    G.add_nodes_from(ages)
    G.add_weighted_edges_from(meetings)
    means = {}
    for name in G:
        hours = {other: G.edges[name, other]["weight"] for other in G.neighbors(name)}
        total = sum(h * float(ages[other]) for other, h in hours.items())
        means[name] = total / sum(hours.values()) if hours else None
    return means


# %% mean_age wrong "only the first of a pair is met by the second: one direction"
def mean_age(ages, meetings):
    G = nx.DiGraph()
    G.add_nodes_from(ages)
    G.add_weighted_edges_from((b, a, h) for a, b, h in meetings)
    means = {}
    for name in G:
        hours = {other: G.edges[name, other]["weight"] for other in G.neighbors(name)}
        total = sum(h * float(ages[other]) for other, h in hours.items())
        means[name] = total / sum(hours.values()) if hours else None
    return means


# %% mean_age wrong "the own age is a part of the mean, with one hour"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_nodes_from(ages)
    G.add_weighted_edges_from(meetings)
    means = {}
    for name in G:
        hours = {other: G.edges[name, other]["weight"] for other in G.neighbors(name)}
        total = float(ages[name]) + sum(h * float(ages[o]) for o, h in hours.items())
        means[name] = total / (1 + sum(hours.values())) if hours else None
    return means


# %% mean_age wrong "the own age in place of that of those met"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_nodes_from(ages)
    G.add_weighted_edges_from(meetings)
    means = {}
    for name in G:
        hours = {other: G.edges[name, other]["weight"] for other in G.neighbors(name)}
        total = sum(h * float(ages[name]) for other, h in hours.items())
        means[name] = total / sum(hours.values()) if hours else None
    return means


# %% mean_age wrong "sums, not means"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_nodes_from(ages)
    G.add_weighted_edges_from(meetings)
    means = {}
    for name in G:
        hours = {other: G.edges[name, other]["weight"] for other in G.neighbors(name)}
        total = sum(h * float(ages[other]) for other, h in hours.items())
        means[name] = total if hours else None
    return means


# %% mean_age wrong "divided by all hours of the town"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_nodes_from(ages)
    G.add_weighted_edges_from(meetings)
    means = {}
    for name in G:
        hours = {other: G.edges[name, other]["weight"] for other in G.neighbors(name)}
        total = sum(h * float(ages[other]) for other, h in hours.items())
        means[name] = total / sum(h for _, _, h in meetings) if hours else None
    return means


# %% mean_age wrong "ages cut to whole numbers"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_nodes_from(ages)
    G.add_weighted_edges_from(meetings)
    means = {}
    for name in G:
        hours = {other: G.edges[name, other]["weight"] for other in G.neighbors(name)}
        total = sum(h * int(float(ages[other])) for other, h in hours.items())
        means[name] = total / sum(hours.values()) if hours else None
    return means


# %% mean_age wrong "means rounded to whole numbers"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_nodes_from(ages)
    G.add_weighted_edges_from(meetings)
    means = {}
    for name in G:
        hours = {other: G.edges[name, other]["weight"] for other in G.neighbors(name)}
        total = sum(h * float(ages[other]) for other, h in hours.items())
        means[name] = float(round(total / sum(hours.values()))) if hours else None
    return means


# %% mean_age wrong "a list of numbers without the names"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_nodes_from(ages)
    G.add_weighted_edges_from(meetings)
    means = {}
    for name in G:
        hours = {other: G.edges[name, other]["weight"] for other in G.neighbors(name)}
        total = sum(h * float(ages[other]) for other, h in hours.items())
        means[name] = total / sum(hours.values()) if hours else None
    return list(means.values())


# %% mean_age wrong "means as text"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_nodes_from(ages)
    G.add_weighted_edges_from(meetings)
    means = {}
    for name in G:
        hours = {other: G.edges[name, other]["weight"] for other in G.neighbors(name)}
        total = sum(h * float(ages[other]) for other, h in hours.items())
        means[name] = str(total / sum(hours.values())) if hours else None
    return means


# %% mean_age wrong "the oldest one met, not the mean"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_nodes_from(ages)
    G.add_weighted_edges_from(meetings)
    means = {}
    for name in G:
        hours = {other: G.edges[name, other]["weight"] for other in G.neighbors(name)}
        total = sum(h * float(ages[other]) for other, h in hours.items())
        means[name] = max(float(ages[other]) for other in hours) if hours else None
    return means


# %% mean_age wrong "the friends' friends are asked, two steps away"
def mean_age(ages, meetings):
    G = nx.Graph()
    G.add_nodes_from(ages)
    G.add_weighted_edges_from(meetings)
    means = {}
    for name in G:
        hours = {
            other: G.edges[name, other]["weight"]
            for o in G.neighbors(name)
            for other in [o]
        }
        total = sum(
            h * float(ages[next(iter(G.neighbors(other)))])
            for other, h in hours.items()
        )
        means[name] = total / sum(hours.values()) if hours else None
    return means
