"""Scripts under benchmarks/ and .ci/ run seldom: every name of kb that they use exists, also after a renaming."""

import ast
import importlib
import importlib.util

import pytest


def named(tree):
    """Return the (module, name) pairs of kb that a script uses, also through `import kb.x as y`."""
    modules, taken = {}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").split(".")[0] == "kb":
            for one in node.names:
                taken.add((node.module, one.name))
                modules[one.asname or one.name] = f"{node.module}.{one.name}"
        if isinstance(node, ast.Import):
            modules |= {one.asname: one.name for one in node.names if one.asname and one.name.split(".")[0] == "kb"}
    shadowed = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)} | {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    }
    for node in ast.walk(tree):
        of_name = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if of_name and node.value.id not in shadowed and is_module(name := modules.get(node.value.id, "")):
            taken.add((name, node.attr))
    return taken


def is_module(name):
    """Return whether the dotted name is a module, and not a name in one."""
    try:
        return bool(name) and importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def there(module, name):
    return hasattr(importlib.import_module(module), name) or is_module(f"{module}.{name}")


@pytest.mark.parametrize("folder", ["benchmarks", ".ci"])
def test_what_a_script_names_of_the_house_is_there(root, folder):
    scripts = sorted((root / folder).glob("*.py"))
    gone = [
        f"{folder}/{script.name}: {module}.{name}"
        for script in scripts
        for module, name in sorted(named(ast.parse(script.read_text(encoding="utf-8"))))
        if not there(module, name)
    ]
    assert scripts and gone == []


def test_a_name_that_is_gone_is_found_through_the_module_too():
    tree = ast.parse("import kb.log.restore as r\nfrom kb.log import backup\nr.gone()\nbackup.backup\nr.restore")
    assert {pair for pair in named(tree) if not there(*pair)} == {("kb.log.restore", "gone")}
