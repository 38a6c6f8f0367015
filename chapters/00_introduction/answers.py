# %% fires hints [markdown]
# 1. For the example in the text, how much is the vote before you compare it with
#    anything, and does it hold all three parts: voltage, current, bias?
# 2. First finish the vote, bias included. Only then ask whether it reaches the
#    threshold; equal is enough. A comparison is already `True` or `False`.
# 3. One line: return the sum of two products and the bias, compared with the threshold.


# %% fires right "with an if"
def fires(voltage, current, w1, w2, b, threshold):
    vote = b + voltage * w1 + current * w2
    if vote < threshold:
        return False
    return True


# %% fires right "the vote against minus the threshold"
def fires(voltage, current, w1, w2, b, threshold):
    inputs, weights = [voltage, current, 1], [w1, w2, b]
    vote = sum(w * x for w, x in zip(weights, inputs, strict=True))
    return not vote < threshold


# %% fires wrong "the threshold is compared before the bias is added"
def fires(voltage, current, w1, w2, b, threshold):
    fired = w1 * voltage + w2 * current >= threshold
    return fired and fired + b > 0


# %% fires wrong "a vote that just reaches the threshold is refused"
def fires(voltage, current, w1, w2, b, threshold):
    return w1 * voltage + w2 * current + b > threshold


# %% fires wrong "the bias is taken off where it should be added"
def fires(voltage, current, w1, w2, b, threshold):
    return w1 * voltage + w2 * current - b >= threshold


# %% fires wrong "each weight is given to the other input"
def fires(voltage, current, w1, w2, b, threshold):
    return w1 * current + w2 * voltage + b >= threshold


# %% fires wrong "the vote is returned, not the decision"
def fires(voltage, current, w1, w2, b, threshold):
    return w1 * voltage + w2 * current + b


# %% fires wrong "the threshold is not used: 0 is in its place"
def fires(voltage, current, w1, w2, b, threshold):
    return w1 * voltage + w2 * current + b >= 0


# %% fires wrong "the comparison points the wrong way"
def fires(voltage, current, w1, w2, b, threshold):
    return w1 * voltage + w2 * current + b <= threshold


# %% fires wrong "the bias is added to an input and weighted with it"
def fires(voltage, current, w1, w2, b, threshold):
    return w1 * (voltage + b) + w2 * current >= threshold


# %% fires wrong "the inputs are added before they are weighted"
def fires(voltage, current, w1, w2, b, threshold):
    return (w1 + w2) * (voltage + current) + b >= threshold


# %% fires wrong "the decision is a number, 1 or 0"
def fires(voltage, current, w1, w2, b, threshold):
    return 1 if w1 * voltage + w2 * current + b >= threshold else 0


# %% fires wrong "the rule of the lecture, above 0, in place of this threshold"
def fires(voltage, current, w1, w2, b, threshold):
    return w1 * voltage + w2 * current + b > 0


# %% fires wrong "nothing is returned: it is computed or printed only"
def fires(voltage, current, w1, w2, b, threshold):
    w1 * voltage + w2 * current + b >= threshold


# %% split_examples hints [markdown]
# 1. In the second row of the first test the keys come in another order. Which column
#    would its voltage land in if you just took the values as they come?
# 2. Note the order once, from the first row, without the label. Then fetch each
#    feature of each row by its key. Whether a row is kept depends on its label being
#    `None`, and a label of 0 is a label.
# 3. Three lists: the columns; the rows that have a label; and for each of these the
#    values in the order of the columns. The labels are one more list over the same
#    rows.


# %% split_examples right "with loops"
def split_examples(rows, label):
    columns = list(rows[0])
    columns.remove(label)
    X, y = [], []
    for row in rows:
        if row[label] is None:
            continue
        X.append([row[column] for column in columns])
        y.append(row[label])
    return X, y


# %% split_examples right "copies of the rows"
def split_examples(rows, label):
    order = [key for key in rows[0].keys() if key != label]
    X, y = [], []
    for row in rows:
        copy = dict(row)
        value = copy.pop(label)
        if value is not None:
            X += [[copy[key] for key in order]]
            y += [value]
    return X, y


# %% split_examples wrong "values taken as they come, so that columns are mixed up"
def split_examples(rows, label):
    kept = [row for row in rows if row[label] is not None]
    X = [[v for k, v in row.items() if k != label] for row in kept]
    return X, [row[label] for row in kept]


# %% split_examples wrong "the label is still among the features: it gives itself away"
def split_examples(rows, label):
    kept = [row for row in rows if row[label] is not None]
    return [[row[k] for k in rows[0]] for row in kept], [row[label] for row in kept]


# %% split_examples wrong "a label of 0 is taken for a missing one"
def split_examples(rows, label):
    columns = [k for k in rows[0] if k != label]
    kept = [row for row in rows if row[label]]
    return [[row[k] for k in columns] for row in kept], [row[label] for row in kept]


# %% split_examples wrong "rows without a label are kept"
def split_examples(rows, label):
    columns = [k for k in rows[0] if k != label]
    return [[row[k] for k in columns] for row in rows], [row[label] for row in rows]


# %% split_examples wrong "the columns are sorted by name"
def split_examples(rows, label):
    columns = sorted(k for k in rows[0] if k != label)
    kept = [row for row in rows if row[label] is not None]
    return [[row[k] for k in columns] for row in kept], [row[label] for row in kept]


# %% split_examples wrong "labels are left out, their features are not"
def split_examples(rows, label):
    columns = [k for k in rows[0] if k != label]
    X = [[row[k] for k in columns] for row in rows]
    return X, [row[label] for row in rows if row[label] is not None]


# %% split_examples wrong "`rows` is changed in place"
def split_examples(rows, label):
    columns = [k for k in rows[0] if k != label]
    y = [row.pop(label) for row in rows]
    X = [[row[k] for k in columns] for row in rows]
    X = [x for x, value in zip(X, y, strict=True) if value is not None]
    return X, [value for value in y if value is not None]


# %% split_examples wrong "columns where rows are asked"
def split_examples(rows, label):
    columns = [k for k in rows[0] if k != label]
    kept = [row for row in rows if row[label] is not None]
    return [[row[k] for row in kept] for k in columns], [row[label] for row in kept]


# %% split_examples wrong "each label in a list of its own"
def split_examples(rows, label):
    columns = [k for k in rows[0] if k != label]
    kept = [row for row in rows if row[label] is not None]
    return [[row[k] for k in columns] for row in kept], [[row[label]] for row in kept]


# %% split_examples wrong "features and labels are swapped"
def split_examples(rows, label):
    columns = [k for k in rows[0] if k != label]
    kept = [row for row in rows if row[label] is not None]
    return [row[label] for row in kept], [[row[k] for k in columns] for row in kept]


# %% kinds_of_problem hints [markdown]
# 1. For each task, write down one possible answer. Is it a number, one name, several
#    names, an order, a text, a group without a name?
# 2. Several answers that may all be true at once are never one of many. Groups that
#    nobody has named can't be classes. And a task without a right answer for each step,
#    only a reward at the end, has a kind of its own.
# 3. Seven kinds for ten tasks: regression, classification and tagging come twice each,
#    the others once.


