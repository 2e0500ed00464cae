"""What Python's own libraries make of odd headers and names."""
import pathlib
import sys

import numpy as np

kind, place = sys.argv[1:]
if kind == "odd":
    for file in sorted(pathlib.Path(place).glob("*.npy"), key=lambda file: int(file.stem)):
        with open(file, "rb") as stream:
            version = np.lib.format.read_magic(stream)
            assert version == (2, 0), version
            shape, _, _ = np.lib.format.read_array_header_2_0(stream, max_header_size=1 << 30)
        print(tuple(int(side) for side in shape))
elif kind == "safetensors":
    from safetensors import deserialize

    for name, tensor in deserialize(pathlib.Path(place).read_bytes()):
        assert name == tensor["dtype"], (name, tensor["dtype"])
        print(name, tensor["shape"], len(tensor["data"]))
elif kind == "npz":
    with np.load(place) as archive:
        for name in ["w.npy", "w", "a", "a.npy", "plain.npy"]:
            print(name, archive[name] if name in archive else "missing")
