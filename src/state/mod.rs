//! What outlives the program: settings, recent files, open tabs.