# %% kinds_of_problem right "grouped by kind"
def kinds_of_problem():
    tasks = {
        "regression": ["price", "age"],
        "classification": ["digit", "spam"],
        "tagging": ["photo", "genes"],
        "clustering": ["sort"],
        "ranking": ["film"],
        "sequence": ["subtitle"],
        "reinforcement": ["chess"],
    }
    return {task: kind for kind, names in tasks.items() for task in names}


# %% kinds_of_problem wrong "a number to be predicted is called one of many names"
def kinds_of_problem():
    first = dict(price="classification", digit="classification", photo="tagging")
    second = dict(sort="clustering", film="ranking", subtitle="sequence")
    third = dict(spam="classification", chess="reinforcement", age="regression")
    return first | second | third | {"genes": "tagging"}


# %% kinds_of_problem wrong "names that are digits are taken for a quantity"
def kinds_of_problem():
    first = dict(price="regression", digit="regression", photo="tagging")
    second = dict(sort="clustering", film="ranking", subtitle="sequence")
    third = dict(spam="classification", chess="reinforcement", age="regression")
    return first | second | third | {"genes": "tagging"}


# %% kinds_of_problem wrong "several labels treated as one of many"
def kinds_of_problem():
    first = dict(price="regression", digit="classification", photo="classification")
    second = dict(sort="clustering", film="ranking", subtitle="sequence")
    third = dict(spam="classification", chess="reinforcement", age="regression")
    return first | second | third | {"genes": "tagging"}


# %% kinds_of_problem wrong "a set of words taken for a sentence"
def kinds_of_problem():
    first = dict(price="regression", digit="classification", photo="sequence")
    second = dict(sort="clustering", film="ranking", subtitle="sequence")
    third = dict(spam="classification", chess="reinforcement", age="regression")
    return first | second | third | {"genes": "tagging"}


# %% kinds_of_problem wrong "clustering called classification: nobody has named classes"
def kinds_of_problem():
    first = dict(price="regression", digit="classification", photo="tagging")
    second = dict(sort="classification", film="ranking", subtitle="sequence")
    third = dict(spam="classification", chess="reinforcement", age="regression")
    return first | second | third | {"genes": "tagging"}


# %% kinds_of_problem wrong "to sort into groups taken for to put in order"
def kinds_of_problem():
    first = dict(price="regression", digit="classification", photo="tagging")
    second = dict(sort="ranking", film="ranking", subtitle="sequence")
    third = dict(spam="classification", chess="reinforcement", age="regression")
    return first | second | third | {"genes": "tagging"}


# %% kinds_of_problem wrong "an order of things taken for a sequence to be written"
def kinds_of_problem():
    first = dict(price="regression", digit="classification", photo="tagging")
    second = dict(sort="clustering", film="sequence", subtitle="sequence")
    third = dict(spam="classification", chess="reinforcement", age="regression")
    return first | second | third | {"genes": "tagging"}


# %% kinds_of_problem wrong "an order taken for a yes or no on each item"
def kinds_of_problem():
    first = dict(price="regression", digit="classification", photo="tagging")
    second = dict(sort="clustering", film="classification", subtitle="sequence")
    third = dict(spam="classification", chess="reinforcement", age="regression")
    return first | second | third | {"genes": "tagging"}


# %% kinds_of_problem wrong "the words of a text taken for tags without an order"
def kinds_of_problem():
    first = dict(price="regression", digit="classification", photo="tagging")
    second = dict(sort="clustering", film="ranking", subtitle="tagging")
    third = dict(spam="classification", chess="reinforcement", age="regression")
    return first | second | third | {"genes": "tagging"}


# %% kinds_of_problem wrong "a whole text taken for one name out of many"
def kinds_of_problem():
    first = dict(price="regression", digit="classification", photo="tagging")
    second = dict(sort="clustering", film="ranking", subtitle="classification")
    third = dict(spam="classification", chess="reinforcement", age="regression")
    return first | second | third | {"genes": "tagging"}


# %% kinds_of_problem wrong "one yes-or-no question taken for many tags"
def kinds_of_problem():
    first = dict(price="regression", digit="classification", photo="tagging")
    second = dict(sort="clustering", film="ranking", subtitle="sequence")
    third = dict(spam="tagging", chess="reinforcement", age="regression")
    return first | second | third | {"genes": "tagging"}


# %% kinds_of_problem wrong "won or lost taken for a label of each move"
def kinds_of_problem():
    first = dict(price="regression", digit="classification", photo="tagging")
    second = dict(sort="clustering", film="ranking", subtitle="sequence")
    third = dict(spam="classification", chess="classification", age="regression")
    return first | second | third | {"genes": "tagging"}


# %% kinds_of_problem wrong "a number of years taken for a name of a class"
def kinds_of_problem():
    first = dict(price="regression", digit="classification", photo="tagging")
    second = dict(sort="clustering", film="ranking", subtitle="sequence")
    third = dict(spam="classification", chess="reinforcement", age="classification")
    return first | second | third | {"genes": "tagging"}


# %% kinds_of_problem wrong "many yes-or-no answers at once taken for one of many"
def kinds_of_problem():
    first = dict(price="regression", digit="classification", photo="tagging")
    second = dict(sort="clustering", film="ranking", subtitle="sequence")
    third = dict(spam="classification", chess="reinforcement", age="regression")
    return first | second | third | {"genes": "classification"}


# %% kinds_of_problem wrong "a score for each item taken for the order that is asked"
def kinds_of_problem():
    first = dict(price="regression", digit="classification", photo="tagging")
    second = dict(sort="clustering", film="regression", subtitle="sequence")
    third = dict(spam="classification", chess="reinforcement", age="regression")
    return first | second | third | {"genes": "tagging"}


# %% kinds_of_problem wrong "moves one after another, told by a reward, taken for one text"
def kinds_of_problem():
    first = dict(price="regression", digit="classification", photo="tagging")
    second = dict(sort="clustering", film="ranking", subtitle="sequence")
    third = dict(spam="classification", chess="sequence", age="regression")
    return first | second | third | {"genes": "tagging"}


# %% kinds_of_problem wrong "many answers at once taken for answers in an order"
def kinds_of_problem():
    first = dict(price="regression", digit="classification", photo="tagging")
    second = dict(sort="clustering", film="ranking", subtitle="sequence")
    third = dict(spam="classification", chess="reinforcement", age="regression")
    return first | second | third | {"genes": "sequence"}


# %% voltages hints [markdown]
# 1. Which of the readings in the example cell is not a voltage, and what does
#    `isinstance(True, int)` say?
# 2. A kind derived from another one counts as it. That is wanted for NumPy's numbers,
#    which derive from `float`, and not for the truth values, which derive from `int`.
#    So ask two questions about each reading.
# 3. The loop stays as it is. Its condition gets a second part, which refuses the kind
#    that slipped in.


# %% voltages right "bool refused first"
def voltages(readings):
    kept = []
    for reading in readings:
        if isinstance(reading, bool):
            continue
        if isinstance(reading, (int, float)):
            kept.append(float(reading))
    return kept


# %% voltages right "exactly int, or derived from float"
def voltages(readings):
    return [float(r) for r in readings if type(r) is int or isinstance(r, float)]


# %% voltages wrong "isinstance thought exact: a kind that is derived from int slips in"
def voltages(readings):
    kept = []
    for reading in readings:
        if isinstance(reading, (int, float)):
            kept.append(float(reading))
    return kept


# %% voltages wrong "only exact kinds are kept, so a kind derived from float is lost"
def voltages(readings):
    return [float(r) for r in readings if type(r) in (int, float)]


