//! All that the window knows, without a window: tabs, views, commands, jobs.

pub mod view;
