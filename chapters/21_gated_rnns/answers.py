# %% encode_names hints [markdown]
# 1. An accent may be written as a character of its own. How long is such a name before
#    NFC and after it, and which length counts here?
# 2. A dictionary from letter to index, asked with a default, settles known and unknown
#    letters in one go. Zero belongs to the padding alone, so a table of zeros is a good
#    beginning.
# 3. The dictionary, which counts from 2; the names in lower case, then composed; their
#    lengths; zeros of int64, as wide as the longest; for each name its indices into the
#    front of its row. Return table and lengths, in the order given.


# %% encode_names right "with pad_sequence"
def encode_names(names, letters):
    rows = []
    for name in names:
        name = unicodedata.normalize("NFC", name.lower())
        rows.append(torch.tensor([letters.find(c) + 2 for c in name]).clamp(min=1))
    lengths = torch.tensor([len(row) for row in rows])
    return nn.utils.rnn.pad_sequence(rows, batch_first=True), lengths


# %% encode_names right "plain lists, padded by hand"
def encode_names(names, letters):
    index = dict(zip(letters, range(2, len(letters) + 2), strict=True))
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    longest = max(len(name) for name in names)
    X = [
        [index.get(c, 1) for c in name] + [0] * (longest - len(name)) for name in names
    ]
    return torch.tensor(X), torch.tensor([len(name) for name in names])


# %% encode_names wrong "the code ord(c) is the index, which an accented letter puts past the table"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([ord(c) for c in name])
    return X, lengths


# %% encode_names wrong "the code ord(c) cut to 128, so that letters past the table collide"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([ord(c) % 128 for c in name])
    return X, lengths


# %% encode_names wrong "the place among all letters counts from 0, which is the padding"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=0)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "the first letter shares its index with the unknown letters"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=1)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "an unknown letter becomes padding"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 0) for c in name])
    return X, lengths


# %% encode_names wrong "an unknown letter stops the program"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index[c] for c in name])
    return X, lengths


# %% encode_names wrong "unknown letters are left out of the name"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    names = ["".join(c for c in name if c in index) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "capital letters stay capital, and so unknown"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "not brought to composed form, so an accent is a letter of its own"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [name.lower() for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "composed before it is lower case, which leaves some letters in two"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name).lower() for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "the letters are put in order of their codes, not taken in theirs"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(sorted(letters), start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "each name is written backwards"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    names = [name[::-1] for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "the last name comes first"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    names = names[::-1]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "decomposed where the composed form is asked"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFD", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "the padding stands before the name"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[len(row) - len(name) :] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "padded with the index of unknown letters"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.ones(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "the width of the table is returned as everybody's length"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, torch.full_like(lengths, X.shape[1])


# %% encode_names wrong "the longest name comes first, not the first one"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    names = sorted(names, key=len, reverse=True)
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "accents are dropped"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    marks = unicodedata.combining
    names = [unicodedata.normalize("NFD", name) for name in names]
    names = ["".join(c for c in name if not marks(c)) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "floats where an index must be int64"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X.float(), lengths


# %% encode_names wrong "the lengths are missing"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X


# %% encode_names wrong "cut to the shortest name"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.min()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])[: X.shape[1]]
    return X, lengths


# %% encode_names wrong "the lengths are counted before NFC, and set the width of the table"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    lengths = torch.tensor([len(name) for name in names])
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "the lengths are counted before NFC"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    lengths = torch.tensor([len(name) for name in names])
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    X = torch.zeros(len(names), max(map(len, names)), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "the table is as wide as the longest name before NFC"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    longest = max(len(name) for name in names)
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), longest, dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "of length and letters one is taken before NFC, the other after it"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    lengths = torch.tensor([len(name) for name in names])
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for n, name in enumerate(names):
        X[n, : lengths[n]] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "NFKC, which also replaces letters that NFC leaves alone"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFKC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "casefold, which rewrites letters that are in lower case already"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.casefold()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "blanks inside a name are dropped"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=2)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    names = [name.replace(" ", "") for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 1) for c in name])
    return X, lengths


# %% encode_names wrong "all indices are one too small, so unknown letters become padding"
def encode_names(names, letters):
    index = {letter: i for i, letter in enumerate(letters, start=1)}
    names = [unicodedata.normalize("NFC", name.lower()) for name in names]
    lengths = torch.tensor([len(name) for name in names])
    X = torch.zeros(len(names), int(lengths.max()), dtype=torch.int64)
    for row, name in zip(X, names, strict=True):
        row[: len(name)] = torch.tensor([index.get(c, 0) for c in name])
    return X, lengths


# %% gru_cell hints [markdown]
# 1. `X` is (N, E) and `W_x` is (E, 3H). In which order are they multiplied, and along
#    which axis of the product do the three blocks lie?
# 2. Make both products once, for all three blocks, and cut them afterwards, in the
#    order that the text gives. A gate adds its two sides and squashes the sum. The
#    candidate keeps its sides apart, for the reset gate weighs only that of the
#    memory.
# 3. Input side and memory side, each with its row of `b`, in three blocks (`chunk`).
#    Update, reset: sigmoid of the two blocks' sum. Candidate: tanh of the input's
#    block plus reset times the memory's. Update says how much old memory stays;
#    `torch.where` chooses between that and what was, row by row.


# %% gru_cell right "with lerp"
def gru_cell(X, H, W_x, W_h, b, is_there):
    size = H.shape[1]
    from_x, from_h = torch.addmm(b[0], X, W_x), torch.addmm(b[1], H, W_h)
    gates = torch.sigmoid(from_x[:, : 2 * size] + from_h[:, : 2 * size])
    Z, R = gates.split(size, dim=1)
    candidate = (from_x[:, 2 * size :] + R * from_h[:, 2 * size :]).tanh()
    return torch.where(is_there[:, None], torch.lerp(candidate, H, Z), H)