# %% voltages wrong "whole numbers are thrown out with the truth values"
def voltages(readings):
    return [float(r) for r in readings if isinstance(r, float)]


# %% voltages wrong "a text that looks like a number is taken for one"
def voltages(readings):
    kept = []
    for reading in readings:
        try:
            if not isinstance(reading, bool):
                kept.append(float(reading))
        except (TypeError, ValueError):
            pass
    return kept


# %% voltages wrong "assert thought to be control flow: it ends the program, skips nothing"
def voltages(readings):
    kept = []
    for reading in readings:
        assert isinstance(reading, int | float) and not isinstance(reading, bool)
        kept.append(float(reading))
    return kept


# %% voltages wrong "the rest is lost after the first reading that is none"
def voltages(readings):
    kept = []
    for reading in readings:
        if isinstance(reading, bool) or not isinstance(reading, int | float):
            break
        kept.append(float(reading))
    return kept


# %% voltages wrong "what is no number becomes 0 instead of being skipped"
def voltages(readings):
    def is_number(r):
        return isinstance(r, int | float) and not isinstance(r, bool)

    return [float(r) if is_number(r) else 0.0 for r in readings]


# %% voltages wrong "only False is refused, as if it were every bool"
def voltages(readings):
    return [float(r) for r in readings if isinstance(r, int | float) and r is not False]


# %% voltages wrong "isinstance thought exact: what derives from int is kept, too"
def voltages(readings):
    return [r for r in readings if isinstance(r, int | float)]


# %% voltages wrong "only True is refused, False stays"
def voltages(readings):
    return [r for r in readings if isinstance(r, int | float) and r is not True]


# %% voltages wrong "only True is refused, False becomes 0"
def voltages(readings):
    return [float(r) for r in readings if isinstance(r, int | float) and r is not True]


# %% voltages wrong "a reading of 0 is dropped as if it were none"
def voltages(readings):
    kept = [r for r in readings if r and isinstance(r, int | float)]
    return [float(r) for r in kept if not isinstance(r, bool)]


# %% voltages wrong "a None is turned into a number, which is an error"
def voltages(readings):
    return [float(r) for r in readings if not isinstance(r, bool | str)]


# %% join_inside hints [markdown]
# 1. What does `str` of a `PureWindowsPath` look like, and what becomes of a folder when
#    you join it with a part that begins at the root?
# 2. Choose the kind of path first. A path object joins with its own operator and knows
#    its separator, so you write none. Ask each part for its `anchor` before you join;
#    an empty text counts as false.
# 3. A loop over the parts: make a path of the part, raise the error if its anchor isn't
#    empty, join. At the end turn the path into text.


# %% join_inside right "checked first, joined at once"
def join_inside(folder, *parts, windows=False):
    kind = PurePosixPath
    if windows:
        kind = PureWindowsPath
    if any(kind(part).anchor != "" for part in parts):
        raise ValueError("a part has an anchor")
    return str(kind(folder, *parts))


# %% join_inside right "with joinpath and drive and root"
def join_inside(folder, *parts, windows=False):
    kind = {True: PureWindowsPath, False: PurePosixPath}[bool(windows)]
    path = kind(folder)
    for part in map(kind, parts):
        if part.drive or part.root:
            raise ValueError(str(part))
        path = path.joinpath(part)
    return f"{path}"


# %% join_inside wrong "joined with / in any case, which isn't right on every system"
def join_inside(folder, *parts, windows=False):
    for part in parts:
        if part[:1] == "/":
            raise ValueError(part)
    return "/".join([folder, *parts])


# %% join_inside wrong "text glued together without any separator"
def join_inside(folder, *parts, windows=False):
    return folder + "".join(parts)


# %% join_inside wrong "an absolute part discards the folder, and nobody is told"
def join_inside(folder, *parts, windows=False):
    kind = PureWindowsPath if windows else PurePosixPath
    return str(kind(folder).joinpath(*parts))


# %% join_inside wrong "the way of writing is that of the other system"
def join_inside(folder, *parts, windows=False):
    kind = PurePosixPath if windows else PureWindowsPath
    for part in parts:
        if kind(part).anchor:
            raise ValueError(part)
    return str(kind(folder, *parts))


# %% join_inside wrong "the folder, too, is refused when it begins at the root"
def join_inside(folder, *parts, windows=False):
    kind = PureWindowsPath if windows else PurePosixPath
    for part in (folder, *parts):
        if kind(part).anchor:
            raise ValueError(part)
    return str(kind(folder, *parts))


# %% join_inside wrong "the root of a part is cut off where an error is asked"
def join_inside(folder, *parts, windows=False):
    kind = PureWindowsPath if windows else PurePosixPath
    return str(kind(folder, *(part.lstrip("/\\") for part in parts)))


# %% join_inside wrong "only the first part is joined"
def join_inside(folder, *parts, windows=False):
    kind = PureWindowsPath if windows else PurePosixPath
    for part in parts[:1]:
        if kind(part).anchor:
            raise ValueError(part)
    return str(kind(folder, *parts[:1]))


# %% join_inside wrong "a path object where text is asked"
def join_inside(folder, *parts, windows=False):
    kind = PureWindowsPath if windows else PurePosixPath
    for part in parts:
        if kind(part).anchor:
            raise ValueError(part)
    return kind(folder, *parts)


# %% join_inside wrong "assert used to refuse: another error, and gone under python -O"
def join_inside(folder, *parts, windows=False):
    kind = PureWindowsPath if windows else PurePosixPath
    for part in parts:
        assert not kind(part).anchor
    return str(kind(folder, *parts))


# %% join_inside wrong "is_absolute asked on Windows, where a root without a drive is not"
def join_inside(folder, *parts, windows=False):
    kind = PureWindowsPath if windows else PurePosixPath
    for part in parts:
        if kind(part).is_absolute():
            raise ValueError(part)
    return str(kind(folder, *parts))


# %% join_inside wrong "text glued together: nobody notices where a part begins"
def join_inside(folder, *parts, windows=False):
    return ("\\" if windows else "/").join([folder, *parts])


# %% join_inside wrong "text glued together by hand: a drive isn't noticed"
def join_inside(folder, *parts, windows=False):
    separator = "\\" if windows else "/"
    for part in parts:
        if part.startswith(separator):
            raise ValueError(part)
    return separator.join([folder, *parts])


# %% join_inside wrong "only the first part is checked"
def join_inside(folder, *parts, windows=False):
    kind = PureWindowsPath if windows else PurePosixPath
    for part in parts[:1]:
        if kind(part).anchor:
            raise ValueError(part)
    return str(kind(folder, *parts))


# %% join_inside wrong "where a part begins is asked by the rules of one system only"
def join_inside(folder, *parts, windows=False):
    kind = PureWindowsPath if windows else PurePosixPath
    for part in parts:
        if PurePosixPath(part).anchor:
            raise ValueError(part)
    return str(kind(folder, *parts))


# %% firing hints [markdown]
# 1. A feature goes from 1 to 3 and its weight is -2. At which end of the range is its
#    part of the vote the largest?
# 2. Each feature can be chosen by itself, so the largest vote is the sum of the largest
#    parts, and the smallest vote the sum of the smallest. Two sums answer the question.
#    A vote of exactly 0 doesn't fire.
# 3. For each feature two products, one at each end. Add up the larger ones with the
#    bias, and the smaller ones with the bias. If the first sum is not above 0: never.
#    If even the second is: always.


