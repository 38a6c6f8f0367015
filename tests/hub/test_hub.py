"""A real JupyterHub with hub/jupyterhub_config.py: two students and an instructor.

One hub for all tests, on the loopback address; they go through a class in order.
"""

import contextlib
import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import psutil
import pytest
import requests

from tests.forked import run

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
COURSE_ID, SLUG = "deep-learning", "01_toy"
START_TIMEOUT_S = 180
INSTRUCTOR, STUDENT, NEWCOMER = "ines", "alice", "carol"
# All people of the trial have one account, so that nobody owns what they hand in.
ONE_ACCOUNT = "\nc.ExchangeCollect.check_owner = False\n"


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, all different."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def make_course(folder: Path, built: Path) -> Path:
    """An instructor's course whose assignment is released, and what students get."""
    course = Path(shutil.copytree(built, folder / "course"))
    with open(course / "nbgrader_config.py", "a") as settings:
        settings.write(ONE_ACCOUNT)
    exchange = folder / "exchange"
    exchange.mkdir()
    exchange.chmod(0o1777)
    environ = {"COURSE_EXCHANGE": str(exchange)}
    type_nbgrader(course, environ, "release_assignment", SLUG)
    type_nbgrader(course, environ, "db", "student", "list")  # makes the gradebook
    for name in ("jupyter_lab_config.py", "home.md"):
        shutil.copy(ROOT / name, course)
    shutil.copytree(ROOT / "course" / "jupyter", course / "course" / "jupyter")
    handout = folder / "handout"
    handout.mkdir()
    for name in ("jupyter_lab_config.py", "home.md"):
        shutil.copy(ROOT / name, handout)
    for name in ("notebooks", "course"):
        shutil.copytree(course / name, handout / name)
    return course


def type_nbgrader(course: Path, environ: dict[str, str], *words: str) -> None:
    """What the account that owns the course types in a terminal."""
    status, said = run("nbgrader", *words, cwd=course, environ=environ)
    assert status == 0, said


class Person:
    """Somebody with a browser: cookies, and what JupyterLab's buttons ask for."""

    def __init__(self, address, name):
        self.address, self.name = address, name
        self.session = requests.Session()

    def log_in(self) -> requests.Response:
        page = f"{self.address}/hub/login"
        self.session.get(page)
        xsrf = {"_xsrf": self.session.cookies.get("_xsrf", path="/hub/")}
        who = {"username": self.name, "password": "not asked", **xsrf}
        return self.session.post(f"{page}?next=/hub/home", data=who)

    def start_server(self) -> None:
        """Press "Start My Server" and wait for it."""
        self.session.get(f"{self.address}/hub/spawn/{self.name}")
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if 'id="jupyter-config-data"' in self.get(f"/user/{self.name}/lab").text:
                return
            time.sleep(1)
        raise TimeoutError(f"the server of {self.name} did not start")

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.address + path)

    def send(self, method: str, path: str, prefix: str, **words) -> requests.Response:
        xsrf = self.session.cookies.get("_xsrf", path=prefix)
        return self.session.request(
            method, self.address + path, json=words, headers={"X-XSRFToken": xsrf}
        )

    def assignments(self) -> dict[str, str]:
        """What the Assignment List shows: the assignments and where they stand."""
        page = f"/user/{self.name}/assignments?course_id={COURSE_ID}"
        return self._listed(self.get(page))

    def presses(self, button: str) -> dict[str, str]:
        """Press fetch, submit or fetch_feedback; what the list then shows."""
        prefix = f"/user/{self.name}/"
        words = {"course_id": COURSE_ID, "assignment_id": SLUG}
        path = f"{prefix}assignments/{button}"
        return self._listed(self.send("POST", path, prefix, **words))

    def _listed(self, answer: requests.Response) -> dict[str, str]:
        answer.raise_for_status()
        said = answer.json()
        assert said["success"], said["value"]
        return {a["status"]: a["assignment_id"] for a in said["value"]}