# %% gru_cell right "put into PyTorch's order first, the rows that are there alone"
def gru_cell(X, H, W_x, W_h, b, is_there):
    def turned(W):
        z, r, n = W.T.chunk(3)
        return torch.cat([r, z, n])

    x = X[is_there] @ turned(W_x).T + turned(b[0])
    h = H[is_there] @ turned(W_h).T + turned(b[1])
    (x_r, x_z, x_n), (h_r, h_z, h_n) = x.chunk(3, dim=1), h.chunk(3, dim=1)
    candidate = torch.tanh(x_n + torch.sigmoid(x_r + h_r) * h_n)
    result = H.clone()
    result[is_there] = candidate + torch.sigmoid(x_z + h_z) * (H[is_there] - candidate)
    return result


# %% gru_cell wrong "the weights are transposed as if they were PyTorch's"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x.T + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h.T + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "the two rows of biases are exchanged"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[1]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[0]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "every third column is taken for a block"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).unflatten(1, (-1, 3)).unbind(dim=2)
    h_z, h_r, h_n = (H @ W_h + b[1]).unflatten(1, (-1, 3)).unbind(dim=2)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "the blocks are cut along the batch, not along the columns"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "all biases on the side of the memory"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b.sum(dim=0)).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "padding is read like any other input: ended sequences go on"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return Z * H + (1 - Z) * candidate


# %% gru_cell wrong "the ended sequences take the step and the others wait"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there[:, None], H, Z * H + (1 - Z) * candidate)


# %% gru_cell wrong "the memory of an ended sequence is set to 0"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return (Z * H + (1 - Z) * candidate) * is_there[:, None]


# %% gru_cell wrong "only the input of an ended sequence is set to 0, and its memory moves on"
def gru_cell(X, H, W_x, W_h, b, is_there):
    X = X * is_there[:, None]
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return Z * H + (1 - Z) * candidate


# %% gru_cell wrong "the ended sequences are left out of the result"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return (Z * H + (1 - Z) * candidate)[is_there]


# %% gru_cell wrong "the update gate the wrong way round: 1 keeps the candidate"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there[:, None], (1 - Z) * H + Z * candidate, H)


# %% gru_cell wrong "the blocks are taken as reset, update, candidate"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_r, x_z, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_r, h_z, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "the reset gate before the matrix product, as in the book and not as in PyTorch"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + (R * H) @ W_h.chunk(3, dim=1)[2] + b[1].chunk(3)[2])
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "the reset gate misses the bias of the candidate"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * (h_n - b[1].chunk(3)[2]) + b[1].chunk(3)[2])
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "the candidate ignores the reset gate"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + h_n)
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "the reset gate weighs the input too"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(R * (x_n + h_n))
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "the reset gate weighs the input in place of the memory"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(R * x_n + h_n)
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "the candidate goes through a sigmoid where a tanh belongs"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.sigmoid(x_n + R * h_n)
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "the gates go through a tanh where a sigmoid belongs"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.tanh(x_r + h_r)
    Z = torch.tanh(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "the biases on the side of the memory are missing"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "the biases on the side of the input are missing"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "only the candidate is returned"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there[:, None], candidate, H)


# %% gru_cell wrong "the old memory is added in full"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there[:, None], H + (1 - Z) * candidate, H)


# %% gru_cell wrong "the gates see the input only"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r)
    Z = torch.sigmoid(x_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "the blocks are taken as candidate, update, reset"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_n, x_z, x_r = (X @ W_x + b[0]).chunk(3, dim=1)
    h_n, h_z, h_r = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there[:, None], Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "one mask for the rows is held against the columns"
def gru_cell(X, H, W_x, W_h, b, is_there):
    x_z, x_r, x_n = (X @ W_x + b[0]).chunk(3, dim=1)
    h_z, h_r, h_n = (H @ W_h + b[1]).chunk(3, dim=1)
    R = torch.sigmoid(x_r + h_r)
    Z = torch.sigmoid(x_z + h_z)
    candidate = torch.tanh(x_n + R * h_n)
    return torch.where(is_there, Z * H + (1 - Z) * candidate, H)


# %% gru_cell wrong "a library does the step"
def gru_cell(X, H, W_x, W_h, b, is_there):
    def turned(W):
        return torch.cat([W.T.chunk(3)[k] for k in (1, 0, 2)])

    args = turned(W_x), turned(W_h), turned(b[0]), turned(b[1])
    return torch.where(is_there[:, None], torch.ops.aten.gru_cell(X, H, *args), H)


# %% lstm_cell hints [markdown]
# 1. When the output gate is worked out, does the new cell state exist yet? And when
#    the input and forget gate are?
# 2. Four blocks of the usual sum first. A peephole is a number for each unit: it
#    meets the cell state by an element-wise product, never by a matrix. So there is
#    an order: two gates, then the cell, then the third gate.
# 3. Unpack the pair; sum, four blocks. Input and forget block each get their row of
#    `p` times the old cell, then a sigmoid. New cell: forget times old, plus input
#    times candidate. Output block plus its row times the new cell, sigmoid. Hidden:
#    that times the tanh of the new cell.


# %% lstm_cell right "all gates at once"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    (H, C), n = state, W_h.shape[1]
    both = torch.cat([X, H], dim=1) @ torch.cat([W_x, W_h], dim=1).T + (b_x + b_h)
    seen = torch.cat([C, C], dim=1) * p[:2].reshape(-1)
    i, f = (both[:, : 2 * n] + seen).sigmoid().split(n, dim=1)
    C = torch.addcmul(f * C, i, both[:, 2 * n : 3 * n].tanh())
    return torch.addcmul(both[:, 3 * n :], p[2], C).sigmoid() * C.tanh(), C


# %% lstm_cell right "with linear and diagonal matrices"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    linear = nn.functional.linear
    gates = linear(X, W_x, b_x) + linear(state[0], W_h, b_h)
    i, f, g, o = gates.tensor_split(4, dim=-1)
    p_i, p_f, p_o = (torch.diag(row) for row in p)
    kept = state[1] / (1 + torch.exp(-f - state[1] @ p_f))
    C = kept + g.tanh() * (i + state[1] @ p_i).sigmoid()
    return C.tanh() * (o + C @ p_o).sigmoid(), C


# %% lstm_cell wrong "the peepholes are left out"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(g)
    H = torch.sigmoid(o) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the output gate looks at the old cell state"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    o = torch.sigmoid(o + p[2] * C)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = o * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the input gate looks at the new cell state"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    f = torch.sigmoid(f + p[1] * C)
    i = torch.sigmoid(i + p[0] * (f * C + torch.sigmoid(i) * torch.tanh(g)))
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the output gate has no peephole"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "only the forget gate has a peephole"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    C = torch.sigmoid(f + p[1] * C) * C + torch.sigmoid(i) * torch.tanh(g)
    H = torch.sigmoid(o) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the candidate looks at the cell state in place of the output gate"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g + p[2] * C)
    H = torch.sigmoid(o) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the gates look at the hidden state through the peepholes"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * H), torch.sigmoid(f + p[1] * H)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * H) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the peephole is added without the cell state"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0]), torch.sigmoid(f + p[1])
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2]) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the peephole is added behind the sigmoid"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i) + p[0] * C, torch.sigmoid(f) + p[1] * C
    C = f * C + i * torch.tanh(g)
    H = (torch.sigmoid(o) + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the peepholes are subtracted"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i - p[0] * C), torch.sigmoid(f - p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o - p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the peepholes are taken as forget, input, output"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[1] * C), torch.sigmoid(f + p[0] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the peepholes are taken as input, output, forget"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[2] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[1] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "one sum over the units where each unit sees its own cell"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + C @ p[0, :, None]), torch.sigmoid(f + C @ p[1, :, None])
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + C @ p[2, :, None]) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the gates see the tanh of the cell state"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C.tanh()), torch.sigmoid(f + p[1] * C.tanh())
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C.tanh()) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the LSTM is given one state: the hidden state stands in for the cell state"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H = C = state[0]
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the LSTM is given one state: the cell state starts from zero at every step"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H = state[0]
    C = torch.zeros_like(H)
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the LSTM is given one state: the pair is stacked into one tensor"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H = C = torch.stack(state)
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=2)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "hidden and cell state are exchanged on the way in"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    C, H = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "hidden and cell state are exchanged on the way out"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return C, H