# %% firing right "ends chosen by the sign of the weight"
def firing(weights, b, lows, highs):
    highest = lowest = b
    for w, low, high in zip(weights, lows, highs, strict=True):
        highest += w * (high if w > 0 else low)
        lowest += w * (low if w > 0 else high)
    if lowest > 0:
        return "always"
    return "sometimes" if highest > 0 else "never"


# %% firing right "every corner of the box"
def firing(weights, b, lows, highs):
    votes = [b]
    for w, low, high in zip(weights, lows, highs, strict=True):
        votes = [vote + w * end for vote in votes for end in (low, high)]
    fired = [vote > 0 for vote in votes]
    return "always" if all(fired) else "sometimes" if any(fired) else "never"


# %% firing wrong "the signs of the weights are ignored: upper ends give the most"
def firing(weights, b, lows, highs):
    highest = b + sum(w * high for w, high in zip(weights, highs, strict=True))
    lowest = b + sum(w * low for w, low in zip(weights, lows, strict=True))
    if highest <= 0:
        return "never"
    return "always" if lowest > 0 else "sometimes"


# %% firing wrong "only two corners are tried, all low and all high"
def firing(weights, b, lows, highs):
    votes = [
        b + sum(w * x for w, x in zip(weights, ends, strict=True))
        for ends in (lows, highs)
    ]
    fired = [vote > 0 for vote in votes]
    return "always" if all(fired) else "sometimes" if any(fired) else "never"


# %% firing wrong "a vote of exactly 0 is counted as firing"
def firing(weights, b, lows, highs):
    highest = lowest = b
    for w, low, high in zip(weights, lows, highs, strict=True):
        highest += max(w * low, w * high)
        lowest += min(w * low, w * high)
    if highest < 0:
        return "never"
    return "always" if lowest >= 0 else "sometimes"


# %% firing wrong "the bias is left out"
def firing(weights, b, lows, highs):
    ends = [(w * lo, w * hi) for w, lo, hi in zip(weights, lows, highs, strict=True)]
    if sum(max(pair) for pair in ends) <= 0:
        return "never"
    return "always" if sum(min(pair) for pair in ends) > 0 else "sometimes"


# %% firing wrong "only the middle of the ranges is tried"
def firing(weights, b, lows, highs):
    middle = [(low + high) / 2 for low, high in zip(lows, highs, strict=True)]
    vote = b + sum(w * x for w, x in zip(weights, middle, strict=True))
    return "always" if vote > 0 else "never"


# %% firing wrong "never and always are mixed up"
def firing(weights, b, lows, highs):
    ends = [(w * lo, w * hi) for w, lo, hi in zip(weights, lows, highs, strict=True)]
    if b + sum(max(pair) for pair in ends) <= 0:
        return "always"
    return "never" if b + sum(min(pair) for pair in ends) > 0 else "sometimes"


# %% firing wrong "the case that it always fires is forgotten"
def firing(weights, b, lows, highs):
    ends = [(w * lo, w * hi) for w, lo, hi in zip(weights, lows, highs, strict=True)]
    return "never" if b + sum(max(pair) for pair in ends) <= 0 else "sometimes"


# %% firing wrong "the bias is taken off, as if it were the threshold"
def firing(weights, b, lows, highs):
    ends = [(w * lo, w * hi) for w, lo, hi in zip(weights, lows, highs, strict=True)]
    if sum(max(pair) for pair in ends) <= b:
        return "never"
    return "always" if sum(min(pair) for pair in ends) > b else "sometimes"


# %% firing wrong "told from the sum of the weights, without the inputs"
def firing(weights, b, lows, highs):
    if sum(weights) < 0:
        return "never"
    return "always" if sum(weights) > 0 else "sometimes"


# %% firing wrong "a highest vote of exactly 0 is counted as firing"
def firing(weights, b, lows, highs):
    ends = [(w * lo, w * hi) for w, lo, hi in zip(weights, lows, highs, strict=True)]
    if b + sum(max(pair) for pair in ends) < 0:
        return "never"
    return "always" if b + sum(min(pair) for pair in ends) > 0 else "sometimes"


# %% firing wrong "a lowest vote of exactly 0 is counted as firing"
def firing(weights, b, lows, highs):
    ends = [(w * lo, w * hi) for w, lo, hi in zip(weights, lows, highs, strict=True)]
    if b + sum(max(pair) for pair in ends) <= 0:
        return "never"
    return "always" if b + sum(min(pair) for pair in ends) >= 0 else "sometimes"


# %% firing wrong "the bias is added once for each feature"
def firing(weights, b, lows, highs):
    ends = [(w * lo, w * hi) for w, lo, hi in zip(weights, lows, highs, strict=True)]
    if sum(max(pair) + b for pair in ends) <= 0:
        return "never"
    return "always" if sum(min(pair) + b for pair in ends) > 0 else "sometimes"


# %% firing wrong "each feature judged by itself, though the votes are added up"
def firing(weights, b, lows, highs):
    ends = [(w * lo, w * hi) for w, lo, hi in zip(weights, lows, highs, strict=True)]
    if all(max(pair) + b <= 0 for pair in ends):
        return "never"
    return "always" if all(min(pair) + b > 0 for pair in ends) else "sometimes"


# %% firing wrong "negative weights thought never to fire, whatever the inputs"
def firing(weights, b, lows, highs):
    ends = [(w * lo, w * hi) for w, lo, hi in zip(weights, lows, highs, strict=True)]
    if max(weights, default=1) < 0 and b <= 0 or b + sum(map(max, ends)) <= 0:
        return "never"
    return "always" if b + sum(map(min, ends)) > 0 else "sometimes"


# %% firing equivalent "the prompt promises lists of equal length"
# ends = [(w * low, w * high) for w, low, high in zip(weights, lows, highs, strict=True)] -> ends = [(w * low, w * high) for w, low, high in zip(weights, lows, highs)]
# ends = [(w * low, w * high) for w, low, high in zip(weights, lows, highs, strict=True)] -> ends = [(w * low, w * high) for w, low, high in zip(weights, lows, highs, strict=False)]


# %% balanced_accuracy hints [markdown]
# 1. Which classes occur among the truths of the first test, and of how many examples is
#    the share of each taken?
# 2. Go class by class. Look only at the examples whose truth is this class, and ask
#    which share of them was called by its name. Then each class counts once, however
#    rare.
# 3. A loop over the different labels in `y`. In it, the guesses for one class; the
#    share of them that are right goes into a list. The result is the mean of the list.


# %% balanced_accuracy right "with counts"
def balanced_accuracy(y_hat, y):
    size, found = {}, {}
    for guess, true in zip(y_hat, y, strict=True):
        size[true] = size.get(true, 0) + 1
        found[true] = found.get(true, 0) + (guess == true)
    return sum(found[label] / size[label] for label in size) / len(size)


# %% balanced_accuracy right "weights of the examples"
def balanced_accuracy(y_hat, y):
    right = [true for guess, true in zip(y_hat, y, strict=True) if guess == true]
    return sum(1 / y.count(true) for true in right) / len(set(y))


# %% balanced_accuracy wrong "the plain accuracy: a frequent class counts more"
def balanced_accuracy(y_hat, y):
    return sum(g == t for g, t in zip(y_hat, y, strict=True)) / len(y)


