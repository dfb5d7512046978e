"""Every public name says what it takes, what it gives, what can go wrong, and shows it."""

import ast
import dataclasses
import inspect
import logging
import re
import textwrap

import pytest
from griffe import Docstring, DocstringSectionKind, Parser
from public_names import is_property, members, overrides, public_objects

PUBLIC = public_objects()
CLASSES = {name: thing for name, thing in PUBLIC.items() if inspect.isclass(thing)}
CALLABLES = {name: thing for name, thing in PUBLIC.items() if not inspect.isclass(thing)} | {
    f"{name}.{at}": part
    for name, cls in CLASSES.items()
    for at, part in members(cls)
    if not is_property(part) and not overrides(cls, at)
}
ERRORS = {name for name, cls in CLASSES.items() if issubclass(cls, Exception)}


def sections(thing):
    """Kind of section to the names that it tells of."""
    logging.getLogger("griffe").setLevel(logging.CRITICAL)
    found = {}
    for section in Docstring(inspect.getdoc(thing) or "").parse(Parser.numpy):
        names = set()
        if section.kind in (DocstringSectionKind.parameters, DocstringSectionKind.attributes):
            names = {name.strip(" *") for item in section.value for name in item.name.split(",")}
        found[section.kind] = found.get(section.kind, set()) | names
    return found


def lacking(thing, wanted, *, gives=False, raises=False, example=False):
    told = sections(thing)
    kinds = DocstringSectionKind
    named = told.get(kinds.parameters, set()) | told.get(kinds.attributes, set())
    missing = [f"parameter {name}" for name in wanted if name not in named]
    missing += ["Returns"] if gives and kinds.returns not in told else []
    missing += ["Raises"] if raises and kinds.raises not in told else []
    missing += ["Examples"] if example and ">>>" not in (inspect.getdoc(thing) or "") else []
    return missing + ([] if kinds.text in told else ["summary"])


def arguments(function):
    return [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]


def raises_itself(function):
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return any(isinstance(node, ast.Raise) and node.exc is not None for node in ast.walk(tree))


@pytest.mark.parametrize("name", CALLABLES)
def test_a_function_or_method_tells_its_parameters_result_and_errors(name):
    function = CALLABLES[name]
    gives = inspect.signature(function).return_annotation not in (None, "None")
    assert not lacking(
        function, arguments(function), gives=gives, raises=raises_itself(function), example="." not in name
    )


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_tells_its_parameters_and_shows_itself_at_work(name):
    cls = CLASSES[name]
    if name in ERRORS:
        wanted = []
    elif dataclasses.is_dataclass(cls):
        wanted = [field.name for field in dataclasses.fields(cls)]
    else:
        wanted = arguments(cls)
    assert not lacking(cls, wanted, example=True)


@pytest.mark.parametrize("name", sorted(CLASSES.keys() - ERRORS))
def test_every_public_member_is_told_of_and_occurs_in_an_example(name):
    cls = CLASSES[name]
    shown = "\n".join(inspect.getdoc(part) or "" for part in (cls, *(part for _, part in members(cls))))
    examples = "\n".join(line for line in shown.splitlines() if line.lstrip().startswith((">>>", "...")))
    own = [(at, part) for at, part in members(cls) if not overrides(cls, at)]
    assert [at for at, part in own if not inspect.getdoc(part)] == []
    ours = {at for at, _ in own} - {"of"} if name == "Placements" else {at for at, _ in own}
    assert [at for at in sorted(ours) if not re.search(rf"\.{at}\b", examples)] == []


def test_a_missing_section_is_found():
    def bare(first, second):
        """Say something.

        Parameters
        ----------
        first
            A number.
        """
        raise ValueError(first, second)

    assert lacking(bare, arguments(bare), gives=True, raises=raises_itself(bare), example=True) == [
        "parameter second",
        "Returns",
        "Raises",
        "Examples",
    ]
