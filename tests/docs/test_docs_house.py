"""The picture of the rooms is drawn from the present imports and shows every room; its ten lines name them."""

import importlib.util
import re


def module(root):
    spec = importlib.util.spec_from_file_location("house_picture", root / ".ci" / "house.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_the_picture_is_up_to_date(root):
    made = module(root).picture()
    assert (root / "docs" / "house.svg").read_text(encoding="utf-8") == made, "run .venv/bin/python .ci/house.py"


def test_every_room_is_in_the_picture(root):
    rooms = {
        p.name.removesuffix(".py") for p in (root / "kb").iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()
    }
    drawn = {room for floor in module(root).floors() for room in floor}
    assert rooms - {"__init__", "__main__"} == drawn


def test_imports_that_other_imports_lead_past_are_not_drawn(root):
    links = {("top", "middle"), ("middle", "bottom"), ("top", "bottom"), ("top", "side")}
    assert module(root).direct(links) == [("middle", "bottom"), ("top", "middle"), ("top", "side")]


def test_the_ten_lines_name_rooms_that_are_there(root):
    text = (root / "docs" / "house.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\d+\. (.+)$", text, re.MULTILINE)
    named = {name for line in lines for name in re.findall(r"`(\w+)`", line)}
    assert len(lines) == 10 and all((root / "kb" / name).is_dir() for name in named)


def test_the_readme_has_the_same_ten_lines_and_the_picture(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\d+\. .+$", (root / "docs" / "house.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert all(line in readme for line in lines) and "(docs/house.svg)" in readme
