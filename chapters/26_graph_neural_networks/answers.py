# %% normalized_adjacency hints [markdown]
# 1. The first edge of `arrows` leads from 0 to 2. In which row and which column does
#    its 1 stand? And are the degrees counted before or after the self-loops are put in?
# 2. Row i tells whom node i hears: the target is the row, the source the column. The
#    self-loops come first, so no degree is 0, not even that of a node alone. An entry
#    is divided by two roots: that of its row's degree and that of its column's.
# 3. Begin with the identity. Put a 1 at (target, source) for each edge: one assignment
#    with the two rows of `edge_index` as indices does it. Sum each row, take one over
#    the root: (n,). Multiply the matrix by these numbers twice, once as a column and
#    once as a row.

# %% normalized_adjacency right "with a diagonal matrix and a power"
def normalized_adjacency(edge_index, num_nodes):
    A = torch.zeros(num_nodes, num_nodes)
    A.index_put_((edge_index[1], edge_index[0]), torch.tensor(1.0))
    A = A + torch.eye(num_nodes)
    D = torch.diag(A.sum(1) ** -0.5)
    return D @ A @ D


# %% normalized_adjacency wrong "the degree is counted before the self-loops"
def normalized_adjacency(edge_index, num_nodes):
    A = torch.zeros(num_nodes, num_nodes)
    A[edge_index[1], edge_index[0]] = 1.0
    root = A.sum(dim=1).rsqrt()
    return root[:, None] * (A + torch.eye(num_nodes)) * root


# %% normalized_adjacency wrong "only the rows are normalised"
def normalized_adjacency(edge_index, num_nodes):
    A = torch.eye(num_nodes)
    A[edge_index[1], edge_index[0]] = 1.0
    return A / A.sum(dim=1, keepdim=True)


# %% normalized_adjacency wrong "only the columns are normalised"
def normalized_adjacency(edge_index, num_nodes):
    A = torch.eye(num_nodes)
    A[edge_index[1], edge_index[0]] = 1.0
    return A / A.sum(dim=1)


# %% normalized_adjacency wrong "no self-loops"
def normalized_adjacency(edge_index, num_nodes):
    A = torch.zeros(num_nodes, num_nodes)
    A[edge_index[1], edge_index[0]] = 1.0
    root = A.sum(dim=1).clamp(min=1).rsqrt()
    return root[:, None] * A * root


# %% normalized_adjacency wrong "the square root is missing"
def normalized_adjacency(edge_index, num_nodes):
    A = torch.eye(num_nodes)
    A[edge_index[1], edge_index[0]] = 1.0
    d = 1 / A.sum(dim=1)
    return d[:, None] * A * d


# %% normalized_adjacency wrong "multiplied by the roots, not divided"
def normalized_adjacency(edge_index, num_nodes):
    A = torch.eye(num_nodes)
    A[edge_index[1], edge_index[0]] = 1.0
    root = A.sum(dim=1).sqrt()
    return root[:, None] * A * root


# %% normalized_adjacency wrong "not normalised at all"
def normalized_adjacency(edge_index, num_nodes):
    A = torch.eye(num_nodes)
    A[edge_index[1], edge_index[0]] = 1.0
    return A


# %% normalized_adjacency wrong "source and target are swapped"
def normalized_adjacency(edge_index, num_nodes):
    A = torch.eye(num_nodes)
    A[edge_index[0], edge_index[1]] = 1.0
    root = A.sum(dim=1).rsqrt()
    return root[:, None] * A * root


# %% normalized_adjacency wrong "edges in one direction are made to go both ways"
def normalized_adjacency(edge_index, num_nodes):
    A = torch.eye(num_nodes)
    A[edge_index[1], edge_index[0]] = 1.0
    A[edge_index[0], edge_index[1]] = 1.0
    root = A.sum(dim=1).rsqrt()
    return root[:, None] * A * root


# %% normalized_adjacency wrong "the degree is the sum of a column"
def normalized_adjacency(edge_index, num_nodes):
    A = torch.eye(num_nodes)
    A[edge_index[1], edge_index[0]] = 1.0
    root = A.sum(dim=0).rsqrt()
    return root[:, None] * A * root


# %% normalized_adjacency wrong "the self-loops are counted twice"
def normalized_adjacency(edge_index, num_nodes):
    A = 2 * torch.eye(num_nodes)
    A[edge_index[1], edge_index[0]] = 1.0
    root = A.sum(dim=1).rsqrt()
    return root[:, None] * A * root


# %% normalized_adjacency wrong "the power is taken off the diagonal too, where 0 becomes infinite"
def normalized_adjacency(edge_index, num_nodes):
    A = torch.eye(num_nodes)
    A[edge_index[1], edge_index[0]] = 1.0
    D = torch.diag(A.sum(dim=1)) ** -0.5
    return D @ A @ D


# %% normalized_adjacency wrong "the self-loop is missing in the degree"
def normalized_adjacency(edge_index, num_nodes):
    A = torch.zeros(num_nodes, num_nodes)
    A[edge_index[1], edge_index[0]] = 1.0
    root = A.sum(dim=1).clamp(min=1).rsqrt()
    return root[:, None] * (A + torch.eye(num_nodes)) * root


# %% normalized_adjacency wrong "rows are divided by degrees of rows, columns by those of columns"
def normalized_adjacency(edge_index, num_nodes):
    A = torch.eye(num_nodes)
    A[edge_index[1], edge_index[0]] = 1.0
    return A.sum(dim=1).rsqrt()[:, None] * A * A.sum(dim=0).rsqrt()


# %% GCNLayer hints [markdown]
# 1. What is in a tensor fresh from `torch.empty`, and who puts something else there,
#    for the weight and for the bias? Is the bias averaged over the neighbours, or added
#    afterwards?
# 2. The two matrices work on two sides: the graph's from the left mixes the nodes, the
#    weight from the right mixes the features. The bias belongs to the result: each node
#    gets the same one, once, however many neighbours it has. Each parameter needs a
#    start of its own.
# 3. `__init__`: the parent's first; a parameter (in, out), filled in place by
#    `nn.init.xavier_uniform_`; a parameter (out,) of zeros. `forward`: features times
#    weight, the graph's matrix times that, plus the bias, and nothing after it.


# %% GCNLayer right "X is mixed first, the weight comes after"
class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(out_features))
        self.weight = nn.Parameter(torch.zeros(in_features, out_features))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, X, A_hat):
        return torch.addmm(self.bias, A_hat @ X, self.weight)


# %% GCNLayer right "bias through init"
class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.empty(out_features))
        nn.init.xavier_uniform_(self.weight)
        nn.init.zeros_(self.bias)

    def forward(self, X, A_hat):
        return torch.einsum("ij,jf,fo->io", A_hat, X, self.weight) + self.bias


# %% GCNLayer wrong "the bias is never initialised"
class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.empty(out_features))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, X, A_hat):
        return A_hat @ (X @ self.weight) + self.bias


# %% GCNLayer wrong "the bias starts at 1"
class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.ones(out_features))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, X, A_hat):
        return A_hat @ (X @ self.weight) + self.bias


# %% GCNLayer wrong "the weight starts at 0"
class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, X, A_hat):
        return A_hat @ (X @ self.weight) + self.bias


# %% GCNLayer wrong "the weight is never initialised"
class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, X, A_hat):
        return A_hat @ (X @ self.weight) + self.bias


# %% GCNLayer wrong "the weight's start values spread wider than Xavier's"
class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        nn.init.normal_(self.weight)

    def forward(self, X, A_hat):
        return A_hat @ (X @ self.weight) + self.bias


