"""What a browser without a network, and axe-core, find wrong with a page."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

LOCAL = ("file:", "data:", "blob:")
GRAVE = {"serious", "critical"}
TIMEOUT_MS = 120_000  # for a busy machine; nothing waits longer than it has to
DESK = 1280  # the width in which wide blocks are looked at on every page
LEVELS = (
    "[...document.querySelectorAll('main h1, main h2, main h3, main h4, main h5')]"
    ".filter(h => h.checkVisibility()).map(h => +h.tagName[1])"
)
# MathJax has set every formula, and says so of those that it couldn't read.
FORMULAS_ARE_SET = (
    "() => document.querySelectorAll('span.math, div.math').length == 0"
    " || (window.MathJax?.startup?.promise?.then(() => true) ?? false)"
)
# Elements that hold more than they show, and no bar around them to scroll it with. A
# formula in a line is a pixel or two wider than MathJax says; what it holds for screen
# readers only, and nobody sees, may be wider still.
CUT = """() => {
  const style = document.head.appendChild(document.createElement("style"));
  style.textContent = "mjx-assistive-mml { display: none !important }";
  const isWide = e => e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 4;
  const bar = e => e.offsetHeight - e.clientHeight
    - parseFloat(getComputedStyle(e).borderTopWidth)
    - parseFloat(getComputedStyle(e).borderBottomWidth);
  const hasBar = e => isWide(e) && bar(e) >= 5;
  const isScrolled = e => e && (hasBar(e) || isScrolled(e.parentElement));
  const isCut = e => e.checkVisibility() && isWide(e) && !isScrolled(e);
  const found = [...document.querySelectorAll("main .bd-article *:not(svg *)")]
    .filter(isCut)
    .map(e => `${e.tagName} ${e.className} ${e.scrollWidth} > ${e.clientWidth}`);
  style.remove();
  return found;
}"""
# Coloured words of code and strokes of formulas: four of five elements, and nothing to
# find in them but their contrast.
FLATTEN = """() => {
  for (const code of document.querySelectorAll("div.highlight pre"))
    code.textContent = code.textContent;
  for (const formula of document.querySelectorAll("mjx-container svg"))
    formula.replaceChildren();
}"""


def faults(
    browser, page_file: Path, width: int = 400, contrast: bool = True, query: str = ""
):
    """Open a page without a network and say what is wrong with it.

    Args:
        browser: Playwright's Chromium, with scroll bars.
        page_file: the page.
        width: of the window, in CSS pixels; 400 is a phone.
        contrast: whether axe-core measures the contrast of every word: half a minute
            on a long lecture, and the same on all of them.
        query: what follows the page's address, as "?q=loss".

    Returns:
        a sentence for each fault.
    """
    viewport = {"width": width, "height": 900}
    context = browser.new_context(offline=True, viewport=viewport)
    context.set_default_timeout(TIMEOUT_MS)
    try:
        page, found = context.new_page(), []
        page.on("request", lambda request: found.extend(_foreign(request.url)))
        page.on("pageerror", lambda error: found.append(f"script: {error}"))
        page.goto(page_file.as_uri() + query)
        page.wait_for_function(FORMULAS_ARE_SET)
        for look in (_formulas, _headings, _figures, _width, _cut):
            found += look(page)
        found += _axe(page, contrast)
        if width < DESK:
            page.set_viewport_size({"width": DESK, "height": 900})
            found += [f"{fault} at {DESK} px" for fault in _cut(page)]
        return found
    finally:
        context.close()


def _foreign(address: str) -> list[str]:
    return [] if address.startswith(LOCAL) else [f"network: {address}"]


def _formulas(page) -> list[str]:
    written = page.locator("span.math, div.math").count()
    drawn = page.locator("mjx-container svg").count()
    wrong = [e.text_content() for e in page.locator("[data-mjx-error]").all()]
    found = [f"formula: {text}" for text in wrong]
    return found + ([f"{written} formulas, {drawn} drawn"] if drawn < written else [])


def _headings(page) -> list[str]:
    levels = page.evaluate(LEVELS)
    if levels.count(1) != 1:
        return [f"{levels.count(1)} headings of level 1"]
    steps = zip(levels, levels[1:], strict=False)
    return [f"headings jump from {a} to {b}" for a, b in steps if b > a + 1]


def _figures(page) -> list[str]:
    pictures = page.locator("main img").all()
    silent = [p for p in pictures if len(p.get_attribute("alt") or "") < 20]
    broken = page.evaluate("[...document.images].filter(i => !i.naturalWidth).length")
    found = [f"{len(silent)} figures without an alternative text"] if silent else []
    return found + ([f"{broken} pictures that can't be shown"] if broken else [])


def _width(page) -> list[str]:
    """What scrolls in a box of its own, as wide tables do, makes no page wide."""
    width = page.evaluate("document.documentElement.scrollWidth")
    window = page.evaluate("window.innerWidth")
    return [f"{width} px wide in a window of {window}"] if width > window + 1 else []


def _cut(page) -> list[str]:
    """What is wider than its box scrolls there, with a bar that is seen."""
    return [f"cut off: {found}" for found in page.evaluate(CUT)]


def _axe(page, contrast: bool) -> list[str]:
    if not contrast:
        page.evaluate(FLATTEN)
    rules = {"color-contrast": {"enabled": contrast}}
    options = {"resultTypes": ["violations"], "rules": rules}
    violations = Axe().run(page, options=options).response["violations"]
    return [
        f"axe {v['id']}: {node['target']}"
        for v in violations
        if v["impact"] in GRAVE
        for node in v["nodes"]
    ]