class Hub:
    """A running hub, its folders, and the people who are logged in."""

    def __init__(self, folder: Path, built: Path):
        self.folder = folder
        self.course = make_course(folder, built)
        self.inbound = folder / "exchange" / COURSE_ID / "inbound"
        self.people = {}
        self.started = set()
        self._write_settings()
        self.log = open(folder / "hub.log", "w")  # noqa: SIM115, closed in stop
        # Another checkout than the installed one.
        elsewhere = {n: os.environ[n] for n in ("PYTHONPATH",) if n in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", folder / "hub" / "changes.py"],
            cwd=folder,
            env={"PATH": f"{PROGRAMS}:{os.defpath}", "HOME": str(folder), **elsewhere},
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
        )

    def _write_settings(self) -> None:
        """class.toml for this machine: the example's, with other places and ports."""
        folder, ports = self.folder, free_ports(4)
        hub = Path(shutil.copytree(ROOT / "hub", folder / "hub"))
        shutil.copy(Path(__file__).with_name("changes.py"), hub)
        me, python = pwd.getpwuid(os.getuid()).pw_name, sys.executable
        self.address = f"http://127.0.0.1:{ports[0]}"
        here = {
            'grader = "grader"': f'grader = "{me}"',
            "/srv/course/.venv/bin/python": python,
            "/opt/deep-learning/bin/python": python,
            "/srv/": f"{folder}/",
            "http://127.0.0.1:8000": self.address,
            "http://127.0.0.1:9999": f"http://127.0.0.1:{ports[1]}",
        }
        text = (hub / "class.toml").read_text()
        for shown, used in here.items():
            assert shown in text
            text = text.replace(shown, used)
        (hub / "class.toml").write_text(text)
        (folder / "homes").mkdir()
        trial = {
            "homes": str(folder / "homes"),
            "hub_port": ports[2],
            "proxy_api_url": f"http://127.0.0.1:{ports[3]}",
        }
        (hub / "trial.json").write_text(json.dumps(trial))

    def wait(self) -> None:
        """Wait until the hub answers through its proxy, and formgrader too."""
        deadline = time.monotonic() + START_TIMEOUT_S
        for page in ("/hub/api", f"/services/{COURSE_ID}/api"):
            while time.monotonic() < deadline and self.process.poll() is None:
                self.look()
                with contextlib.suppress(requests.ConnectionError):
                    if requests.get(self.address + page).ok:
                        break
                time.sleep(1)
            else:
                raise TimeoutError(f"{page} does not answer:\n{self.said()}")

    def person(self, name: str) -> Person:
        """Somebody who is logged in and has a server."""
        if name not in self.people:
            person = Person(self.address, name)
            person.log_in().raise_for_status()
            person.start_server()
            self.people[name] = person
            self.look()
        return self.people[name]

    def look(self) -> None:
        """Remember the processes that came of the hub: they outlive it if it fails."""
        with contextlib.suppress(psutil.NoSuchProcess):
            hub = psutil.Process(self.process.pid)
            self.started.update([hub, *hub.children(recursive=True)])

    def formgraders_environ(self) -> dict[str, str]:
        """What is set in a terminal that is opened in the service's JupyterLab."""
        (service,) = (
            process
            for process in self.started
            if process.is_running() and process.cwd() == str(self.course)
        )
        return service.environ()

    def said(self) -> str:
        return (self.folder / "hub.log").read_text()

    def stop(self) -> list[psutil.Process]:
        """End the hub; what of it is still running, which is then killed."""
        self.look()
        self.process.terminate()
        _, left = psutil.wait_procs(self.started, timeout=60)
        for process in left:
            process.kill()
        self.process.wait()
        self.log.close()
        return left


@pytest.fixture(scope="module")
def hub(tmp_path_factory, built_toy):
    running = Hub(tmp_path_factory.mktemp("hub"), built_toy)
    try:
        running.wait()
        yield running
    finally:
        running.stop()


def test_a_stranger_is_not_let_in(hub):
    assert Person(hub.address, "eve").log_in().status_code == 403


def test_a_student_starts_with_a_copy_of_the_course_of_their_own(hub):
    alice = hub.person(STUDENT)
    home = hub.folder / "homes" / STUDENT / COURSE_ID
    assert (home / "notebooks" / f"{SLUG}.ipynb").is_file()
    listing = alice.get(f"/user/{STUDENT}/api/contents").json()["content"]
    assert {entry["name"] for entry in listing} == {"home.md", "notebooks", "work"}


