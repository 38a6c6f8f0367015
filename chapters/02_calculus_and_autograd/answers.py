# %% central_difference hints [markdown]
# 1. What is `x + 0.001` in float32 where `x` is 100000, and by what would you divide
#    then?
# 2. The step is a tensor with an entry for each entry of `x`: `h`, enlarged where the
#    number is large. Far places are rounded, so measure how far apart they came out,
#    and divide by that.
# 3. Four things, each (n,): the steps, by an absolute value with a lower limit of 1;
#    the place ahead; the place behind; the difference of `f` over the difference of
#    the two places.


# %% central_difference right "with torch.maximum"
def central_difference(f, x, h):
    h_i = h * torch.maximum(torch.ones_like(x), torch.abs(x))
    a, b = x - h_i, x + h_i
    return torch.div(f(b) - f(a), b - a)


# %% central_difference right "one call of f on both sides at once"
def central_difference(f, x, h):
    step = torch.where(x.abs() > 1, h * x.abs(), torch.full_like(x, h))
    both = torch.cat([x - step, x + step])
    behind, ahead = f(both).chunk(2)
    low, high = both.chunk(2)
    return (ahead - behind) / (high - low)


# %% central_difference wrong "the forward difference, which looks to one side only"
def central_difference(f, x, h):
    ahead = x + h * x.abs().clamp(min=1)
    return (f(ahead) - f(x)) / (ahead - x)


# %% central_difference wrong "divided by h where the places are 2 h apart"
def central_difference(f, x, h):
    step = h * x.abs().clamp(min=1)
    return (f(x + step) - f(x - step)) / step


# %% central_difference wrong "divided by the distance that was meant, not the one that was stored"
def central_difference(f, x, h):
    step = h * x.abs().clamp(min=1)
    return (f(x + step) - f(x - step)) / (2 * step)


