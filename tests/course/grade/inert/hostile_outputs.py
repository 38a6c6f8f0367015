"""Hostile HTML, Markdown and other outputs, for showing that none of them runs.

In each vector RUN calls `pwned(number)`, which the browser tests define, and URL is an
address that only this vector asks for.
"""

import base64
from dataclasses import dataclass

HOST = "http://evil.test"


@dataclass(frozen=True)
class Vector:
    """One attack.

    Args:
        kind: the mime type of an output, or "markdown" or "raw" for a cell's source.
        content: with RUN and URL in it.
        runs: whether it is known to run, or to ask for its address, in stock
            nbgrader's feedback; old browsers ran the others.
        alone: it swallows or leaves the page, so it needs one for itself.
    """

    kind: str
    content: str
    runs: bool = True
    alone: bool = False

    def filled(self, number: int) -> str:
        """The content, with what tells which vector it was that ran."""
        url = f"{HOST}/{number}"
        text = self.content.replace("RUN", f"pwned({number})").replace("URL", url)
        if "BASE64" not in text:
            return text
        before, inside, after = text.split("BASE64")
        return before + base64.b64encode(inside.encode()).decode() + after


HTML = [
    Vector("text/html", "<script>RUN</script>"),
    Vector("text/html", "<SCRIPT SRC=URL></SCRIPT>"),
    Vector("text/html", "<scr<script></script>ipt>RUN</script>", runs=False),
    Vector("text/html", "<img src=x onerror=RUN>"),
    Vector("text/html", "<img/src='x'/onerror=RUN//>"),
    Vector("text/html", "<img src=URL>"),
    Vector("text/html", "<img srcset='URL 1x'>"),
    Vector("text/html", "<svg onload=RUN></svg>"),
    Vector("text/html", "<svg><script>RUN</script></svg>"),
    Vector("text/html", "<svg><a xlink:href='javascript:RUN'><text>x</text></a></svg>"),
    Vector(
        "text/html",
        "<svg><animate onbegin=RUN attributeName=x dur=1s></animate></svg>",
    ),
    Vector("text/html", "<svg><image href=URL></image></svg>"),
    Vector("text/html", "<svg><use href='data:image/svg+xml,x'></use></svg>", False),
    Vector("text/html", "<iframe src='javascript:parent.RUN'></iframe>"),
    Vector("text/html", "<iframe srcdoc='<script>parent.RUN</script>'></iframe>"),
    Vector("text/html", "<iframe src=URL></iframe>"),
    Vector("text/html", "<iframe src='data:text/html,<script>RUN</script>'></iframe>"),
    Vector("text/html", "<object data=URL></object>"),
    Vector("text/html", "<embed src=URL>"),
    Vector("text/html", "<video src=URL autoplay></video>"),
    Vector("text/html", "<video poster=URL></video>"),
    Vector("text/html", "<audio src=x onerror=RUN></audio>"),
    Vector("text/html", "<link rel=stylesheet href=URL>"),
    Vector("text/html", "<style>@import 'URL';</style>"),
    Vector("text/html", "<style>.rendered_html {background:url(URL)}</style>"),
    Vector("text/html", "<p style='background:url(URL)'>x</p>"),
    Vector("text/html", "<p style='width:expression(RUN)'>x</p>", runs=False),
    Vector("text/html", "<p style='behavior:url(URL)'>x</p>", runs=False),
    Vector("text/html", "<style>@keyframes a{}</style>"
           "<p style='animation:a' onanimationstart=RUN>x"),
    Vector("text/html", "<a href='javascript:RUN'>x</a>"),
    Vector("text/html", "<a href='JaVaScRiPt:RUN'>x</a>"),
    Vector("text/html", "<a href='java&#09;script:RUN'>x</a>"),
    Vector("text/html", "<a href='&#1;javascript:RUN'>x</a>"),
    Vector("text/html", "<a href='vbscript:RUN'>x</a>", runs=False),
    Vector("text/html", "<a href='data:text/html,<script>RUN</script>'>x</a>", False),
    Vector("text/html", "<a href=# ping=URL>x</a>", runs=False),
    Vector("text/html", "<map><area href='javascript:RUN'></map>"),
    Vector("text/html", "<button onclick=RUN>x</button>"),
    Vector("text/html", "<div onmouseover=RUN>x</div>"),
    Vector("text/html", "<input autofocus onfocus=RUN>"),
    Vector("text/html", "<details open ontoggle=RUN><summary>x</summary></details>"),
    Vector("text/html", "<p contenteditable onfocus=RUN>x</p>"),
    Vector("text/html", "<form action='javascript:RUN'><button>x</button></form>"),
    Vector("text/html", "<form id=f></form>"
           "<button form=f formaction='javascript:RUN'>x"),
    Vector("text/html", "<form action=URL><input type=submit></form>", alone=True),
    Vector("text/html", "<isindex action='javascript:RUN'>", runs=False),
    Vector("text/html", "<meta http-equiv=refresh content='0;url=URL'>", alone=True),
    Vector("text/html", "<base href='URL/'><img src=relative>", alone=True),
    Vector("text/html", "<template><img src=x onerror=RUN></template>", runs=False),
    Vector("text/html", "<template shadowrootmode=open><img src=x onerror=RUN>"),
    Vector("text/html", "<noscript><p title='</noscript><img src=x onerror=RUN>'>",
           runs=False),
    Vector("text/html", "<title><img title='</title><img src=x onerror=RUN>'></title>",
           runs=False),
    Vector("text/html", "<textarea><p id='</textarea><img src=x onerror=RUN>'>", False),
    Vector("text/html", "<math><mtext><table><mglyph><style><!--</style>"
           "<img title='--&gt;&lt;img src=x onerror=RUN&gt;'>", runs=False, alone=True),
    Vector("text/html", "<math><annotation-xml encoding='text/html'>"
           "<img src=x onerror=RUN></annotation-xml></math>"),
    Vector("text/html", "<math href='javascript:RUN'>x</math>", runs=False),
    Vector("text/html", "<svg></p><style>"
           "<a id='</style><img src=x onerror=RUN>'>", runs=False),
    Vector("text/html", "<form><math><mtext></form><form><mglyph><style></math>"
           "<img src=x onerror=RUN>", runs=False, alone=True),
    Vector("text/html", "<!--><img src=x onerror=RUN>-->"),
    Vector("text/html", "<![CDATA[><img src=x onerror=RUN>]]>"),
    Vector("text/html", "<?xml-stylesheet ><img src=x onerror=RUN>"),
    Vector("text/html", "<table background=URL><tr><td>1</td></tr></table>"),
    Vector("text/html", "<table><tr><td><img src=x onerror=RUN></td></tr></table>"),
    Vector("text/html", "<xss onclick=RUN tabindex=1>x</xss>"),
    Vector("text/html", "<body onpageshow=RUN>"),
    Vector("text/html", "<marquee onstart=RUN>x</marquee>", runs=False),
    Vector("text/html", "<portal src=URL></portal>", runs=False),
]  # fmt: skip

