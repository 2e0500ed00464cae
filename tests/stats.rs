//! Statistics against NumPy and exact fractions, over every type, shape and slice; and what NumPy can't say.

mod commands;
mod oracle;
mod passes;