# %% GCNLayer wrong "the weight's start values spread less far than Xavier's"
class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        nn.init.uniform_(self.weight, -0.02, 0.02)

    def forward(self, X, A_hat):
        return A_hat @ (X @ self.weight) + self.bias


# %% GCNLayer wrong "no gradient reaches the weight, so it never learns"
class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, X, A_hat):
        return A_hat @ X @ self.weight.data + self.bias


# %% GCNLayer wrong "the weight is kept as (out, in)"
class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, X, A_hat):
        return A_hat @ (X @ self.weight.T) + self.bias


# %% GCNLayer wrong "the graph is not used"
class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, X, A_hat):
        return X @ self.weight + self.bias


# %% GCNLayer wrong "the bias is not added"
class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, X, A_hat):
        return A_hat @ (X @ self.weight)


# %% GCNLayer wrong "the bias is added before the averaging, which weighs it by the degrees"
class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, X, A_hat):
        return A_hat @ (X @ self.weight + self.bias)


# %% GCNLayer wrong "an activation at the end"
class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, X, A_hat):
        return F.relu(A_hat @ (X @ self.weight) + self.bias)


# %% GCNLayer wrong "the matrix is transposed: messages go from target to source"
class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = nn.Parameter(torch.zeros(out_features))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, X, A_hat):
        return A_hat.T @ (X @ self.weight) + self.bias


# %% GCNLayer wrong "the bias is no parameter"
class GCNLayer(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(in_features, out_features))
        self.bias = torch.zeros(out_features)
        nn.init.xavier_uniform_(self.weight)

    def forward(self, X, A_hat):
        return A_hat @ (X @ self.weight) + self.bias


# %% fit_nodes hints [markdown]
# 1. Which nodes does the net need to see in each epoch, and whose scores may go into
#    the loss? Why are these not the same nodes?
# 2. All nodes pass through the net, because the labelled ones hear the others; the
#    others' labels stay unseen. So choose the rows behind the net, not in front of it.
#    And a net with batch norm or dropout answers differently in its two modes: set each
#    where it is due.
# 3. Adam, train mode. Each epoch: clear the gradients, scores of all nodes,
#    cross-entropy of the labelled rows, backward, step, keep the loss as a float. Then
#    eval mode, without gradients: a bool mask of all nodes, switched off for the
#    labelled ones, and the share of right answers among the rest, as a float.


# %% fit_nodes right "the others picked by hand, the loss gathered first"
def fit_nodes(net, X, y, labelled, lr, num_epochs):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters(), lr)
    result = {"loss": []}
    for _ in range(num_epochs):
        net.train()
        loss = criterion(net(X)[labelled], y[labelled])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        result["loss"].append(float(loss))
    known = set(labelled.tolist())
    others = [i for i in range(len(y)) if i not in known]
    net.eval()
    with torch.no_grad():
        guess = net(X).argmax(1)
    right = sum(int(guess[i] == y[i]) for i in others)
    return {**result, "accuracy": right / len(others)}


# %% fit_nodes wrong "test nodes are in the loss"
def fit_nodes(net, X, y, labelled, lr, num_epochs):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    losses = []
    net.train()
    for _ in range(num_epochs):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    others = torch.ones(len(y), dtype=torch.bool)
    others[labelled] = False
    net.eval()
    with torch.no_grad():
        right = (net(X).argmax(dim=1) == y)[others]
    return {"loss": losses, "accuracy": right.float().mean().item()}


# %% fit_nodes wrong "the loss is taken over the nodes without labels"
def fit_nodes(net, X, y, labelled, lr, num_epochs):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    losses = []
    others = torch.ones(len(y), dtype=torch.bool)
    others[labelled] = False
    net.train()
    for _ in range(num_epochs):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X)[others], y[others])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    net.eval()
    with torch.no_grad():
        right = (net(X).argmax(dim=1) == y)[others]
    return {"loss": losses, "accuracy": right.float().mean().item()}


# %% fit_nodes wrong "the accuracy counts the labelled nodes too"
def fit_nodes(net, X, y, labelled, lr, num_epochs):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    losses = []
    net.train()
    for _ in range(num_epochs):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X)[labelled], y[labelled])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    net.eval()
    with torch.no_grad():
        right = net(X).argmax(dim=1) == y
    return {"loss": losses, "accuracy": right.float().mean().item()}


# %% fit_nodes wrong "the accuracy is that on the labelled nodes"
def fit_nodes(net, X, y, labelled, lr, num_epochs):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    losses = []
    net.train()
    for _ in range(num_epochs):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X)[labelled], y[labelled])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    net.eval()
    with torch.no_grad():
        right = (net(X).argmax(dim=1) == y)[labelled]
    return {"loss": losses, "accuracy": right.float().mean().item()}


# %% fit_nodes wrong "the net sees only the labelled nodes, so they hear nobody else"
def fit_nodes(net, X, y, labelled, lr, num_epochs):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    losses = []
    net.train()
    for _ in range(num_epochs):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X[labelled]), y[labelled])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    others = torch.ones(len(y), dtype=torch.bool)
    others[labelled] = False
    net.eval()
    with torch.no_grad():
        right = (net(X).argmax(dim=1) == y)[others]
    return {"loss": losses, "accuracy": right.float().mean().item()}


# %% fit_nodes wrong "the loss is summed over the nodes, not averaged"
def fit_nodes(net, X, y, labelled, lr, num_epochs):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    losses = []
    net.train()
    for _ in range(num_epochs):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X)[labelled], y[labelled], reduction="sum")
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    others = torch.ones(len(y), dtype=torch.bool)
    others[labelled] = False
    net.eval()
    with torch.no_grad():
        right = (net(X).argmax(dim=1) == y)[others]
    return {"loss": losses, "accuracy": right.float().mean().item()}


# %% fit_nodes wrong "gradients pile up from epoch to epoch"
def fit_nodes(net, X, y, labelled, lr, num_epochs):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    losses = []
    net.train()
    for _ in range(num_epochs):
        loss = F.cross_entropy(net(X)[labelled], y[labelled])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    others = torch.ones(len(y), dtype=torch.bool)
    others[labelled] = False
    net.eval()
    with torch.no_grad():
        right = (net(X).argmax(dim=1) == y)[others]
    return {"loss": losses, "accuracy": right.float().mean().item()}


# %% fit_nodes wrong "measured in train mode"
def fit_nodes(net, X, y, labelled, lr, num_epochs):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    losses = []
    net.train()
    for _ in range(num_epochs):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X)[labelled], y[labelled])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    others = torch.ones(len(y), dtype=torch.bool)
    others[labelled] = False
    with torch.no_grad():
        right = (net(X).argmax(dim=1) == y)[others]
    return {"loss": losses, "accuracy": right.float().mean().item()}


# %% fit_nodes wrong "the mode is never set to train"
def fit_nodes(net, X, y, labelled, lr, num_epochs):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    losses = []
    for _ in range(num_epochs):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X)[labelled], y[labelled])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    others = torch.ones(len(y), dtype=torch.bool)
    others[labelled] = False
    net.eval()
    with torch.no_grad():
        right = (net(X).argmax(dim=1) == y)[others]
    return {"loss": losses, "accuracy": right.float().mean().item()}


# %% fit_nodes wrong "plain SGD where Adam is asked"
def fit_nodes(net, X, y, labelled, lr, num_epochs):
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    losses = []
    net.train()
    for _ in range(num_epochs):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X)[labelled], y[labelled])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    others = torch.ones(len(y), dtype=torch.bool)
    others[labelled] = False
    net.eval()
    with torch.no_grad():
        right = (net(X).argmax(dim=1) == y)[others]
    return {"loss": losses, "accuracy": right.float().mean().item()}


