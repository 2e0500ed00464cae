//! The values as an array in the source code of C and of Rust.

use super::nest::Nest;
use super::values::for_each;
use super::{Export, ExportError, own_bytes, refused};
use crate::decode::dtype::ItemType;
use crate::decode::{Dialect, NumberStyle};
use std::io::Write;

struct Language {
    open: char,
    close: char,
    nan: &'static str,
    inf: &'static str,
    name: &'static str,
    /// Its names of types.
    dialect: Dialect,
}

const RUST: Language =
    Language { open: '[', close: ']', nan: "NAN", inf: "INFINITY", name: "Rust", dialect: Dialect::Rust };
const C: Language =
    Language { open: '{', close: '}', nan: "NAN", inf: "INFINITY", name: "C", dialect: Dialect::C };

pub(in crate::export) fn rust(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let element = typed(export, &RUST)?;
    let sides = export.array.shape.iter().rev();
    let array = sides.fold(element.to_owned(), |inner, side| format!("[{inner}; {side}]"));
    write!(out, "const DATA: {array} = ")?;
    values(export, &RUST, element, out)
}

pub(in crate::export) fn c(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let element = typed(export, &C)?;
    let sides: String = export.array.shape.iter().map(|side| format!("[{side}]")).collect();
    write!(out, "const {element} data{sides} = ")?;
    values(export, &C, element, out)
}

fn typed(export: &Export<'_>, language: &Language) -> Result<&'static str, ExportError> {
    let item = own_bytes(&export.array.item);
    let known = match &item {
        ItemType::Scalar(dtype) => dtype.element.name_in(language.dialect),
        _ => None,
    };
    match known {
        Some(_) if export.array.items() == 0 => refused("There are no values."),
        Some(name) => Ok(name),
        None => refused(format!("{} has no type for {item}. Copy it as bytes or hex.", language.name)),
    }
}

fn values(
    export: &Export<'_>,
    language: &Language,
    element: &str,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let mut nest = Nest::new(&export.array.shape);
    let (mut text, mut line) = (String::new(), String::new());
    for_each(export, &mut |group, item| {
        line.clear();
        line.extend(std::iter::repeat_n(language.open, nest.opening().0));
        text.clear();
        export.array.item.format(group, item, &NumberStyle::Shortest, &mut text);
        let sign = if text.starts_with('-') { "-" } else { "" };
        let scope = if language.name == "Rust" { format!("{element}::") } else { String::new() };
        match text.trim_start_matches('-') {
            "inf" => line.extend([sign, &scope, language.inf]),
            nan if nan.starts_with("nan") => line.extend([&scope, language.nan]),
            "True" => line.push_str("true"),
            "False" => line.push_str("false"),
            _ => line.push_str(&text),
        }
        // A decimal that only an unsigned type holds.
        if language.name == "C" && text.parse::<u64>().is_ok_and(|value| value > i64::MAX as u64) {
            line.push('u');
        }
        let closes = nest.closing();
        line.extend(std::iter::repeat_n(language.close, closes));
        if !nest.is_ended() {
            line.push_str(if closes > 0 { ",\n    " } else { ", " });
        }
        Ok(out.write_all(line.as_bytes())?)
    })?;
    Ok(writeln!(out, ";")?)
}
