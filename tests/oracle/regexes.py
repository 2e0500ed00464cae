"""Where Python's `re` finds expressions in bytes: a line `expression data start`, all but the last in hex, is answered
by a line of `start:end` of all matches that are not empty, from `start` on; `-` for an expression that it refuses."""

import re
import sys
import warnings

warnings.simplefilter("ignore")
for line in sys.stdin:
    expression, data, start = line.split(" ")
    data = bytes.fromhex(data)
    try:
        found = re.compile(bytes.fromhex(expression)).finditer(data, int(start))
    except re.error:
        print("-")
        continue
    print(" ".join(f"{match.start()}:{match.end()}" for match in found if match.end() > match.start()))