# %% lstm_cell wrong "only the hidden state is returned"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H


# %% lstm_cell wrong "the blocks are taken as input, forget, output, candidate"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, o, g = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the blocks are taken as forget, input, candidate, output"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    f, i, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "no forget gate, as in 1997"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the forget gate closes where it should open"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = (1 - f) * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "one gate serves as input and forget gate"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + (1 - f) * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the hidden state shows the cell without its tanh"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * C
    return H, C


# %% lstm_cell wrong "the candidate goes through a sigmoid where a tanh belongs"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.sigmoid(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the hidden state is made of the old cell state"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    old = C
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(old)
    return H, C


# %% lstm_cell wrong "the biases on the side of the memory are missing"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the biases on the side of the input are missing"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the gates go through a tanh where a sigmoid belongs"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.tanh(i + p[0] * C), torch.tanh(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.tanh(o + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "no input gate: the candidate comes in whole"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + torch.tanh(g)
    H = torch.sigmoid(o + p[2] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "no output gate: the cell is shown whole"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[0] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    return torch.tanh(C), C


# %% lstm_cell wrong "all gates look at a new cell state, made without peepholes"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    new = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(g)
    i, f = torch.sigmoid(i + p[0] * new), torch.sigmoid(f + p[1] * new)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[2] * new) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the peepholes are taken as output, forget, input"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + p[2] * C), torch.sigmoid(f + p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + p[0] * C) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "a matrix product of cell state and peephole, where unit meets unit"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i + C @ p[0]), torch.sigmoid(f + C @ p[1])
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o + C @ p[2]) * torch.tanh(C)
    return H, C


# %% lstm_cell wrong "the peephole multiplies what the gate sees, where it is added"
def lstm_cell(X, state, W_x, W_h, b_x, b_h, p):
    H, C = state
    i, f, g, o = (X @ W_x.T + b_x + H @ W_h.T + b_h).chunk(4, dim=1)
    i, f = torch.sigmoid(i * p[0] * C), torch.sigmoid(f * p[1] * C)
    C = f * C + i * torch.tanh(g)
    H = torch.sigmoid(o * p[2] * C) * torch.tanh(C)
    return H, C


# %% last_valid hints [markdown]
# 1. `outputs` is (T, N, H) and a name has 3 letters. Which axis is indexed by its
#    last step, and by which number?
# 2. Two tensors of indices, equally long, are paired: the step of the first name with
#    the first name, and so on. For a length of 0 the index is -1, which Python takes
#    for the last: no error, and a wrong row.
# 3. Indexing in one line: the step of each name, counted from 0, beside the numbers
#    of all names. Then put zeros where a length is 0 (`torch.where`, with the lengths
#    as a column).


# %% last_valid right "with gather"
def last_valid(outputs, lengths):
    where = (lengths - 1).clamp(min=0).reshape(1, -1, 1)
    last = outputs.gather(0, where.expand(1, -1, outputs.shape[2])).squeeze(0)
    return last * (lengths > 0).unsqueeze(1)


# %% last_valid right "zeros put before the first step"
def last_valid(outputs, lengths):
    before = torch.zeros_like(outputs[:1])  # (1, N, H)
    return torch.cat([before, outputs])[lengths, torch.arange(len(lengths))]


# %% last_valid right "name by name"
def last_valid(outputs, lengths):
    start = torch.zeros(outputs.shape[2])
    return torch.stack(
        [outputs[n - 1, k] if n else start for k, n in enumerate(lengths.tolist())]
    )


# %% last_valid wrong "names and steps are exchanged: the layout is taken for batch first"
def last_valid(outputs, lengths):
    return outputs[torch.arange(len(outputs)), lengths - 1]


# %% last_valid wrong "the last step of the table, which is padding for short names"
def last_valid(outputs, lengths):
    return outputs[-1]


