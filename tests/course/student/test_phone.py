"""Which browsers are a phone's; what JupyterLab does there, tests/e2e shows."""

import pytest
from tornado.httputil import HTTPHeaders

from course.student.phone import is_phone

ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 7) Chrome/130.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"


@pytest.mark.parametrize("agent", [ANDROID, IPHONE])
def test_a_phone_is_known_by_its_name(agent):
    assert is_phone(HTTPHeaders({"User-Agent": agent}))


def test_a_laptop_and_a_program_are_no_phone():
    assert not is_phone(HTTPHeaders({"User-Agent": LAPTOP}))
    assert not is_phone(HTTPHeaders())


def test_what_a_browser_says_of_itself_comes_before_its_name():
    headers = {"User-Agent": ANDROID, "Sec-CH-UA-Mobile": "?0"}  # "desktop site" asked
    assert not is_phone(HTTPHeaders(headers))
    assert is_phone(HTTPHeaders({"User-Agent": LAPTOP, "Sec-CH-UA-Mobile": "?1"}))
