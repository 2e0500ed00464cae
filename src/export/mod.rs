//! A selection as text for other programs, one file each.
