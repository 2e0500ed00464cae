//! The commands of pictures: rows of the list of commands.

/// Hands the rows that it is given and those of pictures to the macro that adds those of the menu Tools. A row is as in
/// `command_rows`.
macro_rules! picture_rows {
    ($then:ident $($before:tt)*) => { tool_rows! { $then
        $($before)*
        ShowImage: View 6, "Image", [alt(Key::Letter('I'))], open,
            "Show the elements of this pane as the pixels of an image, beside it",
            Features(|features, tabs, context| features.pictures.show(PictureKind::Image, tabs, context));
        PictureSelection: View 6, "Picture of the selection", [], has_part_selected,
            "Show the selected bytes or elements as a picture beside this pane",
            Features(|features, tabs, context| features.pictures.show_selected(tabs, context));
    } };
}

pub(in crate::session) use picture_rows;
