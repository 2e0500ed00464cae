//! Arrays over bytes: where items lie, what slices mean, new values for them, and how they leave the program.

mod commands;
mod evaluated;
mod handover;
mod literals;
mod names;
mod odd;
mod oracle;
mod places;
