"""One small assignment of each kind, with students who are right and wrong."""

from tests.brought.making import (
    Kind,
    answer,
    asserts,
    by_hand,
    cell,
    given,
    task,
    text,
    written,
)

SQUARE = "def square(x):\n    return x * x"
CUBE = "def square(x):\n    return x * x * x"
ASSERTS = "assert square(2) == 4\nassert square(-3) == 9, 'signs'"

PLAIN_ASSERTS = Kind(
    "plain_asserts",
    {
        "plain_asserts": [
            text("# Squares\n\nWrite `square`."),
            answer("square", SQUARE),
            cell("square(4)"),
            asserts("square_of_2", 2, ASSERTS),
            asserts(
                "square_of_0", 1, '"""Nothing stays nothing."""\nassert square(0) == 0'
            ),
            answer("total", "def total(xs):\n    return sum(square(x) for x in xs)"),
            asserts("total_of_3", 1.5, "assert total([1, 2, 3]) == 14"),
        ]
    },
    {
        "ann": {"square": SQUARE, "total": "total = lambda xs: sum(map(square, xs))"},
        "ben": {"square": CUBE, "total": "def total(xs):\n    return 14"},
        "cat": {},
        "dan": {"square": "def square(x:\n", "total": "def total(xs):\n    return 14"},
        "eve": {"square": f"{SQUARE}\n1 / 0", "+square": "square = 3"},
    },
    minor={"plain_asserts": 0},
)

SEVERAL = Kind(
    "several_notebooks",
    {
        name: [
            text(f"# Part {name}"),
            answer("double", "def double(x):\n    return 2 * x"),
            asserts("test_double", points, "assert double(4) == 8"),
            written("why", 2),
        ]
        for name, points in (("one", 1), ("two", 3))
    },
    {
        "ann": {
            "one/double": "def double(x):\n    return x + x",
            "two/double": "def double(x):\n    return 9",
            "one/why": "It adds.",
        },
        "ben": {"double": "double = lambda x: x * 2", "why": "So."},
    },
)

_SIGNS = [
    answer("sign", "def sign(x):\n    return (x > 0) - (x < 0)"),
    asserts("sign_of_3", 1, "assert sign(3) == 1\nassert sign(-3) == -1"),
]
FORMATS = Kind(
    "formats",
    {f"f{minor}": _SIGNS for minor in range(6)},
    {
        "ann": {
            **dict.fromkeys(("f0/sign", "f3/sign"), "def sign(x):\n    return 1"),
            **dict.fromkeys(
                (f"f{n}/sign" for n in (1, 2, 4, 5)),
                "def sign(x):\n    return 1 if x > 0 else -1 if x < 0 else 0",
            ),
        }
    },
    minor={f"f{minor}": minor for minor in range(6)},
)

SCHEMA_1, SCHEMA_2 = (
    Kind(
        f"schema_{schema}",
        {
            f"schema_{schema}": [
                *_SIGNS,
                written("why", 2),
                given("end", "print('end')"),
            ]
        },
        {
            "ann": {"sign": "def sign(x):\n    return 1"},
            "ben": {"why": "So."},
            "cat": {"sign": "def sign(x):\n    return 1 if x > 0 else -1"},
        },
        schema=schema,
        minor={f"schema_{schema}": schema},
    )
    for schema in (1, 2)
)

PARTIAL = Kind(
    "partial_credit",
    {
        "partial_credit": [
            answer("count", "count = 3\nname = 'x'\nflag = True"),
            asserts("some", 3, "points = min(count, 3)\npoints"),
            asserts("half", 1, "count / 6"),
            asserts("words", 2, "assert count\nname"),
            asserts("truth", 2, "flag"),
            asserts("silent", 2, "count / 3;"),
            asserts("last", 1, "count\nassert count > 1"),
        ]
    },
    {
        "ann": {"count": "count = 3\nname = 'x'\nflag = True"},
        "ben": {"count": "count = 1.5\nname = '0'\nflag = False"},
        "cat": {"count": "count = 0\nname = 'x'\nflag = None"},
    },
)

TRY_EXCEPT = Kind(
    "try_except",
    {
        "try_except": [
            answer(
                "root",
                "def root(x):\n    if x < 0:\n        raise ValueError('negative')\n"
                "    return x ** 0.5",
            ),
            given(
                "helpers",
                "def assert_equal(first, second, message=None):\n"
                "    if first != second:\n"
                "        raise AssertionError(message or f'{first} != {second}')\n\n\n"
                "def assert_raises(kind, function, *args):\n"
                "    try:\n        function(*args)\n"
                "    except kind:\n        return\n"
                "    raise AssertionError(f'{kind.__name__} not raised')",
            ),
            asserts("root_of_9", 1, "assert_equal(root(9), 3)"),
            asserts("helper", 1, "assert_raises(ValueError, root, -1)"),
            asserts(
                "by_hand",
                2,
                "try:\n    root(-4)\nexcept ValueError:\n    pass\n"
                "else:\n    raise AssertionError('did not raise')",
            ),
        ]
    },
    {
        "ann": {"root": "def root(x):\n    return abs(x) ** 0.5"},
        "ben": {
            "root": "def root(x):\n    if x < 0:\n        raise KeyError(x)\n"
            "    return x ** 0.5"
        },
        "cat": {
            "root": "import math\n\n\ndef root(x):\n    return math.sqrt(x)",
            "helpers": "def assert_equal(*things):\n    pass\n\n\n"
            "def assert_raises(*things):\n    pass",
            "root_of_9": "pass",
        },
        "dan": {"root": "root = None", "helpers": None, "helper": None},
    },
)

