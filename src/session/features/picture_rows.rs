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
        SavePicturePng: View 6, "Save the picture as PNG…", [], has_picture,
            "Write the picture with its axes and colours to a PNG file",
            Features(|features, tabs, context| features.pictures.ask_name(PictureFormat::Png, tabs, context));
        SavePictureSvg: View 6, "Save the picture as SVG…", [], has_picture,
            "Write the picture with its axes and colours to an SVG file",
            Features(|features, tabs, context| features.pictures.ask_name(PictureFormat::Svg, tabs, context));
        SavePictureCsv: View 6, "Save the picture as CSV…", [], has_picture,
            "Write the values of the pixels to a CSV file, a line for each row",
            Features(|features, tabs, context| features.pictures.ask_name(PictureFormat::Csv, tabs, context));
        CopyPicture: View 6, "Copy the picture", [], has_picture,
            "Copy the picture with its axes and colours as an image",
            Features(|features, tabs, context| features.pictures.copy(tabs, context));
    } };
}

pub(in crate::session) use picture_rows;
