"""Collect the sentences of every error that a person may see, and its next step, with a name in braces for each
inserted value. Reads the code only.

Modules below the interfaces write errors in English, as f-strings. Here these strings are read from the code as `There
is already an action '{id}'.`; the catalogues hold them under the context "refusal", and kb/i18n/refusals.py matches an
error to its sentence.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from pathlib import Path

from refusals_outside import OUTSIDE, YET

_VALUE = re.compile(r"\{\w+\}")
_WORD = re.compile(r"[a-zA-Z]{3}|no ")  # shorter ones are names of values: ‘{id} {what}’ says nothing of its own
MOST = 12  # sentences that one place may say: more come of values that are names, and stay a value
QUOTES = ("'", '"', "“")
HANDED_ON = ("instead", "what", "do", "where", "fault", "answer")
DEEP = 12  # steps from a name to where its words are written; more are a circle

OWN = ("Ambiguous", "ConflictError")
"""Refusals that are made of what they are about and write their words themselves."""
MADE = ("missing",)
"""Names that stand for the class of a refusal."""
ALSO = ("Unreadable",)
"""What is no error and is told like one: with `what`, `detail` and `do`."""
TABLES = {"_MEANINGS", "_KINDS", "_IMAGES", "CUT"}
"""Constants that hold the words of refusals."""


@dataclass
class Module:
    """A parsed module: what each of its functions returns, and the values of its top-level names."""

    path: str
    tree: ast.Module
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)
    above: dict[ast.AST, ast.FunctionDef] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """The place of an error text: file and line. `texts` are its possible sentences; empty if they cannot be read from
    the code."""

    where: str
    texts: tuple[str, ...]


class Code:
    """The parsed code of kb, from which the texts of all errors are read."""

    def __init__(self, root: Path) -> None:
        self.modules = [self._module(root, path) for path in sorted((root / "kb").rglob("*.py"))]
        self.constants = {name: (m, value) for m in self.modules for name, value in m.constants.items()}
        self.functions: dict[str, list[tuple[Module, ast.FunctionDef]]] = defaultdict(list)
        self.calls: dict[str, list[tuple[Module, ast.Call]]] = defaultdict(list)
        for module in self.modules:
            for name, function in module.functions.items():
                self.functions[name].append((module, function))
            for node in ast.walk(module.tree):
                if isinstance(node, ast.Call):
                    self.calls[_called(node)].append((module, node))
        self.errors = self._errors()

    @staticmethod
    def _module(root: Path, path: Path) -> Module:
        module = Module(path.relative_to(root / "kb").as_posix(), ast.parse(path.read_text(encoding="utf-8")))
        for node in module.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                module.constants[node.targets[0].id] = node.value
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef):
                module.functions[node.name] = node
                for inner in ast.walk(node):
                    module.above[inner] = node  # the innermost comes last
        return module

    def _errors(self) -> set[str]:
        """Return the names of KBError and of all its subclasses."""
        known, before = {"KBError"}, 0
        while len(known) != before:
            before = len(known)
            for module in self.modules:
                for node in ast.walk(module.tree):
                    if isinstance(node, ast.ClassDef) and known & {getattr(b, "id", "") for b in node.bases}:
                        known.add(node.name)
        return known

    def places(self) -> Iterator[Place]:
        """Yield the place of every sentence and next step of an error that a page may show."""
        for module in self.modules:
            if module.path not in YET and any(module.path.startswith(one) for one in OUTSIDE):
                continue
            yield from _in_tables(module)
            for node in ast.walk(module.tree):
                for given in self._given(module, node):
                    if isinstance(given, ast.Call) and _called(given) in ("t", "tn"):
                        continue  # translated where it is written
                    if isinstance(given, ast.Call) and _called(given) == "join":
                        continue  # a list of values, no words
                    if isinstance(given, ast.Attribute | ast.Subscript | ast.Name) and _named(given) in HANDED_ON:
                        continue  # the words of another refusal
                    texts = self.texts(given, module, node)
                    if texts == []:
                        continue  # a name of what was translated before
                    yield Place(f"kb/{module.path}:{given.lineno}", tuple(map(_distinct, texts or ())))

    def _given(self, module: Module, node: ast.AST) -> Iterator[ast.expr]:
        if not isinstance(node, ast.Call):
            return
        name = _called(node)
        by_name = {word.arg: word.value for word in node.keywords if word.arg}
        refuses = name in self.errors or (name in MADE and "do" in by_name)
        refuses = refuses or (name == "__init__" and self._of_error(module, node))
        if refuses and node.args and name not in OWN:
            yield node.args[0]
        if name == "Verdict":
            yield from node.args[1:]
        if name == "some" and len(node.args) > 1:
            yield from _counted(node)
        if name == "JobState" and "error" in by_name:
            yield by_name["error"]
        if refuses or (name in ALSO and "do" in by_name):
            yield from (by_name[word] for word in ("what", "detail", "do") if word in by_name)

    def _of_error(self, module: Module, node: ast.Call) -> bool:
        return any(
            isinstance(one, ast.ClassDef) and one.name in self.errors and node in ast.walk(one)
            for one in module.tree.body
        ) and not any(isinstance(arg, ast.Name) for arg in node.args[:1])

    def texts(self, given: ast.expr, module: Module, at: ast.AST, deep: int = 0) -> list[str] | None:
        """Return the possible values of the expression `given` in `module`, with {name} for inserted values; None if
        they cannot be read from the code. `at` is the statement that contains it; `deep` limits how many function calls
        are followed."""
        if deep > DEEP:
            return None
        match given:
            case ast.Constant(value=str(text)):
                return [text.replace("{", "{{").replace("}", "}}")]
            case ast.JoinedStr(values=parts):
                return self._joined(parts, module, at, deep)
            case ast.IfExp(body=one, orelse=other):
                return self._all((one, other), module, at, deep)
            case ast.BoolOp(values=several):
                return self._any(several, module, at, deep)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                sides = self._part(left, module, at, deep), self._part(right, module, at, deep)
                return [a + b for a, b in product(*sides)]
            case ast.NamedExpr(value=value):
                return self.texts(value, module, at, deep)
            case ast.Call():
                return self._call(given, module, at, deep)
            case ast.Name(id=name):
                return self._name(name, module, at, deep)
            case ast.Attribute(attr=name) if name in module.functions and _is_property(module.functions[name]):
                own = module.functions[name]
                gives = [one.value for one in ast.walk(own) if isinstance(one, ast.Return) and one.value]
                return self._all(gives, module, own, deep)
            case ast.Subscript(value=ast.Name(id=name)):
                table = module.constants.get(name) or self.constants.get(name, (None, None))[1]
                if isinstance(table, ast.Dict):
                    return self._all(table.values, module, at, deep)
        return None

    def _all(self, several: Iterable[ast.expr], module: Module, at: ast.AST, deep: int) -> list[str] | None:
        found = [self.texts(one, module, at, deep + 1) for one in several]
        return None if None in found else [text for one in found for text in one or ()]

    def _any(self, several: Iterable[ast.expr], module: Module, at: ast.AST, deep: int) -> list[str] | None:
        """Return the possible values of one of `several` expressions, as in `place or "whole file"`: the texts in the
        code, and {name} for a value that is unknown."""
        found = [self.texts(one, module, at, deep + 1) for one in several]
        if all(one is None for one in found):
            return None
        values = [[f"{{{_named(one)}}}"] for one in several]
        return [text for one, value in zip(found, values, strict=True) for text in (value if one is None else one)]

    def _joined(self, parts: Sequence[ast.expr], module: Module, at: ast.AST, deep: int) -> list[str]:
        sides: list[list[str]] = []
        for part in parts:
            if isinstance(part, ast.FormattedValue):
                quoted = bool(sides) and sides[-1][0].endswith(QUOTES)
                sides.append(self._part(part.value, module, at, deep, quoted=quoted))
            else:
                sides.append(self.texts(part, module, at, deep) or [""])
        return [_distinct("".join(one)) for one in product(*sides)]

    def _part(self, value: ast.expr, module: Module, at: ast.AST, deep: int, *, quoted: bool = False) -> list[str]:
        """Return the possible texts of one inserted value of an f-string: those in the code, otherwise {name}. In
        quotation marks (`quoted`) always {name}."""
        known = None if quoted else self.texts(value, module, at, deep + 1)
        told = known is not None and len(known) <= MOST and (all(known) or not isinstance(value, ast.Name))
        return sorted(set(known)) if known and told else [f"{{{_named(value)}}}"]

    def _call(self, given: ast.Call, module: Module, at: ast.AST, deep: int) -> list[str] | None:
        name = _called(given)
        if name in ("t", "tn"):
            return []  # translated where it is written
        if name == "later" and given.args:
            return self.texts(given.args[0], module, at, deep + 1)
        function = module.functions.get(name) or (
            self.functions[name][0][1] if len(self.functions[name]) == 1 else None
        )
        if function is None or hasattr(builtins, name) or name in ("join", "some"):
            return None
        home = module if name in module.functions else self.functions[name][0][0]
        if home.path.startswith("ui/"):
            return None  # HTML
        gives = [one.value for one in ast.walk(function) if isinstance(one, ast.Return) and one.value]
        return (
            self._all(gives, home, function, deep + 1)
            if gives and "str" in ast.dump(function.returns or function)
            else None
        )

    def _name(self, name: str, module: Module, at: ast.AST, deep: int) -> list[str] | None:
        function = module.above.get(at) if not isinstance(at, ast.FunctionDef) else at
        if function is not None:
            given = list(_assigned(function, name))
            if given:
                return (self._all if deep else self._any)(given, module, at, deep + 1)
            places = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
            if name in [one.arg for one in places]:
                return self._argument(function, name, deep)
        if name in module.constants:
            return self.texts(module.constants[name], module, module.tree, deep + 1)
        if name in self.constants and name.isupper() or name.startswith("_") and name in self.constants:
            home, value = self.constants[name]
            return self.texts(value, home, home.tree, deep + 1)
        return None

    def _argument(self, function: ast.FunctionDef, name: str, deep: int) -> list[str] | None:
        """Return the possible texts of the argument `name`, from every call of the function; its default where a call
        omits it. None if they cannot be read from the code."""
        names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
        several = len(self.functions[function.name]) != 1
        home = next(module for module, one in self.functions[function.name] if one is function)
        found = [one.value for one in _defaults(function, name)]
        for module, call in self.calls[function.name]:
            if several and not _is_meant(module, home, function.name):
                continue
            value = next((word.value for word in call.keywords if word.arg == name), None)
            place = names.index(name) - (names[:1] == ["self"]) if name in names else -1
            if value is None and 0 <= place < len(call.args):
                value = call.args[place]
            if value is None:
                continue
            texts = self.texts(value, module, call, deep + 1)
            if texts is None and deep:
                return None  # inside a sentence it stays a value, unless every caller is known
            found += texts or ()
        return found or None


def _in_tables(module: Module) -> Iterator[Place]:
    """Yield the places of error texts in tables of the module, whose rows are (sign, sentence, next step)."""
    for name in TABLES & module.constants.keys():
        given = module.constants[name]
        if name == "CUT" and isinstance(given, ast.Constant) and isinstance(given.value, str):
            yield Place(f"kb/{module.path}:{given.lineno}", (given.value,))
        for row in (*getattr(given, "elts", ()), *getattr(given, "values", ())):
            said = [getattr(one, "value", None) for one in getattr(row, "elts", ())]
            yield Place(f"kb/{module.path}:{row.lineno}", tuple(one for one in said if isinstance(one, str)) or ("",))


def _counted(node: ast.Call) -> Iterator[ast.expr]:
    """Yield the two forms of `some(n, 'event')`, `{n} event` and `{n} events`, which are translated separately."""
    words = [one.value for one in node.args[1:] if isinstance(one, ast.Constant)]
    if words:
        several = words[1] if len(words) > 1 else f"{words[0][:-1]}ies" if words[0].endswith("y") else f"{words[0]}s"
        for noun in (words[0], several):
            yield ast.parse(f'f"{{n}} {noun}"', mode="eval").body


def _defaults(function: ast.FunctionDef, name: str) -> Iterator[ast.Constant]:
    given = function.args
    places = [*given.posonlyargs, *given.args]
    pairs = [*zip(reversed(places), reversed(given.defaults), strict=False), *zip(given.kwonlyargs, given.kw_defaults)]
    for one, value in pairs:
        if one.arg == name and isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
            yield value


def _is_meant(module: Module, home: Module, name: str) -> bool:
    """Return whether a call of `name` in `module` refers to the function of that name in `home`: both are in the same
    room, or `module` imports it."""
    if module.path.split("/")[0] == home.path.split("/")[0]:
        return True
    wanted = "kb." + home.path.removesuffix(".py").replace("/", ".")
    return any(
        isinstance(one, ast.ImportFrom) and one.module == wanted and name in [each.name for each in one.names]
        for one in module.tree.body
    )


def _is_property(function: ast.FunctionDef) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "property" for one in function.decorator_list)


def _assigned(function: ast.FunctionDef, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    yield node.value
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    for one, value in zip(target.elts, node.value.elts, strict=False):
                        if isinstance(one, ast.Name) and one.id == name:
                            yield value
                elif isinstance(target, ast.Tuple) and name in [getattr(one, "id", "") for one in target.elts]:
                    yield node.value  # of several values at once: what it is the code does not tell
        elif isinstance(node, ast.NamedExpr) and node.target.id == name:
            yield node.value


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _named(value: ast.expr) -> str:
    """Return the name for an inserted value: that of the variable, of the field, or of what is counted."""
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_")
        case ast.Subscript(value=inner) | ast.Starred(value=inner) | ast.BinOp(left=inner):
            return _named(inner)
        case ast.Call(func=ast.Attribute(attr="join"), args=[first, *_]):
            return _named(first)
        case ast.Call(func=ast.Name(id="len")):
            return "n"
        case ast.Call(args=[ast.Name(id="str" | "repr"), first, *_]) | ast.Call(args=[first, *_]):
            return _named(first)
        case ast.Call(func=ast.Attribute(value=inner)):
            return _named(inner)
        case ast.GeneratorExp(generators=[first, *_]) | ast.ListComp(generators=[first, *_]):
            return _named(first.iter)
    return "value"


def _distinct(text: str) -> str:
    """Return the text with a number added to a repeated {name}, so that each name occurs once."""
    seen: dict[str, int] = {}
    parts = text.split("{")
    made = parts[0]
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        if brace and name.isidentifier():
            seen[name] = seen.get(name, 0) + 1
            name += str(seen[name]) if seen[name] > 1 else ""
        made += "{" + name + brace + rest
    return made


@lru_cache(maxsize=1)
def places(root: Path) -> tuple[Place, ...]:
    """Return the place of every error text; its texts are empty if they cannot be read from the code."""
    return tuple(Code(root).places())


def refusals(root: Path) -> set[str]:
    """Return all error texts that contain words besides inserted values."""
    return {text for place in places(root) for text in place.texts if _WORD.search(_VALUE.sub("", text))}