# %% last_valid wrong "the last name's steps, not each name's last step"
def last_valid(outputs, lengths):
    return outputs[:, -1]


# %% last_valid wrong "the last step of the longest name is taken for all"
def last_valid(outputs, lengths):
    return outputs[lengths.max() - 1]


# %% last_valid wrong "one step too far: the steps are counted from 0"
def last_valid(outputs, lengths):
    return outputs[lengths, torch.arange(len(lengths))]


# %% last_valid wrong "one step too early"
def last_valid(outputs, lengths):
    return outputs[(lengths - 2).clamp(min=0), torch.arange(len(lengths))]


# %% last_valid wrong "the first step, not the last"
def last_valid(outputs, lengths):
    return outputs[0 * lengths, torch.arange(len(lengths))]


# %% last_valid wrong "counted from the end of the table"
def last_valid(outputs, lengths):
    return outputs[-lengths, torch.arange(len(lengths))]


# %% last_valid wrong "a slice for the names, which pairs every name with every length"
def last_valid(outputs, lengths):
    return outputs[lengths - 1, :]


# %% last_valid wrong "the mean over the valid steps"
def last_valid(outputs, lengths):
    valid = torch.arange(len(outputs))[:, None] < lengths  # (T, N)
    return (outputs * valid[..., None]).sum(dim=0) / lengths[:, None]


# %% last_valid wrong "the sum over the valid steps"
def last_valid(outputs, lengths):
    valid = torch.arange(len(outputs))[:, None] < lengths  # (T, N)
    return (outputs * valid[..., None]).sum(dim=0)


# %% last_valid wrong "the maximum over all steps, not the last one"
def last_valid(outputs, lengths):
    return outputs.amax(dim=0)


# %% last_valid wrong "the maximum over the valid steps, not the last of them"
def last_valid(outputs, lengths):
    padding = torch.arange(len(outputs))[:, None] >= lengths  # (T, N)
    return outputs.masked_fill(padding[..., None], -torch.inf).amax(dim=0)


# %% last_valid wrong "an axis of steps of size 1 is left"
def last_valid(outputs, lengths):
    last = outputs[lengths - 1, torch.arange(len(lengths))]
    return (torch.where(lengths[:, None] > 0, last, 0.0))[None]


# %% last_valid wrong "only the first number of each row: the index has no axis of features"
def last_valid(outputs, lengths):
    where = (lengths - 1).clamp(min=0).reshape(1, -1, 1)
    return outputs.gather(0, where).squeeze(0)


# %% last_valid wrong "an empty name gets the last step of the table: index -1"
def last_valid(outputs, lengths):
    return outputs[lengths - 1, torch.arange(len(lengths))]


# %% last_valid wrong "an empty name gets its first step, which is padding"
def last_valid(outputs, lengths):
    return outputs[(lengths - 1).clamp(min=0), torch.arange(len(lengths))]


# %% last_valid wrong "an empty name is left out, and the rows move up"
def last_valid(outputs, lengths):
    there = lengths > 0
    names = torch.arange(len(lengths))[there]
    return outputs[lengths[there] - 1, names]


# %% BothEnds hints [markdown]
# 1. When the backward direction has read the whole of a name, does it stand at the
#    name's last letter or at its first?
# 2. Beside its outputs, the layer returns each direction's state at its own end; of a
#    packed batch, the padding is no part of it. States are ordered by layer, forward
#    before backward. An LSTM returns a pair of such, the hidden states first.
# 3. Constructor: one layer of `kind`, bidirectional, with the batch first. Forward:
#    pack, saying that the lengths are in any order; run; of a pair take the first part;
#    join the two states of the top layer along the features.


# %% BothEnds right "from the outputs of the packed batch"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        outputs, _ = nn.utils.rnn.pad_packed_sequence(
            self.rnn(packed)[0], batch_first=True
        )
        forward, backward = outputs.chunk(2, dim=2)
        rows = torch.arange(len(X))
        return torch.hstack([forward[rows, lengths - 1], backward[:, 0]])


# %% BothEnds right "each name alone"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        ends = []
        for x, n in zip(X, lengths, strict=True):
            outputs = self.rnn(x[:n])[0]
            size = outputs.shape[1] // 2
            ends.append(torch.cat([outputs[-1, :size], outputs[0, size:]]))
        return torch.stack(ends)


# %% BothEnds wrong "forward and backward states of the first layer only"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        _, state = self.rnn(packed)
        h_n = state[0] if isinstance(state, tuple) else state
        return torch.cat([h_n[0], h_n[1]], dim=1)


# %% BothEnds wrong "the forward states of the last two layers, not the two directions"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        _, state = self.rnn(packed)
        h_n = state[0] if isinstance(state, tuple) else state
        return torch.cat([h_n[-2], h_n[-4] if len(h_n) > 2 else h_n[-2]], dim=1)


# %% BothEnds wrong "forward state of the first layer beside the backward state of the top"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        _, state = self.rnn(packed)
        h_n = state[0] if isinstance(state, tuple) else state
        return torch.cat([h_n[0], h_n[-1]], dim=1)


# %% BothEnds wrong "the last state twice, which is the backward direction"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        _, state = self.rnn(packed)
        h_n = state[0] if isinstance(state, tuple) else state
        return torch.cat([h_n[-1], h_n[-1]], dim=1)


# %% BothEnds wrong "backward before forward"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        _, state = self.rnn(packed)
        h_n = state[0] if isinstance(state, tuple) else state
        return torch.cat([h_n[-1], h_n[-2]], dim=1)


# %% BothEnds wrong "the two directions added, not joined"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        _, state = self.rnn(packed)
        h_n = state[0] if isinstance(state, tuple) else state
        return h_n[-2] + h_n[-1]


# %% BothEnds wrong "only the last state, which is one direction"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        _, state = self.rnn(packed)
        h_n = state[0] if isinstance(state, tuple) else state
        return h_n[-1]


# %% BothEnds wrong "stacked under each other, not side by side"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        _, state = self.rnn(packed)
        h_n = state[0] if isinstance(state, tuple) else state
        return torch.cat([h_n[-2], h_n[-1]], dim=0)


