"""What a hub on trial does otherwise than hub/jupyterhub_config.py says.

Nobody's password is asked, all servers run in one account with a home for each name,
and the ports are free ones. `carol` has an account and is not in the class.
"""

import json
import os
from pathlib import Path

c = get_config()  # noqa: F821

here = Path(__file__).resolve().parent  # a copy of hub/, and this file
load_subconfig(str(here / "jupyterhub_config.py"))  # noqa: F821
given = json.loads((here / "trial.json").read_text())

c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allowed_users.add("carol")
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = given["homes"] + "/{username}"
c.JupyterHub.hub_port = given["hub_port"]
c.ConfigurableHTTPProxy.api_url = given["proxy_api_url"]
if os.geteuid() == 0:
    c.Spawner.args = ["--allow-root"]
    c.JupyterHub.services[0]["command"].append("--allow-root")
