"""Each kind of bad link is found in a site of a page or two; good ones are let be."""

import pytest

from course.site.links import complaints

PAGE = '<html lang="en"><body id="top"><a name="old"></a>{}</body></html>'


def site(tmp_path, body, other=""):
    (tmp_path / "sub").mkdir(exist_ok=True)
    (tmp_path / "index.html").write_text(PAGE.format(body))
    (tmp_path / "sub" / "other page.html").write_text(PAGE.format(other))
    (tmp_path / "picture.png").write_bytes(b"")
    return tmp_path


@pytest.mark.parametrize(
    "body",
    [
        '<a href="sub/other%20page.html#top">there</a>',
        '<a href="#old">an anchor as people wrote them once</a>',
        '<a href="https://example.org/x#y">elsewhere, to be followed by hand</a>',
        '<img src="picture.png"><img srcset="picture.png 2x">',
        '<img src="data:image/png;base64,AA==">',
        '<link rel="next" href="sub/other%20page.html">',
        '<a href="picture.png#whatever">no page, no anchors</a>',
        '<div style="background: url(picture.png)"></div>',
    ],
)
def test_a_good_link_is_let_be(tmp_path, body):
    assert complaints(site(tmp_path, body)) == []


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('<a href="gone.html">x</a>', "gone.html: no such file"),
        ('<img src="gone.png">', "gone.png: no such file"),
        ('<a href="sub/">a folder</a>', "sub/: no such file"),
        ('<a href="#nowhere">x</a>', "#nowhere: the page has no such anchor"),
        (
            '<a href="sub/other%20page.html#gone">x</a>',
            "sub/other%20page.html#gone: the page has no such anchor",
        ),
        ('<a href="../outside.html">x</a>', "../outside.html: leads out of the site"),
        ('<a href="/index.html">x</a>', "/index.html: leads out of the site"),
    ],
)
def test_a_link_that_leads_nowhere_is_named_with_its_page(tmp_path, body, complaint):
    assert complaints(site(tmp_path, body)) == [f"index.html: {complaint}"]


@pytest.mark.parametrize(
    "body",
    [
        '<script src="https://cdn.example.org/math.js"></script>',
        '<img src="//example.org/logo.png">',
        '<img srcset="picture.png 1x, https://example.org/big.png 2x">',
        '<link rel="stylesheet" href="https://example.org/font.css">',
        '<link rel="preconnect" href="https://example.org">',
        "<style>@import 'https://example.org/font.css';</style>",
        '<p style="background: url(https://example.org/x.png)"></p>',
        '<object data="https://example.org/x.svg"></object>',
    ],
)
def test_what_a_page_would_fetch_from_the_network_is_found(tmp_path, body):
    [complaint] = complaints(site(tmp_path, body))
    assert complaint.endswith("is shown on the page, but comes from the network")


def test_a_style_sheet_is_looked_through(tmp_path):
    site(tmp_path, "")
    (tmp_path / "sub" / "a.css").write_text("@font-face {src: url('gone.woff2')}")
    assert complaints(tmp_path) == ["sub/a.css: gone.woff2: no such file"]


def test_a_page_in_a_folder_is_looked_through_from_there(tmp_path):
    site(tmp_path, "", other='<img src="../picture.png"><img src="picture.png">')
    assert complaints(tmp_path) == ["sub/other page.html: picture.png: no such file"]


def test_a_folder_without_pages_is_no_site(tmp_path):
    with pytest.raises(FileNotFoundError, match="build the site: `make site`"):
        complaints(tmp_path)
