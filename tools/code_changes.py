"""All that can be changed in a module, one thing at a time (for `tools/mutants.py`).

A comparison, an operator, a number, a condition, a default, a keyword argument, what is
returned, or a statement that is left out. Texts and annotations stay as they are.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

# What stands in place of an operator.
OTHERS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A module in which one thing is changed."""

    line: int
    where: str  # the function, with its class
    before: str  # the first line of the statement
    after: str
    source: str  # of the whole module, changed


def edits(node: ast.AST) -> Iterator[tuple[ast.AST, str, object]]:
    """What to change in a node: where the statement is, the field, its new value."""
    match node:
        case ast.Compare(ops=ops):
            for i, op in enumerate(ops):
                new = OTHERS[type(op)]()
                yield node, "ops", [*ops[:i], new, *ops[i + 1 :]]
        case ast.BinOp(left=left, op=op, right=right):
            if not any(is_text(side) for side in (left, right)):
                yield node, "op", OTHERS[type(op)]()
        case ast.AugAssign(op=op):
            yield node, "op", OTHERS[type(op)]()
        case ast.BoolOp(op=op):
            yield node, "op", OTHERS[type(op)]()
        case ast.UnaryOp(op=op, operand=operand):
            yield node, "operand", ast.UnaryOp(op, operand)  # twice is not at all
        case ast.Constant(value=bool(value)):
            yield node, "value", not value
        case ast.Constant(value=int(value) | float(value)):
            yield node, "value", value + 1
        case ast.Return(value=ast.AST()):
            yield node, "value", None
        case ast.Call(keywords=keywords):
            for i, keyword in enumerate(keywords):
                if keyword.arg not in (None, "strict"):
                    yield node, "keywords", [*keywords[:i], *keywords[i + 1 :]]
        case ast.arguments():
            for field in ("defaults", "kw_defaults"):
                values = getattr(node, field)
                for i, value in enumerate(values):
                    if value and not isinstance(value, ast.Constant):
                        new = [*values[:i], ast.Constant(None), *values[i + 1 :]]
                        yield value, field, new
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp):
                yield test, "test", ast.UnaryOp(ast.Not(), test)
    for field in ("body", "orelse", "finalbody"):
        statements = getattr(node, field, None)
        for i, statement in enumerate(statements if type(statements) is list else ()):
            if can_be_left_out(statement):
                new = [*statements[:i], ast.Pass(), *statements[i + 1 :]]
                yield statement, field, new


def is_text(node: ast.expr) -> bool:
    """Whether `+` and `/` join text here, where another operator could only fail."""
    is_string = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return is_string or isinstance(node, ast.JoinedStr)


def can_be_left_out(statement: ast.stmt) -> bool:
    """Calls, errors, and what is stored outside of the function."""
    match statement:
        case ast.Expr(value=ast.Call() | ast.YieldFrom()):
            return True
        case ast.Raise() | ast.AugAssign() | ast.Delete() | ast.Continue():
            return True
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]):
            return True
    return False


def changes(source: str) -> list[Change]:
    """All changes of a module, in the order of its lines."""
    tree, found = ast.parse(source), []

    def visit(node: ast.AST, where: str, statement: ast.stmt | None) -> None:
        if isinstance(node, ast.Raise | ast.JoinedStr):
            return
        if isinstance(node, ast.keyword) and node.arg == "strict":
            return  # of zip: it guards against what should never be
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            where = f"{where}.{node.name}".strip(".")
        if isinstance(node, ast.stmt):
            statement = node
        for place, field, new in edits(node):
            told = place if isinstance(place, ast.stmt) else statement
            old, before = getattr(node, field), first_line(told)
            setattr(node, field, new)
            after = first_line(told) if told is statement else "(left out)"
            changed = ast.unparse(ast.fix_missing_locations(tree))
            setattr(node, field, old)
            found.append(Change(place.lineno, where, before, after, changed))
        for field, value in ast.iter_fields(node):
            if field not in ("annotation", "returns", "decorator_list"):
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, ast.AST):
                        visit(child, where, statement)

    visit(tree, "", None)
    return sorted(found, key=lambda change: change.line)


def first_line(statement: ast.stmt) -> str:
    lines = ast.unparse(statement).splitlines()
    return next(line for line in lines if not line.startswith("@"))
