"""What botocore's model of an API says of a request: its own validator, and the limits that the validator leaves out."""

import re
import sys
import unicodedata
from functools import lru_cache

import botocore.session
from botocore.validate import ParamValidator


@lru_cache
def category(letter):
    """The inside of a character class with all characters of a Unicode category: Python has no \\p{L}."""
    ranges, start = [], None
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and unicodedata.category(chr(code))[0] == letter
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            ranges.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = None
    return "".join(ranges)


@lru_cache
def compiled(pattern):
    pattern = pattern.replace(r"\p{Alnum}", "a-zA-Z0-9")
    return re.compile(re.sub(r"\\p\{([A-Z])\}", lambda found: category(found[1]), pattern))


class ApiModel:
    def __init__(self, service, operation, exceptions):
        model = botocore.session.get_session().get_service_model(service)
        self.shape = model.operation_model(operation).input_shape
        self.exceptions = exceptions  # path to limits that are newer than the model

    def faults(self, request):
        report = ParamValidator().validate(request, self.shape).generate_report()
        return report.splitlines() or list(self.broken(self.shape, request))

    def broken(self, shape, value, path=""):
        limits = {**shape.metadata, **self.exceptions.get(path, {})}
        size = value if shape.type_name in ("integer", "long", "float", "double") else None
        if shape.type_name in ("string", "list", "map"):
            size = len(value)
        if size is not None and not limits.get("min", size) <= size <= limits.get("max", size):
            yield f"{path}: {size} is not within {limits.get('min')} and {limits.get('max')}"
        if shape.type_name == "string":
            yield from self.broken_text(limits, value, path)
        for part, part_shape, name in self.parts(shape, value):
            yield from self.broken(part_shape, part, f"{path}.{name}" if path else name)

    @staticmethod
    def broken_text(limits, text, path):
        if "enum" in limits and text not in limits["enum"]:
            yield f"{path}: '{text}' is not one of the enumeration"
        if "pattern" in limits and not compiled(limits["pattern"]).fullmatch(text):
            yield f"{path}: '{text}' does not match {limits['pattern']}"

    @staticmethod
    def parts(shape, value):
        if shape.type_name == "structure":
            return [(value[name], shape.members[name], name) for name in value if name in shape.members]
        if shape.type_name == "list":
            return [(one, shape.member, "[]") for one in value]
        if shape.type_name == "map":
            return [(key, shape.key, "{key}") for key in value] + [(one, shape.value, "{value}") for one in value.values()]
        return []
