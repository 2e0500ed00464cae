//! Requests that only the platform of the window can carry out: file dialogs, the clipboard, the focus, quitting.

use super::arrays::BarField;
use super::features::clipboard::system::{ClipboardOffer, PasteWay};
use super::name_request::Asked;

/// What only the window's platform can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    ChooseFiles,
    /// The answer names who asked, also when there is none.
    ChooseSaveName {
        suggested: String,
        asked: Asked,
    },
    Copy(ClipboardOffer),
    /// The selection is offered to whoever clicks with the middle button, where the desktop has that.
    Select(ClipboardOffer),
    /// Asks the system for its clipboard; what it holds comes back as an action.
    Paste(PasteWay),
    /// The same for the selection that another window, or this one, offers.
    PasteSelection,
    /// The keys go to a field of the bar over an array.
    FocusBar(BarField),
    /// The keys go to the filter of the names of arrays.
    FocusFilter,
    /// Gives the focus to the list of a side panel that is now shown.
    FocusList(&'static str),
    /// The keys go to the grid again.
    FocusGrid,
    /// The same after work that has ended by itself: whatever the user types into meanwhile keeps them.
    OfferGridFocus,
    /// The keys go to the buttons of the messages.
    FocusMessages,
    /// The keys go to the next area of the window, or to the one before.
    NextArea {
        backwards: bool,
    },
    Quit,
}