# %% balanced_accuracy wrong "shares of what was called so, not of what is so: precision"
def balanced_accuracy(y_hat, y):
    shares = []
    for label in set(y):
        true = [t for g, t in zip(y_hat, y, strict=True) if g == label]
        shares.append(true.count(label) / len(true) if true else 0.0)
    return sum(shares) / len(shares)


# %% balanced_accuracy wrong "classes that occur in y_hat alone are counted, with 0"
def balanced_accuracy(y_hat, y):
    shares = []
    for label in set(y) | set(y_hat):
        said = [g for g, t in zip(y_hat, y, strict=True) if t == label]
        shares.append(said.count(label) / len(said) if said else 0.0)
    return sum(shares) / len(shares)


# %% balanced_accuracy wrong "divided by two, as if there were always two classes"
def balanced_accuracy(y_hat, y):
    shares = []
    for label in set(y):
        said = [g for g, t in zip(y_hat, y, strict=True) if t == label]
        shares.append(said.count(label) / len(said))
    return sum(shares) / 2


# %% balanced_accuracy wrong "the recalls are added up, not averaged"
def balanced_accuracy(y_hat, y):
    total = 0.0
    for label in set(y):
        said = [g for g, t in zip(y_hat, y, strict=True) if t == label]
        total += said.count(label) / len(said)
    return total


# %% balanced_accuracy wrong "the recalls weighted by the size of their class"
def balanced_accuracy(y_hat, y):
    total = 0.0
    for label in set(y):
        said = [g for g, t in zip(y_hat, y, strict=True) if t == label]
        total += said.count(label) / len(said) * len(said)
    return total / sum(y.count(label) for label in set(y)) ** 2 * len(set(y))


# %% balanced_accuracy wrong "each class's hits are shared among all examples"
def balanced_accuracy(y_hat, y):
    shares = []
    for label in set(y):
        hits = sum(g == t == label for g, t in zip(y_hat, y, strict=True))
        shares.append(hits / len(y))
    return sum(shares) / len(shares)


# %% balanced_accuracy wrong "one class against the rest, other examples counted as found"
def balanced_accuracy(y_hat, y):
    shares = []
    for label in set(y):
        same = [(g == label) == (t == label) for g, t in zip(y_hat, y, strict=True)]
        shares.append(sum(same) / len(same))
    return sum(shares) / len(shares)


# %% balanced_accuracy wrong "numbers of examples compared, not which ones they are"
def balanced_accuracy(y_hat, y):
    shares = [min(1.0, y_hat.count(label) / y.count(label)) for label in set(y)]
    return sum(shares) / len(shares)


# %% balanced_accuracy wrong "the worst recall, not their mean"
def balanced_accuracy(y_hat, y):
    shares = []
    for label in set(y):
        said = [g for g, t in zip(y_hat, y, strict=True) if t == label]
        shares.append(said.count(label) / len(said))
    return min(shares)


