//! The pass over the elements of an array that statistics, calculations and questions about values are made of.
//!
//! The elements of an array of any type, shape, strides and size come as tiles: neighbours in C order, as plain numbers
//! of one type in the machine's byte order, so few that they stay in a core's cache. Pieces of the array are read and
//! shown on all cores; what a kernel makes of a piece goes to the sink in C order.
//!
//! | file | what it holds |
//! |---|---|
//! | `tile` | the tiles that a kernel is shown |
//! | `pass` | the pass: pieces, workers, what is left out |
//! | `pieces` | which elements a worker takes next; holes and fills |
//! | `decoder`, `widen` | bytes become tiles |
//! | `range` | any run of elements as a tile, for several arrays side by side |
//! | `gather`, `pick` | elements that do not lie side by side, brought into C order |

mod decoder;
mod gather;
mod pass;
mod pick;
mod pieces;
mod range;
mod tile;
mod widen;

pub use pass::{ElementKernel, ElementPass, ElementSink, ElementYield};
pub use pieces::ElementBlock;
pub use range::{ElementReader, ReadingHands, Valueless};
pub use tile::{MappedForm, MappedTile, Tile, TileKind, TileValues};