# %% central_difference wrong "h so small that a large x swallows it: the step must grow with x"
def central_difference(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


# %% central_difference wrong "a step of 0 where x is 0"
def central_difference(f, x, h):
    ahead, behind = x + h * x.abs(), x - h * x.abs()
    return (f(ahead) - f(behind)) / (ahead - behind)


# %% central_difference wrong "one step for all entries, from the largest"
def central_difference(f, x, h):
    step = h * x.abs().max().clamp(min=1)
    ahead, behind = x + step, x - step
    return (f(ahead) - f(behind)) / (ahead - behind)


# %% central_difference wrong "the largest where the smallest was meant: large entries get the step h"
def central_difference(f, x, h):
    step = h * x.abs().clamp(max=1)
    ahead, behind = x + step, x - step
    return (f(ahead) - f(behind)) / (ahead - behind)


# %% central_difference wrong "the sign is turned round"
def central_difference(f, x, h):
    step = h * x.abs().clamp(min=1)
    ahead, behind = x + step, x - step
    return (f(behind) - f(ahead)) / (ahead - behind)


# %% central_difference wrong "the sign of x gets into the step"
def central_difference(f, x, h):
    step = h * x.clamp(min=1)
    ahead, behind = x + step, x - step
    return (f(ahead) - f(behind)) / (ahead - behind)


# %% central_difference wrong "the second difference, not the first"
def central_difference(f, x, h):
    step = h * x.abs().clamp(min=1)
    ahead, behind = x + step, x - step
    return (f(ahead) - 2 * f(x) + f(behind)) / (ahead - behind)


# %% central_difference wrong "divided by 2 h, although the steps grew with x"
def central_difference(f, x, h):
    step = h * x.abs().clamp(min=1)
    return (f(x + step) - f(x - step)) / (2 * h)


# %% central_difference wrong "no step is shorter than 1: the largest is taken after the product"
def central_difference(f, x, h):
    step = (h * x.abs()).clamp(min=1)
    ahead, behind = x + step, x - step
    return (f(ahead) - f(behind)) / (ahead - behind)


# %% central_difference wrong "1 is added to the size of x, where the larger of the two is asked"
def central_difference(f, x, h):
    step = h * (1 + x.abs())
    ahead, behind = x + step, x - step
    return (f(ahead) - f(behind)) / (ahead - behind)


# %% ripple_gradient hints [markdown]
# 1. The height is a product of two functions of `x`. How many terms has the derivative
#    of a product, and what is the inner derivative in each?
# 2. By the entry j the sine gives the cosine times the inner slope, an entry of `a`.
#    The bell gives itself times the slope of its exponent, minus the entry of the
#    place. Both terms share the bell.
# 3. Two columns (N, 1): the phase, and the bell with its sum along each row. Then one
#    line that broadcasts `a` and the table of places against them.


# %% ripple_gradient right "term by term"
def ripple_gradient(X, a):
    u = torch.sin((X * a).sum(dim=1))
    v = torch.exp(-0.5 * torch.square(X).sum(dim=1))
    du = torch.outer(torch.cos(X @ a), a)  # (N, n)
    dv = -X * v.unsqueeze(1)
    return du * v.unsqueeze(1) + u.unsqueeze(1) * dv


# %% ripple_gradient right "with einsum"
def ripple_gradient(X, a):
    phase = torch.einsum("ij,j->i", X, a)
    bell = torch.exp(-torch.einsum("ij,ij->i", X, X) / 2)
    first = torch.einsum("i,j->ij", bell * torch.cos(phase), a)
    return first - torch.einsum("i,ij->ij", bell * torch.sin(phase), X)


# %% ripple_gradient wrong "only the sine is differentiated: the product has two terms"
def ripple_gradient(X, a):
    phase = (X @ a)[:, None]
    bell = torch.exp(-(X**2).sum(dim=1, keepdim=True) / 2)
    return a * phase.cos() * bell


# %% ripple_gradient wrong "only the bell is differentiated: the product has two terms"
def ripple_gradient(X, a):
    phase = (X @ a)[:, None]
    bell = torch.exp(-(X**2).sum(dim=1, keepdim=True) / 2)
    return -X * phase.sin() * bell


# %% ripple_gradient wrong "the inner derivative of the sine is missing"
def ripple_gradient(X, a):
    phase = (X @ a)[:, None]
    bell = torch.exp(-(X**2).sum(dim=1, keepdim=True) / 2)
    return (phase.cos() - X * phase.sin()) * bell


# %% ripple_gradient wrong "the inner derivative of the bell is missing"
def ripple_gradient(X, a):
    phase = (X @ a)[:, None]
    bell = torch.exp(-(X**2).sum(dim=1, keepdim=True) / 2)
    return (a * phase.cos() + phase.sin()) * bell


# %% ripple_gradient wrong "the sign of the bell's slope is turned round"
def ripple_gradient(X, a):
    phase = (X @ a)[:, None]
    bell = torch.exp(-(X**2).sum(dim=1, keepdim=True) / 2)
    return (a * phase.cos() + X * phase.sin()) * bell


# %% ripple_gradient wrong "a factor 2: the half in the exponent is forgotten"
def ripple_gradient(X, a):
    phase = (X @ a)[:, None]
    bell = torch.exp(-(X**2).sum(dim=1, keepdim=True) / 2)
    return (a * phase.cos() - 2 * X * phase.sin()) * bell


# %% ripple_gradient wrong "the derivatives are multiplied, as if (u v)' were u' v'"
def ripple_gradient(X, a):
    phase = (X @ a)[:, None]
    bell = torch.exp(-(X**2).sum(dim=1, keepdim=True) / 2)
    return -a * phase.cos() * X * bell


# %% ripple_gradient wrong "one bell for all places: the sum runs over the rows, too"
def ripple_gradient(X, a):
    phase = (X @ a)[:, None]
    bell = torch.exp(-(X**2).sum() / 2)
    return (a * phase.cos() - X * phase.sin()) * bell


# %% ripple_gradient wrong "the sine's slope is minus the cosine"
def ripple_gradient(X, a):
    phase = (X @ a)[:, None]
    bell = torch.exp(-(X**2).sum(dim=1, keepdim=True) / 2)
    return (-a * phase.cos() - X * phase.sin()) * bell


# %% ripple_gradient wrong "the gradients are added up over the places"
def ripple_gradient(X, a):
    phase = (X @ a)[:, None]
    bell = torch.exp(-(X**2).sum(dim=1, keepdim=True) / 2)
    return ((a * phase.cos() - X * phase.sin()) * bell).sum(dim=0)


# %% ripple_gradient wrong "each entry has a sine of its own: the dot product is not summed"
def ripple_gradient(X, a):
    phase = X * a
    bell = torch.exp(-(X**2).sum(dim=1, keepdim=True) / 2)
    return (a * phase.cos() - X * phase.sin()) * bell


# %% ripple_gradient wrong "the length stands in the bell where its square is asked"
def ripple_gradient(X, a):
    phase = (X @ a)[:, None]
    bell = torch.exp(-(X**2).sum(dim=1, keepdim=True).sqrt() / 2)
    return (a * phase.cos() - X * phase.sin()) * bell


# %% ripple_gradient wrong "sine and cosine have changed places"
def ripple_gradient(X, a):
    phase = (X @ a)[:, None]
    bell = torch.exp(-(X**2).sum(dim=1, keepdim=True) / 2)
    return (a * phase.sin() - X * phase.cos()) * bell


# %% ripple_gradient wrong "the height is given, not its gradient"
def ripple_gradient(X, a):
    return torch.sin(X @ a) * torch.exp(-(X**2).sum(dim=1) / 2)


# %% jacobian hints [markdown]
# 1. What does one call of `backward` on one output give: a row of the table, or a
#    column?
# 2. Each output needs a way back of its own through the same graph, which is freed
#    after the first unless you say otherwise. And what an earlier row left in `.grad`
#    must not stay in the next.
# 3. Make a leaf from a copy of `x`, call `f` once. For each output ask for its gradient
#    by the leaf and keep the graph (`torch.autograd.grad` adds nothing up). Stack the
#    rows.


# %% jacobian right "backward with one-hot rows"
def jacobian(f, x):
    leaf = x.clone().requires_grad_(True)
    y = f(leaf)
    J = torch.zeros(len(y), len(x))
    for i in range(len(y)):
        leaf.grad = None
        one_hot = torch.zeros(len(y))
        one_hot[i] = 1
        y.backward(gradient=one_hot, retain_graph=True)
        J[i] = leaf.grad
    return J


# %% jacobian right "a new graph for each row"
def jacobian(f, x):
    rows = []
    for i in range(f(x).shape[0]):
        leaf = x.detach().clone().requires_grad_()
        f(leaf)[i].backward()
        rows.append(leaf.grad)
    return torch.vstack(rows)


# %% jacobian wrong "the derivative taken entry by entry: one number an input"
def jacobian(f, x):
    leaf = x.clone().requires_grad_()
    return torch.autograd.grad(f(leaf).sum(), leaf)[0]


# %% jacobian wrong "only the diagonal is kept, as if output i knew input i alone"
def jacobian(f, x):
    leaf = x.clone().requires_grad_()
    y = f(leaf)
    rows = [torch.autograd.grad(y_i, leaf, retain_graph=True)[0] for y_i in y]
    return torch.stack(rows) * torch.eye(len(y), len(x))


# %% jacobian wrong "transposed: a row for each input"
def jacobian(f, x):
    leaf = x.clone().requires_grad_()
    y = f(leaf)
    rows = [torch.autograd.grad(y_i, leaf, retain_graph=True)[0] for y_i in y]
    return torch.stack(rows, dim=1)


# %% jacobian wrong "the rows add up, because nothing zeroes the gradient"
def jacobian(f, x):
    leaf = x.clone().requires_grad_()
    y = f(leaf)
    rows = []
    for y_i in y:
        y_i.backward(retain_graph=True)
        rows.append(leaf.grad.clone())
    return torch.stack(rows)


# %% jacobian wrong "all rows are the last one: they share the memory of .grad"
def jacobian(f, x):
    leaf = x.clone().requires_grad_()
    y = f(leaf)
    rows = []
    for y_i in y:
        if leaf.grad is not None:
            leaf.grad.zero_()
        y_i.backward(retain_graph=True)
        rows.append(leaf.grad)
    return torch.stack(rows)


# %% jacobian wrong "the graph is freed after the first row"
def jacobian(f, x):
    leaf = x.clone().requires_grad_()
    rows = [torch.autograd.grad(y_i, leaf)[0] for y_i in f(leaf)]
    return torch.stack(rows)


# %% jacobian wrong "backward is called on a vector"
def jacobian(f, x):
    leaf = x.clone().requires_grad_()
    f(leaf).backward()
    return leaf.grad


# %% jacobian wrong "`x` does not ask for gradients"
def jacobian(f, x):
    y = f(x)
    return torch.stack([torch.autograd.grad(y_i, x, retain_graph=True)[0] for y_i in y])


# %% jacobian wrong "`x` asks for gradients, or no longer does"
def jacobian(f, x):
    x.requires_grad_()
    y = f(x)
    return torch.stack([torch.autograd.grad(y_i, x, retain_graph=True)[0] for y_i in y])


# %% jacobian wrong "the result still carries a graph"
def jacobian(f, x):
    leaf = x.clone().requires_grad_()
    y = f(leaf)
    rows = [torch.autograd.grad(y_i, leaf, create_graph=True)[0] for y_i in y]
    return torch.stack(rows)


# %% jacobian wrong "divided by the number of outputs, as if of their mean"
def jacobian(f, x):
    leaf = x.clone().requires_grad_()
    y = f(leaf) / len(f(leaf))
    rows = [torch.autograd.grad(y_i, leaf, retain_graph=True)[0] for y_i in y]
    return torch.stack(rows)


# %% jacobian wrong "torch.autograd.functional does the work"
def jacobian(f, x):
    return torch.autograd.functional.jacobian(f, x)


# %% jacobian wrong "torch.func does the work"
def jacobian(f, x):
    return torch.func.jacrev(f)(x)


# %% jacobian wrong "difference quotients in float32, not reverse mode"
def jacobian(f, x):
    columns = []
    for step in 1e-3 * torch.eye(len(x)):
        columns.append((f(x + step) - f(x - step)) / 2e-3)
    return torch.stack(columns, dim=1)


# %% jacobian wrong "as many rows as inputs, where a row for each output is asked"
def jacobian(f, x):
    leaf = x.clone().requires_grad_()
    y = f(leaf)
    rows = [
        torch.autograd.grad(y[i], leaf, retain_graph=True)[0] for i in range(len(x))
    ]
    return torch.stack(rows)


# %% Value hints [markdown]
# 1. In `a * a + a`, how many ways lead from the result to `a`, and what does each of
#    them add?
# 2. The operators note parents and slopes; `backward` only uses them. A node may hand
#    on its gradient when all nodes that were made from it have handed on theirs. So you
#    need the nodes in an order, found with a stack of your own.
# 3. Put each node twice on the stack: the first visit pushes it again, marked, and its
#    parents; the second appends it to the order. Then zero all gradients, start with 1
#    and go through the order from its end.


# %% Value right "children are counted, a node is ready when all have come"
class Value(Scalar):
    def __add__(self, other):
        if not isinstance(other, Scalar):
            other = Value(float(other))
        return Value(self.data + other.data, [self, other], [1.0, 1.0])

    def __mul__(self, other):
        if not isinstance(other, Scalar):
            other = Value(float(other))
        return Value(self.data * other.data, [self, other], [other.data, self.data])

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, [self], [1 - t * t])

    def backward(self):
        waits, found = {self: 0}, [self]
        for node in found:
            node.grad = 0.0
            for parent in node.parents:
                if parent not in waits:
                    waits[parent] = 0
                    found.append(parent)
                waits[parent] += 1
        self.grad, ready = 1.0, [self]
        while ready:
            node = ready.pop()
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad = parent.grad + node.grad * slope
                waits[parent] -= 1
                if waits[parent] == 0:
                    ready.append(parent)