# %% BothEnds wrong "an LSTM's pair is taken for one state: its last part is the cell state"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        _, state = self.rnn(packed)
        h_n = state[1] if isinstance(state, tuple) else state
        return torch.cat([h_n[-2], h_n[-1]], dim=1)


# %% BothEnds wrong "an LSTM's pair is taken for one state: hidden and cell state are joined"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        _, state = self.rnn(packed)
        h_n = state
        return torch.cat([h_n[-2], h_n[-1]], dim=1)


# %% BothEnds wrong "not packed: padding is read, at the end forward and at the start backward"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        _, state = self.rnn(X)
        h_n = state[0] if isinstance(state, tuple) else state
        return torch.cat([h_n[-2], h_n[-1]], dim=1)


# %% BothEnds wrong "sorted by length, and not put back into the order of the names"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        packed = pack_padded_sequence(
            X[lengths.argsort(descending=True, stable=True)],
            lengths.sort(descending=True)[0],
            batch_first=True,
        )
        _, state = self.rnn(packed)
        h_n = state[0] if isinstance(state, tuple) else state
        return torch.cat([h_n[-2], h_n[-1]], dim=1)


# %% BothEnds wrong "packed as if the batch were sorted already"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        packed = pack_padded_sequence(X, lengths, batch_first=True, enforce_sorted=True)
        _, state = self.rnn(packed)
        h_n = state[0] if isinstance(state, tuple) else state
        return torch.cat([h_n[-2], h_n[-1]], dim=1)


# %% BothEnds wrong "packed with steps and names exchanged"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        packed = pack_padded_sequence(
            X.transpose(0, 1).reshape(X.shape), lengths, True, enforce_sorted=False
        )
        _, state = self.rnn(packed)
        h_n = state[0] if isinstance(state, tuple) else state
        return torch.cat([h_n[-2], h_n[-1]], dim=1)


# %% BothEnds wrong "the number of layers is forgotten"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(num_inputs, num_hiddens, batch_first=True, bidirectional=True)

    def forward(self, X, lengths):
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        _, state = self.rnn(packed)
        h_n = state[0] if isinstance(state, tuple) else state
        return torch.cat([h_n[-2], h_n[-1]], dim=1)


# %% BothEnds wrong "the outputs at the last valid step, where backward has read one letter"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        outputs, _ = nn.utils.rnn.pad_packed_sequence(
            self.rnn(packed)[0], batch_first=True
        )
        return outputs[torch.arange(len(X)), lengths - 1]


# %% BothEnds wrong "the last column of the outputs, which is padding for short names"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        outputs, _ = nn.utils.rnn.pad_packed_sequence(
            self.rnn(packed)[0], batch_first=True
        )
        forward, backward = outputs.chunk(2, dim=2)
        return torch.cat([forward[:, -1], backward[:, 0]], dim=1)


# %% BothEnds wrong "indexing without packing: the backward direction starts in the padding"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        outputs, _ = self.rnn(X)
        forward, backward = outputs.chunk(2, dim=2)
        forward = forward[torch.arange(len(X)), lengths - 1]
        return torch.cat([forward, backward[:, 0]], dim=1)


# %% BothEnds wrong "outputs at the last valid step, not packed: backward read padding and a letter"
class BothEnds(nn.Module):
    def __init__(self, kind, num_inputs, num_hiddens, num_layers=1):
        super().__init__()
        self.rnn = kind(
            num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True
        )

    def forward(self, X, lengths):
        outputs, _ = self.rnn(X)
        return outputs[torch.arange(len(X)), lengths - 1]


# %% sort_batch hints [markdown]
# 1. Lengths 2, 5, 3 are taken in the order 1, 2, 0. At which place does the old row 0
#    stand now, and where does `back` say so?
# 2. One list of row numbers sorts names, lengths and labels alike. Its inverse says of
#    each old row where it went, and can itself be had by sorting. Equal lengths keep
#    their order only in a stable sort.
# 3. The order: `argsort` of the lengths, from the top down and stable. Index the three
#    tensors by it. For the fourth, ask which places would sort the numbers of the
#    order.


# %% sort_batch right "with Python's sorted and an inverse written out"
def sort_batch(X, lengths, y):
    order = sorted(range(len(X)), key=lambda n: -int(lengths[n]))
    back = torch.empty(len(X), dtype=torch.int64)
    back[order] = torch.arange(len(X))
    return X[order], lengths[order], y[order], back


# %% sort_batch right "with sort and index_select"
def sort_batch(X, lengths, y):
    ordered, order = torch.sort(lengths, stable=True, descending=True)
    back = torch.zeros_like(order).scatter(0, order, torch.arange(len(order)))
    return X.index_select(0, order), ordered, y.index_select(0, order), back


# %% sort_batch wrong "the labels are not reordered with the names"
def sort_batch(X, lengths, y):
    order = lengths.argsort(descending=True, stable=True)
    return X[order], lengths[order], y, order.argsort()


# %% sort_batch wrong "the lengths are not reordered with the names"
def sort_batch(X, lengths, y):
    order = lengths.argsort(descending=True, stable=True)
    return X[order], lengths, y[order], order.argsort()


# %% sort_batch wrong "the names are not reordered, only what belongs to them"
def sort_batch(X, lengths, y):
    order = lengths.argsort(descending=True, stable=True)
    return X, lengths[order], y[order], order.argsort()


# %% sort_batch wrong "shortest first"
def sort_batch(X, lengths, y):
    order = lengths.argsort(stable=True)
    return X[order], lengths[order], y[order], order.argsort()


# %% sort_batch wrong "the order itself is returned where its inverse is asked"
def sort_batch(X, lengths, y):
    order = lengths.argsort(descending=True, stable=True)
    return X[order], lengths[order], y[order], order


# %% sort_batch wrong "the inverse goes the other way round"
def sort_batch(X, lengths, y):
    order = lengths.argsort(descending=True, stable=True)
    return X[order], lengths[order], y[order], order.argsort(descending=True)