BY_HAND = Kind(
    "by_hand",
    {
        "by_hand": [
            text("# In your own words"),
            written("meaning", 3),
            cell("print('a plain cell')"),
            by_hand("sketch", 2, "def sketch():\n    return 1"),
            asserts("runs", 1, "sketch()\nassert True"),
            task("project", 5, "Do something with what you wrote."),
        ]
    },
    {
        "ann": {"meaning": "It means this.", "sketch": "def sketch():\n    return 2"},
        "ben": {"+sketch": "def sketch():\n    return 3"},
    },
)

BESIDE = Kind(
    "files_beside",
    {
        "files_beside": [
            text("![a picture](picture.png)"),
            given("setup", "import csv\nimport helper\n\nfrom tools import more"),
            answer(
                "rows",
                "def rows():\n    with open('data/numbers.csv') as file:\n"
                "        return [int(row[0]) for row in csv.reader(file)]",
            ),
            asserts("all_rows", 2, "assert rows() == helper.expected()"),
            asserts("one_more", 1, "assert more(rows()[0]) == 5"),
            asserts(
                "own",
                1,
                "with open('data/numbers.csv') as f:\n    assert '4' in f.read()",
            ),
        ]
    },
    {
        "ann": {
            "rows": "def rows():\n    text = open('data/numbers.csv').read()\n"
            "    return [int(line) for line in text.split()]"
        },
        "ben": {"rows": "def rows():\n    return [1]"},
        "cat": {"rows": "def rows():\n    return list(map(int, open('mine.txt')))"},
    },
    files={
        "data/numbers.csv": b"4\n2\n",
        "helper.py": b"def expected():\n    return [4, 2]\n",
        "tools.py": b"def more(x):\n    return x + 1\n",
        "picture.png": b"\x89PNG\r\n\x1a\n",
    },
    sent={
        "ben": {"data/numbers.csv": b"1\n", "helper.py": b"expected = lambda: [1]\n"},
        "cat": {"mine.txt": b"4\n2\n"},
    },
)

EARLIER = Kind(
    "earlier_answers",
    {
        "earlier_answers": [
            answer("base", "base = 10"),
            answer("scale", "def scale(x):\n    return x * base"),
            asserts("scaled", 1, "limit = scale(2)\nassert limit == 20"),
            answer("shift", "def shift(x):\n    return scale(x) + 1"),
            asserts("shifted", 2, "assert shift(1) == 11\nassert limit > shift(1)"),
        ]
    },
    {
        "ann": {"base": "base = 10", "scale": "def scale(x):\n    return 10 * x"},
        "ben": {
            "base": "base = 5",
            "scale": "def scale(x):\n    return x * base",
            "shift": "def shift(x):\n    return 10 * x + 1",
        },
        "cat": {
            "base": "base = 10",
            "scale": "def scale(x):\n    return x * base",
            "shift": "def shift(x):\n    return scale(x) + 1",
        },
    },
)

LATER = Kind(
    "names_of_tests",
    {
        "names_of_tests": [
            answer("start", "start = 4"),
            asserts("starts", 1, "import math\n\nfour = 4\nassert start == four"),
            answer("end", "end = math.sqrt(four)"),
            asserts("ends", 1, "assert end == 2"),
        ]
    },
    {
        "ann": {"start": "start = 4", "end": "end = math.sqrt(four)"},
        "ben": {"start": "start = 5", "end": "end = four / 2"},
    },
)

DELETES = Kind(
    "deletes_a_name",
    {
        "deletes_a_name": [
            answer("square", SQUARE),
            asserts("squares", 1, ASSERTS),
            answer("both", "def both(x, y):\n    return square(x) + square(y)"),
            asserts("both_of_2", 1, "assert both(1, 2) == 5"),
            asserts(
                "uses_square",
                2,
                "kept = square\ndel square\ntry:\n    both(1, 1)\n"
                "except NameError:\n    pass\nelse:\n    raise AssertionError\n"
                "finally:\n    square = kept",
            ),
        ]
    },
    {
        "ann": {"square": SQUARE, "both": "def both(x, y):\n    return x * x + y * y"},
        "ben": {
            "square": SQUARE,
            "both": "def both(x, y):\n    return sum(square(z) for z in (x, y))",
        },
    },
)