# %% Value right "nodes are numbered as they are made"
class Value(Scalar):
    made = 0

    def __init__(self, data, parents=(), slopes=()):
        super().__init__(data, parents, slopes)
        Value.made += 1
        self.number = Value.made

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def tanh(self):
        e = math.exp(2 * self.data)
        return Value((e - 1) / (e + 1), (self,), (4 * e / (e + 1) ** 2,))

    def backward(self):
        behind, new = {self}, [self]
        while new:
            new = [p for node in new for p in node.parents if p not in behind]
            behind.update(new)
        for node in behind:
            node.grad = float(node is self)
        for node in sorted(behind, key=lambda node: -node.number):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += slope * node.grad


# %% Value wrong "gradients are overwritten where a node is used more than once"
class Value(Scalar):
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t**2,))

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, is_ready = stack.pop()
            if is_ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((parent, False) for parent in node.parents)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad = slope * node.grad


# %% Value wrong "a second call adds to what the first one left"
class Value(Scalar):
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t**2,))

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, is_ready = stack.pop()
            if is_ready:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((parent, False) for parent in node.parents)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += slope * node.grad


# %% Value wrong "nodes hand on their gradient before all of it has come"
class Value(Scalar):
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t**2,))

    def backward(self):
        found, seen = [self], {self}
        for node in found:
            node.grad = 0.0
            for parent in node.parents:
                if parent not in seen:
                    seen.add(parent)
                    found.append(parent)
        self.grad = 1.0
        for node in found:
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += slope * node.grad


# %% Value wrong "the function calls itself too deeply for a long chain"
class Value(Scalar):
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t**2,))

    def backward(self):
        order, seen = [], set()

        def visit(node):
            seen.add(node)
            node.grad = 0.0
            for parent in node.parents:
                if parent not in seen:
                    visit(parent)
            order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += slope * node.grad


# %% Value wrong "the slope of a product by a factor is taken for that factor itself"
class Value(Scalar):
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (self.data, other.data))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t**2,))

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, is_ready = stack.pop()
            if is_ready:
                node.grad = 0.0
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((parent, False) for parent in node.parents)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += slope * node.grad


# %% Value wrong "the slope of tanh is made from its input, not from its value"
class Value(Scalar):
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def tanh(self):
        return Value(math.tanh(self.data), (self,), (1 - self.data**2,))

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, is_ready = stack.pop()
            if is_ready:
                node.grad = 0.0
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((parent, False) for parent in node.parents)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += slope * node.grad


# %% Value wrong "the result's own gradient is left at 0"
class Value(Scalar):
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t**2,))

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, is_ready = stack.pop()
            if is_ready:
                node.grad = 0.0
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((parent, False) for parent in node.parents)
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += slope * node.grad


# %% Value wrong "a plain number beside a node is not expected"
class Value(Scalar):
    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t**2,))

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, is_ready = stack.pop()
            if is_ready:
                node.grad = 0.0
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((parent, False) for parent in node.parents)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                parent.grad += slope * node.grad


# %% Value wrong "only the parents get a gradient, not those behind them"
class Value(Scalar):
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t**2,))

    def backward(self):
        self.grad = 1.0
        for parent in self.parents:
            parent.grad = 0.0
        for parent, slope in zip(self.parents, self.slopes):
            parent.grad += slope * self.grad


# %% Value equivalent "each node has as many slopes as parents"
# for parent, slope in zip(node.parents, node.slopes, strict=True): -> for parent, slope in zip(node.parents, node.slopes):
# for parent, slope in zip(node.parents, node.slopes, strict=True): -> for parent, slope in zip(node.parents, node.slopes, strict=False):


# %% straight_through hints [markdown]
# 1. Which number has the value of the rounded one and, for autograd, the slope of the
#    limited one?
# 2. Write the rounded value as the limited one plus a difference. If autograd takes
#    that difference for a constant, only the limited one has a slope.
# 3. Limit with `clamp`; round that; subtract the one from the other and cut this
#    difference off with `detach`; add it to the limited one.


