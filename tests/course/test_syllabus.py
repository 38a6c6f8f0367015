"""The list of chapters: whole, in order, true of what is written."""

from pathlib import Path

import pytest

from course.build.home import title
from course.chapters import ChapterError, find_chapters, read_chapter
from course.new import new_chapter
from course.syllabus import read_about, read_syllabus

ROOT = Path(__file__).parents[2]


def write(root: Path, text: str) -> Path:
    (root / "chapters").mkdir()
    (root / "chapters" / "syllabus.toml").write_text(text, encoding="utf-8")
    return root


def test_all_32_chapters_stand_in_order_each_in_its_part():
    syllabus = read_syllabus(ROOT)
    assert [slug[:2] for slug, _, _ in syllabus] == [f"{n:02}" for n in range(32)]
    assert ("17_resnet", "ResNet", "Part II. Convolutional networks") in syllabus
    assert len({part for *_, part in syllabus}) == 5


def test_each_part_says_in_a_sentence_what_it_is_about():
    about = read_about(ROOT)
    assert list(about) == list(dict.fromkeys(part for *_, part in read_syllabus(ROOT)))
    assert all(40 < len(said) < 160 and said.endswith(".") for said in about.values())


def test_a_part_may_say_nothing_about_itself(tmp_path):
    text = (
        '["Part I"]\nabout = "Sounds."\n03_sound = "Sound"\n["Part II"]\n04_x = "X"\n'
    )
    assert read_about(write(tmp_path, text)) == {"Part I": "Sounds."}
    assert [slug for slug, *_ in read_syllabus(tmp_path)] == ["03_sound", "04_x"]


def test_a_written_lecture_begins_with_the_title_in_the_syllabus():
    titles = {slug: title for slug, title, _ in read_syllabus(ROOT)}
    for folder in find_chapters(ROOT):
        chapter = read_chapter(folder)
        assert title(chapter).partition(":")[0] == titles[chapter.slug]


def test_a_course_without_a_syllabus_has_none(tmp_path):
    assert read_syllabus(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('["Part I"\n', "this is no TOML"),
        ('03_sound = "Sound"\n', r'\["03_sound"\] must hold lines'),
        ('["Part I"]\nsound = "Sound"\n', r'\["Part I"\] must hold lines'),
        ('["Part I"]\n03_sound = ""\n', r'\["Part I"\] must hold lines'),
        ('["Part I"]\n03_sound = 3\n', r'\["Part I"\] must hold lines'),
        ('["Part I"]\nabout = ""\n', r'\["Part I"\] must hold lines'),
    ],
)
def test_what_is_no_list_of_chapters_is_refused_with_its_place(tmp_path, text, said):
    with pytest.raises(ChapterError, match=f"syllabus.toml.*{said}"):
        read_syllabus(write(tmp_path, text))


def test_a_byte_order_mark_does_no_harm(tmp_path):
    write(tmp_path, '\ufeff["Part I"]\n03_sound = "Sound"\n')
    assert read_syllabus(tmp_path) == [("03_sound", "Sound", "Part I")]


def test_a_new_chapter_gets_the_title_of_the_syllabus_if_none_is_given(tmp_path):
    write(tmp_path, '["Part I"]\n17_resnet = "ResNet"\n')
    headings = [
        (new_chapter(tmp_path, slug, title) / "lecture.py").read_text("utf-8")
        for slug, title in [("17_resnet", None), ("18_nets", None), ("19_x", "Given")]
    ]
    assert ["# # ResNet" in headings[0], "# # Nets" in headings[1]] == [True, True]
    assert "# # Given" in headings[2]
