"""nbgrader's settings for formgrader on a hub, beside those in the course's folder."""

c = get_config()  # noqa: F821

# A student who is entered into the gradebook is entered into the hub's group, too.
c.Authenticator.plugin_class = "nbgrader.auth.JupyterHubAuthPlugin"