def test_a_student_fetches_and_submits(hub):
    alice = hub.person(STUDENT)
    assert alice.assignments() == {"released": SLUG}
    assert alice.presses("fetch") == {"fetched": SLUG}
    work = hub.folder / "homes" / STUDENT / COURSE_ID / "work"
    assert (work / SLUG / f"{SLUG}.ipynb").is_file()
    assert alice.presses("submit") == {"fetched": SLUG, "submitted": SLUG}
    (submitted,) = hub.inbound.iterdir()
    assert submitted.name.startswith(f"{STUDENT}+{SLUG}+")


def test_formgrader_shows_the_instructor_what_there_is_to_collect(hub):
    ines = hub.person(INSTRUCTOR)
    service = f"/services/{COURSE_ID}"
    assert ines.get(service).url.endswith(f"{service}/formgrader/manage_assignments")
    (assignment,) = ines.get(f"{service}/formgrader/api/assignments").json()
    assert assignment["name"] == SLUG
    assert assignment["status"] == "released"
    path = f"{service}/formgrader/api/assignment/{SLUG}/collect"
    answer = ines.send("POST", path, f"{service}/")
    assert answer.json()["success"], answer.text
    assert os.listdir(hub.course / "submitted") == [STUDENT]


def test_written_answers_are_graded_beside_formgrader(hub):
    ines, service = hub.person(INSTRUCTOR), f"/services/{COURSE_ID}"
    page = ines.get(f"{service}/formgrader/gradebook").text
    (link,) = re.findall(r'href="([^"]*/written)"', page)
    assert "Nobody has answered a written question yet" in ines.get(link).text
    # Past the gate for forms of others: only there is it seen that nobody answered.
    assert ines.send("POST", f"{link}/x/y", f"{service}/").status_code == 400
    assert requests.post(f"{hub.address}{link}/x/y", json={}).status_code == 403


def test_formgrader_is_closed_to_students(hub):
    alice = hub.person(STUDENT)
    formgraders = ("/formgrader", "/formgrader/api/assignments", "/formgrader/written")
    for page in ("", *formgraders, "/api/contents"):
        assert alice.get(f"/services/{COURSE_ID}{page}").status_code == 403
    assert alice.get(f"/user/{STUDENT}/formgrader/api/status").status_code == 404


def test_nobody_gets_into_another_persons_server(hub):
    hub.person(INSTRUCTOR)
    page = f"/user/{INSTRUCTOR}/api/contents"
    assert hub.person(STUDENT).get(page).status_code == 403
    assert requests.get(hub.address + page).status_code == 403


def test_who_is_entered_into_the_gradebook_comes_into_the_class(hub):
    carol = hub.person(NEWCOMER)
    assert carol.assignments() == {}
    environ = hub.formgraders_environ()
    type_nbgrader(hub.course, environ, "db", "student", "add", NEWCOMER)
    assert carol.assignments() == {"released": SLUG}
    # What alice handed in is not in her list.
    assert hub.person(STUDENT).assignments().keys() == {"fetched", "submitted"}


def test_formgrader_is_not_in_a_students_menus(hub):
    page = hub.person(STUDENT).get(f"/user/{STUDENT}/lab").text
    settings = re.search(r'id="jupyter-config-data".*?>(.*?)</script>', page, re.DOTALL)
    off = json.loads(settings[1])["disabledExtensions"]
    assert "@jupyter/nbgrader:formgrader" in off
    assert "@jupyter/nbgrader:assignment-list" not in off


def test_a_students_page_has_the_courses_settings(hub):
    page = hub.person(STUDENT).get(f"/user/{STUDENT}/")
    assert page.url.endswith(f"/user/{STUDENT}/lab/tree/home.md")
    assert '"buildCheck": false' in page.text


def test_nothing_is_left_running(hub):
    hub.look()
    assert len(hub.started) >= 6  # the hub, its proxy, formgrader, three servers
    assert hub.stop() == []


def test_the_page_explains_every_setting():
    page = (ROOT / "docs" / "hub.md").read_text()
    settings = tomllib.loads((ROOT / "hub" / "class.toml").read_text())
    assert [key for key in settings if f"`{key}`" not in page] == []