# %% fit_nodes wrong "a softmax before the cross-entropy, which takes it itself"
def fit_nodes(net, X, y, labelled, lr, num_epochs):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    losses = []
    net.train()
    for _ in range(num_epochs):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X).softmax(dim=1)[labelled], y[labelled])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    others = torch.ones(len(y), dtype=torch.bool)
    others[labelled] = False
    net.eval()
    with torch.no_grad():
        right = (net(X).argmax(dim=1) == y)[others]
    return {"loss": losses, "accuracy": right.float().mean().item()}


# %% fit_nodes wrong "weight decay that nobody asked for"
def fit_nodes(net, X, y, labelled, lr, num_epochs):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr, weight_decay=5e-4)
    losses = []
    net.train()
    for _ in range(num_epochs):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X)[labelled], y[labelled])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    others = torch.ones(len(y), dtype=torch.bool)
    others[labelled] = False
    net.eval()
    with torch.no_grad():
        right = (net(X).argmax(dim=1) == y)[others]
    return {"loss": losses, "accuracy": right.float().mean().item()}


# %% fit_nodes wrong "the loss is taken after the step"
def fit_nodes(net, X, y, labelled, lr, num_epochs):
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    losses = []
    net.train()
    for _ in range(num_epochs):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(X)[labelled], y[labelled])
        loss.backward()
        optimizer.step()
        losses.append(F.cross_entropy(net(X)[labelled], y[labelled]).item())
    others = torch.ones(len(y), dtype=torch.bool)
    others[labelled] = False
    net.eval()
    with torch.no_grad():
        right = (net(X).argmax(dim=1) == y)[others]
    return {"loss": losses, "accuracy": right.float().mean().item()}


# %% sage_mean hints [markdown]
# 1. What does node 2 get in `arrows` if one of its three edges has strength 0 and the
#    others 0.1? Does the node itself take part, and what is a mean over nobody?
# 2. A weighted mean is a sum over a sum, and both run over the same edges: those that
#    end at the node. Several edges may end at one node, and all of them must be added;
#    assigning by index would keep only one. A divisor may be any small number, but not
#    0.
# 3. Two sums by target with `index_add`, into zeros: that of the strengths, (n,), and
#    that of strength times the source's row, (n, F). Replace divisors of exactly 0 by
#    1, others stay. Divide each row. Own rows times one weight plus means times the
#    other.


# %% sage_mean right "with a dense matrix"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    A = torch.zeros(len(X), len(X))
    A[edge_index[1], edge_index[0]] = strength
    mean = (A / A.sum(1, keepdim=True)).nan_to_num(0) @ X
    return X @ W_self + mean @ W_neigh


# %% sage_mean right "node by node"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    rows = []
    for i in range(len(X)):
        mine = edge_index[1] == i
        heard, share = X[edge_index[0, mine]], strength[mine]
        mean = torch.zeros(X.shape[1])
        if share.sum() > 0:
            mean = (share[:, None] * heard).sum(0) / share.sum()
        rows.append(X[i] @ W_self + mean @ W_neigh)
    return torch.stack(rows)


# %% sage_mean wrong "the strengths are ignored: a plain mean"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    source, target = edge_index
    total = torch.bincount(target, minlength=len(X)).clamp(min=1)
    said = X[source]
    heard = torch.zeros_like(X).index_add(0, target, said)
    mean = heard / total[:, None]
    return X @ W_self + mean @ W_neigh


# %% sage_mean wrong "a weighted sum, divided by nothing"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    source, target = edge_index
    total = torch.zeros(len(X)).index_add(0, target, strength)
    said = strength[:, None] * X[source]
    heard = torch.zeros_like(X).index_add(0, target, said)
    mean = heard / torch.ones(len(X))[:, None]
    return X @ W_self + mean @ W_neigh


# %% sage_mean wrong "divided by the number of edges, not by their strength"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    source, target = edge_index
    total = torch.bincount(target, minlength=len(X)).clamp(min=1)
    said = strength[:, None] * X[source]
    heard = torch.zeros_like(X).index_add(0, target, said)
    mean = heard / total[:, None]
    return X @ W_self + mean @ W_neigh


# %% sage_mean wrong "a total strength below 1 is taken for 1"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    source, target = edge_index
    total = torch.zeros(len(X)).index_add(0, target, strength)
    said = strength[:, None] * X[source]
    heard = torch.zeros_like(X).index_add(0, target, said)
    mean = heard / total.clamp(min=1)[:, None]
    return X @ W_self + mean @ W_neigh


# %% sage_mean wrong "1 is added to every divisor"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    source, target = edge_index
    total = torch.zeros(len(X)).index_add(0, target, strength)
    said = strength[:, None] * X[source]
    heard = torch.zeros_like(X).index_add(0, target, said)
    mean = heard / (total + 1)[:, None]
    return X @ W_self + mean @ W_neigh


# %% sage_mean wrong "divided by the strength of all edges of the graph"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    source, target = edge_index
    total = strength.sum().repeat(len(X))
    said = strength[:, None] * X[source]
    heard = torch.zeros_like(X).index_add(0, target, said)
    mean = heard / total[:, None]
    return X @ W_self + mean @ W_neigh


# %% sage_mean wrong "divided by the strength of the outgoing edges"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    source, target = edge_index
    total = torch.zeros(len(X)).index_add(0, source, strength)
    said = strength[:, None] * X[source]
    heard = torch.zeros_like(X).index_add(0, target, said)
    mean = heard / torch.where(total > 0, total, 1.0)[:, None]
    return X @ W_self + mean @ W_neigh


# %% sage_mean wrong "source and target are swapped"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    target, source = edge_index
    total = torch.zeros(len(X)).index_add(0, target, strength)
    said = strength[:, None] * X[source]
    heard = torch.zeros_like(X).index_add(0, target, said)
    mean = heard / torch.where(total > 0, total, 1.0)[:, None]
    return X @ W_self + mean @ W_neigh


# %% sage_mean wrong "the node itself is in the mean"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    source, target = edge_index
    total = torch.ones(len(X)).index_add(0, target, strength)
    said = strength[:, None] * X[source]
    heard = X.index_add(0, target, said)
    mean = heard / total[:, None]
    return X @ W_self + mean @ W_neigh


# %% sage_mean wrong "a node that hears nobody becomes NaN"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    source, target = edge_index
    total = torch.zeros(len(X)).index_add(0, target, strength)
    said = strength[:, None] * X[source]
    heard = torch.zeros_like(X).index_add(0, target, said)
    mean = heard / total[:, None]
    return X @ W_self + mean @ W_neigh


# %% sage_mean wrong "the two weights are swapped"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    source, target = edge_index
    total = torch.zeros(len(X)).index_add(0, target, strength)
    said = strength[:, None] * X[source]
    heard = torch.zeros_like(X).index_add(0, target, said)
    mean = heard / torch.where(total > 0, total, 1.0)[:, None]
    return X @ W_neigh + mean @ W_self


# %% sage_mean wrong "the node's own part is missing"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    source, target = edge_index
    total = torch.zeros(len(X)).index_add(0, target, strength)
    said = strength[:, None] * X[source]
    heard = torch.zeros_like(X).index_add(0, target, said)
    mean = heard / torch.where(total > 0, total, 1.0)[:, None]
    return mean @ W_neigh


# %% sage_mean wrong "a node gets its own row, not those of the sources"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    source, target = edge_index
    total = torch.zeros(len(X)).index_add(0, target, strength)
    said = strength[:, None] * X[target]
    heard = torch.zeros_like(X).index_add(0, target, said)
    mean = heard / torch.where(total > 0, total, 1.0)[:, None]
    return X @ W_self + mean @ W_neigh


