//! Saves while the user goes on: what is modified, and what undo brings back.
