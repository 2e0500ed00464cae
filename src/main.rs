//! The program: arguments, logging, the window. The only place that prints or exits.

fn main() {}