MARKDOWN = [
    "<script>RUN</script>",
    "text <img src=x onerror=RUN> text",
    "[x](javascript:RUN)",
    "[x](<javascript:RUN>)",
    "[x](JAVASCRIPT:RUN 'title')",
    "[x][1]\n\n[1]: javascript:RUN",
    "![x](URL)",
    "![x][1]\n\n[1]: URL",
    "<javascript:RUN>",
    "- <div onclick=RUN>\n  x\n  </div>",
    "<iframe srcdoc='<script>parent.RUN</script>'></iframe>",
    "```mermaid\n<img src=x onerror=RUN>\n```",
    "~~~ mermaid\n<script>RUN</script>\n~~~",
    "# <img src=x onerror=RUN>",
    "| a |\n|---|\n| <img src=x onerror=RUN> |",
    "<a href='javascript:RUN'>x</a>",
    "a <!-- --><script>RUN</script>",
]
QUIET_MARKDOWN = [  # known to be harmless in stock feedback as well
    "[x](&#106;avascript:RUN)",
    "![x\" onerror=RUN y=\"](http://a.test/)",
    "[x](http://a.test/\"onmouseover=RUN\")",
    "[x](http://a.test/ \"a\\\" onmouseover=RUN\")",
    "```x\"><img/src=x/onerror=RUN>\nx\n```",
    "`<script>RUN</script>`",
    "&lt;script&gt;RUN&lt;/script&gt;",
    "$\\href{javascript:RUN}{x}$",
    "$\\style{cursor:url(URL)}{x}$",
    "$</script><script>RUN</script>$",
    "\\begin{x}<script>RUN</script>\\end{x}",
    "[a]: javascript:RUN",
    "<scr\nipt>RUN",
]  # fmt: skip

OTHER = [
    Vector("application/javascript", "RUN", runs=False),  # needs formgrader's jQuery
    Vector("application/javascript", "</script><script>RUN</script>"),
    Vector("text/markdown", "[x](javascript:RUN)"),
    Vector("text/markdown", "<img src=x onerror=RUN>"),
    Vector("text/latex", "$\\href{javascript:RUN}{x}$", runs=False),
    Vector("text/latex", "</div><script>RUN</script>", runs=False),
    Vector("image/svg+xml",
           "<svg onload=RUN xmlns='http://www.w3.org/2000/svg'/>", runs=False),
    Vector("image/png", "x\" onerror=\"RUN", runs=False),
    Vector("image/png", "BASE64<script>RUN</script>BASE64", runs=False),
    Vector("image/jpeg", "x' onerror='RUN", runs=False),
    Vector("text/plain", "<script>RUN</script>", runs=False),
    Vector("text/plain", "\x1b]8;;javascript:RUN\x1b\\x\x1b]8;;\x1b\\", runs=False),
    Vector("text/vnd.mermaid", "click A RUN", runs=False),
    Vector("application/vnd.jupyter.widget-view+json", "RUN", runs=False),
    Vector("application/vnd.vega.v5+json", "RUN", runs=False),
    Vector("raw", "<script>RUN</script>", runs=False),
    Vector("raw", "<a href='javascript:RUN'>x</a>", runs=False),
]  # fmt: skip

VECTORS = [
    *HTML,
    *(Vector("markdown", content) for content in MARKDOWN),
    *(Vector("markdown", content, runs=False) for content in QUIET_MARKDOWN),
    *OTHER,
]
