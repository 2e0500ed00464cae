"""Writes files with the reference libraries, and loads files that were edited.

make FOLDER   writes files; answers a line an array: file, name, type, shape, order, bytes (hex), by tabs
load          reads lines `file, name` from standard input; answers the bytes of each array in hex
blocks        reads lines `type, hex of blocks`; answers the dequantised f32 of each in hex
strict FOLDER answers for each file of it, by name, whether the safetensors package takes it
"""

import os
import sys
import warnings

import ml_dtypes
import numpy as np

warnings.simplefilter("ignore")
rng = np.random.default_rng(1)


def say(*fields):
    print(*fields, sep="\t")


def shape_text(shape):
    return ",".join(str(side) for side in shape)


def random(dtype, shape):
    """Random bytes of a dtype, as it would hold them."""
    dtype = np.dtype(dtype)
    count = int(np.prod(shape, dtype=np.int64))
    if dtype.kind == "U":
        letters = rng.integers(0x20, 0x2FFF, (count, max(1, dtype.itemsize // 4)))
        words = ["".join(map(chr, row))[: dtype.itemsize // 4] for row in letters]
        return np.array(words, dtype=dtype).reshape(shape)
    raw = rng.integers(0, 256, count * dtype.itemsize, dtype=np.uint8).tobytes()
    if dtype.kind == "b":
        raw = bytes(byte & 1 for byte in raw)
    return np.frombuffer(raw, dtype=dtype).reshape(shape).copy()


NPY_TYPES = (
    "?|i1|u1|<i2|>i2|<u4|>u4|<i8|>i8|<u8|<f2|>f2|<f4|>f4|<f8|>f8|<c8|>c16|S5|<U3|>U4|V7|<M8[ms]|>m8[D]".split("|")
    + [
        [("a", "<i4"), ("b", ">f8", (2, 3)), ("c", "S3")],
        [("pos", [("x", "<f4"), ("y", "<f4")]), ("n", "u1")],
        [("größe", "<f4"), ("日本", "<i2")],
    ]
)
SHAPES = [(), (0,), (7,), (2, 3), (3, 0, 2), (2, 3, 4), (1, 1, 1, 1, 5)]


def make_npy(folder):
    number = 0
    for spec in NPY_TYPES + [np.dtype([("a", "u1"), ("b", "<f8")], align=True)]:
        for shape in SHAPES:
            array = random(spec, shape)
            for order in "CF":
                for version in [None, (2, 0), (3, 0)] if shape == (2, 3) else [None]:
                    name = f"a{number}.npy"
                    number += 1
                    with open(os.path.join(folder, name), "wb") as file:
                        held = np.asarray(array, order=order)
                        try:
                            np.lib.format.write_array(file, held, version=version)
                        except ValueError:
                            continue  # a name that the version's encoding lacks
                    order_there = "F" if held.flags.fnc else "C"
                    dtype = array.dtype.str
                    if array.dtype.names is not None:
                        # The file does not say that a type is aligned, but has the gaps.
                        dtype = repr(np.lib.format.descr_to_dtype(np.lib.format.dtype_to_descr(array.dtype)))
                    raw = held.tobytes(order=order_there)
                    say(name, name[:-4], dtype, shape_text(shape), order_there, raw.hex())


def make_npz(folder):
    arrays = {"x": random("<f4", (4, 3)), "deep/y": random(">i2", (5,)), "z": np.asfortranarray(random("<f8", (2, 3)))}
    big = {"zeros": np.zeros((300, 40), "<f4"), "r": random("<u2", (100,))}
    for name, save, content in [("s.npz", np.savez, arrays), ("d.npz", np.savez_compressed, {**arrays, **big})]:
        save(os.path.join(folder, name), **content)
        for key, array in content.items():
            order = "F" if array.flags.fnc else "C"
            say(name, key, array.dtype.str, shape_text(array.shape), order, array.tobytes(order=order).hex())


SAFE = {
    "BOOL": "?", "U8": "u1", "I8": "i1", "I16": "<i2", "U16": "<u2", "F16": "<f2", "I32": "<i4", "U32": "<u4",
    "F32": "<f4", "F64": "<f8", "I64": "<i8", "U64": "<u8", "C64": "<c8", "BF16": "bfloat16",
    "F8_E5M2": "float8_e5m2", "F8_E4M3": "float8_e4m3fn", "F8_E8M0": "float8_e8m0fnu",
}
# The names of pagelens: ml_dtypes gives each value a byte of its own.
SAFE_BITS = {"F4": ("f4e2m1x2", 4), "F6_E2M3": ("f6e2m3x4", 6), "F6_E3M2": ("f6e3m2x4", 6)}


def make_safetensors(folder):
    import safetensors

    content = {}
    for name, dtype in SAFE.items():
        numpy_type = np.dtype(getattr(ml_dtypes, dtype, dtype))
        for index, shape in enumerate([(3, 2), (), (0, 4)]):
            raw = random("u1", (int(np.prod(shape)) * numpy_type.itemsize,)).tobytes()
            content[f"{name}.{index}"] = (dtype, shape, raw, name)
    for name, (dtype, bits) in SAFE_BITS.items():
        content[name] = (dtype, (4, 2), random("u1", (bits,)).tobytes(), name)
    flat = {key: {"dtype": kind, "shape": list(shape), "data": raw} for key, (_, shape, raw, kind) in content.items()}
    try:
        written = safetensors.serialize(flat, {"format": "pt", "é": "ü\n"})
    except Exception:
        # Its writer takes the names of Rust's enum only.
        written = None
    path = os.path.join(folder, "m.safetensors")
    if written is None:
        written = write_by_hand(content)
    with open(path, "wb") as file:
        file.write(written)
    safetensors.deserialize(written)
    for key, (dtype, shape, raw, _) in content.items():
        say("m.safetensors", key, dtype, shape_text(shape), "C", raw.hex())


def write_by_hand(content):
    import json

    header, data = {"__metadata__": {"format": "pt", "é": "ü\n"}}, b""
    for key, (_, shape, raw, kind) in content.items():
        header[key] = {"dtype": kind, "shape": list(shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + data


BLOCKS = "Q4_0 Q4_1 Q5_0 Q5_1 Q8_0 Q2_K Q3_K Q4_K Q5_K Q6_K MXFP4".split()


def finite_blocks(kind, count):
    """Random blocks with scales that are small numbers: any half or byte may be a scale, so all are tried."""
    import gguf

    _, size = gguf.GGML_QUANT_SIZES[kind]
    blocks = rng.integers(0, 256, (count * 4, size), dtype=np.uint8)
    good = [row for row in blocks if np.isfinite(gguf.dequantize(row[None], kind)).all()]
    return np.stack(good[:count])


def make_gguf(folder):
    import gguf

    for name, endian in [("l.gguf", gguf.GGUFEndian.LITTLE), ("b.gguf", gguf.GGUFEndian.BIG)]:
        big = endian == gguf.GGUFEndian.BIG
        writer = gguf.GGUFWriter(os.path.join(folder, name), "llama", endianess=endian)
        writer.add_uint32("a.u32", 7)
        writer.add_float32("a.f32", 1.5)
        writer.add_bool("a.bool", True)
        writer.add_string("a.text", "naïve")
        writer.add_array("a.list", ["x", "y"] * 10)
        writer.add_array("a.numbers", list(range(20)))
        told = []
        for kind in "<f4 <f2 <f8 i1 <i2 <i4 <i8".split():
            array = random(kind, (3, 4))
            writer.add_tensor(f"t.{kind[-2:]}", array.copy())
            swapped = np.dtype(kind).newbyteorder(">") if big else np.dtype(kind)
            told.append((f"t.{kind[-2:]}", swapped.str, (3, 4), array.astype(swapped).tobytes()))
        if not big:
            for kind in BLOCKS:
                quant = gguf.GGMLQuantizationType[kind]
                blocks = finite_blocks(quant, 6)
                rows = blocks.reshape(2, -1)
                writer.add_tensor(f"q.{kind}", rows, raw_dtype=quant)
                items = gguf.GGML_QUANT_SIZES[quant][0] * 3
                told.append((f"q.{kind}", kind, (2, items), rows.tobytes()))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        for key, dtype, shape, raw in told:
            say(name, key, dtype, shape_text(shape), "C", raw.hex())


def loaded(path, name):
    """The bytes that the reference library has of an array, quantised ones as floats."""
    if path.endswith(".npy"):
        array = np.load(path)
        return array.tobytes(order="F" if array.flags.fnc else "C")
    if path.endswith(".npz"):
        array = np.load(path)[name]
        return array.tobytes(order="F" if array.flags.fnc else "C")
    if path.endswith(".safetensors"):
        import safetensors

        with open(path, "rb") as file:
            return bytes(dict(safetensors.deserialize(file.read()))[name]["data"])
    import gguf

    tensor = next(tensor for tensor in gguf.GGUFReader(path).tensors if tensor.name == name)
    if tensor.name.startswith("q."):
        return gguf.dequantize(tensor.data, tensor.tensor_type).astype("<f4").tobytes()
    return tensor.data.tobytes()


def make(folder):
    for write in [make_npy, make_npz, make_safetensors, make_gguf]:
        write(folder)


def load():
    for line in sys.stdin.read().splitlines():
        print(loaded(*line.split("\t")).hex())


def blocks():
    import gguf

    with np.errstate(all="ignore"):
        for line in sys.stdin.read().splitlines():
            kind, raw = line.split("\t")
            quant = gguf.GGMLQuantizationType[kind]
            rows = np.frombuffer(bytes.fromhex(raw), np.uint8).reshape(-1, gguf.GGML_QUANT_SIZES[quant][1])
            print(gguf.dequantize(rows, quant).astype("<f4").tobytes().hex())


def strict(folder):
    import safetensors

    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            try:
                safetensors.deserialize(file.read())
                print("yes")
            except Exception:
                print("no")


sys.stdout.reconfigure(encoding="utf-8")
{"make": make, "load": load, "blocks": blocks, "strict": strict}[sys.argv[1]](*sys.argv[2:])
