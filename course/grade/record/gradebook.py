"""nbgrader's database, opened once for a whole batch, with one table of ours in it.

Stock nbgrader opens nine gradebooks a submission and each compiles its SQL again.
"""

from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Float,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from course.whole import CannotWrite

NOT_WRITTEN = {  # by what SQLite says
    "is full": "make room on that disk, then give the same command again",
    "disk I/O error": "see whether that disk is full or damaged",
    "readonly database": "its file and its folder must be ones that you may write to",
}
WAIT_S = 60  # for formgrader, or whoever else writes into the same gradebook

# What the gradebook has no column for. It refers to nbgrader's tables by name and has
# no foreign key: nbgrader must go on deleting students and submissions as it likes.
course_grading = Table(
    "course_grading",
    MetaData(),
    Column("student", String(128), primary_key=True),
    Column("assignment", String(128), primary_key=True),
    Column("assignment_digest", String(64), nullable=False),
    Column("submission_digest", String(64), nullable=False),
    Column("isolation", String(16), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("result", Text, nullable=False),  # JSON of a Result without its outputs
    Column("graded_at", DateTime, nullable=False),  # UTC, as nbgrader's times are
)


def open_gradebook(db_url: str) -> Engine:
    """Connect to a gradebook; make its tables if there are none.

    Args:
        db_url: as nbgrader has it: "sqlite:////path/gradebook.db" or "postgresql://...".

    Raises:
        RuntimeError: another version of nbgrader made it, or it can't be opened.
    """
    try:
        return _open(db_url)
    except (SQLAlchemyError, ImportError) as error:  # or the driver is missing
        words = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        where = _without_password(db_url)
        if "locked" in words:
            raise RuntimeError(
                f"the gradebook {where} is locked: another program has been writing "
                f"into it for {WAIT_S} s; wait for it, or end it"
            ) from error
        raise RuntimeError(
            f"the gradebook {where} can't be opened ({words}): an address is "
            "sqlite:////folder/gradebook.db or postgresql://user@host/name"
        ) from error


def _without_password(db_url: str) -> str:
    try:
        return make_url(db_url).render_as_string(hide_password=True)
    except ArgumentError:  # no URL at all
        return repr(db_url)


def _open(db_url: str) -> Engine:
    engine = create_engine(db_url)
    event.listen(engine, "handle_error", _say_why_not_written)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    try:
        _make_tables(engine)
    except BaseException:
        engine.dispose()  # nobody else will: the caller gets no engine
        raise
    return engine


def _prepare_sqlite(connection, _record) -> None:
    """Have transactions begin where we say, wait for others, and outlast a power cut.

    The journal is SQLite's plain one, as stock has it: a gradebook stays one file that
    can be copied, also on a network drive, where a write-ahead log fails.
    """
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {WAIT_S * 1000}")
    connection.execute("PRAGMA synchronous = EXTRA")


def _say_why_not_written(context) -> None:
    """In the place of SQLite's words about a disk, a sentence that says what to do."""
    words = str(context.original_exception)
    for sign, todo in NOT_WRITTEN.items():
        if sign in words:
            where = _without_password(str(context.engine.url))
            raise CannotWrite(
                f"the gradebook {where} can't be written ({words}): {todo}; nothing "
                "in it is half-written"
            ) from context.original_exception


def _begin_immediate(connection) -> None:
    """Take the right to write at once: taken later, it can be refused half-way."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _make_tables(engine: Engine) -> None:
    """Make what is missing, all or nothing, with the version that nbgrader stamps.

    nbgrader makes its tables first and asks a program for the version afterwards: who
    stops it in between has a gradebook that can't be upgraded.
    """
    from alembic.script import ScriptDirectory
    from nbgrader.api import Base
    from nbgrader.dbutil import ALEMBIC_DIR

    head = ScriptDirectory(ALEMBIC_DIR).get_current_head()
    with engine.begin() as connection:
        names = inspect(connection).get_table_names()
        if "alembic_version" in names:
            _check_version(connection, head)
        Base.metadata.create_all(connection)
        course_grading.create(connection, checkfirst=True)
        if not names:
            connection.execute(
                text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
            )
            connection.execute(
                text("INSERT INTO alembic_version VALUES (:head)"), {"head": head}
            )


def add_nameless_course(engine: Engine) -> None:
    """Have a row for a course without an id, as nbgrader refers to it and writes none.

    SQLite lets that pass, PostgreSQL does not.
    """
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            row = "INSERT INTO course (id) VALUES ('') ON CONFLICT DO NOTHING"
            connection.execute(text(row))


def _check_version(connection, head: str) -> None:
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if found != head:
        raise RuntimeError(
            f"the gradebook has version {found}, this nbgrader needs {head}: "
            "copy the gradebook to a safe place, then run `nbgrader db upgrade`"
        )