PATCHES = Kind(
    "patches_a_module",
    {
        "patches_a_module": [
            given("setup", "import random"),
            answer("roll", "def roll():\n    return random.randint(1, 6)"),
            asserts(
                "rolls",
                1,
                "from unittest import mock\n\n"
                "with mock.patch('random.randint', return_value=7):\n"
                "    assert roll() == 7",
            ),
            answer("show", "def show():\n    print('six')"),
            asserts(
                "prints",
                1,
                "import contextlib\nimport io\n\nout = io.StringIO()\n"
                "with contextlib.redirect_stdout(out):\n    show()\n"
                "assert out.getvalue() == 'six\\n'",
            ),
            asserts(
                "source",
                1,
                "import inspect\n\nassert 'print' in inspect.getsource(show)",
            ),
        ]
    },
    {
        "ann": {
            "roll": "def roll():\n    return random.randint(1, 6)",
            "show": "show = lambda: print('six')",
        },
        "ben": {"roll": "def roll():\n    return 7", "show": "def show():\n    pass"},
    },
)

HIDDEN = Kind(
    "hidden_tests",
    {
        "hidden_tests": [
            answer("square", SQUARE),
            asserts(
                "squares",
                2,
                "assert square(1) == 1\n### BEGIN HIDDEN TESTS\n"
                "assert square(12) == 144\n### END HIDDEN TESTS",
            ),
        ]
    },
    {
        "ann": {"square": SQUARE},
        "ben": {"square": CUBE},
        "cat": {"square": "square = 1"},
    },
)

STACK = (
    "class Stack:\n    def __init__(self):\n        self.items = []\n\n"
    "    def push(self, item):\n        self.items.append(item)\n\n"
    "    def pop(self):\n        return self.items.pop()\n\n"
    "    def __len__(self):\n        return len(self.items)"
)
OBJECTS = Kind(
    "objects",
    {
        "objects": [
            answer("stack", STACK),
            asserts(
                "pushes",
                2,
                "s = Stack()\ns.push(1)\ns.push([2])\nassert len(s) == 2\n"
                "assert s.pop() == [2]\nassert s.items == [1]",
            ),
            answer("sort", "def sort(xs):\n    xs.sort()"),
            asserts("in_place", 1, "xs = [3, 1]\nsort(xs)\nassert xs == [1, 3]"),
            answer("apply", "def apply(f, x):\n    return f(x)"),
            asserts("calls", 1, "assert apply(lambda x: x + 1, 1) == 2"),
        ]
    },
    {
        "ann": {
            "stack": STACK.replace("pop()", "pop(0)"),
            "sort": "def sort(xs):\n    return sorted(xs)",
            "apply": "apply = lambda f, x: f(x)",
        },
        "ben": {"stack": STACK, "sort": "sort = list.sort", "apply": "apply = 1"},
    },
)

ARRAYS = Kind(
    "arrays",
    {
        "arrays": [
            cell("%matplotlib inline\nimport numpy as np"),
            answer("unit", "def unit(v):\n    return v / np.linalg.norm(v)"),
            cell("unit(np.array([3.0, 4.0]))"),
            asserts(
                "unit_of_34",
                2,
                "u = unit(np.array([3.0, 4.0]))\n"
                "np.testing.assert_allclose(u, [0.6, 0.8])\n"
                "assert u.shape == (2,)\nassert u.dtype == np.float64",
            ),
        ]
    },
    {
        "ann": {"unit": "def unit(v):\n    return v / np.sqrt((v ** 2).sum())"},
        "ben": {"unit": "def unit(v):\n    return v / 7"},
        "cat": {"unit": "def unit(v):\n    return [0.6, 0.8]"},
    },
)

AUTOTESTS = Kind(
    "autotests",
    {
        "autotests": [
            answer("square", SQUARE),
            asserts(
                "squares", 2, "### AUTOTEST square(3)\n### HASHED AUTOTEST square(5)"
            ),
        ]
    },
    {"ann": {"square": SQUARE}, "ben": {"square": CUBE}},
    files={
        "autotests.yml": b"""\
python3:
    setup: "from hashlib import sha1"
    hash: 'sha1({{snippet}}.encode("utf-8")+b"{{salt}}").hexdigest()'
    dispatch: "type({{snippet}})"
    normalize: "str({{snippet}})"
    check: 'assert {{snippet}} == "{{value}}", "{{message}}"'
    success: "print('all passed')"
    templates:
        default:
            - test: "type({{snippet}})"
              fail: "wrong type"
            - test: "{{snippet}}"
              fail: "wrong value"
"""
    },
)

# What stock nbgrader grades, and gives the same points for.
ALIKE = [
    *(PLAIN_ASSERTS, SEVERAL, FORMATS, SCHEMA_1, SCHEMA_2, PARTIAL, TRY_EXCEPT),
    *(BY_HAND, BESIDE, EARLIER, LATER, DELETES, PATCHES, HIDDEN, OBJECTS, ARRAYS),
    AUTOTESTS,
]