# %% sage_mean wrong "of several messages to a node only one arrives"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    source, target = edge_index
    total = torch.zeros(len(X)).index_add(0, target, strength)
    heard = torch.zeros_like(X)
    for s, t, weight in zip(source.tolist(), target.tolist(), strength, strict=True):
        heard[t] = weight * X[s]
    mean = heard / torch.where(total > 0, total, 1.0)[:, None]
    return X @ W_self + mean @ W_neigh


# %% sage_mean wrong "the weights are a softmax of the strengths"
def sage_mean(X, edge_index, strength, W_self, W_neigh):
    A = torch.full((len(X), len(X)), -math.inf)
    A[edge_index[1], edge_index[0]] = strength
    mean = torch.softmax(A, dim=1).nan_to_num(0) @ X
    return X @ W_self + mean @ W_neigh


# %% gat_coefficients hints [markdown]
# 1. Over which edges, and in which head, must the coefficients sum to 1? And what does
#    the exponential make of a score of 1,000, or of scores that are all as low as
#    -1,000?
# 2. A softmax stays the same when one number is taken off all its scores. Take off the
#    highest score among the edges of the same target in the same head: then the largest
#    exponential there is exactly 1. One highest score for the whole graph won't do,
#    since some node may lie far below it.
# 3. Pick rows of `S` by source and of `T` by target and add: (E, K, F). `F.leaky_relu`,
#    times `a`, sum over F: (E, K). The highest of each target with `scatter_reduce`,
#    whose index has the scores' shape. Exponentials of the differences, their sum for
#    each target with `index_add`, and each over the sum of its target.


# %% gat_coefficients right "with a dense array of minus infinities"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    scores = torch.einsum("ekf,kf->ek", nn.LeakyReLU(0.2)(S[source] + T[target]), a)
    dense = torch.full((len(S), *S.shape[:2]), -math.inf)  # (n, n, K)
    dense[target, source] = scores
    return torch.softmax(dense, dim=1)[target, source]


# %% gat_coefficients right "edges against edges"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    hidden = S[source] + T[target]
    scores = (torch.where(hidden > 0, hidden, 0.2 * hidden) * a).sum(-1)  # (E, K)
    rivals = (target[:, None] == target)[:, :, None]  # (E, E, 1)
    highest = torch.where(rivals, scores, -math.inf).amax(1)
    total = torch.where(rivals, (scores - highest[:, None]).exp(), 0.0).sum(1)
    return (scores - highest).exp() / total


# %% gat_coefficients wrong "the softmax runs over all edges"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    return torch.softmax(
        (F.leaky_relu(S[source] + T[target], 0.2) * a).sum(dim=2), dim=0
    )


# %% gat_coefficients wrong "the softmax runs over the heads"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    return torch.softmax(
        (F.leaky_relu(S[source] + T[target], 0.2) * a).sum(dim=2), dim=1
    )


# %% gat_coefficients wrong "the softmax runs over edges and heads together"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    scores = (F.leaky_relu(S[source] + T[target], 0.2) * a).sum(dim=2)
    weight = (scores - scores.max()).exp()
    total = torch.zeros(len(S)).index_add(0, target, weight.sum(dim=1))
    return weight / total[target][:, None]


# %% gat_coefficients wrong "the softmax runs over the edges that leave a node"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    scores = (F.leaky_relu(S[source] + T[target], 0.2) * a).sum(dim=2)
    dense = torch.full((len(S), *S.shape[:2]), -math.inf)  # (n, n, K)
    dense[target, source] = scores
    return torch.softmax(dense, dim=0)[target, source]


# %% gat_coefficients wrong "source and target are swapped"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    scores = (F.leaky_relu(S[target] + T[source], 0.2) * a).sum(dim=2)
    dense = torch.full((len(S), *S.shape[:2]), -math.inf)  # (n, n, K)
    dense[target, source] = scores
    return torch.softmax(dense, dim=1)[target, source]


# %% gat_coefficients wrong "the LeakyReLU comes after the product with a, as in the first GAT"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    scores = F.leaky_relu(((S[source] + T[target]) * a).sum(dim=2), 0.2)
    dense = torch.full((len(S), *S.shape[:2]), -math.inf)  # (n, n, K)
    dense[target, source] = scores
    return torch.softmax(dense, dim=1)[target, source]


# %% gat_coefficients wrong "the LeakyReLU is missing, or what the target asks is"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    scores = ((S[source] + T[target]) * a).sum(dim=2)
    dense = torch.full((len(S), *S.shape[:2]), -math.inf)  # (n, n, K)
    dense[target, source] = scores
    return torch.softmax(dense, dim=1)[target, source]


# %% gat_coefficients wrong "what the target asks is left out, or is outside the LeakyReLU"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    scores = (F.leaky_relu(S[source], 0.2) * a).sum(dim=2)
    dense = torch.full((len(S), *S.shape[:2]), -math.inf)  # (n, n, K)
    dense[target, source] = scores
    return torch.softmax(dense, dim=1)[target, source]


# %% gat_coefficients wrong "the LeakyReLU has slope 0.01"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    scores = (F.leaky_relu(S[source] + T[target]) * a).sum(dim=2)
    dense = torch.full((len(S), *S.shape[:2]), -math.inf)  # (n, n, K)
    dense[target, source] = scores
    return torch.softmax(dense, dim=1)[target, source]


# %% gat_coefficients wrong "a ReLU in place of the LeakyReLU"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    scores = (F.relu(S[source] + T[target]) * a).sum(dim=2)
    dense = torch.full((len(S), *S.shape[:2]), -math.inf)  # (n, n, K)
    dense[target, source] = scores
    return torch.softmax(dense, dim=1)[target, source]


# %% gat_coefficients wrong "every head uses the first head's a"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    scores = F.leaky_relu(S[source] + T[target], 0.2) @ a[0]
    dense = torch.full((len(S), *S.shape[:2]), -math.inf)  # (n, n, K)
    dense[target, source] = scores
    return torch.softmax(dense, dim=1)[target, source]


# %% gat_coefficients wrong "self-loops are added to what a node hears"
def gat_coefficients(S, T, edge_index, a):
    itself = torch.arange(len(S)).expand(2, -1)
    source, target = torch.cat([edge_index, itself], dim=1)
    scores = (F.leaky_relu(S[source] + T[target], 0.2) * a).sum(dim=2)
    dense = torch.full((len(S), *S.shape[:2]), -math.inf)
    dense[target, source] = scores
    return torch.softmax(dense, dim=1)[edge_index[1], edge_index[0]]


# %% gat_coefficients wrong "the mean over the features, not their sum"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    scores = (F.leaky_relu(S[source] + T[target], 0.2) * a).mean(dim=2)
    dense = torch.full((len(S), *S.shape[:2]), -math.inf)  # (n, n, K)
    dense[target, source] = scores
    return torch.softmax(dense, dim=1)[target, source]


# %% gat_coefficients wrong "one coefficient for an edge: the heads are averaged"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    scores = (F.leaky_relu(S[source] + T[target], 0.2) * a).sum(dim=2)
    dense = torch.full((len(S), *S.shape[:2]), -math.inf)  # (n, n, K)
    dense[target, source] = scores
    return torch.softmax(dense, dim=1)[target, source].mean(dim=1)


# %% gat_coefficients wrong "large scores overflow in the exponential"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    scores = (F.leaky_relu(S[source] + T[target], 0.2) * a).sum(dim=2)
    weight = scores.exp()
    total = torch.zeros(S.shape[:2]).index_add(0, target, weight)
    return weight / total[target]


