"""Random dtypes of NumPy, and whether what pagelens makes of them means the same.

make SEED COUNT: lines of text, size, alignment and leaves of a random dtype, divided by tabs.
check: lines of text, the name that pagelens gives, its Python expression and its descr, divided by tabs.
"""
import random
import sys

import ml_dtypes
import numpy as np

BASES = """? b1 b B i1 u1 h H i2 u2 i I i4 u4 l L q Q i8 u8 e f2 f f4 d f8 g f16 F c8 D c16 G c32 p P n N
bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 float32 float64 longdouble complex64 complex128
clongdouble int uint intp uintp long ulong longlong ulonglong short ushort byte ubyte intc uintc half single double
float complex csingle cdouble int_ bool_ float128 complex256""".split()
UNITS = "Y M W D h m s ms us ns ps fs as".split()


def base(rng):
    kind = rng.randrange(10)
    if kind < 5:
        text = rng.choice(BASES)
        sized = text[-1].isdigit() and len(text) < 4
        return (rng.choice(["", "<", ">", "=", "|"]) if sized or len(text) == 1 else "") + text
    if kind < 8:
        return rng.choice(["", "<", ">", "|"]) + rng.choice("SUV") + str(rng.choice([0, 1, 3, 8, 20]))
    name = rng.choice(["M8", "m8", "datetime64", "timedelta64"])
    unit = rng.choice(["", "[{}]".format(rng.choice(UNITS)), "[{}{}]".format(rng.randrange(1, 50), rng.choice(UNITS)),
                       "[D/24]", "[s/1000]", "[generic]"])
    return rng.choice(["", "<", ">"]) + name + unit


def shape(rng):
    return tuple(rng.randrange(0, 4) if rng.random() < 0.1 else rng.randrange(1, 4) for _ in range(rng.randrange(1, 4)))


def name(rng, used):
    while True:
        text = "".join(rng.choice("abcxyz_é '\"\\\n09") for _ in range(rng.randrange(1, 5)))
        if text not in used:
            used.add(text)
            return text


def value(rng, depth):
    """An object that np.dtype takes."""
    kind = rng.randrange(10)
    if depth == 0 or kind < 3:
        return base(rng)
    if kind == 3:
        return (value(rng, depth - 1), shape(rng))
    if kind == 4:
        parts = [rng.choice(["", "2", "(2,3)", "(1,)", "()"]) + rng.choice(["i4", "f8", "S3", "u1", "M8[s]"]) for _ in range(rng.randrange(1, 4))]
        return rng.choice([",", ", ", " ,"]).join(parts) + ("," if len(parts) == 1 else "")
    used = set()
    count = rng.randrange(0, 5)
    if kind < 8:
        fields = []
        for _ in range(count):
            label = name(rng, used)
            if rng.random() < 0.1:
                label = (name(rng, used), label)
            field = (label, value(rng, depth - 1))
            sides = [(), shape(rng)]
            # NumPy makes a size of a number that follows any type without bytes; that is meant for strings alone.
            if np.dtype(field[1]).itemsize > 0 or np.dtype(field[1]).kind in "SU":
                sides.append(rng.randrange(1, 4))
            fields.append(field + (rng.choice(sides),) if rng.random() < 0.3 else field)
        return fields
    names = [name(rng, used) for _ in range(count)]
    formats = [value(rng, depth - 1) for _ in range(count)]
    result = {"names": names, "formats": formats}
    if kind == 9:
        align = rng.random() < 0.3
        offsets, end = [], 0
        for text in formats:
            own = np.dtype(text)
            step = own.alignment * 16 if align else 1
            at = rng.randrange(0, 40) if rng.random() < 0.2 else end + rng.randrange(0, 9)
            at = -(-at // step) * step
            offsets.append(at)
            end = max(end, at + own.itemsize)
        result["offsets"] = offsets
        if align:
            result["aligned"] = True
            end = -(-end // 16) * 16
        if rng.random() < 0.5:
            result["itemsize"] = end + (16 if align else rng.randrange(0, 9))
    return result


def leaves(dtype, prefix="", offset=0, most=200):
    found = []
    if dtype.subdtype:
        inner, sides = dtype.subdtype
        for at, index in enumerate(np.ndindex(*sides)):
            if len(found) >= most:
                break
            text = prefix + "[" + ", ".join(map(str, index)) + "]"
            found += leaves(inner, text, offset + at * inner.itemsize, most - len(found))
    elif dtype.names is not None:
        for field in dtype.names:
            inner, at = dtype.fields[field][:2]
            found += leaves(inner, prefix + "." + field if prefix else field, offset + at, most - len(found))
    else:
        found.append((prefix, offset, dtype.str))
    return found[:most]


def make(seed, count):
    rng = random.Random(seed)
    made = 0
    while made < count:
        align = rng.random() < 0.3
        try:
            source = value(rng, rng.randrange(0, 5))
            dtype = np.dtype(source, align=align)
        except ValueError:
            continue
        style = rng.randrange(4)
        if style == 0:
            text = repr(dtype)
        elif style == 1 and not (align and dtype.subdtype):
            text = str(dtype)
        else:
            text = f"np.dtype({source!r}, align={align})" if align or style == 2 else source if isinstance(source, str) else repr(source)
        dtype = meaning(text)
        # A line each.
        if "\t" in text or "\n" in text:
            continue
        found = ";".join(f"{name!r}:{offset}:{code}" for name, offset, code in leaves(dtype))
        print(text, dtype.itemsize, dtype.alignment, found, sep="\t")
        made += 1


SCOPE = vars(np) | {"np": np, "ml_dtypes": ml_dtypes}


def meaning(text):
    """The dtype of a text: an expression, or a string of NumPy's own language."""
    is_expression = text.startswith(("[", "{", "('", "([", "({", "((", "np.dtype(", "dtype("))
    return np.dtype(eval(text, dict(SCOPE)) if is_expression else text)


def untitled(dtype):
    """The same without titles, which pagelens does not keep."""
    if dtype.subdtype:
        inner, sides = dtype.subdtype
        return np.dtype((untitled(inner), sides))
    if dtype.names is None:
        return dtype
    fields = [dtype.fields[name][:2] for name in dtype.names]
    return np.dtype({"names": list(dtype.names), "formats": [untitled(inner) for inner, _ in fields],
                     "offsets": [at for _, at in fields], "itemsize": dtype.itemsize, "aligned": dtype.isalignedstruct})


def same(a, b):
    return a == b and a.itemsize == b.itemsize and a.alignment == b.alignment and a.isalignedstruct == b.isalignedstruct


def check():
    for line in sys.stdin.read().split("\n"):
        if not line:
            continue
        text, shown, python, descr = line.split("\t")
        meant = untitled(meaning(text))
        read = np.dtype(eval(shown, dict(SCOPE)) if shown[0] in "[{(" else shown)
        if not same(meant, read):
            print("name", line)
        if not same(meant, eval(python, dict(SCOPE))):
            print("python", line)
        try:
            wanted = meant.descr if meant.names is not None else meant.str
        except ValueError:
            wanted = None
        if meant.subdtype is None:
            given = None if descr == "-" else eval(descr)
            if given != wanted and not any("(" in str(part[2:]) for part in wanted or [] if isinstance(part, tuple)):
                print("descr", line, wanted)
            if given is not None and wanted is not None:
                read = np.lib.format.descr_to_dtype(given)
                if [read.fields[n][1] for n in read.names or []] != [meant.fields[n][1] for n in meant.names or []]:
                    print("descr", line, read)


if sys.argv[1] == "make":
    make(int(sys.argv[2]), int(sys.argv[3]))
else:
    check()
