"""The zip of feedback files is one that Moodle takes, and nobody gets another's."""

import zipfile

import pytest

from course.report.gather import Person
from course.report.moodle_feedback import write_zip

SLUG = "03_linear_regression"
PEOPLE = {
    "4711": Person("4711", "Cleo", "Cedar_Elm", "cleo@example.org"),
    "ann": Person("ann", "Ann", "Apfelbaum", "ann@example.org", "501"),
    "dan": Person("dan", "=cmd/../x", "", "dan@example.org"),
}
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade
Participant 88,Ann Apfelbaum,ANN@example.org,Submitted,,6
Participant 89,Cleo Cedar,cleo@example.org,Submitted,,6
Participant 90,Somebody Else,eve@example.org,No submission,,6
"""


def as_moodle_reads(path: str, participants: set[str]) -> tuple[str, str] | None:
    """Whose file it is and its name, by the rule of Moodle's importer."""
    parts = path.split("/")
    if parts[-1][:1] in (".", "~"):
        return None
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) < 5 or not info[1].isdigit() or info[1] not in participants:
            continue
        if info[2:4] == ["assignsubmission", "file"]:
            return info[1], "/".join([info[4], *parts])
    return None


@pytest.fixture
def pages(tmp_path):
    """A page for each student."""
    made = []
    for student in PEOPLE:
        path = tmp_path / "feedback" / student / SLUG / f"{SLUG}.html"
        path.parent.mkdir(parents=True)
        path.write_text(f"page of {student}")
        made.append(path)
    return made


def worksheet(tmp_path, text=WORKSHEET):
    path = tmp_path / "worksheet.csv"
    path.write_bytes(text.encode("utf-8-sig"))
    return path


def read(path) -> dict[str, str]:
    """What each participant gets."""
    with zipfile.ZipFile(path) as file:
        found = {}
        for name in file.namelist():
            whose, filename = as_moodle_reads(name, {"4711", "88", "89", "90"})
            assert filename == f"/{SLUG}.html"
            found[whose] = file.read(name).decode()
        return found


def test_a_participants_number_is_the_id_of_a_collected_download(tmp_path, pages):
    path, notes = write_zip(tmp_path, SLUG, pages, PEOPLE)
    assert path == tmp_path / "feedback" / f"{SLUG}-moodle.zip"
    assert read(path) == {"4711": "page of 4711"}
    [note] = notes
    assert "(2): ann, dan" in note and "--moodle-worksheet" in note


def test_the_folder_is_named_as_in_moodles_download(tmp_path, pages):
    path, _ = write_zip(tmp_path, SLUG, pages, PEOPLE)
    with zipfile.ZipFile(path) as file:
        folder = "Cleo Cedar Elm_4711_assignsubmission_file_"
        assert file.namelist() == [f"{folder}/{SLUG}.html"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_worksheet_says_who_is_who(tmp_path, pages, separator):
    sheet = worksheet(tmp_path, WORKSHEET.replace(",", separator))
    path, notes = write_zip(tmp_path, SLUG, pages, PEOPLE, sheet)
    assert read(path) == {"88": "page of ann", "89": "page of 4711"}
    assert len(notes) == 1 and notes[0].endswith("(1): dan")


@pytest.mark.parametrize(
    "change",
    [
        ("ann@example.org", "cleo@example.org"),  # two students, one address
        ("Ann Apfelbaum,ANN", "Bob Birch,ANN"),  # a row of somebody else's name
        ("eve@example.org", "ann@example.org"),  # one student, two rows
    ],
)
def test_where_it_is_not_sure_whose_it_is_nobody_gets_it(tmp_path, pages, change):
    people = dict(PEOPLE)
    if change[0] == "ann@example.org":
        people["ann"] = Person("ann", "Ann", "Apfelbaum", change[1])
    sheet = worksheet(tmp_path, WORKSHEET.replace(*change))
    if change[0] == "ann@example.org":
        with pytest.raises(ValueError, match="have the same"):
            write_zip(tmp_path, SLUG, pages, people, sheet)
        return
    path, notes = write_zip(tmp_path, SLUG, pages, people, sheet)
    assert "page of ann" not in read(path).values()
    assert "ann" in " ".join(notes)


def test_a_file_that_is_no_worksheet_is_refused(tmp_path, pages):
    sheet = worksheet(tmp_path, "Name,Grade\nAnn,3\n")
    with pytest.raises(ValueError, match="no grading worksheet.*Name, Grade"):
        write_zip(tmp_path, SLUG, pages, PEOPLE, sheet)


def test_a_name_leads_out_of_no_folder(tmp_path, pages):
    sheet = worksheet(
        tmp_path, WORKSHEET.replace("eve@", "dan@").replace("Somebody Else", "")
    )
    path, _ = write_zip(tmp_path, SLUG, pages, PEOPLE, sheet)
    with zipfile.ZipFile(path) as file:
        [name] = [n for n in file.namelist() if "_90_" in n]
    assert name.count("/") == 1 and ".." not in name.partition("_")[0].split("/")
    assert read(path)["90"] == "page of dan"
