"""Shows that the rig works: says its argument, its input, and that NumPy is there."""
import sys

import gguf
import ml_dtypes
import numpy
import safetensors

if sys.argv[1] == "fail":
    raise SystemExit("as it was told")
assert gguf and ml_dtypes and safetensors
print(sys.argv[1], sys.stdin.readline().strip(), numpy.__name__)