# %% sort_batch wrong "names of equal length change their order"
def sort_batch(X, lengths, y):
    order = lengths.argsort(stable=True).flip(0)
    return X[order], lengths[order], y[order], order.argsort()


# %% sort_batch wrong "sorted by label"
def sort_batch(X, lengths, y):
    order = y.argsort(descending=True, stable=True)
    return X[order], lengths[order], y[order], order.argsort()


# %% sort_batch wrong "the labels are sorted by themselves"
def sort_batch(X, lengths, y):
    order = lengths.argsort(descending=True, stable=True)
    return X[order], lengths[order], y.sort()[0], order.argsort()


# %% sort_batch wrong "reversed, not sorted"
def sort_batch(X, lengths, y):
    order = torch.arange(len(X)).flip(0)
    return X[order], lengths[order], y[order], order.argsort()


# %% sort_batch wrong "the indices that undo the order are missing"
def sort_batch(X, lengths, y):
    order = lengths.argsort(descending=True, stable=True)
    return X[order], lengths[order], y[order]


# %% sort_batch wrong "the order read backwards is taken for its inverse"
def sort_batch(X, lengths, y):
    order = lengths.argsort(descending=True, stable=True)
    return X[order], lengths[order], y[order], order.flip(0)


# %% sort_batch wrong "the table is cut to the longest name"
def sort_batch(X, lengths, y):
    order = lengths.argsort(descending=True, stable=True)
    return X[order][:, : lengths.max()], lengths[order], y[order], order.argsort()


# %% pack hints [markdown]
# 1. For lengths 3 and 1, which names have a step 0, which a step 1, and which rows of
#    `X` stay out?
# 2. Packed rows go by time first, then by name. Whether a name has a step t is a
#    comparison of t with its length. All these answers make a table of true and false
#    that picks the rows and, counted, gives the batch sizes.
# 3. Numbers of steps up to the longest length, as a column, compared with the lengths:
#    (longest, N). Cut `X` to as many steps, exchange names and steps, pick by the
#    table. How many are true in each of its rows is the second result.


# %% pack right "two loops"
def pack(X, lengths):
    data, batch_sizes = [], []
    for t in range(int(lengths[0])):
        size = sum(1 for n in lengths.tolist() if n > t)
        data.extend(X[n, t] for n in range(size))
        batch_sizes.append(size)
    return torch.stack(data), torch.tensor(batch_sizes)


# %% pack right "step by step, joined"
def pack(X, lengths):
    sizes = [int((lengths > t).sum()) for t in range(int(lengths[0]))]
    data = torch.cat([X[:size, t] for t, size in enumerate(sizes)])
    return data, torch.tensor(sizes)


# %% pack wrong "name by name where it goes step by step"
def pack(X, lengths):
    steps = torch.arange(int(lengths.max()))
    running = steps[:, None] < lengths
    data = X[:, : len(steps)][running.T]
    return data, running.sum(dim=1)


# %% pack wrong "the lengths are returned as batch sizes"
def pack(X, lengths):
    steps = torch.arange(int(lengths.max()))
    running = steps[:, None] < lengths
    data = X[:, : len(steps)].transpose(0, 1)[running]
    return data, lengths


# %% pack wrong "one step too many for every name"
def pack(X, lengths):
    steps = torch.arange(int(lengths.max()))
    running = steps[:, None] <= lengths
    data = X[:, : len(steps)].transpose(0, 1)[running]
    return data, running.sum(dim=1)


# %% pack wrong "one step too few for every name"
def pack(X, lengths):
    steps = torch.arange(int(lengths.max()))
    running = steps[:, None] < lengths - 1
    data = X[:, : len(steps)].transpose(0, 1)[running]
    return data, running.sum(dim=1)


# %% pack wrong "the padding is kept"
def pack(X, lengths):
    steps = torch.arange(int(lengths.max()))
    running = torch.ones(len(steps), len(X), dtype=torch.bool)
    data = X[:, : len(steps)].transpose(0, 1)[running]
    return data, running.sum(dim=1)


# %% pack wrong "batch sizes for the whole width of the table"
def pack(X, lengths):
    steps = torch.arange(X.shape[1])
    running = steps[:, None] < lengths
    data = X[:, : len(steps)].transpose(0, 1)[running]
    return data, running.sum(dim=1)


# %% pack wrong "reshape mixes names and steps where axes must be swapped"
def pack(X, lengths):
    steps = torch.arange(int(lengths.max()))
    running = steps[:, None] < lengths
    data = X[:, : len(steps)].reshape(len(steps), *X[:, 0].shape)[running]
    return data, running.sum(dim=1)


# %% pack wrong "stops with the shortest name"
def pack(X, lengths):
    steps = torch.arange(int(lengths.min()))
    running = steps[:, None] < lengths
    data = X[:, : len(steps)].transpose(0, 1)[running]
    return data, running.sum(dim=1)


# %% pack wrong "the names of a step in reversed order"
def pack(X, lengths):
    steps = torch.arange(int(lengths.max()))
    running = steps[:, None] < lengths
    data = X[:, : len(steps)].flip(0).transpose(0, 1)[running.flip(1)]
    return data, running.sum(dim=1)


# %% pack wrong "the steps from the last to the first"
def pack(X, lengths):
    steps = torch.arange(int(lengths.max()))
    running = steps[:, None] < lengths
    data = X[:, : len(steps)].transpose(0, 1)[running].flip(0)
    return data, running.sum(dim=1)


# %% pack wrong "only the data are returned"
def pack(X, lengths):
    steps = torch.arange(int(lengths.max()))
    running = steps[:, None] < lengths
    data = X[:, : len(steps)].transpose(0, 1)[running]
    return data


# %% pack wrong "a library does the packing"
def pack(X, lengths):
    return torch._pack_padded_sequence(X, lengths, True)