# %% straight_through right "an autograd.Function of its own"
def straight_through(x, low, high):
    class Step(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward((x > low) & (x < high))
            return x.clamp(low, high).round()

        @staticmethod
        def backward(ctx, g):
            return torch.where(ctx.saved_tensors[0], g, torch.zeros_like(g))

    return Step.apply(x)


# %% straight_through right "with no_grad and minimum, maximum"
def straight_through(x, low, high):
    limited = torch.clip(x, min=low, max=high)
    with torch.no_grad():
        lost = torch.round(limited) - limited
    return limited + lost


# %% straight_through wrong "rounded, and no gradient comes through"
def straight_through(x, low, high):
    return x.clamp(low, high).round()


# %% straight_through wrong "all is detached, so the result knows nothing of x"
def straight_through(x, low, high):
    return x.clamp(low, high).round().detach()


# %% straight_through wrong "the gradient is 1 outside of the limits as well"
def straight_through(x, low, high):
    return x + (x.clamp(low, high).round() - x).detach()


# %% straight_through wrong "the limited value itself, not rounded"
def straight_through(x, low, high):
    return x.clamp(low, high)


# %% straight_through wrong "the wrong part is detached"
def straight_through(x, low, high):
    limited = x.clamp(low, high)
    return limited.detach() + (limited.round() - limited)


# %% straight_through wrong "rounded, but not limited"
def straight_through(x, low, high):
    return x + (x.round() - x).detach()


# %% straight_through wrong "cut to whole numbers towards 0, not rounded"
def straight_through(x, low, high):
    limited = x.clamp(low, high)
    return limited + (limited.trunc() - limited).detach()


# %% straight_through wrong "`x` is changed in place"
def straight_through(x, low, high):
    limited = x.clamp(low, high)
    x.detach().copy_(limited.round())
    return limited


# %% straight_through wrong "limited only from below"
def straight_through(x, low, high):
    limited = x.clamp(min=low)
    return limited + (limited.round() - limited).detach()


# %% straight_through wrong "limited only from above"
def straight_through(x, low, high):
    limited = x.clamp(max=high)
    return limited + (limited.round() - limited).detach()


# %% straight_through wrong "backward forgets the gradient that comes in"
class Rounding(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward((x > low) & (x < high))
        return x.clamp(low, high).round()

    @staticmethod
    def backward(ctx, g):
        return ctx.saved_tensors[0].float(), None, None


def straight_through(x, low, high):
    return Rounding.apply(x, low, high)


# %% straight_through wrong "the gradient is 0 where the rounded value is a limit"
class Rounding(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, low, high):
        y = x.clamp(low, high).round()
        ctx.save_for_backward((y > low) & (y < high))
        return y

    @staticmethod
    def backward(ctx, g):
        return g * ctx.saved_tensors[0], None, None


def straight_through(x, low, high):
    return Rounding.apply(x, low, high)


# %% gradient_in_pieces hints [markdown]
# 1. A piece of 1 and a piece of 4 examples: by how much must each count in a mean over
#    all five?
# 2. Gradients add up by themselves, from `backward` to `backward`. So clear what is old
#    before the first piece and nothing after it. Divide each piece's sum of squares by
#    the number of all examples.
# 3. Count the examples of all pieces. Set the gradient to None. For each piece: the sum
#    of its squared errors over that count, `backward`, and its plain number added to a
#    total, which you return.


# %% gradient_in_pieces right "means of pieces, weighted by their lengths"
def gradient_in_pieces(w, pieces):
    lengths = [len(X) for X, _ in pieces]
    if w.grad is not None:
        w.grad.zero_()
    losses = []
    for (X, y), length in zip(pieces, lengths):
        loss = torch.square(X @ w - y).mean() * (length / sum(lengths))
        loss.backward()
        losses.append(loss.item())
    return sum(losses)


# %% gradient_in_pieces right "sums first, divided in the end"
def gradient_in_pieces(w, pieces):
    w.grad = torch.zeros_like(w)
    total, count = 0.0, 0
    for X, y in pieces:
        error = y - X @ w
        loss = error @ error
        loss.backward()
        total, count = total + float(loss), count + y.shape[0]
    w.grad /= count
    return total / count


# %% gradient_in_pieces wrong "the old gradient is not cleared, and adds up with the new one"
def gradient_in_pieces(w, pieces):
    count = sum(len(y) for _, y in pieces)
    total = 0.0
    for X, y in pieces:
        share = ((X @ w - y) ** 2).sum() / count
        share.backward()
        total += share.item()
    return total


# %% gradient_in_pieces wrong "cleared between the pieces, so only the last one counts"
def gradient_in_pieces(w, pieces):
    count = sum(len(y) for _, y in pieces)
    total = 0.0
    for X, y in pieces:
        w.grad = None
        share = ((X @ w - y) ** 2).sum() / count
        share.backward()
        total += share.item()
    return total


# %% gradient_in_pieces wrong "a short piece counts as much as a long one"
def gradient_in_pieces(w, pieces):
    w.grad, total = None, 0.0
    for X, y in pieces:
        share = ((X @ w - y) ** 2).mean() / len(pieces)
        share.backward()
        total += share.item()
    return total


# %% gradient_in_pieces wrong "the sum over the examples where the mean is asked"
def gradient_in_pieces(w, pieces):
    w.grad, total = None, 0.0
    for X, y in pieces:
        loss = ((X @ w - y) ** 2).sum()
        loss.backward()
        total += loss.item()
    return total


# %% gradient_in_pieces wrong "the means of the pieces are added up, not averaged"
def gradient_in_pieces(w, pieces):
    w.grad, total = None, 0.0
    for X, y in pieces:
        loss = ((X @ w - y) ** 2).mean()
        loss.backward()
        total += loss.item()
    return total


# %% gradient_in_pieces wrong "the loss of the last piece is returned as the whole"
def gradient_in_pieces(w, pieces):
    count = sum(len(y) for _, y in pieces)
    w.grad = None
    for X, y in pieces:
        loss = ((X @ w - y) ** 2).sum()
        (loss / count).backward()
    return loss.item() / len(y)


# %% gradient_in_pieces wrong "the mean of the gradients is right, the loss is a sum"
def gradient_in_pieces(w, pieces):
    count = sum(len(y) for _, y in pieces)
    w.grad, total = None, 0.0
    for X, y in pieces:
        loss = ((X @ w - y) ** 2).sum()
        (loss / count).backward()
        total += loss.item()
    return total


# %% gradient_in_pieces wrong "a factor 1/2 that this loss does not have"
def gradient_in_pieces(w, pieces):
    count = sum(len(y) for _, y in pieces)
    w.grad, total = None, 0.0
    for X, y in pieces:
        share = ((X @ w - y) ** 2).sum() / count / 2
        share.backward()
        total += share.item()
    return total


# %% gradient_in_pieces wrong "zeroed, although there may be no gradient yet"
def gradient_in_pieces(w, pieces):
    count = sum(len(y) for _, y in pieces)
    w.grad.zero_()
    total = 0.0
    for X, y in pieces:
        share = ((X @ w - y) ** 2).sum() / count
        share.backward()
        total += share.item()
    return total


# %% gradient_in_pieces wrong "a tensor with its graph is returned, not a number"
def gradient_in_pieces(w, pieces):
    count = sum(len(y) for _, y in pieces)
    w.grad, total = None, 0.0
    for X, y in pieces:
        share = ((X @ w - y) ** 2).sum() / count
        share.backward()
        total = total + share
    return total


# %% gradient_in_pieces wrong "backward is called on a vector of errors"
def gradient_in_pieces(w, pieces):
    count = sum(len(y) for _, y in pieces)
    w.grad, total = None, 0.0
    for X, y in pieces:
        share = (X @ w - y) ** 2 / count
        share.backward()
        total += share.sum().item()
    return total


# %% gradient_in_pieces wrong "`w` takes a step, where only its gradient was asked for"
def gradient_in_pieces(w, pieces):
    count = sum(len(y) for _, y in pieces)
    w.grad, total = None, 0.0
    for X, y in pieces:
        share = ((X @ w - y) ** 2).sum() / count
        share.backward()
        total += share.item()
    with torch.no_grad():
        w -= 0.1 * w.grad
    return total


# %% gradient_in_pieces wrong "a column against a row: each prediction meets each label"
def gradient_in_pieces(w, pieces):
    count = sum(len(y) for _, y in pieces)
    w.grad, total = None, 0.0
    for X, y in pieces:
        share = ((X @ w[:, None] - y) ** 2).sum() / count
        share.backward()
        total += share.item()
    return total


# %% gradient_in_pieces wrong "divided by the examples seen so far, not by all"
def gradient_in_pieces(w, pieces):
    w.grad, total, count = None, 0.0, 0
    for X, y in pieces:
        count += len(y)
        loss = ((X @ w - y) ** 2).sum()
        (loss / count).backward()
        total += loss.item()
    return total / count


# %% gradient_in_pieces equivalent "a square does not know the sign of the error"
# share = ((X @ w - y) ** 2).sum() / count -> share = ((y - X @ w) ** 2).sum() / count


# %% walk hints [markdown]
# 1. Print the path that the broken program gives. How many different rows are there,
#    and what has become of `start`?
# 2. `detach` makes no copy: it shows the same memory, which each step changes in place.
#    That holds for the start as well. And whoever calls `backward` again and again has
#    to care for what is left in `.grad`.
# 3. Copy the start before it asks for gradients. Clear the gradient in each round. Each
#    row that goes into the path is detached and cloned.


# %% walk right "a new leaf for each step"
def walk(f, start, lr, num_steps):
    path = [start.detach().clone()]
    for _ in range(num_steps):
        w = path[-1].clone().requires_grad_()
        (slope,) = torch.autograd.grad(f(w), w)
        path.append((w - lr * slope).detach())
    return torch.stack(path)


# %% walk right "rows are written into a table"
def walk(f, start, lr, num_steps):
    table = torch.zeros(num_steps + 1, len(start))
    w = torch.tensor(start.tolist(), requires_grad=True)
    table[0] = start.detach()
    for k in range(num_steps):
        f(w).backward()
        with torch.no_grad():
            w.sub_(w.grad, alpha=lr)
            table[k + 1] = w
        w.grad.zero_()
    return table


# %% walk wrong "the code as given, unchanged"
def walk(f, start, lr, num_steps):
    w = start.requires_grad_()
    path = [w.detach()]
    for _ in range(num_steps):
        f(w).backward()
        with torch.no_grad():
            w -= lr * w.grad
        path.append(w.detach())
    return torch.stack(path)


# %% walk wrong "gradients add up from step to step, because nothing zeroes them"
def walk(f, start, lr, num_steps):
    w = start.detach().clone().requires_grad_()
    path = [w.detach().clone()]
    for _ in range(num_steps):
        f(w).backward()
        with torch.no_grad():
            w -= lr * w.grad
        path.append(w.detach().clone())
    return torch.stack(path)


# %% walk wrong "all rows are the last place: detach shares memory, it makes no copy"
def walk(f, start, lr, num_steps):
    w = start.detach().clone().requires_grad_()
    path = [w.detach()]
    for _ in range(num_steps):
        w.grad = None
        f(w).backward()
        with torch.no_grad():
            w -= lr * w.grad
        path.append(w.detach())
    return torch.stack(path)


# %% walk wrong "`start` is changed in place"
def walk(f, start, lr, num_steps):
    w = start.detach().requires_grad_()
    path = [w.detach().clone()]
    for _ in range(num_steps):
        w.grad = None
        f(w).backward()
        with torch.no_grad():
            w -= lr * w.grad
        path.append(w.detach().clone())
    return torch.stack(path)


# %% walk wrong "the gradient is changed in place of the place"
def walk(f, start, lr, num_steps):
    w = start.detach().clone().requires_grad_()
    path = [w.detach().clone()]
    for _ in range(num_steps):
        w.grad = None
        f(w).backward()
        w.grad -= lr * w.grad
        path.append(w.detach().clone())
    return torch.stack(path)


# %% walk wrong "the step is recorded: a leaf changed inside the graph"
def walk(f, start, lr, num_steps):
    w = start.detach().clone().requires_grad_()
    path = [w.detach().clone()]
    for _ in range(num_steps):
        w.grad = None
        f(w).backward()
        w -= lr * w.grad
        path.append(w.detach().clone())
    return torch.stack(path)


# %% walk wrong "after w = w - ... the new w is no leaf and has no gradient"
def walk(f, start, lr, num_steps):
    w = start.detach().clone().requires_grad_()
    path = [w.detach().clone()]
    for _ in range(num_steps):
        f(w).backward()
        with torch.no_grad():
            w = w - lr * w.grad
        path.append(w.detach().clone())
    return torch.stack(path)


# %% walk wrong "up the hill, not down"
def walk(f, start, lr, num_steps):
    w = start.detach().clone().requires_grad_()
    path = [w.detach().clone()]
    for _ in range(num_steps):
        w.grad = None
        f(w).backward()
        with torch.no_grad():
            w += lr * w.grad
        path.append(w.detach().clone())
    return torch.stack(path)


# %% walk wrong "the start is not among the places"
def walk(f, start, lr, num_steps):
    w = start.detach().clone().requires_grad_()
    path = []
    for _ in range(num_steps):
        w.grad = None
        f(w).backward()
        with torch.no_grad():
            w -= lr * w.grad
        path.append(w.detach().clone())
    return torch.stack(path)


# %% walk wrong "each place is noted before the step: the last one is missing"
def walk(f, start, lr, num_steps):
    w = start.detach().clone().requires_grad_()
    path = []
    for _ in range(num_steps):
        path.append(w.detach().clone())
        w.grad = None
        f(w).backward()
        with torch.no_grad():
            w -= lr * w.grad
    return torch.stack(path)


# %% walk wrong "the places still carry a graph"
def walk(f, start, lr, num_steps):
    w = start.detach().clone().requires_grad_()
    path = [w]
    for _ in range(num_steps):
        (slope,) = torch.autograd.grad(f(w), w)
        w = w - lr * slope
        path.append(w)
    return torch.stack(path)


# %% walk wrong "all steps go along the slope at the start"
def walk(f, start, lr, num_steps):
    w = start.detach().clone().requires_grad_()
    f(w).backward()
    path = [w.detach().clone()]
    for _ in range(num_steps):
        with torch.no_grad():
            w -= lr * w.grad
        path.append(w.detach().clone())
    return torch.stack(path)


# %% gradient_error hints [markdown]
# 1. If you add `h` to all entries at once, of which direction do you measure the slope?
# 2. A step is a tensor of the shape of `x` that holds `h` at one entry and 0 elsewhere.
#    Make it flat and bring it to the shape. And in float32 the quotient would lose most
#    of its digits.
# 3. Take a float64 version of `x`. For each number from 0 to the count of entries: the
#    step, the quotient from two calls of `f`, its distance from the claim, divided by
#    what the task says. Keep the largest.


# %% gradient_error right "entries of a flat copy are moved"
def gradient_error(f, gradient, x, h):
    x = x.to(torch.float64)
    claimed = gradient(x.clone()).reshape(-1)
    errors = [0.0]
    for i, flat in enumerate(x.flatten().repeat(x.numel(), 1)):
        ahead, behind = flat.clone(), flat.clone()
        ahead[i] += h
        behind[i] -= h
        q = (f(ahead.view(x.shape)) - f(behind.view(x.shape))) / (2 * h)
        errors.append(((claimed[i] - q).abs() / q.abs().clamp(min=1)).item())
    return max(errors)


# %% gradient_error right "with the rows of an identity matrix"
def gradient_error(f, gradient, x, h):
    x = x.double()
    steps = h * torch.eye(x.numel(), dtype=torch.float64).reshape(-1, *x.shape)
    q = torch.stack([f(x + s) - f(x - s) for s in steps]) / (2 * h)
    gap = (gradient(x).reshape(-1) - q).abs()
    return float((gap / torch.maximum(q.abs(), torch.ones_like(q))).max())


# %% gradient_error wrong "calculated in float32"
def gradient_error(f, gradient, x, h):
    x = x.float()
    claimed, worst = gradient(x).flatten(), 0.0
    for i in range(x.numel()):
        step = torch.zeros(x.numel())
        step[i] = h
        step = step.reshape(x.shape)
        q = ((f(x + step) - f(x - step)) / (2 * h)).item()
        worst = max(worst, abs(claimed[i].item() - q) / max(1.0, abs(q)))
    return worst


# %% gradient_error wrong "all entries are moved at once"
def gradient_error(f, gradient, x, h):
    x = x.double()
    q = (f(x + h) - f(x - h)) / (2 * h)
    return ((gradient(x) - q).abs() / q.abs().clamp(min=1)).max().item()


# %% gradient_error wrong "the forward difference, which looks to one side only"
def gradient_error(f, gradient, x, h):
    x = x.double()
    claimed, worst = gradient(x).flatten(), 0.0
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[i] = h
        step = step.reshape(x.shape)
        q = ((f(x + step) - f(x)) / h).item()
        worst = max(worst, abs(claimed[i].item() - q) / max(1.0, abs(q)))
    return worst


# %% gradient_error wrong "divided by h where the places are 2 h apart"
def gradient_error(f, gradient, x, h):
    x = x.double()
    claimed, worst = gradient(x).flatten(), 0.0
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[i] = h
        step = step.reshape(x.shape)
        q = ((f(x + step) - f(x - step)) / h).item()
        worst = max(worst, abs(claimed[i].item() - q) / max(1.0, abs(q)))
    return worst


# %% gradient_error wrong "without the absolute value, so misses below do not count"
def gradient_error(f, gradient, x, h):
    x = x.double()
    claimed, worst = gradient(x).flatten(), 0.0
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[i] = h
        step = step.reshape(x.shape)
        q = ((f(x + step) - f(x - step)) / (2 * h)).item()
        worst = max(worst, (claimed[i].item() - q) / max(1.0, abs(q)))
    return worst


# %% gradient_error wrong "the mean of the errors, not the largest"
def gradient_error(f, gradient, x, h):
    x = x.double()
    claimed, total = gradient(x).flatten(), 0.0
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[i] = h
        step = step.reshape(x.shape)
        q = ((f(x + step) - f(x - step)) / (2 * h)).item()
        total += abs(claimed[i].item() - q) / max(1.0, abs(q))
    return total / x.numel()


# %% gradient_error wrong "the absolute error: it is not divided by the size of the slope"
def gradient_error(f, gradient, x, h):
    x = x.double()
    claimed, worst = gradient(x).flatten(), 0.0
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[i] = h
        step = step.reshape(x.shape)
        q = ((f(x + step) - f(x - step)) / (2 * h)).item()
        worst = max(worst, abs(claimed[i].item() - q))
    return worst


# %% gradient_error wrong "divided by the claim, which may be the part that is wrong"
def gradient_error(f, gradient, x, h):
    x = x.double()
    claimed, worst = gradient(x).flatten(), 0.0
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[i] = h
        step = step.reshape(x.shape)
        q = ((f(x + step) - f(x - step)) / (2 * h)).item()
        worst = max(
            worst, abs(claimed[i].item() - q) / max(1.0, abs(claimed[i].item()))
        )
    return worst


# %% gradient_error wrong "divided by the slope also where it is smaller than 1"
def gradient_error(f, gradient, x, h):
    x = x.double()
    claimed, worst = gradient(x).flatten(), 0.0
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=x.dtype)
        step[i] = h
        step = step.reshape(x.shape)
        q = ((f(x + step) - f(x - step)) / (2 * h)).item()
        worst = max(worst, abs(claimed[i].item() - q) / (abs(q) + 1e-12))
    return worst


# %% gradient_error wrong "x is moved and not moved back"
def gradient_error(f, gradient, x, h):
    x = x.double().clone()
    claimed, worst = gradient(x).flatten(), 0.0
    flat = x.view(-1)
    for i in range(x.numel()):
        flat[i] += h
        ahead = f(x).item()
        flat[i] -= h
        behind = f(x).item()
        q = (ahead - behind) / (2 * h)
        worst = max(worst, abs(claimed[i].item() - q) / max(1.0, abs(q)))
    return worst


# %% gradient_error wrong "only the first axis is gone through"
def gradient_error(f, gradient, x, h):
    x = x.double()
    claimed, worst = gradient(x), 0.0
    for i in range(len(x)):
        step = torch.zeros_like(x)
        step[i] = h
        q = (f(x + step) - f(x - step)) / (2 * h)
        gap = ((claimed[i] - q).abs() / q.abs().clamp(min=1)).max()
        worst = max(worst, gap.item())
    return worst


# %% gradient_error wrong "a tensor is returned, not a number"
def gradient_error(f, gradient, x, h):
    x = x.double()
    steps = h * torch.eye(x.numel(), dtype=torch.float64).reshape(-1, *x.shape)
    q = torch.stack([f(x + s) - f(x - s) for s in steps]) / (2 * h)
    return ((gradient(x).flatten() - q).abs() / q.abs().clamp(min=1)).max()


# %% gradient_error wrong "the claim is asked in float32"
def gradient_error(f, gradient, x, h):
    claimed, x = gradient(x).flatten(), x.double()
    steps = h * torch.eye(x.numel(), dtype=torch.float64).reshape(-1, *x.shape)
    q = torch.stack([f(x + s) - f(x - s) for s in steps]) / (2 * h)
    return ((claimed - q).abs() / q.abs().clamp(min=1)).max().item()


# %% gradient_error wrong "each entry stays at x - h when the next one is moved"
def gradient_error(f, gradient, x, h):
    x = x.double().clone()
    claimed, worst = gradient(x).flatten(), 0.0
    flat = x.view(-1)
    for i in range(x.numel()):
        flat[i] += h
        ahead = f(x).item()
        flat[i] -= 2 * h
        q = (ahead - f(x).item()) / (2 * h)
        worst = max(worst, abs(claimed[i].item() - q) / max(1.0, abs(q)))
    return worst


# %% gradient_error equivalent "the larger of two numbers, and a distance, in either order"
# worst = max(worst, abs(claimed[i].item() - q) / max(1.0, abs(q))) -> worst = max(abs(claimed[i].item() - q) / max(1.0, abs(q)), worst)
# worst = max(worst, abs(claimed[i].item() - q) / max(1.0, abs(q))) -> worst = max(worst, abs(claimed[i].item() - q) / max(abs(q), 1.0))
# worst = max(worst, abs(claimed[i].item() - q) / max(1.0, abs(q))) -> worst = max(worst, abs(q - claimed[i].item()) / max(1.0, abs(q)))


# %% Distance hints [markdown]
# 1. `g` has the shape (N,) and the difference of the points (N, d). What does each
#    entry of `g` have to multiply, and which shape must it get for that?
# 2. If `q` moves in the direction in which `p` would have to, the distance shrinks as
#    it would have grown. And where the distance is 0 the difference is 0, too: divide
#    by anything else there.
# 3. Keep the difference and the distances. On the way back: the distances with 1 in
#    place of 0; `g` over them as a column; times the difference. That is one gradient,
#    and the other is minus it.


# %% Distance right "zero by nan_to_num"
class Distance(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, q):
        ctx.save_for_backward(p, q)
        return torch.linalg.vector_norm(p - q, dim=1)

    @staticmethod
    def backward(ctx, g):
        p, q = ctx.saved_tensors
        unit = (p - q) / torch.linalg.vector_norm(p - q, dim=1, keepdim=True)
        by_p = g.unsqueeze(1) * torch.nan_to_num(unit, nan=0.0)
        return by_p, by_p.neg()


# %% Distance right "the unit vectors are kept"
class Distance(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, q):
        d = q - p
        r = torch.sqrt((d * d).sum(-1, keepdim=True))
        ctx.save_for_backward(torch.where(r > 0, d / r.clamp(min=1e-30), 0.0))
        return r.squeeze(-1)

    @staticmethod
    def backward(ctx, g):
        (unit,) = ctx.saved_tensors
        by_q = torch.einsum("i,ij->ij", g, unit)
        return -by_q, by_q


# %% Distance wrong "0 divided by 0 where two points meet"
class Distance(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, q):
        difference = p - q
        r = (difference**2).sum(dim=1).sqrt()
        ctx.save_for_backward(difference, r)
        return r

    @staticmethod
    def backward(ctx, g):
        difference, r = ctx.saved_tensors
        by_p = (g / r)[:, None] * difference
        return by_p, -by_p


# %% Distance wrong "backward forgets the gradient that comes in"
class Distance(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, q):
        difference = p - q
        r = (difference**2).sum(dim=1).sqrt()
        ctx.save_for_backward(difference, r)
        return r

    @staticmethod
    def backward(ctx, g):
        difference, r = ctx.saved_tensors
        r = torch.where(r == 0, 1.0, r)
        by_p = difference / r[:, None]
        return by_p, -by_p


# %% Distance wrong "both gradients have the same sign"
class Distance(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, q):
        difference = p - q
        r = (difference**2).sum(dim=1).sqrt()
        ctx.save_for_backward(difference, r)
        return r

    @staticmethod
    def backward(ctx, g):
        difference, r = ctx.saved_tensors
        r = torch.where(r == 0, 1.0, r)
        by_p = (g / r)[:, None] * difference
        return by_p, by_p


# %% Distance wrong "both signs are turned round"
class Distance(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, q):
        difference = p - q
        r = (difference**2).sum(dim=1).sqrt()
        ctx.save_for_backward(difference, r)
        return r

    @staticmethod
    def backward(ctx, g):
        difference, r = ctx.saved_tensors
        r = torch.where(r == 0, 1.0, r)
        by_p = (g / r)[:, None] * difference
        return -by_p, by_p


# %% Distance wrong "the gradient is not divided by the distance"
class Distance(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, q):
        difference = p - q
        r = (difference**2).sum(dim=1).sqrt()
        ctx.save_for_backward(difference, r)
        return r

    @staticmethod
    def backward(ctx, g):
        difference, _ = ctx.saved_tensors
        by_p = g[:, None] * difference
        return by_p, -by_p


# %% Distance wrong "the root is forgotten: squared distances"
class Distance(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, q):
        difference = p - q
        ctx.save_for_backward(difference)
        return (difference**2).sum(dim=1)

    @staticmethod
    def backward(ctx, g):
        (difference,) = ctx.saved_tensors
        by_p = 2 * g[:, None] * difference
        return by_p, -by_p


# %% Distance wrong "there is no gradient for the second input"
class Distance(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, q):
        difference = p - q
        r = (difference**2).sum(dim=1).sqrt()
        ctx.save_for_backward(difference, r)
        return r

    @staticmethod
    def backward(ctx, g):
        difference, r = ctx.saved_tensors
        r = torch.where(r == 0, 1.0, r)
        return (g / r)[:, None] * difference, None


# %% Distance wrong "only one gradient is returned for two inputs"
class Distance(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, q):
        difference = p - q
        r = (difference**2).sum(dim=1).sqrt()
        ctx.save_for_backward(difference, r)
        return r

    @staticmethod
    def backward(ctx, g):
        difference, r = ctx.saved_tensors
        r = torch.where(r == 0, 1.0, r)
        return (g / r)[:, None] * difference


# %% Distance wrong "the gradient that comes in is multiplied along the wrong axis"
class Distance(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, q):
        difference = p - q
        r = (difference**2).sum(dim=1).sqrt()
        ctx.save_for_backward(difference, r)
        return r

    @staticmethod
    def backward(ctx, g):
        difference, r = ctx.saved_tensors
        r = torch.where(r == 0, 1.0, r)
        by_p = g * difference / r[:, None]
        return by_p, -by_p


# %% Distance wrong "one distance over all rows"
class Distance(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, q):
        difference = p - q
        r = (difference**2).sum().sqrt()
        ctx.save_for_backward(difference, r)
        return r

    @staticmethod
    def backward(ctx, g):
        difference, r = ctx.saved_tensors
        r = torch.where(r == 0, 1.0, r)
        by_p = g / r * difference
        return by_p, -by_p


# %% Distance wrong "a gradient of 1, not of 0, where two points meet"
class Distance(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, q):
        difference = p - q
        r = (difference**2).sum(dim=1).sqrt()
        ctx.save_for_backward(difference, r)
        return r

    @staticmethod
    def backward(ctx, g):
        difference, r = ctx.saved_tensors
        unit = torch.where(r[:, None] == 0, 1.0, difference / r[:, None])
        return g[:, None] * unit, -g[:, None] * unit


# %% Distance wrong "a small number under the root changes the distances"
class Distance(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, q):
        difference = p - q
        r = ((difference**2).sum(dim=1) + 1e-4).sqrt()
        ctx.save_for_backward(difference, r)
        return r

    @staticmethod
    def backward(ctx, g):
        difference, r = ctx.saved_tensors
        by_p = (g / r)[:, None] * difference
        return by_p, -by_p


# %% Distance equivalent "the difference is 0 there, whatever it is divided by"
# r = torch.where(r == 0, 1.0, r) -> r = torch.where(r == 0, 2.0, r)


# %% fit_line hints [markdown]
# 1. After the last step, how is it known that the gradient has become short, and does
#    that look count as a step?
# 2. Look first, then step: gradient, comparison, and only if neither end is reached the
#    step and the count. The gradient has two parts; its length needs both. What is left
#    in `.grad` from one round does not belong to the next.
# 3. A loop without an end of its own: loss, its two slopes (`torch.autograd.grad` adds
#    nothing up), a return if they are short or the count is full, the step under
#    `no_grad`, the count.


# %% fit_line right "two leaves, backward, a for loop"
def fit_line(x, y, lr, tol):
    w = torch.zeros((), dtype=torch.float64, requires_grad=True)
    b = torch.zeros((), dtype=torch.float64, requires_grad=True)
    for step in range(1001):
        w.grad = b.grad = None
        (torch.square(y - w * x - b).sum() / (2 * len(x))).backward()
        if math.hypot(w.grad, b.grad) < tol or step == 1000:
            return w.item(), b.item(), step
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad


# %% fit_line right "the slopes by formula"
def fit_line(x, y, lr, tol):
    w = b = 0.0
    num_steps = 0
    while num_steps < 1000:
        error = w * x + b - y
        by_w, by_b = (error * x).mean().item(), error.mean().item()
        if (by_w**2 + by_b**2) ** 0.5 < tol:
            break
        w, b = w - lr * by_w, b - lr * by_b
        num_steps += 1
    return w, b, num_steps


# %% fit_line wrong "gradients add up from step to step, because nothing zeroes them"
def fit_line(x, y, lr, tol):
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    for num_steps in range(1001):
        (((w[0] * x + w[1] - y) ** 2).mean() / 2).backward()
        if w.grad.norm() < tol or num_steps == 1000:
            return w[0].item(), w[1].item(), num_steps
        with torch.no_grad():
            w -= lr * w.grad


# %% fit_line wrong "one step too many: the length is looked at after the step"
def fit_line(x, y, lr, tol):
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    num_steps = 0
    while True:
        (slopes,) = torch.autograd.grad(((w[0] * x + w[1] - y) ** 2).mean() / 2, w)
        with torch.no_grad():
            w -= lr * slopes
        num_steps += 1
        if slopes.norm() < tol or num_steps == 1000:
            return w[0].item(), w[1].item(), num_steps


# %% fit_line wrong "the loss is compared with tol, not the gradient's length"
def fit_line(x, y, lr, tol):
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    num_steps = 0
    while True:
        loss = ((w[0] * x + w[1] - y) ** 2).mean() / 2
        (slopes,) = torch.autograd.grad(loss, w)
        if loss.item() < tol or num_steps == 1000:
            return w[0].item(), w[1].item(), num_steps
        with torch.no_grad():
            w -= lr * slopes
        num_steps += 1


# %% fit_line wrong "only the slope by w is looked at"
def fit_line(x, y, lr, tol):
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    num_steps = 0
    while True:
        (slopes,) = torch.autograd.grad(((w[0] * x + w[1] - y) ** 2).mean() / 2, w)
        if slopes[0].abs() < tol or num_steps == 1000:
            return w[0].item(), w[1].item(), num_steps
        with torch.no_grad():
            w -= lr * slopes
        num_steps += 1


# %% fit_line wrong "the slopes are added up, where their length is asked"
def fit_line(x, y, lr, tol):
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    num_steps = 0
    while True:
        (slopes,) = torch.autograd.grad(((w[0] * x + w[1] - y) ** 2).mean() / 2, w)
        if slopes.sum().abs() < tol or num_steps == 1000:
            return w[0].item(), w[1].item(), num_steps
        with torch.no_grad():
            w -= lr * slopes
        num_steps += 1


# %% fit_line wrong "the square of the length is compared with tol"
def fit_line(x, y, lr, tol):
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    num_steps = 0
    while True:
        (slopes,) = torch.autograd.grad(((w[0] * x + w[1] - y) ** 2).mean() / 2, w)
        if (slopes**2).sum() < tol or num_steps == 1000:
            return w[0].item(), w[1].item(), num_steps
        with torch.no_grad():
            w -= lr * slopes
        num_steps += 1


# %% fit_line wrong "the factor 1/2 is missing: steps twice as long"
def fit_line(x, y, lr, tol):
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    num_steps = 0
    while True:
        (slopes,) = torch.autograd.grad(((w[0] * x + w[1] - y) ** 2).mean(), w)
        if slopes.norm() < tol or num_steps == 1000:
            return w[0].item(), w[1].item(), num_steps
        with torch.no_grad():
            w -= lr * slopes
        num_steps += 1


# %% fit_line wrong "the sum over the points where the mean is asked"
def fit_line(x, y, lr, tol):
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    num_steps = 0
    while True:
        (slopes,) = torch.autograd.grad(((w[0] * x + w[1] - y) ** 2).sum() / 2, w)
        if slopes.norm() < tol or num_steps == 1000:
            return w[0].item(), w[1].item(), num_steps
        with torch.no_grad():
            w -= lr * slopes
        num_steps += 1


# %% fit_line wrong "a line through the origin: the bias never moves"
def fit_line(x, y, lr, tol):
    w = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    num_steps = 0
    while True:
        (slopes,) = torch.autograd.grad(((w[0] * x - y) ** 2).mean() / 2, w)
        if slopes.norm() < tol or num_steps == 1000:
            return w[0].item(), 0.0, num_steps
        with torch.no_grad():
            w -= lr * slopes
        num_steps += 1


# %% fit_line wrong "there is no limit to the number of steps, or another than 1,000"
def fit_line(x, y, lr, tol):
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    num_steps = 0
    while True:
        (slopes,) = torch.autograd.grad(((w[0] * x + w[1] - y) ** 2).mean() / 2, w)
        if slopes.norm() < tol or num_steps == 100:
            return w[0].item(), w[1].item(), num_steps
        with torch.no_grad():
            w -= lr * slopes
        num_steps += 1


# %% fit_line wrong "w and b stand in each other's place"
def fit_line(x, y, lr, tol):
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    num_steps = 0
    while True:
        (slopes,) = torch.autograd.grad(((w[0] + w[1] * x - y) ** 2).mean() / 2, w)
        if slopes.norm() < tol or num_steps == 1000:
            return w[0].item(), w[1].item(), num_steps
        with torch.no_grad():
            w -= lr * slopes
        num_steps += 1


# %% fit_line wrong "the number of steps is not returned"
def fit_line(x, y, lr, tol):
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    num_steps = 0
    while True:
        (slopes,) = torch.autograd.grad(((w[0] * x + w[1] - y) ** 2).mean() / 2, w)
        if slopes.norm() < tol or num_steps == 1000:
            return w[0].item(), w[1].item()
        with torch.no_grad():
            w -= lr * slopes
        num_steps += 1


# %% fit_line wrong "each slope is compared with tol on its own, not the length of both"
def fit_line(x, y, lr, tol):
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    num_steps = 0
    while True:
        (slopes,) = torch.autograd.grad(((w[0] * x + w[1] - y) ** 2).mean() / 2, w)
        if slopes.abs().max() < tol or num_steps == 1000:
            return w[0].item(), w[1].item(), num_steps
        with torch.no_grad():
            w -= lr * slopes
        num_steps += 1


# %% fit_line wrong "the length of the step is compared with tol, not that of the gradient"
def fit_line(x, y, lr, tol):
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    num_steps = 0
    while True:
        (slopes,) = torch.autograd.grad(((w[0] * x + w[1] - y) ** 2).mean() / 2, w)
        if lr * slopes.norm() < tol or num_steps == 1000:
            return w[0].item(), w[1].item(), num_steps
        with torch.no_grad():
            w -= lr * slopes
        num_steps += 1


# %% fit_line wrong "b steps by a slope taken after w has moved"
def fit_line(x, y, lr, tol):
    w, b = 0.0, 0.0
    for num_steps in range(1001):
        error = w * x + b - y
        slopes = (error * x).mean().item(), error.mean().item()
        if math.hypot(*slopes) < tol or num_steps == 1000:
            return w, b, num_steps
        w -= lr * slopes[0]
        b -= lr * (w * x + b - y).mean().item()


# %% fit_line equivalent "a square, a length that is never exactly tol, an entry that is not used"
# if slopes.norm() < tol or num_steps == 1000: -> if slopes.norm() <= tol or num_steps == 1000:
# loss = ((w[0] * x + w[1] - y) ** 2).mean() / 2 -> loss = ((y - (w[0] * x + w[1])) ** 2).mean() / 2
# w = torch.zeros(2, dtype=torch.float64, requires_grad=True) -> w = torch.zeros(3, dtype=torch.float64, requires_grad=True)
