"""nbgrader's settings for everybody's own server: students' and instructors'.

Read where JUPYTER_CONFIG_PATH names this folder; docs/hub.md says how it gets there.
"""

import os

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = os.environ.get("COURSE_ID", "deep-learning")
c.Exchange.root = os.environ["COURSE_EXCHANGE"]
# Fetched assignments lie in work/, in the person's own copy of the course.
c.Exchange.assignment_dir = os.path.join(os.environ["COURSE_HOME"], "work")

if "JUPYTERHUB_API_TOKEN" in os.environ:
    # By the hub's name of the person, which is also the account's; and who is not in
    # the class sees no assignments.
    c.CourseDirectory.student_id = os.environ["JUPYTERHUB_USER"]
    c.Authenticator.plugin_class = "nbgrader.auth.JupyterHubAuthPlugin"