# %% two_ways hints [markdown]
# 1. The backward cell comes first to the end of the table. What should its memory be
#    once it has passed the padding and not yet met a letter?
# 2. Let a cell step through all columns for all names at once, but keep its new memory
#    only for names that have a letter there; the others keep what they had. So padding
#    may hold anything.
# 3. For each cell, with its own order of steps: zeros (N, H); at each step a mask (N,
#    1) of names longer than this step, and by that mask the cell's new memory or the
#    old (`torch.where`). Join both ends, forward first.


# %% two_ways right "mirrored names and all memories kept"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    rows = torch.arange(N)
    mirror = (lengths[:, None] - 1 - torch.arange(T)).clamp(min=0)
    ends = []
    for cell, x in ((forward, X), (backward, X[rows[:, None], mirror])):
        H, kept = torch.zeros(N, cell.hidden_size), []
        for t in range(T):
            H = cell(x[:, t], H)
            kept.append(H)
        ends.append(torch.stack(kept, dim=1)[rows, lengths - 1])
    return torch.cat(ends, dim=1)


# %% two_ways right "name by name"
def two_ways(forward, backward, X, lengths):
    result = []
    for x, n in zip(X, lengths.tolist(), strict=True):
        h = g = torch.zeros(1, forward.hidden_size)
        for t in range(n):
            h = forward(x[t : t + 1], h)
            g = backward(x[n - 1 - t : n - t], g)
        result.append(torch.cat([h, g], dim=1))
    return torch.cat(result)


