"""HTML as tables and formatted text, and nothing else."""

import re

import nh3

LIMIT_BYTES = 64_000  # pandas shows at most 60 rows and 20 columns: about 40 kB
DEEPEST = 100  # the library's time grows with the square of the depth

_TAGS = """
table caption colgroup col thead tbody tfoot tr th td
div p pre blockquote ul ol li dl dt dd h1 h2 h3 h4 h5 h6 hr br
span b i em strong u s small sub sup code kbd samp var mark abbr cite q del ins
details summary
"""
_ATTRIBUTES = {
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start"},
}
# No class, id or style: the page's own would dress up or cover its buttons. No links.
_CLEANER = nh3.Cleaner(
    tags=set(_TAGS.split()),
    clean_content_tags={"script", "style", "template", "title", "textarea"},
    attributes=_ATTRIBUTES,
    url_schemes=set(),
    link_rel=None,
    strip_comments=True,
)
# MathJax, where a page loads it, leaves this element's text alone.
_OPEN, _CLOSE = '<div class="tex2jax_ignore mathjax_ignore">', "</div>"
_ANY_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_VOID = {"br", "hr", "col", "img", "input", "wbr", "meta", "link"}


def inert_html(html: str) -> str:
    """HTML without script, style, links, images, forms, and anything from outside.

    Args:
        html: a stranger's.

    Returns:
        the sanitised HTML; "" if nothing that can be read is left, or if it is too
        long or too deeply nested.
    """
    html = html.removeprefix(_OPEN)
    if len(html) > LIMIT_BYTES or _depth(html) > DEEPEST:
        return ""
    cleaned = _CLEANER.clean(html).strip()
    if not re.sub(r"<[^>]*>|&nbsp;|\s", "", cleaned):
        return ""
    return f"{_OPEN}{cleaned.removesuffix(_CLOSE)}{_CLOSE}"


def _depth(html: str) -> int:
    """About how deeply elements are nested: each name's open ones, added up."""
    opened: dict[str, int] = {}
    depth = deepest = 0
    for slash, name in _ANY_TAG.findall(html):
        name = name.lower()
        if slash and opened.get(name, 0) > 0:
            opened[name] -= 1
            depth -= 1
        elif not slash and name not in _VOID:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
            deepest = max(deepest, depth)
    return deepest
