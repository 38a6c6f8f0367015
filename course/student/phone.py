"""JupyterLab on a phone: the page first, each time, and the list of files folded.

By itself it opens the list over most of a narrow screen. It also keeps what was open,
and how wide, for the next visit, also for one from a larger screen. So a phone is given
the same layout at each visit, and what it would keep is not kept. A server extension of
Jupyter: jupyter_lab_config.py switches it on.
"""

import json

from jupyter_server.utils import url_path_join
from jupyterlab_server.workspaces_handler import WorkspacesHandler, WorkspacesManager
from tornado.httputil import HTTPHeaders
from tornado.web import authenticated

LAB = "lab"  # the name of JupyterLab among the server's extensions
FOLDED = {
    "layout-restorer:data": {
        "left": {"collapsed": True, "visible": True, "widgets": []},
        "right": {"collapsed": True, "visible": False, "widgets": []},
    }
}


def is_phone(headers: HTTPHeaders) -> bool:
    """Whether a browser says that it is one of a phone."""
    hint = headers.get("Sec-CH-UA-Mobile")
    return hint == "?1" if hint else "Mobi" in headers.get("User-Agent", "")


class Layouts(WorkspacesHandler):
    """JupyterLab's own way to keep layouts, for all but phones."""

    def initialize(self) -> None:
        """Keep them where JupyterLab does."""
        folder = self.settings[LAB].workspaces_dir
        super().initialize(name=LAB, manager=WorkspacesManager(folder))

    @authenticated
    async def get(self, space_name: str) -> None:
        """A layout: as it was kept, or folded."""
        if not is_phone(self.request.headers):
            await super().get(space_name)
            return
        self.finish(json.dumps({"data": FOLDED, "metadata": {"id": space_name}}))

    @authenticated
    def put(self, space_name: str) -> None:
        """Keep a layout, or not."""
        if not is_phone(self.request.headers):
            super().put(space_name)
            return
        self.set_status(204)


def _jupyter_server_extension_points() -> list[dict]:
    return [{"module": "course.student.phone"}]


def _load_jupyter_server_extension(server) -> None:
    """Come before JupyterLab's handler: extensions load in the order of their names."""
    base = server.web_app.settings["base_url"]
    place = url_path_join(base, "lab/api/workspaces", "(?P<space_name>.+)")
    server.web_app.add_handlers(".*$", [(place, Layouts)])
