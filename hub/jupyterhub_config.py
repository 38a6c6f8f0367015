"""A class on one machine: a server for each person, formgrader for the instructors.

Who and where stands in class.toml beside this file; docs/hub.md says how to set it up.
tests/hub starts a hub with this very file, and changes what tests/hub/changes.py says.
"""

import tomllib
from pathlib import Path

c = get_config()  # noqa: F821

START_TIMEOUT_S = 120  # for one server; after a holiday everybody starts theirs at once

here = Path(__file__).resolve().parent
given = tomllib.loads((here / "class.toml").read_text(encoding="utf-8"))
course_id, exchange = given["course_id"], given["exchange"]
students, instructors = given["students"], given["instructors"]

# --------------------------------------------------------------- who may come in

# The accounts of this machine, with their passwords. To let a university's single
# sign-on or Moodle say who somebody is, put the class of oauthenticator or of
# ltiauthenticator here; the names that it gives must be those of accounts.
c.JupyterHub.authenticator_class = "pam"
c.Authenticator.allowed_users = {*students, *instructors, *given["admins"]}
c.Authenticator.admin_users = set(given["admins"])

# nbgrader goes by the names of these two groups.
class_group, graders_group = f"nbgrader-{course_id}", f"formgrade-{course_id}"
c.JupyterHub.load_groups = {
    class_group: {"users": [*students, *instructors]},
    graders_group: {"users": [*instructors, given["grader"]]},
}
c.JupyterHub.load_roles = [
    {
        "name": "instructors-of-the-course",
        "groups": [graders_group],
        "scopes": [f"access:services!service={course_id}"],
    },
    {  # formgrader asks for its own groups, and enters students into the class
        "name": "formgrader-of-the-course",
        "services": [course_id],
        "scopes": [
            f"read:users:groups!user={given['grader']}",
            "list:groups",
            f"groups!group={class_group}",
        ],
    },
]

# --------------------------------------------------------------- each person's server

# A process that runs as that person's account. Where students may use up the machine,
# put systemdspawner's class here and set c.Spawner.mem_limit and c.Spawner.cpu_limit.
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.default_url = "/lab/tree/home.md"
c.Spawner.cmd = [given["python"], str(here / "start_server.py")]
c.Spawner.start_timeout = c.Spawner.http_timeout = START_TIMEOUT_S
c.Spawner.environment = {
    "JUPYTER_CONFIG_PATH": str(here / "personal"),
    "COURSE_ID": course_id,
    "COURSE_EXCHANGE": exchange,
    "COURSE_HANDOUT": given["handout"],
    "OMP_NUM_THREADS": "1",
}
# What nbgrader asks the hub in a person's name: which groups that person is in.
c.Spawner.server_token_scopes = [
    "access:servers!server",
    "users:activity!user",
    "read:users:groups!user",
]

# --------------------------------------------------------------- formgrader

# One server for all instructors, in the account that owns the course. nbgrader wants it
# to be named like the course.
c.JupyterHub.services = [
    {
        "name": course_id,
        "url": given["formgrader_url"],
        "command": [given["course_python"], "-P", "-m", "jupyterhub.singleuser"],
        "user": given["grader"],
        "cwd": given["course"],
        "environment": {
            "JUPYTER_CONFIG_PATH": str(here / "formgrader"),
            "JUPYTERHUB_DEFAULT_URL": "/formgrader",
            "JUPYTERHUB_USER": given["grader"],
            "COURSE_EXCHANGE": exchange,
        },
        "oauth_no_confirm": True,
        "timeout": START_TIMEOUT_S,
    }
]

c.JupyterHub.bind_url = given["bind_url"]
