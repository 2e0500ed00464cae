"""Drives the commands over files that NumPy made, and compares. Says how many comparisons there were."""
import json
import os
import random
import subprocess
import sys

import ml_dtypes
import numpy as np
from safetensors.numpy import load_file, save_file

program, folder = sys.argv[1:]
os.chdir(folder)
os.environ["PAGELENS_STATE_DIR"] = os.path.join(folder, "state")
random.seed(7)
rng = np.random.default_rng(7)
checks = 0


def run(*arguments):
    done = subprocess.run([program, *arguments], capture_output=True)
    assert done.returncode == 0, (arguments, done.stdout[-500:], done.stderr)
    return done.stdout


def plain(value):
    """What `tolist` gives, as JSON can say it."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return "nan" if value != value else ("inf" if value > 0 else "-inf")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        return str(value)
    if isinstance(value, complex):
        return str(value).strip("()")
    return value


def same(left, right):
    assert left.dtype == right.dtype and left.shape == right.shape, (left, right)
    assert left.tobytes() == right.tobytes(), (left, right)


def part(array):
    choices = []
    for side in array.shape:
        low = random.randrange(side)
        choices.append(random.choice([str(low), f"{low}:", ":", f"::{random.choice([2, -1])}", f"{-side}:{low + 1}"]))
    return "[" + ", ".join(choices) + "]"


def values(dtype, shape):
    dtype = np.dtype(dtype)
    if dtype.names:
        made = np.zeros(shape, dtype)
        for name in dtype.names:
            made[name] = values(dtype[name].base, shape + dtype[name].shape)
        return made
    if dtype.kind == "b":
        return rng.integers(0, 2, shape).astype(dtype)
    if dtype.kind == "S":
        return rng.choice(np.array([b"ab", b"", b"it's", b"\xff\n"]), shape).astype(dtype)
    if dtype.kind == "U":
        return rng.choice(np.array(["ab", "", "\u00e9\u20ac", 'a"b']), shape).astype(dtype)
    raw = rng.integers(0, 256, int(np.prod(shape)) * dtype.itemsize, dtype=np.uint8)
    return raw.view(dtype).reshape(shape)


DTYPES = "u1 <i2 >i4 <i8 <u8 >u8 <f2 <f4 >f8 <f8 ? S4 U3 <c8 <c16".split()
DTYPES.append([("x", "<f4"), ("name", "S4"), ("pos", [("u", "<i2"), ("v", ">f8")]), ("m", "u1", (2, 2))])

for dtype in DTYPES:
    for order in "CF":
        array = np.array(values(dtype, tuple(random.choice([1, 2, 3, 5]) for _ in range(random.choice([1, 2, 3])))), order=order)
        np.save("a.npy", array)
        for _ in range(3):
            text = part(array)
            wanted = np.asarray(eval("array" + text), dtype=array.dtype)
            got = json.loads(run("get", "a.npy", text, "--json"))
            assert got["shape"] == list(wanted.shape) and np.dtype(eval(got["dtype"]) if got["dtype"][0] == "[" else got["dtype"]) == array.dtype
            assert got["values"] == plain(wanted.tolist()), (dtype, text, got["values"], wanted.tolist())
            run("get", "a.npy", text, "--npy", "out.npy")
            same(np.load("out.npy"), wanted)
            assert run("get", "a.npy", text, "--raw") == wanted.tobytes()
            expression = run("get", "a.npy", text, "--as", "memmap").decode()
            same(np.array(eval(expression, {"np": np})), wanted)
            checks += 4

for name in ("bfloat16", "float8_e4m3fn", "float8_e5m2"):
    array = rng.normal(size=(3, 4)).astype(getattr(ml_dtypes, name))
    save_file({"w": array, "other": np.arange(5)}, "m.safetensors")
    got = json.loads(run("get", "m.safetensors::w", "[1]", "--json"))
    assert got["values"] == array[1].astype(float).tolist(), got
    run("set", "m.safetensors::w", "[2, 3]", "0.5")
    array[2, 3] = 0.5
    raw = open("m.safetensors", "rb").read()
    start = 8 + int.from_bytes(raw[:8], "little")
    low, high = json.loads(raw[8:start])["w"]["data_offsets"]
    assert raw[start + low : start + high] == array.tobytes()
    if name == "bfloat16":
        after = load_file("m.safetensors")
        same(after["w"], array)
        same(after["other"], np.arange(5))
    checks += 3

for save in (np.savez, np.savez_compressed):
    arrays = {"a": rng.normal(size=(4, 5)), "b": np.arange(6, dtype=">i2").reshape(2, 3)}
    save("z.npz", **arrays)
    for name, array in arrays.items():
        assert json.loads(run("get", f"z.npz::{name}", "--json"))["values"] == array.tolist()
        run("get", f"z.npz::{name}", "--npy", "out.npy")
        same(np.load("out.npy"), array)
        checks += 2
np.savez("z.npz", **arrays)
run("set", "z.npz::b", "[1, ::2]", "x * 100 + 1")
arrays["b"][1, ::2] = arrays["b"][1, ::2] * 100 + 1
with np.load("z.npz") as after:
    same(after["a"], arrays["a"])
    same(after["b"], arrays["b"])

for order in "CF":
    array = np.array(rng.normal(size=(50, 7)), order=order)
    np.save("a.npy", array)
    run("set", "a.npy", "[3, 5]", "1.25")
    array[3, 5] = 1.25
    same(np.load("a.npy"), array)
    run("set", "a.npy", "[::7, -2:]", "random(0, 1, seed=11)")
    array[::7, -2:] = np.random.default_rng(11).random((8, 2))
    same(np.load("a.npy"), array)
    run("set", "a.npy", "[0, :3]", str(array[1, :3].tolist()))
    array[0, :3] = array[1, :3]
    same(np.load("a.npy"), array)
    for form in ("array", "list", "struct", "array.array", "bytes"):
        text = run("get", "a.npy", "[2:4, 1:3]", "--as", form).decode()
        made = eval(text, {"np": np, "struct": __import__("struct"), "array": __import__("array")})
        if form == "bytes":
            made = np.frombuffer(made)
        assert np.array_equal(np.array(made).ravel(), array[2:4, 1:3].ravel()), (form, made)
        checks += 1
    run("get", "a.npy", "--as", "safetensors")
    checks += 3
print(checks)
