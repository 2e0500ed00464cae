//! The edit layer: a persistent piece tree over immutable sources, with undo as values.