# %% balanced_accuracy wrong "one class against all others, as if there were two"
def balanced_accuracy(y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    yes = [g == y[0] for g, t in both if t == y[0]]
    no = [g != y[0] for g, t in both if t != y[0]]
    return (sum(yes) / len(yes) + sum(no) / max(1, len(no))) / 2


# %% balanced_accuracy wrong "a class that nobody was called is left out"
def balanced_accuracy(y_hat, y):
    shares = []
    for label in set(y) & set(y_hat):
        said = [g for g, t in zip(y_hat, y, strict=True) if t == label]
        shares.append(said.count(label) / len(said))
    return sum(shares) / max(1, len(shares))


# %% balanced_accuracy wrong "divided by zero for a class that isn't in y"
def balanced_accuracy(y_hat, y):
    shares = []
    for label in set(y) | set(y_hat):
        said = [g for g, t in zip(y_hat, y, strict=True) if t == label]
        shares.append(said.count(label) / len(said))
    return sum(shares) / len(shares)


# %% balanced_accuracy equivalent "the prompt promises lists of equal length"
# said = [guess for guess, true in zip(y_hat, y, strict=True) if true == label] -> said = [guess for guess, true in zip(y_hat, y) if true == label]
# said = [guess for guess, true in zip(y_hat, y, strict=True) if true == label] -> said = [guess for guess, true in zip(y_hat, y, strict=False) if true == label]


# %% badness hints [markdown]
# 1. For the two batteries of the example, which tags are in one of the two sets only,
#    and how many are that together?
# 2. Three of the four are means over the examples. Of two sets, `^` keeps what is in
#    exactly one. The ranking is a share of pairs: first collect the pairs in which one
#    truth is greater, each once, then ask whether its answer is greater, too.
# 3. Four branches and an error. The ranking has two loops over the examples, one for
#    the greater and one for the smaller truth; equal truths make no pair. Mind the case
#    that there is none.


# %% badness right "with loops over positions"
def badness(kind, y_hat, y):
    n = len(y)
    if kind == "ranking":
        wrong = pairs = 0
        for i in range(n):
            for j in range(i):
                if y[i] == y[j]:
                    continue
                pairs += 1
                wrong += not (y_hat[i] - y_hat[j]) * (y[i] - y[j]) > 0
        return 0 if pairs == 0 else wrong / pairs
    if kind == "regression":
        costs = [(y_hat[i] - y[i]) ** 2 for i in range(n)]
    elif kind == "classification":
        costs = [0 if y_hat[i] == y[i] else 1 for i in range(n)]
    elif kind == "tagging":
        costs = [len(y_hat[i] - y[i]) + len(y[i] - y_hat[i]) for i in range(n)]
    else:
        raise ValueError(kind)
    return sum(costs) / n


# %% badness right "a dictionary of costs"
def badness(kind, y_hat, y):
    pairs = list(zip(y_hat, y, strict=True))
    if kind == "ranking":
        ordered = [a[0] > b[0] for a in pairs for b in pairs if a[1] > b[1]]
        return ordered.count(False) / max(1, len(ordered))
    costs = {
        "regression": lambda a, b: (a - b) ** 2,
        "classification": lambda a, b: float(a != b),
        "tagging": lambda a, b: len(a | b) - len(a & b),
    }
    if kind not in costs:
        raise ValueError(f"got {kind}")
    return sum(costs[kind](a, b) for a, b in pairs) / len(pairs)


# %% badness wrong "regression: the distance is not squared"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    return sum(abs(a - b) for a, b in both) / len(both)


# %% badness wrong "regression: errors of different sign cancel"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    return sum(a - b for a, b in both) / len(both)


# %% badness wrong "regression: the sum where the mean is asked"
def badness(kind, y_hat, y):
    return float(sum((a - b) ** 2 for a, b in zip(y_hat, y, strict=True)))


# %% badness wrong "regression: the root is taken, which nobody asked for"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    return (sum((a - b) ** 2 for a, b in both) / len(both)) ** 0.5


# %% badness wrong "classification: the share that is right is a score, not a badness"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    if kind == "regression":
        return sum((a - b) ** 2 for a, b in both) / len(both)
    return sum(a == b for a, b in both) / len(both)


# %% badness wrong "classification: labels compared as a bag, wherever they stand"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    if kind == "regression":
        return sum((a - b) ** 2 for a, b in both) / len(both)
    return sum(a not in y for a in y_hat) / len(both)


# %% badness wrong "tagging: several labels treated as one of many, all right or all wrong"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    if kind == "regression":
        return sum((a - b) ** 2 for a, b in both) / len(both)
    return sum(a != b for a, b in both) / len(both)


# %% badness wrong "tagging: tags that are too many cost nothing"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    if kind == "regression":
        return sum((a - b) ** 2 for a, b in both) / len(both)
    if kind == "tagging":
        return sum(len(b - a) for a, b in both) / len(both)
    return sum(a != b for a, b in both) / len(both)


# %% badness wrong "tagging: tags that are missing cost nothing"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    if kind == "regression":
        return sum((a - b) ** 2 for a, b in both) / len(both)
    if kind == "tagging":
        return sum(len(a - b) for a, b in both) / len(both)
    return sum(a != b for a, b in both) / len(both)


# %% badness wrong "tagging: only the numbers of tags are compared"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    if kind == "regression":
        return sum((a - b) ** 2 for a, b in both) / len(both)
    if kind == "tagging":
        return sum(abs(len(a) - len(b)) for a, b in both) / len(both)
    return sum(a != b for a, b in both) / len(both)


# %% badness wrong "ranking: only neighbours in the list are compared"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    if kind == "regression":
        return sum((a - b) ** 2 for a, b in both) / len(both)
    if kind == "classification":
        return sum(a != b for a, b in both) / len(both)
    if kind == "tagging":
        return sum(len(a ^ b) for a, b in both) / len(both)
    if kind != "ranking":
        raise ValueError(kind)
    near = [(a, b) for a, b in zip(both, both[1:]) if a[1] != b[1]]
    wrong = sum((a[0] - b[0]) * (a[1] - b[1]) <= 0 for a, b in near)
    return wrong / len(near) if near else 0.0


# %% badness wrong "ranking: equal answers count as a right order"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    if kind == "regression":
        return sum((a - b) ** 2 for a, b in both) / len(both)
    if kind == "classification":
        return sum(a != b for a, b in both) / len(both)
    if kind == "tagging":
        return sum(len(a ^ b) for a, b in both) / len(both)
    if kind != "ranking":
        raise ValueError(kind)
    pairs = [(a[0], b[0]) for a in both for b in both if a[1] > b[1]]
    return sum(a < b for a, b in pairs) / len(pairs) if pairs else 0.0


# %% badness wrong "ranking: pairs of equal truths are counted among the pairs"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    if kind == "regression":
        return sum((a - b) ** 2 for a, b in both) / len(both)
    if kind == "classification":
        return sum(a != b for a, b in both) / len(both)
    if kind == "tagging":
        return sum(len(a ^ b) for a, b in both) / len(both)
    if kind != "ranking":
        raise ValueError(kind)
    wrong = sum(a[0] <= b[0] for a in both for b in both if a[1] > b[1])
    pairs = len(both) * (len(both) - 1) / 2
    return wrong / pairs if pairs else 0.0


# %% badness wrong "ranking: divided by zero where there is no pair"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    if kind == "regression":
        return sum((a - b) ** 2 for a, b in both) / len(both)
    if kind == "classification":
        return sum(a != b for a, b in both) / len(both)
    if kind == "tagging":
        return sum(len(a ^ b) for a, b in both) / len(both)
    if kind != "ranking":
        raise ValueError(kind)
    pairs = [(a[0], b[0]) for a in both for b in both if a[1] > b[1]]
    return sum(a <= b for a, b in pairs) / len(pairs)


# %% badness wrong "an unknown kind gives None, and nobody is told"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    if kind == "regression":
        return sum((a - b) ** 2 for a, b in both) / len(both)
    if kind == "classification":
        return sum(a != b for a, b in both) / len(both)
    if kind == "tagging":
        return sum(len(a ^ b) for a, b in both) / len(both)
    if kind == "ranking":
        pairs = [(a[0], b[0]) for a in both for b in both if a[1] > b[1]]
        return sum(a <= b for a, b in pairs) / len(pairs) if pairs else 0.0


# %% badness wrong "classification: the number of errors, where the share is asked"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    if kind == "regression":
        return sum((a - b) ** 2 for a, b in both) / len(both)
    return sum(a != b for a, b in both)


# %% badness wrong "tagging: the sum over the examples, not their mean"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    if kind == "regression":
        return sum((a - b) ** 2 for a, b in both) / len(both)
    if kind == "tagging":
        return sum(len(a ^ b) for a, b in both)
    return sum(a != b for a, b in both) / len(both)


# %% badness wrong "tagging: a share of all tags, where their number is asked"
def badness(kind, y_hat, y):
    both = list(zip(y_hat, y, strict=True))
    if kind == "regression":
        return sum((a - b) ** 2 for a, b in both) / len(both)
    if kind == "tagging":
        return (
            sum(len(a ^ b) for a, b in both) / len(both) / len(set().union(*y_hat, *y))
        )
    return sum(a != b for a, b in both) / len(both)


# %% badness equivalent "lists of equal length are promised; a square has no sign"
# both = list(zip(y_hat, y, strict=True)) -> both = list(zip(y_hat, y))
# both = list(zip(y_hat, y, strict=True)) -> both = list(zip(y_hat, y, strict=False))
# return sum(((guess - true) ** 2 for guess, true in both)) / len(both) -> return sum(((true - guess) ** 2 for guess, true in both)) / len(both)


# %% train_neuron hints [markdown]
# 1. With all weights 0 the first vote is 0. Is that a mistake by the rule in the text,
#    and what are the weights and the bias afterwards?
# 2. Two loops: epochs outside, examples inside. Count the mistakes of an epoch from 0.
#    The next example already meets the corrected neuron. An epoch that found no mistake
#    is the last one, and it counts.
# 3. For each example: the vote, with its bias; if label times vote isn't above 0,
#    change every weight and the bias, and count. After the inner loop, return if the
#    count is 0. After the outer loop, return what there is.


# %% train_neuron right "with a while loop"
def train_neuron(X, y, lr, max_epochs):
    w, b, epochs, clean = [0.0 for _ in X[0]], 0.0, 0, False
    while epochs < max_epochs and not clean:
        epochs += 1
        clean = True
        for x, label in zip(X, y, strict=True):
            vote = b
            for j, x_j in enumerate(x):
                vote += w[j] * x_j
            if vote * label <= 0:
                clean = False
                for j, x_j in enumerate(x):
                    w[j] += lr * label * x_j
                b += lr * label
    return w, b, epochs


# %% train_neuron right "the bias as one more weight"
def train_neuron(X, y, lr, max_epochs):
    w = [0.0] * (len(X[0]) + 1)
    for epoch in range(max_epochs):
        before = list(w)
        for x, label in zip(X, y, strict=True):
            inputs = [*x, 1]
            if label * sum(map(float.__mul__, w, map(float, inputs))) <= 0:
                w = [a + lr * label * c for a, c in zip(w, inputs, strict=True)]
                before = None
        if before == w:
            break
    return w[:-1], w[-1], epoch + 1


# %% train_neuron wrong "the threshold is compared before the bias is added"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            if label * sum(a * c for a, c in zip(w, x, strict=True)) <= 0:
                w = [a + lr * label * c for a, c in zip(w, x, strict=True)]
                b += lr * label
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch
    return w, b, max_epochs


# %% train_neuron wrong "the bias is never corrected"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            if label * (sum(a * c for a, c in zip(w, x, strict=True)) + b) <= 0:
                w = [a + lr * label * c for a, c in zip(w, x, strict=True)]
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch
    return w, b, max_epochs


# %% train_neuron wrong "a vote of 0 counts as right, so nothing ever starts"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            if label * (sum(a * c for a, c in zip(w, x, strict=True)) + b) < 0:
                w = [a + lr * label * c for a, c in zip(w, x, strict=True)]
                b += lr * label
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch
    return w, b, max_epochs


# %% train_neuron wrong "corrected at every example, right or wrong"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            vote = sum(a * c for a, c in zip(w, x, strict=True)) + b
            w = [a + lr * label * c for a, c in zip(w, x, strict=True)]
            b += lr * label
            mistakes += label * vote <= 0
        if mistakes == 0:
            return w, b, epoch
    return w, b, max_epochs


# %% train_neuron wrong "the learning rate is left out"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            if label * (sum(a * c for a, c in zip(w, x, strict=True)) + b) <= 0:
                w = [a + label * c for a, c in zip(w, x, strict=True)]
                b += label
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch
    return w, b, max_epochs


# %% train_neuron wrong "the label is left out of the correction: always towards firing"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            if label * (sum(a * c for a, c in zip(w, x, strict=True)) + b) <= 0:
                w = [a + lr * c for a, c in zip(w, x, strict=True)]
                b += lr
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch
    return w, b, max_epochs


# %% train_neuron wrong "the rule for labels 1 and 0, with labels 1 and -1"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            vote = sum(a * c for a, c in zip(w, x, strict=True)) + b
            error = label - (vote > 0)
            w = [a + lr * error * c for a, c in zip(w, x, strict=True)]
            b += lr * error
            mistakes += error != 0
        if mistakes == 0:
            return w, b, epoch
    return w, b, max_epochs


# %% train_neuron wrong "the last epoch, the one without a mistake, is not counted"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(max_epochs):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            if label * (sum(a * c for a, c in zip(w, x, strict=True)) + b) <= 0:
                w = [a + lr * label * c for a, c in zip(w, x, strict=True)]
                b += lr * label
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch
    return w, b, max_epochs


# %% train_neuron wrong "it never stops early"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for _ in range(max_epochs):
        for x, label in zip(X, y, strict=True):
            if label * (sum(a * c for a, c in zip(w, x, strict=True)) + b) <= 0:
                w = [a + lr * label * c for a, c in zip(w, x, strict=True)]
                b += lr * label
    return w, b, max_epochs


# %% train_neuron wrong "it stops at the first example that is right"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(1, max_epochs + 1):
        for x, label in zip(X, y, strict=True):
            if label * (sum(a * c for a, c in zip(w, x, strict=True)) + b) > 0:
                return w, b, epoch
            w = [a + lr * label * c for a, c in zip(w, x, strict=True)]
            b += lr * label
    return w, b, max_epochs


# %% train_neuron wrong "corrected once an epoch, with the mistakes of the old neuron"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(1, max_epochs + 1):
        old, old_b, mistakes = list(w), b, 0
        for x, label in zip(X, y, strict=True):
            if label * (sum(a * c for a, c in zip(old, x, strict=True)) + old_b) <= 0:
                w = [a + lr * label * c for a, c in zip(w, x, strict=True)]
                b += lr * label
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch
    return w, b, max_epochs


# %% train_neuron wrong "label minus answer, 2 or -2, where the label is asked"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            vote = sum(a * c for a, c in zip(w, x, strict=True)) + b
            error = label - (1 if vote > 0 else -1)
            if error != 0:
                w = [a + lr * error * c for a, c in zip(w, x, strict=True)]
                b += lr * error
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch
    return w, b, max_epochs


# %% train_neuron wrong "the learning rate is left out at the bias"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            if label * (sum(a * c for a, c in zip(w, x, strict=True)) + b) <= 0:
                w = [a + lr * label * c for a, c in zip(w, x, strict=True)]
                b += label
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch
    return w, b, max_epochs


# %% train_neuron wrong "a mistake is told by the vote alone, without the label"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            if sum(a * c for a, c in zip(w, x, strict=True)) + b <= 0:
                w = [a + lr * label * c for a, c in zip(w, x, strict=True)]
                b += lr * label
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch
    return w, b, max_epochs


# %% train_neuron wrong "corrected away from the label"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            if label * (sum(a * c for a, c in zip(w, x, strict=True)) + b) <= 0:
                w = [a - lr * label * c for a, c in zip(w, x, strict=True)]
                b -= lr * label
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch
    return w, b, max_epochs


# %% train_neuron wrong "the epochs are counted from 0"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(max_epochs):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            if label * (sum(a * c for a, c in zip(w, x, strict=True)) + b) <= 0:
                w = [a + lr * label * c for a, c in zip(w, x, strict=True)]
                b += lr * label
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch
    return w, b, epoch


# %% train_neuron wrong "a list multiplied as if it were a vector"
def train_neuron(X, y, lr, max_epochs):
    w, b = [0.0] * len(X[0]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for x, label in zip(X, y, strict=True):
            if label * (sum(a * c for a, c in zip(w, x, strict=True)) + b) <= 0:
                w = w + lr * label * x
                b += lr * label
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch
    return w, b, max_epochs


# %% train_neuron equivalent "labels are 1 or -1, lengths are equal, only no mistake counts"
# b += lr * label -> b += lr / label
# for x, label in zip(X, y, strict=True): -> for x, label in zip(X, y):
# for x, label in zip(X, y, strict=True): -> for x, label in zip(X, y, strict=False):
# mistakes += 1 -> mistakes += 2
# mistakes += 1 -> mistakes -= 1
# vote = sum((w_j * x_j for w_j, x_j in zip(w, x, strict=True))) + b -> vote = sum((w_j * x_j for w_j, x_j in zip(w, x))) + b
# vote = sum((w_j * x_j for w_j, x_j in zip(w, x, strict=True))) + b -> vote = sum((w_j * x_j for w_j, x_j in zip(w, x, strict=False))) + b
# vote = sum((w_j * x_j for w_j, x_j in zip(w, x, strict=True))) + b -> vote = sum((w_j * x_j for w_j, x_j in zip(x, w, strict=True))) + b
# w = [w_j + lr * label * x_j for w_j, x_j in zip(w, x, strict=True)] -> w = [w_j + lr * label * x_j for w_j, x_j in zip(w, x)]
# w = [w_j + lr * label * x_j for w_j, x_j in zip(w, x, strict=True)] -> w = [w_j + lr * label * x_j for w_j, x_j in zip(w, x, strict=False)]
# w = [w_j + lr * label * x_j for w_j, x_j in zip(w, x, strict=True)] -> w = [w_j + lr / label * x_j for w_j, x_j in zip(w, x, strict=True)]


# %% blame hints [markdown]
# 1. By how much does the answer move if one member says a little more, and by how much
#    does a member say more if its vote grows a little, above 0 and below?
# 2. The blame of an entry of `v` is the error times what that member says. The blame of
#    an entry of `W` is the error, times the listening weight, times the slope of the
#    switch, times the feature.
# 3. First forward: votes, slopes, what is said, the error. Then two results: for `W` an
#    outer product, members down and features across; for `v` a product entry by entry.


# %% blame right "with loops over the entries"
def blame(x, W, v, y):
    m, n = W.shape
    slopes = [1.0 if W[j] @ x > 0 else 0.1 for j in range(m)]
    said = [slopes[j] * (W[j] @ x) for j in range(m)]
    error = sum(v[j] * said[j] for j in range(m)) - y
    of_W = torch.zeros(m, n)
    for j in range(m):
        for k in range(n):
            of_W[j, k] = error * v[j] * slopes[j] * x[k]
    return of_W, torch.stack([error * a for a in said])


# %% blame right "with leaky_relu and broadcasting"
def blame(x, W, v, y):
    s = (W * x).sum(dim=1)
    a = torch.nn.functional.leaky_relu(s, 0.1)
    error = (v * a).sum() - y
    slope = (s > 0).float() + 0.1 * (s <= 0)
    return (error * v * slope)[:, None] * x, error * a


# %% blame wrong "a silent member gets no blame, as with the plain ReLU"
def blame(x, W, v, y):
    s = W @ x
    a = torch.where(s > 0, s, 0.1 * s)
    error = v @ a - y
    return torch.outer(error * v * (s > 0), x), error * a


# %% blame wrong "the slope of the switch is left out on the way back"
def blame(x, W, v, y):
    s = W @ x
    a = torch.where(s > 0, s, 0.1 * s)
    error = v @ a - y
    return torch.outer(error * v, x), error * a


# %% blame wrong "the forward way uses the plain ReLU"
def blame(x, W, v, y):
    s = W @ x
    a = s.clamp(min=0)
    error = v @ a - y
    return torch.outer(error * v * torch.where(s > 0, 1.0, 0.1), x), error * a


# %% blame wrong "no switch at all: every vote passes whole"
def blame(x, W, v, y):
    s = W @ x
    error = v @ s - y
    return torch.outer(error * v, x), error * s


# %% blame wrong "the listening weights are forgotten on the way back"
def blame(x, W, v, y):
    s = W @ x
    slope = torch.where(s > 0, 1.0, 0.1)
    error = v @ (slope * s) - y
    return torch.outer(error * slope, x), error * slope * s


# %% blame wrong "v is blamed by the votes, not by what was said"
def blame(x, W, v, y):
    s = W @ x
    slope = torch.where(s > 0, 1.0, 0.1)
    error = v @ (slope * s) - y
    return torch.outer(error * v * slope, x), error * s


# %% blame wrong "the error has the wrong sign, truth minus answer"
def blame(x, W, v, y):
    s = W @ x
    slope = torch.where(s > 0, 1.0, 0.1)
    error = y - v @ (slope * s)
    return torch.outer(error * v * slope, x), error * slope * s


# %% blame wrong "the objective's half is forgotten, so all is twice too much"
def blame(x, W, v, y):
    s = W @ x
    slope = torch.where(s > 0, 1.0, 0.1)
    error = 2 * (v @ (slope * s) - y)
    return torch.outer(error * v * slope, x), error * slope * s


# %% blame wrong "the blame of W lies on its side, features down"
def blame(x, W, v, y):
    s = W @ x
    slope = torch.where(s > 0, 1.0, 0.1)
    error = v @ (slope * s) - y
    return torch.outer(x, error * v * slope), error * slope * s


# %% blame wrong "the two results are swapped"
def blame(x, W, v, y):
    s = W @ x
    slope = torch.where(s > 0, 1.0, 0.1)
    error = v @ (slope * s) - y
    return error * slope * s, torch.outer(error * v * slope, x)


# %% blame wrong "the error itself is left out"
def blame(x, W, v, y):
    s = W @ x
    slope = torch.where(s > 0, 1.0, 0.1)
    return torch.outer(v * slope, x), slope * s


# %% blame wrong "the plain ReLU of the lecture: a silent member is quite silent"
def blame(x, W, v, y):
    s = W @ x
    a = s.clamp(min=0)
    error = v @ a - y
    return torch.outer(error * v * (s > 0), x), error * a


# %% blame wrong "the slope at a vote of exactly 0 is that above 0"
def blame(x, W, v, y):
    s = W @ x
    slope = torch.where(s >= 0, 1.0, 0.1)
    error = v @ (slope * s) - y
    return torch.outer(error * v * slope, x), error * slope * s


# %% blame equivalent "a dot product may be turned round"
# error = v @ (slope * s) - y -> error = slope * s @ v - y


# %% dead_neurons hints [markdown]
# 1. What shape has the product of a table of 3 examples with 2 features and weights for
#    5 neurons, and along which axis do the examples lie?
# 2. Add the biases to the product: one for each column. A neuron is dead if no example
#    brings its vote above 0, so look down each column, over all rows.
# 3. Two lines: the votes, and then a comparison with 0 that is summarised along the
#    axis of the examples. The result has one entry a neuron.


# %% dead_neurons right "the largest vote of each neuron"
def dead_neurons(X, W, b):
    return torch.matmul(X, W).add(b).amax(dim=0) <= 0


# %% dead_neurons right "not any that fires"
def dead_neurons(X, W, b):
    fired = (X @ W + b.reshape(1, -1)) > 0
    return ~fired.any(dim=0)


# %% dead_neurons right "by counting"
def dead_neurons(X, W, b):
    return (X @ W > -b).sum(0) == 0


# %% dead_neurons wrong "a threshold compared before the bias"
def dead_neurons(X, W, b):
    return (X @ W <= 0).all(dim=0)


# %% dead_neurons wrong "a vote of exactly 0 is counted as firing"
def dead_neurons(X, W, b):
    return (X @ W + b < 0).all(dim=0)


# %% dead_neurons wrong "the neurons that are alive, not the dead ones"
def dead_neurons(X, W, b):
    return (X @ W + b > 0).any(dim=0)


# %% dead_neurons wrong "silent on one example is taken for silent on all"
def dead_neurons(X, W, b):
    return (X @ W + b <= 0).any(dim=0)


# %% dead_neurons wrong "summed up over the neurons: one entry an example"
def dead_neurons(X, W, b):
    return (X @ W + b <= 0).all(dim=1)


# %% dead_neurons wrong "judged by the mean vote over the examples"
def dead_neurons(X, W, b):
    return (X @ W + b).mean(dim=0) <= 0


# %% dead_neurons wrong "one answer for all neurons together"
def dead_neurons(X, W, b):
    return (X @ W + b <= 0).all()


# %% dead_neurons wrong "numbers 0 and 1 where True and False are asked"
def dead_neurons(X, W, b):
    return (X @ W + b <= 0).all(dim=0).float()


# %% dead_neurons wrong "rows of W taken for its neurons, as nn.Linear stores them"
def dead_neurons(X, W, b):
    return (X @ W.T + b <= 0).all(dim=0)


# %% dead_neurons wrong "the bias is taken off where it should be added"
def dead_neurons(X, W, b):
    return (X @ W - b <= 0).all(dim=0)


# %% dead_neurons wrong "a table of who fires where, not one entry a neuron"
def dead_neurons(X, W, b):
    return X @ W + b > 0


# %% dead_neurons wrong "counted on how many it fires, where True or False is asked"
def dead_neurons(X, W, b):
    return (X @ W + b > 0).sum(dim=0)


# %% dead_neurons wrong "Python's not asked of many entries at once"
def dead_neurons(X, W, b):
    return not (X @ W + b > 0).any(dim=0)
