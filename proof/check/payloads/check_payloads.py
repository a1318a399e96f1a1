"""Holds requests to AWS against the service models that botocore carries: names, required members, types, bounds,
enums and patterns, of which botocore's own validator leaves out the last two.

Reads a JSON list of {"service", "operation", "parameters"} and writes, for each, the list of what is wrong with it.
A value {"$later": true} is known only when the request is made, and is taken for right.
"""

import json
import re
import sys

import botocore.loaders
import botocore.model

LOADER = botocore.loaders.Loader()
MODELS = {}
# Services whose name in a state machine is not that of their model.
RENAMED = {"sfn": "stepfunctions", "states": "stepfunctions", "eventbridge": "events", "cloudwatchlogs": "logs"}
# Texts for which a state machine takes an object, and writes it as JSON itself.
JSON_TEXTS = {
    ("lambda", "Payload"),
    ("sns", "Message"),
    ("sqs", "MessageBody"),
    ("stepfunctions", "input"),
    ("events", "Detail"),
}


def problems_of(request):
    service = RENAMED.get(request["service"].lower(), request["service"].lower())
    model = model_of(service)
    if model is None:
        return [f"no service '{service}' is known, expected one of AWS"]
    names = {name.lower(): name for name in model.operation_names}
    name = names.get(request["operation"].lower())
    if name is None:
        return [f"{service} has no operation '{request['operation']}', expected one of its {len(names)}"]
    shape = model.operation_model(name).input_shape
    if shape is None:
        return [] if not request["parameters"] else [f"{name} takes no parameters"]
    return list(walk(request["parameters"], shape, name, service))


def model_of(service):
    if service not in MODELS:
        try:
            MODELS[service] = botocore.model.ServiceModel(LOADER.load_service_model(service, "service-2"))
        except botocore.exceptions.UnknownServiceError:
            MODELS[service] = None
    return MODELS[service]


def walk(value, shape, path, service):
    if isinstance(value, dict) and value.get("$later"):
        return
    check = CHECKS.get(shape.type_name)
    if check is not None:
        yield from check(value, shape, path, service)


def structure(value, shape, path, service):
    if not isinstance(value, dict):
        yield f"{path} is {json.dumps(value)}, expected an object"
        return
    # State machines write every member with a capital, whatever the model does.
    names = {capital(name): name for name in shape.members}
    given = {capital(name): inner for name, inner in value.items()}
    for name in shape.required_members:
        if capital(name) not in given:
            yield f"{path} lacks {name}, which is required"
    for name, inner in given.items():
        if name not in names:
            yield f"{path} has '{name}', expected one of {', '.join(sorted(names))}"
            continue
        if (service, names[name]) not in JSON_TEXTS or isinstance(inner, str):
            yield from walk(inner, shape.members[names[name]], f"{path}.{name}", service)


def items(value, shape, path, service):
    if not isinstance(value, list):
        yield f"{path} is {json.dumps(value)}, expected a list"
        return
    yield from bounds(len(value), shape, path, "items")
    for index, item in enumerate(value):
        yield from walk(item, shape.member, f"{path}[{index}]", service)


def mapping(value, shape, path, service):
    if not isinstance(value, dict):
        yield f"{path} is {json.dumps(value)}, expected an object"
        return
    for key, inner in value.items():
        yield from walk(key, shape.key, f"{path} key", service)
        yield from walk(inner, shape.value, f"{path}.{key}", service)


def text(value, shape, path, service):
    if not isinstance(value, str):
        yield f"{path} is {json.dumps(value)}, expected a text"
        return
    yield from bounds(len(value), shape, path, "characters")
    if shape.enum and value not in shape.enum:
        yield f"{path} is '{value}', expected one of {', '.join(shape.enum)}"
    pattern = shape.metadata.get("pattern")
    if pattern is not None and not matches(pattern, value):
        yield f"{path} is '{value}', expected what matches {pattern}"


def number(value, shape, path, service):
    whole = shape.type_name in ("integer", "long")
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        yield f"{path} is {json.dumps(value)}, expected a {'whole ' if whole else ''}number"
        return
    yield from bounds(value, shape, path, "")


def flag(value, shape, path, service):
    if not isinstance(value, bool):
        yield f"{path} is {json.dumps(value)}, expected true or false"


def bounds(size, shape, path, unit):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if (least is not None and size < least) or (most is not None and size > most):
        yield f"{path} is {size} {unit}".strip() + f", expected {least if least is not None else 0} to {most}"


def matches(pattern, value):
    """A pattern without anchors is of the whole value, as Java's String.matches has it."""
    try:
        anchored = pattern.startswith("^") or pattern.endswith("$")
        return (re.search if anchored else re.fullmatch)(in_python(pattern), value) is not None
    except re.error as error:
        print(f"pattern {pattern} is not understood ({error}) and was not tried on '{value}'", file=sys.stderr)
        return True


def in_python(pattern):
    """A pattern in Java's language: classes of characters by name and surrogate pairs are not Python's."""
    for java, python in JAVA.items():
        pattern = pattern.replace(java, python)
    # A class of characters followed by a bar that is no range.
    return re.sub(r"\\w-(?!\])", lambda _: "\\w\\-", pattern)


# Inside of brackets, so without brackets of their own.
JAVA = {
    "\\p{L}": "A-Za-z\\u00c0-\\uffdc",
    "\\p{N}": "0-9",
    "\\p{M}": "\\u0300-\\u036f",
    "\\p{Z}": " \\u00a0",
    "\\p{S}": "$+<=>^`|~",
    "\\p{P}": "!-/:-@\\[-`{-~",
    "\\p{Zs}": " \\u00a0",
    "\\p{Cc}": "\\x00-\\x1f\\x7f-\\x9f",
    "\\z": "\\Z",
    "\\p{Alpha}": "A-Za-z",
    "\\p{Alnum}": "A-Za-z0-9",
    "\\p{Digit}": "0-9",
    "\\p{ASCII}": "\\x00-\\x7f",
    "\\p{Graph}": "!-~",
    "\\p{Print}": " -~",
    "\\uD800\\uDC00-\\uDBFF\\uDFFF": "\\U00010000-\\U0010ffff",
    "\\uD800\\uDC00-\\uDBFF\\uDFFf": "\\U00010000-\\U0010ffff",
}


def capital(name):
    return name[:1].upper() + name[1:]


CHECKS = {
    "structure": structure,
    "list": items,
    "map": mapping,
    "string": text,
    "integer": number,
    "long": number,
    "float": number,
    "double": number,
    "boolean": flag,
}

if __name__ == "__main__":
    json.dump([problems_of(request) for request in json.load(sys.stdin)], sys.stdout)
