mod save;
mod state;