# %% gat_coefficients wrong "the maximum that is subtracted is not that of the node in its head, so some underflow to 0 / 0"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    scores = (F.leaky_relu(S[source] + T[target], 0.2) * a).sum(dim=2)
    weight = (scores - scores.max()).exp()
    total = torch.zeros(S.shape[:2]).index_add(0, target, weight)
    return weight / total[target]


# %% gat_coefficients wrong "large scores are clamped"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    scores = (F.leaky_relu(S[source] + T[target], 0.2) * a).sum(dim=2)
    weight = scores.clamp(-80, 80).exp()
    total = torch.zeros(S.shape[:2]).index_add(0, target, weight)
    return weight / total[target]


# %% gat_coefficients wrong "the scores are divided by their sum, without the exponential"
def gat_coefficients(S, T, edge_index, a):
    source, target = edge_index
    scores = (F.leaky_relu(S[source] + T[target], 0.2) * a).sum(dim=2)
    weight = scores
    total = torch.zeros(S.shape[:2]).index_add(0, target, weight)
    return weight / total[target]


# %% gat_coefficients wrong "a library does the work on graphs"
def gat_coefficients(S, T, edge_index, a):
    from torch_geometric.utils import softmax

    source, target = edge_index
    return softmax((F.leaky_relu(S[source] + T[target], 0.2) * a).sum(2), target)


# %% readout hints [markdown]
# 1. All numbers of a graph may be negative. What does a maximum give that starts from a
#    row of zeros, and what would such a row do to a mean?
# 2. Which rows belong together is told by `graph` alone; they may lie anywhere. Take
#    the rows of one graph and nothing else, and reduce them over the nodes, so that the
#    features stay. Each graph's mean is over its own number of nodes.
# 3. First look at `how`, and raise a `ValueError` that says what was given. Then for
#    each graph's number: pick the rows of `H` with a bool mask and reduce along axis 0,
#    with the function that `how` names (`torch.amax` for the maximum). Stack the rows.


# %% readout right "with scatter_reduce"
def readout(H, graph, num_graphs, how):
    names = {"sum": "sum", "mean": "mean", "max": "amax"}
    if how not in names:
        raise ValueError(how)
    index = graph[:, None].expand_as(H)
    out = torch.zeros(num_graphs, H.shape[1])
    return out.scatter_reduce(0, index, H, names[how], include_self=False)


# %% readout wrong "the mean is over all nodes, not over each graph's"
def readout(H, graph, num_graphs, how):
    if how not in ("sum", "mean", "max"):
        raise ValueError(how)
    if how == "max":
        return torch.stack([H[graph == k].amax(0) for k in range(num_graphs)])
    total = torch.zeros(num_graphs, H.shape[1]).index_add(0, graph, H)
    return total / len(H) if how == "mean" else total


# %% readout wrong "the maximum starts at 0, so negative maxima are lost"
def readout(H, graph, num_graphs, how):
    names = {"sum": "sum", "mean": "mean", "max": "amax"}
    if how not in names:
        raise ValueError(how)
    index = graph[:, None].expand_as(H)
    out = torch.zeros(num_graphs, H.shape[1])
    return out.scatter_reduce(0, index, H, names[how], include_self=how != "mean")


# %% readout wrong "the row of zeros to start from counts in the mean"
def readout(H, graph, num_graphs, how):
    names = {"sum": "sum", "mean": "mean", "max": "amax"}
    if how not in names:
        raise ValueError(how)
    index = graph[:, None].expand_as(H)
    out = torch.zeros(num_graphs, H.shape[1])
    return out.scatter_reduce(0, index, H, names[how], include_self=how == "mean")


# %% readout wrong "the nodes are taken to lie graph by graph, in order"
def readout(H, graph, num_graphs, how):
    if how not in ("sum", "mean", "max"):
        raise ValueError(how)
    reduce = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
    parts = H.split(torch.bincount(graph, minlength=num_graphs).tolist())
    return torch.stack([reduce(part, dim=0) for part in parts])


# %% readout wrong "one row for the whole batch"
def readout(H, graph, num_graphs, how):
    if how not in ("sum", "mean", "max"):
        raise ValueError(how)
    reduce = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
    return reduce(H, dim=0, keepdim=True)


# %% readout wrong "reduced over the features, not over the nodes"
def readout(H, graph, num_graphs, how):
    if how not in ("sum", "mean", "max"):
        raise ValueError(how)
    reduce = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[how]
    rows = reduce(H, dim=1)
    return torch.stack([rows[graph == k].sum() for k in range(num_graphs)])


# %% readout wrong "an unknown readout raises no ValueError"
def readout(H, graph, num_graphs, how):
    reduce = {"sum": torch.sum, "mean": torch.mean}.get(how, torch.amax)
    return torch.stack([reduce(H[graph == k], dim=0) for k in range(num_graphs)])


# %% readout wrong "the median in place of the mean"
def readout(H, graph, num_graphs, how):
    if how not in ("sum", "mean", "max"):
        raise ValueError(how)
    rows = [H[graph == k] for k in range(num_graphs)]
    if how == "mean":
        return torch.stack([row.median(dim=0).values for row in rows])
    return torch.stack([row.sum(0) if how == "sum" else row.amax(0) for row in rows])


# %% readout wrong "a library does the work on graphs"
def readout(H, graph, num_graphs, how):
    from torch_geometric.utils import scatter

    if how not in ("sum", "mean", "max"):
        raise ValueError(how)
    return scatter(H, graph, dim_size=num_graphs, reduce=how)


# %% readout wrong "the mean divides by the number of graphs"
def readout(H, graph, num_graphs, how):
    if how not in ("sum", "mean", "max"):
        raise ValueError(how)
    rows = [H[graph == k] for k in range(num_graphs)]
    if how == "max":
        return torch.stack([row.amax(0) for row in rows])
    total = torch.stack([row.sum(0) for row in rows])
    return total / num_graphs if how == "mean" else total


# %% readout wrong "the position of the maximum, not its value"
def readout(H, graph, num_graphs, how):
    if how not in ("sum", "mean", "max"):
        raise ValueError(how)
    rows = [H[graph == k] for k in range(num_graphs)]
    reduce = {"sum": torch.sum, "mean": torch.mean, "max": torch.argmax}[how]
    return torch.stack([reduce(row, dim=0) for row in rows])


# %% readout wrong "one maximum for all features"
def readout(H, graph, num_graphs, how):
    if how not in ("sum", "mean", "max"):
        raise ValueError(how)
    rows = [H[graph == k] for k in range(num_graphs)]
    if how == "max":
        return torch.stack([row.max().expand(H.shape[1]) for row in rows])
    return torch.stack([row.sum(0) if how == "sum" else row.mean(0) for row in rows])


# %% look_alikes hints [markdown]
# 1. Take each readout in turn: which change to a handful of numbers does it not notice?
#    Would both of the others notice that change?
# 2. The sum forgets how a total is split, the mean how far the numbers lie around it,
#    the maximum all that is smaller. Beware: with equally many nodes sum and mean are
#    fooled together; doubling every node fools mean and maximum; a node of zeros is
#    nothing to the sum.
# 3. On paper first: for each `how` two lists of one to three numbers, and all three
#    readouts of both. Then a dictionary from `how` to its pair of lists. Turn each list
#    into a float column (nodes, 1) and repeat it for every feature, or fill further
#    features with zeros.


# %% look_alikes right "other numbers, only one feature tells"
def look_alikes(how, num_features):
    if how == "sum":
        one, other = [[1.0], [2.0], [3.0]], [[6.0]]
    elif how == "mean":
        one, other = [[5.0], [1.0], [3.0]], [[3.0], [3.0]]
    else:
        one, other = [[7.0], [-2.0]], [[7.0], [7.0], [1.0]]
    one, other = torch.tensor(one), torch.tensor(other)
    zeros = [torch.zeros(len(H), num_features - 1) for H in (one, other)]
    return torch.cat([one, zeros[0]], 1), torch.cat([other, zeros[1]], 1)


