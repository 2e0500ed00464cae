"""How many bytes difflib finds equal in each pair of hex texts, a line each."""

import difflib
import sys

for line in sys.stdin:
    a, _, b = line.rstrip("\r\n").partition(" ")
    matcher = difflib.SequenceMatcher(None, bytes.fromhex(a), bytes.fromhex(b), autojunk=False)
    print(sum(block.size for block in matcher.get_matching_blocks()))