# %% two_ways wrong "the memories run on over the padding, in both directions"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, reversed(range(T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            H = cell(X[:, t], H)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "the backward direction starts in the padding"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, reversed(range(T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None] | (cell is backward)
            H = torch.where(running, cell(X[:, t], H), H)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "the forward direction runs on over the padding"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, reversed(range(T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None] | (cell is forward)
            H = torch.where(running, cell(X[:, t], H), H)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "both directions read from left to right"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, range(T))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None]
            H = torch.where(running, cell(X[:, t], H), H)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "both directions read from right to left"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)[::-1]), (backward, reversed(range(T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None]
            H = torch.where(running, cell(X[:, t], H), H)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "one cell serves both directions"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (forward, reversed(range(T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None]
            H = torch.where(running, cell(X[:, t], H), H)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "backward before forward"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, reversed(range(T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None]
            H = torch.where(running, cell(X[:, t], H), H)
        ends.append(H)
    return torch.cat(ends[::-1], dim=1)


# %% two_ways wrong "the two directions added, not joined"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, reversed(range(T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None]
            H = torch.where(running, cell(X[:, t], H), H)
        ends.append(H)
    return ends[0] + ends[1]


# %% two_ways wrong "stacked under each other, not side by side"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, reversed(range(T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None]
            H = torch.where(running, cell(X[:, t], H), H)
        ends.append(H)
    return torch.cat(ends, dim=0)


# %% two_ways wrong "one step too many at the end of each name"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, reversed(range(T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t <= lengths)[:, None]
            H = torch.where(running, cell(X[:, t], H), H)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "the last letter is left out"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, reversed(range(T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths - 1)[:, None]
            H = torch.where(running, cell(X[:, t], H), H)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "the memory is emptied where a name has ended"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, reversed(range(T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None]
            H = torch.where(running, cell(X[:, t], H), 0.0)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "the backward cell goes on from the forward memory"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, reversed(range(T)))]:
        H = ends[-1] if ends else X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None]
            H = torch.where(running, cell(X[:, t], H), H)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "all names run as long as the shortest"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, reversed(range(T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths.min().expand(N))[:, None]
            H = torch.where(running, cell(X[:, t], H), H)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "the padding is set to zero, and read"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, reversed(range(T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None]
            H = cell(X[:, t] * running, H)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "the first step is skipped"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(1, T)), (backward, reversed(range(1, T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None]
            H = torch.where(running, cell(X[:, t], H), H)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "the memories start at one"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, reversed(range(T)))]:
        H = X.new_ones(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None]
            H = torch.where(running, cell(X[:, t], H), H)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "each step starts from 0: the memory is not handed on"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, reversed(range(T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None]
            H = torch.where(running, cell(X[:, t]), H)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "the backward direction leaves out the first letter"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, range(T - 1, 0, -1))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None]
            H = torch.where(running, cell(X[:, t], H), H)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "the mask the wrong way round: only the padding is read"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, steps in [(forward, range(T)), (backward, reversed(range(T)))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in steps:
            running = (t < lengths)[:, None]
            H = torch.where(running, H, cell(X[:, t], H))
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "the table is mirrored whole, so the padding comes to the front"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    ends = []
    for cell, x in [(forward, X), (backward, X.flip(1))]:
        H = X.new_zeros(N, cell.hidden_size)
        for t in range(T):
            running = (t < lengths)[:, None]
            H = torch.where(running, cell(x[:, t], H), H)
        ends.append(H)
    return torch.cat(ends, dim=1)


# %% two_ways wrong "the backward direction reads the last letter alone"
def two_ways(forward, backward, X, lengths):
    N, T, _ = X.shape
    H = X.new_zeros(N, forward.hidden_size)
    back = backward(X[torch.arange(N), lengths - 1], H)
    for t in range(T):
        H = torch.where((t < lengths)[:, None], forward(X[:, t], H), H)
    return torch.cat([H, back], dim=1)


# %% confusion_matrix hints [markdown]
# 1. A name of Italy and Kenya is answered with Spain: which rows, which column, and how
#    much in each? And if it is answered with Kenya?
# 2. A country's name is no index: first find each one's place in the list that you were
#    given. For each name decide which rows it adds to: the answer's alone, or those of
#    all its homes.
# 3. A dictionary from country to place; K x K zeros; both lists side by side. With
#    `rows` the countries that share the 1, each gets one part of `len(rows)`, in the
#    column of the answer.


# %% confusion_matrix right "with one-hot vectors"
def confusion_matrix(homes, answers, countries):
    matrix = torch.zeros(len(countries), len(countries))
    for own, answer in zip(homes, answers, strict=True):
        column = torch.tensor([float(c == answer) for c in countries])
        row = torch.tensor([float(c in own) for c in countries])
        row = column if answer in own else row / row.sum()
        matrix += row[:, None] * column
    return matrix


# %% confusion_matrix right "cell by cell"
def confusion_matrix(homes, answers, countries):
    pairs = list(zip(homes, answers, strict=True))

    def cell(home, answer):
        if home == answer:
            return float(sum(answer == b and home in own for own, b in pairs))
        shares = (
            1 / len(own)
            for own, b in pairs
            if b == answer and b not in own
            if home in own
        )
        return float(sum(shares))

    return torch.tensor([[cell(a, b) for b in countries] for a in countries])


# %% confusion_matrix wrong "rows and columns exchanged: the answer picks the row"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[answer], place[home]] += 1 / len(rows)
    return matrix


# %% confusion_matrix wrong "a wrong answer counts whole in each of the homes"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += 1
    return matrix


# %% confusion_matrix wrong "a right answer is shared among all homes"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix


# %% confusion_matrix wrong "only the first home counts"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = own[:1]
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix


# %% confusion_matrix wrong "only the first home counts, if the answer is none of them"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own[:1]
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix


# %% confusion_matrix wrong "names with several homes are left out"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = own if len(own) == 1 else []
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix


# %% confusion_matrix wrong "a right answer counts, and the other homes get their share too"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = own
        for home in rows:
            matrix[place[home], place[answer]] += 1 if home == answer else 1 / len(own)
    return matrix


# %% confusion_matrix wrong "every part is a half"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += 1 if len(rows) == 1 else 0.5
    return matrix


# %% confusion_matrix wrong "the answer counts as one home more"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / (len(rows) + (answer not in rows))
    return matrix


# %% confusion_matrix wrong "each pair counts once, however often it occurs"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] = 1 / len(rows)
    return matrix


# %% confusion_matrix wrong "only the right answers are counted"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += (home == answer) / len(rows)
    return matrix


# %% confusion_matrix wrong "only the errors are counted"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += (home != answer) / len(rows)
    return matrix


# %% confusion_matrix wrong "shares of the row, not numbers"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix / matrix.sum(dim=1, keepdim=True)


# %% confusion_matrix wrong "shares of all, not numbers"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix / matrix.sum()


# %% confusion_matrix wrong "whole numbers: int64 has no place for parts"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K, dtype=torch.int64)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += int(1 / len(rows))
    return matrix


# %% confusion_matrix wrong "in alphabetical order, not in the order given"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(sorted(countries))}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix


# %% confusion_matrix wrong "countries that never occur have no row"
def confusion_matrix(homes, answers, countries):
    there = {*answers}.union(*homes)
    countries = [country for country in countries if country in there]
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix


# %% confusion_matrix wrong "both orders of a pair are counted"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix + matrix.T


# %% confusion_matrix wrong "starts at one in every cell"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.ones(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix


# %% confusion_matrix wrong "utils.metrics does the work"
def confusion_matrix(homes, answers, countries):
    from utils import metrics

    matrix, K = 0, len(countries)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        y = torch.tensor([countries.index(home) for home in rows])
        y_hat = torch.full_like(y, countries.index(answer))
        matrix = matrix + metrics.confusion_matrix(y_hat, y, K) / len(rows)
    return matrix


# %% confusion_matrix wrong "only the last home counts"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = own[-1:]
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix


# %% confusion_matrix wrong "only the last home counts, if the answer is none of them"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own[-1:]
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix


# %% confusion_matrix wrong "an answer counts as right only if it is the first home"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer == own[0] else own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix


# %% confusion_matrix wrong "each name counts once in each of its homes"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = own
        for home in rows:
            matrix[place[home], place[answer]] += 1
    return matrix


# %% confusion_matrix wrong "a right answer counts twice: whole, and shared"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows) + (home == answer)
    return matrix


# %% confusion_matrix wrong "a wrong answer adds nothing, if the name has several homes"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own * (len(own) == 1)
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix


# %% confusion_matrix wrong "shares of the column, not numbers"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix / matrix.sum(dim=0).clamp(min=1)


# %% confusion_matrix wrong "a part is 1 / K: shared by all countries"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / K if answer not in own else 1
    return matrix


# %% confusion_matrix wrong "returned after the first name"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
        return matrix


# %% confusion_matrix wrong "the last name is left out"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in [*zip(homes, answers, strict=True)][:-1]:
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix


# %% confusion_matrix wrong "the first name is left out"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {c: k for k, c in enumerate(countries)}
    matrix = torch.zeros(K, K)
    for own, answer in [*zip(homes, answers, strict=True)][1:]:
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix


# %% confusion_matrix wrong "in the order in which they occur, not in the order given"
def confusion_matrix(homes, answers, countries):
    K, place = len(countries), {}
    for country in [*sum(homes, []), *answers]:
        place.setdefault(country, len(place))
    matrix = torch.zeros(K, K)
    for own, answer in zip(homes, answers, strict=True):
        rows = [answer] if answer in own else own
        for home in rows:
            matrix[place[home], place[answer]] += 1 / len(rows)
    return matrix


# %% confusion_matrix equivalent "homes and answers have one length: of each name both"
# for own, answer in zip(homes, answers, strict=True): -> for own, answer in zip(homes, answers):
# for own, answer in zip(homes, answers, strict=True): -> for own, answer in zip(homes, answers, strict=False):


# %% BothEnds equivalent "packed data have no batch axis that could be first"
# self.rnn = kind(num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True) -> self.rnn = kind(num_inputs, num_hiddens, num_layers, batch_first=False, bidirectional=True)
# self.rnn = kind(num_inputs, num_hiddens, num_layers, batch_first=True, bidirectional=True) -> self.rnn = kind(num_inputs, num_hiddens, num_layers, bidirectional=True)


# %% pack equivalent "transpose takes its two axes in any order"
# data = X[:, :len(steps)].transpose(0, 1)[running] -> data = X[:, :len(steps)].transpose(1, 0)[running]