# %% look_alikes wrong "for the mean, each node twice, which the maximum can't tell either"
def look_alikes(how, num_features):
    columns = {
        "sum": ([4.0], [2.0, 2.0]),
        "mean": ([1.0, 2.0], [1.0, 1.0, 2.0, 2.0]),
        "max": ([1.0, 2.0], [2.0]),
    }[how]
    one, other = (torch.tensor(column)[:, None] for column in columns)
    return one.repeat(1, num_features), other.repeat(1, num_features)


# %% look_alikes wrong "for the sum, as many nodes in both, so the mean can't tell either"
def look_alikes(how, num_features):
    columns = {
        "sum": ([1.0, 3.0], [2.0, 2.0]),
        "mean": ([0.0, 2.0], [1.0]),
        "max": ([1.0, 2.0], [2.0]),
    }[how]
    one, other = (torch.tensor(column)[:, None] for column in columns)
    return one.repeat(1, num_features), other.repeat(1, num_features)


# %% look_alikes wrong "for the maximum, a node of zeros is added, which the sum can't tell either"
def look_alikes(how, num_features):
    columns = {
        "sum": ([4.0], [2.0, 2.0]),
        "mean": ([0.0, 2.0], [1.0]),
        "max": ([0.0, 2.0], [2.0]),
    }[how]
    one, other = (torch.tensor(column)[:, None] for column in columns)
    return one.repeat(1, num_features), other.repeat(1, num_features)


# %% look_alikes wrong "twice the same nodes, which nothing tells apart"
def look_alikes(how, num_features):
    one = torch.tensor([[1.0], [2.0]]).repeat(1, num_features)
    return one, one.flip(0)


# %% look_alikes wrong "one pair for all three readouts"
def look_alikes(how, num_features):
    one, other = torch.tensor([[4.0]]), torch.tensor([[2.0], [2.0]])
    return one.repeat(1, num_features), other.repeat(1, num_features)


# %% look_alikes wrong "only one feature, whatever is asked"
def look_alikes(how, num_features):
    columns = {
        "sum": ([4.0], [2.0, 2.0]),
        "mean": ([0.0, 2.0], [1.0]),
        "max": ([1.0, 2.0], [2.0]),
    }[how]
    one, other = (torch.tensor(column)[:, None] for column in columns)
    return one, other


# %% look_alikes wrong "told the wrong way round: only the readout asked for sees the difference"
def look_alikes(how, num_features):
    columns = {
        "sum": ([1.0, 2.0], [1.0, 1.0, 2.0, 2.0]),
        "mean": ([0.0, 2.0], [2.0]),
        "max": ([1.0, 3.0], [2.0, 2.0]),
    }[how]
    one, other = (torch.tensor(column)[:, None] for column in columns)
    return one.repeat(1, num_features), other.repeat(1, num_features)


# %% look_alikes wrong "whole numbers (int64) where float32 is asked"
def look_alikes(how, num_features):
    columns = {"sum": ([4], [2, 2]), "mean": ([0, 2], [1]), "max": ([1, 2], [2])}[how]
    one, other = (torch.tensor(column)[:, None] for column in columns)
    return one.repeat(1, num_features), other.repeat(1, num_features)


# %% look_alikes wrong "for the mean, equally many nodes, so the sum can't tell either"
def look_alikes(how, num_features):
    columns = {
        "sum": ([4.0], [2.0, 2.0]),
        "mean": ([1.0, 3.0], [2.0, 2.0]),
        "max": ([1.0, 2.0], [2.0]),
    }[how]
    one, other = (torch.tensor(column)[:, None] for column in columns)
    return one.repeat(1, num_features), other.repeat(1, num_features)


# %% look_alikes wrong "features in the rows, nodes in the columns"
def look_alikes(how, num_features):
    columns = {
        "sum": ([4.0], [2.0, 2.0]),
        "mean": ([0.0, 2.0], [1.0]),
        "max": ([1.0, 2.0], [2.0]),
    }[how]
    one, other = (torch.tensor([column]) for column in columns)
    return one.repeat(num_features, 1), other.repeat(num_features, 1)


# %% oversmoothing hints [markdown]
# 1. Look at GCN's matrix of a friendship graph, say `club_hat` of exercise 3. What does
#    its diagonal tell about a node, and what do the other numbers above 0 tell? How
#    often does each friendship stand there?
# 2. The diagonal holds 1 over each degree, self-loop included; a friendship is a number
#    above 0 off the diagonal, present twice. Or do without both: the lecture writes a
#    sum over edges as a product with the Laplacian, and here the identity minus `A_hat`
#    plays that part.
# 3. `steps` + 1 times: append the roughness of the present H as a float, then multiply
#    H by `A_hat`. The roughness is a fraction. Above the line, the formula's sum over
#    friendships (entries above the diagonal), or that of all numbers in H times (H
#    minus `A_hat` H). Below it, the squares of the present H.


# %% oversmoothing right "edge by edge, degrees from the diagonal"
def oversmoothing(X, A_hat, steps):
    root = A_hat.diagonal().sqrt()
    i, j = (A_hat.triu(1) > 0).nonzero().T
    curve = []
    for _ in range(steps + 1):
        Z = root[:, None] * X
        curve.append(float((Z[i] - Z[j]).square().sum() / X.square().sum()))
        X = A_hat @ X
    return curve


# %% oversmoothing right "a trace"
def oversmoothing(X, A_hat, steps):
    L = torch.eye(len(X)) - A_hat
    states = [X]
    for _ in range(steps):
        states.append(A_hat @ states[-1])
    return [float(torch.trace(H.T @ L @ H) / (H * H).sum()) for H in states]


# %% oversmoothing wrong "each friendship is counted twice"
def oversmoothing(X, A_hat, steps):
    curve, H = [], X
    for _ in range(steps + 1):
        spread = A_hat @ H
        curve.append((2 * (H * (H - spread)).sum() / H.square().sum()).item())
        H = spread
    return curve


# %% oversmoothing wrong "not divided by the size of H"
def oversmoothing(X, A_hat, steps):
    curve, H = [], X
    for _ in range(steps + 1):
        spread = A_hat @ H
        curve.append((H * (H - spread)).sum().item())
        H = spread
    return curve


# %% oversmoothing wrong "divided by the size of X at the start"
def oversmoothing(X, A_hat, steps):
    curve, H = [], X
    for _ in range(steps + 1):
        spread = A_hat @ H
        curve.append(((H * (H - spread)).sum() / X.square().sum()).item())
        H = spread
    return curve


# %% oversmoothing wrong "divided by the length, not by its square"
def oversmoothing(X, A_hat, steps):
    curve, H = [], X
    for _ in range(steps + 1):
        spread = A_hat @ H
        curve.append(((H * (H - spread)).sum() / H.norm()).item())
        H = spread
    return curve


# %% oversmoothing wrong "the roots of the degrees are missing"
def oversmoothing(X, A_hat, steps):
    i, j = (A_hat.triu(1) > 0).nonzero().T
    curve, H = [], X
    for _ in range(steps + 1):
        curve.append(((H[i] - H[j]).square().sum() / H.square().sum()).item())
        H = A_hat @ H
    return curve


# %% oversmoothing wrong "divided by the degrees, not by their roots"
def oversmoothing(X, A_hat, steps):
    d = A_hat.diagonal()[:, None]
    i, j = (A_hat.triu(1) > 0).nonzero().T
    curve, H = [], X
    for _ in range(steps + 1):
        Z = d * H
        curve.append(((Z[i] - Z[j]).square().sum() / H.square().sum()).item())
        H = A_hat @ H
    return curve


