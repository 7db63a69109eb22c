"""PySide's enumerations, made from a template, and their members when somebody looks at them.

PySide makes the enumerations of a class when the class is first named: nearly three hundred with four
thousand members before a first frame, seven hundred in all. Python 3.11 takes about a hundred
times as long for each member as it takes to make an object, a quarter of a start. Here the class is
copied from one that Python made, and its members are put in, all at once, the first time that
anything is asked of it: of most nothing ever is. Whatever is not as plain as what PySide asks for
(other bases, odd names, values that are no integers) goes to Python's own way, and so does
everything in a version of Python that this module was not written for.

One thing looks at such a class and asks nothing of it: `Signal(Qt.Key)` and `Slot(Qt.Key)` would take
one without members for a plain object. A test keeps them out of this package.
"""

import enum
import sys
from functools import cache
from typing import Any

_KNOWN = (3, 11)
"""The version of Python whose enumerations are copied; later ones keep other books."""
_BASES = (enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag)
_plain = enum.EnumType._create_  # type: ignore[attr-defined]

Items = list[tuple[str, int]]


def begin() -> None:
    """Make simple enumerations quickly from now on; harmless when called twice."""
    if sys.version_info[:2] == _KNOWN:
        setattr(enum.EnumType, "_create_", _create)  # noqa: B010 - no attribute anybody declares


def _create(
    base: Any,  # noqa: ANN401 - as the method it stands for, here and below
    name: str,
    names: Any,  # noqa: ANN401
    *,
    module: str | None = None,
    boundary: Any = None,  # noqa: ANN401
    **rest: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    module = module or sys._getframe(2).f_globals.get("__name__")  # noqa: SLF001 - as Python does
    if module and boundary is enum.KEEP and rest == _UNSAID and _simple(base, names):
        return make(base, name, names, module)
    return _plain(base, name, names, module=module, boundary=boundary, **rest)


_UNSAID = {"qualname": None, "type": None, "start": 1}


def _simple(base: Any, items: Any) -> bool:  # noqa: ANN401 - anything may be asked for
    """Say whether these are names and integers, and nothing that Python looks at twice."""
    if base not in _BASES or type(items) is not list:
        return False
    by_name = dict(items)
    return (
        len(by_name) == len(items)
        and {*map(type, by_name)} <= {str}
        and {*map(type, by_name.values())} <= {int}
        and {name[:1] for name in by_name}.isdisjoint(("", "_"))
        and _taken(base).isdisjoint(by_name)
    )


@cache
def _taken(base: type) -> frozenset[str]:
    """Return the names that mean something else already."""
    return frozenset({"mro"}.union(*(vars(step) for step in base.__mro__)))


class _Late(enum.EnumType):
    """What an enumeration is until its members are put in; then it is what Python makes."""

    def __getattribute__(cls, name: str) -> Any:  # noqa: ANN401 - as any class
        _fill(cls)
        return getattr(cls, name)

    def __setattr__(cls, name: str, value: object) -> None:
        if not name.startswith("_"):  # it may be a member, which cannot be set
            _fill(cls)
            setattr(cls, name, value)
        else:
            type.__setattr__(cls, name, value)


_waiting: dict[Any, tuple[Any, Items]] = {}
"""Base and items of the enumerations without members."""


def make(base: Any, name: str, items: Items, module: str) -> Any:  # noqa: ANN401 - made at run time
    """Return the class that `base(name, items, module=module, boundary=KEEP)` returns, for its first use."""
    books = {
        "_member_names_": [],
        "_member_map_": {},
        "_value2member_map_": {},
        "_unhashable_values_": [],
        "__module__": module,
    }
    made: Any = type.__new__(_Late, name, (base,), _template(base) | books)
    _waiting[made] = base, items
    return made


def _fill(made: Any) -> None:  # noqa: ANN401
    """Put the members in; for one thread, that of the window."""
    type.__setattr__(made, "__class__", enum.EnumType)
    if made not in _waiting:  # made of one that was not filled yet
        return
    base, items = _waiting.pop(made)
    template, flag = _template(base), issubclass(base, enum.Flag)
    names, by_name, by_value = made._member_names_, made._member_map_, made._value2member_map_
    new, with_value, put = template["_new_member_"], template["_use_args_"], type.__setattr__
    for key, value in items:
        member = by_value.get(value)
        if member is None:
            member = new(made, value) if with_value else new(made)
            member.__dict__ = {
                "_value_": value,
                "_name_": key,
                "__objclass__": made,
                "_sort_order_": len(names),
            }
            by_value[value] = member
            if not flag or _single_bit(value):
                names.append(key)
        by_name[key] = member
        put(made, key, member)
    if flag:
        _keep_bits(made, by_value, [by_name[key]._value_ for key in names])


@cache
def _template(base: Any) -> dict[str, Any]:  # noqa: ANN401 - one of `_BASES`
    """Return what Python puts into an enumeration of this base, whatever its members."""
    sample = _plain(base, "Sample", [], module=__name__, boundary=enum.KEEP)
    return dict(vars(sample))


def _keep_bits(made: Any, by_value: dict[int, Any], singles: list[int]) -> None:  # noqa: ANN401
    """Keep the books of a flag: all its bits, those with a name, and the order to list them in."""
    every = one = 0
    for value in by_value:
        every |= value
        one |= value if _single_bit(value) else 0
    made._flag_mask_, made._singles_mask_ = every, one
    made._all_bits_ = 2 ** every.bit_length() - 1
    if singles != sorted(singles):
        made._iter_member_ = made._iter_member_by_def_


def _single_bit(value: int) -> bool:
    return value > 0 and not value & (value - 1)
