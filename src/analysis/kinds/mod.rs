//! What kind of file it is, and which other files lie inside it.
//!
//! A kind is told by fixed bytes at fixed places, its *magic*. Few bytes stand anywhere by chance, so each magic of the
//! table has a check of the header around it. A check believes nothing: it reads only bytes that are there.
//!
//! | file | what it holds |
//! |---|---|
//! | `head` | the first bytes of a file, read by fixed places |
//! | `signature` | a line of the table |
//! | `archives`, `pictures`, `media`, `programs`, `systems`, `data` | the table and its checks |
//! | `embedded` | the search for files at every offset |
//! | `lengths` | the ends of compressed files |
//! | `pem` | keys and certificates as text |
//! | `whole` | the kind of a whole file |

mod archives;
mod data;
mod embedded;
mod head;
mod lengths;
mod media;
mod pem;
mod pictures;
mod programs;
mod signature;
mod systems;
mod whole;

pub use embedded::{EmbeddedEnd, EmbeddedFile, EmbeddedTally, find_embedded};
pub use lengths::{EndFinder, NoLength, OpenEnd};
pub use whole::{KIND_BYTES, RecognisedKind, recognise};

use signature::Signature;

/// All lines of the table, those of each file in turn.
fn signatures() -> impl Iterator<Item = &'static Signature> {
    [archives::TABLE, pictures::TABLE, media::TABLE, programs::TABLE, systems::TABLE, data::TABLE]
        .into_iter()
        .flatten()
}