# %% oversmoothing wrong "the roughness of X itself is missing"
def oversmoothing(X, A_hat, steps):
    curve, H = [], A_hat @ X
    for _ in range(steps):
        spread = A_hat @ H
        curve.append(((H * (H - spread)).sum() / H.square().sum()).item())
        H = spread
    return curve


# %% oversmoothing wrong "the last step is missing"
def oversmoothing(X, A_hat, steps):
    curve, H = [], X
    for _ in range(steps):
        spread = A_hat @ H
        curve.append(((H * (H - spread)).sum() / H.square().sum()).item())
        H = spread
    return curve


# %% oversmoothing wrong "how far a step moves H is measured, not how much friends differ"
def oversmoothing(X, A_hat, steps):
    curve, H = [], X
    for _ in range(steps + 1):
        spread = A_hat @ H
        curve.append(((H - spread).square().sum() / H.square().sum()).item())
        H = spread
    return curve


# %% oversmoothing wrong "the self-loop is missing in the degrees"
def oversmoothing(X, A_hat, steps):
    root, weight = (
        ((A_hat > 0).sum(1) - 1).clamp(min=1).rsqrt(),
        (A_hat.triu(1) > 0).float(),
    )
    curve, H = [], X
    for _ in range(steps + 1):
        Z = root[:, None] * H
        apart = (Z[:, None] - Z).square().sum(dim=2)  # (n, n)
        curve.append(((weight * apart).sum() / H.square().sum()).item())
        H = A_hat @ H
    return curve


# %% oversmoothing wrong "the row sums of A_hat are taken for the degrees"
def oversmoothing(X, A_hat, steps):
    root, weight = A_hat.sum(1).rsqrt(), (A_hat.triu(1) > 0).float()
    curve, H = [], X
    for _ in range(steps + 1):
        Z = root[:, None] * H
        apart = (Z[:, None] - Z).square().sum(dim=2)  # (n, n)
        curve.append(((weight * apart).sum() / H.square().sum()).item())
        H = A_hat @ H
    return curve


# %% oversmoothing wrong "each friendship is weighted by its entry in A_hat"
def oversmoothing(X, A_hat, steps):
    root, weight = A_hat.diagonal().sqrt(), A_hat.triu(1)
    curve, H = [], X
    for _ in range(steps + 1):
        Z = root[:, None] * H
        apart = (Z[:, None] - Z).square().sum(dim=2)  # (n, n)
        curve.append(((weight * apart).sum() / H.square().sum()).item())
        H = A_hat @ H
    return curve


# %% oversmoothing wrong "the distances are not squared"
def oversmoothing(X, A_hat, steps):
    root, weight = A_hat.diagonal().sqrt(), (A_hat.triu(1) > 0).float()
    curve, H = [], X
    for _ in range(steps + 1):
        Z = root[:, None] * H
        apart = (Z[:, None] - Z).norm(dim=2)  # (n, n)
        curve.append(((weight * apart).sum() / H.square().sum()).item())
        H = A_hat @ H
    return curve


# %% sample_block hints [markdown]
# 1. On `arrows`, with seed 3 and three rounds that take all edges: which nodes are
#    asked in round 1, in round 2, in round 3? Is any of them asked twice?
# 2. Keep three lists apart: all nodes so far, in their order; those asked in this
#    round; those found for the first time, who are asked in the next. To draw without
#    replacement, put a node's incoming edges into random order and take the first few:
#    fewer are all.
# 3. For each fanout, for each asked node: the numbers of the edges that end there,
#    shuffled with `torch.randperm`, cut to the fanout. Keep these columns. A source
#    that isn't among the nodes joins them, and the found ones, who are asked next. Join
#    the columns at the end, also if there were no rounds.


# %% sample_block right "edges shuffled once, sets for the nodes"
def sample_block(edge_index, seeds, fanouts):
    nodes, kept = seeds.tolist(), []
    asked = set(nodes)
    for fanout in fanouts:
        order = torch.randperm(edge_index.shape[1])
        taken, found = dict.fromkeys(asked, 0), []
        for e in order.tolist():
            s, t = edge_index[:, e].tolist()
            if t in taken and taken[t] < fanout:
                taken[t] += 1
                kept.append(e)
                if s not in nodes and s not in found:
                    found.append(s)
        nodes += found
        asked = set(found)
    kept = torch.tensor(kept, dtype=torch.int64)
    return torch.tensor(nodes), edge_index[:, kept]


# %% sample_block right "random numbers for each edge, the highest win"
def sample_block(edge_index, seeds, fanouts):
    nodes, edges = seeds.clone(), [edge_index[:, :0]]
    asked = seeds
    for fanout in fanouts:
        for v in asked:
            mine = edge_index[:, edge_index[1] == v]
            luck = torch.rand(mine.shape[1])
            best = luck.topk(min(fanout, len(luck))).indices
            edges.append(mine[:, best])
        sources = torch.cat(edges, dim=1)[0].unique()
        asked = sources[~torch.isin(sources, nodes)]
        nodes = torch.cat([nodes, asked])
    return nodes, torch.cat(edges, dim=1)


# %% sample_block wrong "outgoing edges are drawn"
def sample_block(edge_index, seeds, fanouts):
    nodes, drawn = seeds.tolist(), []
    asked = list(nodes)
    for fanout in fanouts:
        found = []
        for v in asked:
            outgoing = (edge_index[0] == v).nonzero().ravel()
            some = outgoing[torch.randperm(len(outgoing))[:fanout]]
            drawn.append(edge_index[:, some])
            for u in edge_index[1, some].tolist():
                if u not in nodes:
                    nodes.append(u)
                    found.append(u)
        asked = found
    edges = torch.cat(drawn, dim=1) if drawn else edge_index[:, :0]
    return torch.tensor(nodes), edges


# %% sample_block wrong "drawn with replacement, so an edge can come twice"
def sample_block(edge_index, seeds, fanouts):
    nodes, drawn = seeds.tolist(), []
    asked = list(nodes)
    for fanout in fanouts:
        found = []
        for v in asked:
            incoming = (edge_index[1] == v).nonzero().ravel()
            if len(incoming) > fanout:
                incoming = incoming[torch.randint(len(incoming), (fanout,))]
            drawn.append(edge_index[:, incoming])
            for u in edge_index[0, incoming].tolist():
                if u not in nodes:
                    nodes.append(u)
                    found.append(u)
        asked = found
    edges = torch.cat(drawn, dim=1) if drawn else edge_index[:, :0]
    return torch.tensor(nodes), edges


# %% sample_block wrong "every call gives the same edges, nothing is drawn anew"
def sample_block(edge_index, seeds, fanouts):
    nodes, drawn = seeds.tolist(), []
    asked = list(nodes)
    for fanout in fanouts:
        found = []
        for v in asked:
            some = (edge_index[1] == v).nonzero().ravel()[:fanout]
            drawn.append(edge_index[:, some])
            for u in edge_index[0, some].tolist():
                if u not in nodes:
                    nodes.append(u)
                    found.append(u)
        asked = found
    edges = torch.cat(drawn, dim=1) if drawn else edge_index[:, :0]
    return torch.tensor(nodes), edges


# %% sample_block wrong "all edges are taken, the fanout is ignored"
def sample_block(edge_index, seeds, fanouts):
    nodes, drawn = seeds.tolist(), []
    asked = list(nodes)
    for _ in fanouts:
        found = []
        for v in asked:
            some = (edge_index[1] == v).nonzero().ravel()
            drawn.append(edge_index[:, some])
            for u in edge_index[0, some].tolist():
                if u not in nodes:
                    nodes.append(u)
                    found.append(u)
        asked = found
    edges = torch.cat(drawn, dim=1) if drawn else edge_index[:, :0]
    return torch.tensor(nodes), edges


