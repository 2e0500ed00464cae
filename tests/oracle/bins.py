"""Compares a table of bins of 23 rows and 37 columns on the standard input with the bins of a plane in a file."""

import sys
import numpy as np
path, dtype, shape, how = sys.argv[1:]
rows, columns = map(int, shape.split(','))
x = np.fromfile(path, dtype).reshape(rows, columns).astype(np.float64)
found = np.array([[float(v or 'nan') for v in line.split(',')] for line in sys.stdin.read().splitlines()])
height, width = min(23, rows), min(37, columns)
wanted = np.empty((height, width))
for i in range(height):
    for j in range(width):
        bin = x[i * rows // height:(i + 1) * rows // height, j * columns // width:(j + 1) * columns // width]
        n = np.count_nonzero(~np.isnan(bin))
        if how == 'count':
            wanted[i, j] = n
        elif how == 'mean':
            # Down each column of the bin first, then over its columns.
            total = 0.0
            for column in np.nan_to_num(bin).T:
                part = 0.0
                for value in column:
                    part += value
                total += part
            wanted[i, j] = total / n if n else np.nan
        else:
            wanted[i, j] = getattr(np, 'nan' + how)(bin) if n else np.nan
same = found.shape == wanted.shape and np.array_equal(found, wanted, equal_nan=True)
print('equal' if same else f'different: {found[found != wanted][:3]} {wanted[found != wanted][:3]}')