# %% sample_block wrong "the first round's fanout serves for all rounds"
def sample_block(edge_index, seeds, fanouts):
    nodes, drawn = seeds.tolist(), []
    asked = list(nodes)
    for _ in fanouts:
        found = []
        for v in asked:
            incoming = (edge_index[1] == v).nonzero().ravel()
            some = incoming[torch.randperm(len(incoming))[: fanouts[0]]]
            drawn.append(edge_index[:, some])
            for u in edge_index[0, some].tolist():
                if u not in nodes:
                    nodes.append(u)
                    found.append(u)
        asked = found
    edges = torch.cat(drawn, dim=1) if drawn else edge_index[:, :0]
    return torch.tensor(nodes), edges


# %% sample_block wrong "only the seeds are ever asked"
def sample_block(edge_index, seeds, fanouts):
    nodes, drawn = seeds.tolist(), []
    for fanout in fanouts[:1]:
        for v in seeds.tolist():
            incoming = (edge_index[1] == v).nonzero().ravel()
            some = incoming[torch.randperm(len(incoming))[:fanout]]
            drawn.append(edge_index[:, some])
            for u in edge_index[0, some].tolist():
                if u not in nodes:
                    nodes.append(u)
    edges = torch.cat(drawn, dim=1) if drawn else edge_index[:, :0]
    return torch.tensor(nodes), edges


# %% sample_block wrong "in later rounds, nodes that were asked before are asked again"
def sample_block(edge_index, seeds, fanouts):
    nodes, drawn = seeds.tolist(), []
    for fanout in fanouts:
        for v in list(nodes):
            incoming = (edge_index[1] == v).nonzero().ravel()
            some = incoming[torch.randperm(len(incoming))[:fanout]]
            drawn.append(edge_index[:, some])
            for u in edge_index[0, some].tolist():
                if u not in nodes:
                    nodes.append(u)
    edges = torch.cat(drawn, dim=1) if drawn else edge_index[:, :0]
    return torch.tensor(nodes), edges


# %% sample_block wrong "the seeds don't come first"
def sample_block(edge_index, seeds, fanouts):
    nodes, drawn = seeds.tolist(), []
    asked = list(nodes)
    for fanout in fanouts:
        found = []
        for v in asked:
            incoming = (edge_index[1] == v).nonzero().ravel()
            some = incoming[torch.randperm(len(incoming))[:fanout]]
            drawn.append(edge_index[:, some])
            for u in edge_index[0, some].tolist():
                if u not in nodes:
                    nodes.append(u)
                    found.append(u)
        asked = found
    edges = torch.cat(drawn, dim=1) if drawn else edge_index[:, :0]
    return torch.tensor(sorted(nodes)), edges


# %% sample_block wrong "a node that is found twice is listed twice"
def sample_block(edge_index, seeds, fanouts):
    nodes, drawn = seeds.tolist(), []
    asked = list(nodes)
    for fanout in fanouts:
        found = []
        for v in asked:
            incoming = (edge_index[1] == v).nonzero().ravel()
            some = incoming[torch.randperm(len(incoming))[:fanout]]
            drawn.append(edge_index[:, some])
            for u in edge_index[0, some].tolist():
                if u not in nodes and u not in found:
                    found.append(u)
            nodes += edge_index[0, some].tolist()
        asked = found
    edges = torch.cat(drawn, dim=1) if drawn else edge_index[:, :0]
    return torch.tensor(nodes), edges


# %% sample_block wrong "the fanout is for the whole round, not for each node"
def sample_block(edge_index, seeds, fanouts):
    nodes, drawn = seeds.tolist(), []
    asked = seeds
    for fanout in fanouts:
        incoming = torch.isin(edge_index[1], asked).nonzero().ravel()
        some = incoming[torch.randperm(len(incoming))[:fanout]]
        drawn.append(edge_index[:, some])
        found = []
        for u in edge_index[0, some].tolist():
            if u not in nodes:
                nodes.append(u)
                found.append(u)
        asked = torch.tensor(found, dtype=torch.int64)
    edges = torch.cat(drawn, dim=1) if drawn else edge_index[:, :0]
    return torch.tensor(nodes), edges


# %% sample_block wrong "drawn with replacement, also where all could be taken"
def sample_block(edge_index, seeds, fanouts):
    nodes, drawn = seeds.tolist(), [edge_index[:, :0]]
    asked = list(nodes)
    for fanout in fanouts:
        found = []
        for v in asked:
            incoming = (edge_index[1] == v).nonzero().ravel()
            some = incoming[
                (torch.rand(fanout) * len(incoming)).long()[: fanout * len(incoming)]
            ]
            drawn.append(edge_index[:, some])
            for u in edge_index[0, some].tolist():
                if u not in nodes:
                    nodes.append(u)
                    found.append(u)
        asked = found
    edges = torch.cat(drawn, dim=1)
    return torch.tensor(nodes), edges


# %% sample_block wrong "all edges among the nodes, not only the drawn ones"
def sample_block(edge_index, seeds, fanouts):
    nodes, drawn = seeds.tolist(), [edge_index[:, :0]]
    asked = list(nodes)
    for fanout in fanouts:
        found = []
        for v in asked:
            incoming = (edge_index[1] == v).nonzero().ravel()
            some = incoming[torch.randperm(len(incoming))[:fanout]]
            drawn.append(edge_index[:, some])
            for u in edge_index[0, some].tolist():
                if u not in nodes:
                    nodes.append(u)
                    found.append(u)
        asked = found
    edges = torch.cat(drawn, dim=1)
    return torch.tensor(nodes), edge_index[
        :, torch.isin(edge_index, torch.tensor(nodes)).all(0)
    ]


# %% sample_block wrong "the fanouts are used from the last to the first"
def sample_block(edge_index, seeds, fanouts):
    nodes, drawn = seeds.tolist(), [edge_index[:, :0]]
    asked = list(nodes)
    for fanout in reversed(fanouts):
        found = []
        for v in asked:
            incoming = (edge_index[1] == v).nonzero().ravel()
            some = incoming[torch.randperm(len(incoming))[:fanout]]
            drawn.append(edge_index[:, some])
            for u in edge_index[0, some].tolist():
                if u not in nodes:
                    nodes.append(u)
                    found.append(u)
        asked = found
    edges = torch.cat(drawn, dim=1)
    return torch.tensor(nodes), edges


# %% sample_block wrong "whoever is found again is asked again"
def sample_block(edge_index, seeds, fanouts):
    nodes, drawn = seeds.tolist(), [edge_index[:, :0]]
    asked = list(nodes)
    for fanout in fanouts:
        found = []
        for v in asked:
            incoming = (edge_index[1] == v).nonzero().ravel()
            some = incoming[torch.randperm(len(incoming))[:fanout]]
            drawn.append(edge_index[:, some])
            for u in edge_index[0, some].tolist():
                if u not in nodes:
                    nodes.append(u)
                found.append(u)
        asked = found
    edges = torch.cat(drawn, dim=1)
    return torch.tensor(nodes), edges


# %% fit_nodes equivalent "recorded while measuring, a graph costs memory and changes no value"
# with torch.no_grad(): -> if True:


# %% sage_mean equivalent "where nothing is heard, 0 over 2 is 0 as well"
# mean = heard / torch.where(total > 0, total, 1.0)[:, None] -> mean = heard / torch.where(total > 0, total, 2.0)[:, None]
