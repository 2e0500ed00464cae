//! Types as Python describes them: lists of fields, dictionaries, pairs with a shape, names, `np.dtype(…)`.
//!
//! Nothing is run: a call is only its arguments. Titles of fields are read over; they name no bytes.

use super::record::{Builder, array};
use super::refusal::{Parsed, refuse, unknown};
use super::{ItemType, parse_numpy};
use crate::decode::Order;
use crate::decode::literal::{Literal, LiteralError, header_items, header_value};
use crate::decode::scalar_type::ParseDTypeError;

/// Values of one field of a header's record; fields that are records themselves have some.
const MOST_FIELD_VALUES: usize = 1 << 20;

/// The type that the `descr` of a `.npy` header is; its fields are read one by one, so that a long header costs no more
/// than its record.
pub(super) fn of_descr(descr: &str) -> Parsed {
    let how = Rules { align: false, descr: true };
    let mut builder = Builder::new(false);
    let wrong = |error: LiteralError| ParseDTypeError { message: error.text };
    let is_list =
        header_items(descr, MOST_FIELD_VALUES, wrong, |field| list_field(&mut builder, &field, how))?;
    if is_list {
        return builder.finish();
    }
    read(&header_value(descr, MOST_FIELD_VALUES).map_err(wrong)?, how)
}

/// The type of a literal.
pub(super) fn of_literal(value: &Literal) -> Parsed {
    read(value, Rules { align: false, descr: false })
}

#[derive(Clone, Copy)]
struct Rules {
    align: bool,
    /// Whether it is the `descr` of a `.npy` header, where fields without a name are gaps.
    descr: bool,
}

fn read(value: &Literal, how: Rules) -> Parsed {
    match value {
        Literal::Str(text) => string(text, how.align),
        Literal::Bytes(bytes) => string(&String::from_utf8_lossy(bytes), how.align),
        Literal::Name(name) => name_of(name),
        Literal::None => string("float64", false),
        Literal::List(fields) => list(fields, how),
        Literal::Tuple(parts) => pair(parts, how),
        Literal::Dict(pairs) if value.get("names").is_some() => named_fields(value, pairs, how),
        Literal::Dict(pairs) => placed_fields(pairs, how),
        Literal::Call(name, arguments) => call(name, arguments, how),
        other => refuse(format!("{} is not a type", other.kind())),
    }
}

fn string(text: &str, align: bool) -> Parsed {
    parse_numpy::parse(text.trim(), align)
}

fn name_of(name: &str) -> Parsed {
    let bare =
        ["np.", "numpy.", "ml_dtypes."].iter().find_map(|module| name.strip_prefix(module)).unwrap_or(name);
    let is_name = bare.len() > 2 && bare.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name { string(bare, false) } else { Err(unknown(name)) }
}

fn call(name: &str, arguments: &[(Option<String>, Literal)], how: Rules) -> Parsed {
    if !matches!(name, "np.dtype" | "numpy.dtype" | "dtype") {
        return refuse(format!(
            "only dtype(…) can be called here, not {}",
            crate::decode::scalar::integer::excerpt(name)
        ));
    }
    let keyword = |wanted: &str, place: usize| {
        let named = arguments.iter().find(|(name, _)| name.as_deref() == Some(wanted));
        named.or_else(|| arguments.get(place).filter(|(name, _)| name.is_none())).map(|(_, value)| value)
    };
    let Some(value) = keyword("dtype", 0) else { return refuse("dtype() needs a type") };
    let align = matches!(keyword("align", 1), Some(Literal::Bool(true) | Literal::Int(1)));
    read(value, Rules { align: align || how.align, ..how })
}

fn list(fields: &[Literal], how: Rules) -> Parsed {
    let mut builder = Builder::new(how.align);
    fields.iter().try_for_each(|field| list_field(&mut builder, field, how))?;
    builder.finish()
}

fn list_field(builder: &mut Builder, field: &Literal, how: Rules) -> Result<(), ParseDTypeError> {
    let Literal::Tuple(parts) = field else {
        return refuse(format!("a field is a tuple of a name and a type, not {}", field.kind()));
    };
    let (name, item) = match parts.as_slice() {
        [name, item] => (name, read(item, how)?),
        [name, item, shape] => (name, paired(read(item, how)?, shape)?),
        _ => return refuse("a field is a tuple of a name, a type and optionally a shape"),
    };
    let name = field_name(name)?;
    if how.descr && name.is_empty() && matches!(item, ItemType::Void(_)) {
        builder.skip(item.group_bytes())
    } else {
        builder.push(name, item)
    }
}

/// The name of a field, which may be a pair of a title and a name.
fn field_name(name: &Literal) -> Result<String, ParseDTypeError> {
    match name {
        Literal::Str(name) => Ok(name.clone()),
        Literal::Tuple(pair) => match pair.as_slice() {
            [_, Literal::Str(name)] => Ok(name.clone()),
            _ => refuse("the name of a field is a string, or a tuple of a title and a name"),
        },
        other => refuse(format!("the name of a field is a string, not {}", other.kind())),
    }
}

fn shaped(item: ItemType, shape: &Literal) -> Parsed {
    let side = |side: &Literal| match side {
        Literal::Int(side) => {
            u64::try_from(*side).or_else(|_| refuse("the length of an axis can't be negative"))
        }
        other => refuse(format!("a shape consists of integers, not {}", other.kind())),
    };
    match shape {
        Literal::Tuple(sides) | Literal::List(sides) => {
            array(item, sides.iter().map(side).collect::<Result<Vec<u64>, _>>()?)
        }
        one => array(item, vec![side(one)?]),
    }
}

/// `('f4', (2, 3))`, `('V', 10)`.
fn pair(parts: &[Literal], how: Rules) -> Parsed {
    let [item, shape] = parts else {
        return refuse("a tuple that is a type must have a type and a shape");
    };
    paired(read(item, how)?, shape)
}

/// An array of `item`s; of a string without a length one of that length.
fn paired(item: ItemType, shape: &Literal) -> Parsed {
    if item.group_bytes() == 0
        && let (Literal::Int(len), ItemType::Bytes(0) | ItemType::Void(0) | ItemType::Text(0, _)) =
            (shape, &item)
    {
        let kind = match item {
            ItemType::Text(_, Order::Big) => ">U",
            ItemType::Text(..) => "U",
            ItemType::Void(_) => "V",
            _ => "S",
        };
        return parse_numpy::parse(&format!("{kind}{len}"), false);
    }
    shaped(item, shape)
}

fn count(value: &Literal, what: &str) -> Result<u64, ParseDTypeError> {
    match value {
        Literal::Int(number) => {
            u64::try_from(*number).or_else(|_| refuse(format!("{what} can't be negative")))
        }
        other => refuse(format!("{what} must be an integer, not {}", other.kind())),
    }
}

/// `{'names': […], 'formats': […], 'offsets': […], 'itemsize': …, 'aligned': …}`.
fn named_fields(value: &Literal, pairs: &[(Literal, Literal)], how: Rules) -> Parsed {
    const KEYS: [&str; 6] = ["names", "formats", "offsets", "titles", "itemsize", "aligned"];
    let odd = pairs.iter().find(|(key, _)| !matches!(key, Literal::Str(key) if KEYS.contains(&key.as_str())));
    if odd.is_some() {
        return refuse(format!("the only keys of a type are {}", KEYS.join(", ")));
    }
    let items = |key: &str| {
        value.get(key).filter(|value| **value != Literal::None).map(|value| value.items().unwrap_or_default())
    };
    let (names, formats) = (items("names").unwrap_or_default(), items("formats").unwrap_or_default());
    let offsets = items("offsets");
    if names.len() != formats.len() || offsets.is_some_and(|offsets| offsets.len() != names.len()) {
        return refuse("names, formats and offsets must be lists of the same length");
    }
    let aligned = how.align || matches!(value.get("aligned"), Some(Literal::Bool(true) | Literal::Int(1)));
    // The fields' own fields are aligned too.
    let how = Rules { align: aligned, ..how };
    let mut builder = Builder::new(aligned);
    for (at, (name, format)) in names.iter().zip(formats).enumerate() {
        let (name, item) = (field_name(name)?, read(format, how)?);
        match offsets.and_then(|offsets| offsets.get(at)) {
            Some(offset) => builder.push_at(name, item, count(offset, "an offset")?)?,
            None => builder.push(name, item)?,
        }
    }
    match value.get("itemsize") {
        None | Some(Literal::None) => builder.finish(),
        Some(size) => builder.finish_with(count(size, "itemsize")?),
    }
}

/// `{'x': ('f4', 0), 'y': ('f4', 8)}`, in the order of the places.
fn placed_fields(pairs: &[(Literal, Literal)], how: Rules) -> Parsed {
    let mut fields = Vec::with_capacity(pairs.len());
    for (name, place) in pairs {
        let (Literal::Str(name), Some([format, offset, ..])) = (name, place.items()) else {
            return refuse("a field of a dictionary is a name, and a tuple of a type and an offset");
        };
        fields.push((count(offset, "an offset")?, name, format));
    }
    fields.sort_by_key(|(offset, ..)| *offset);
    let mut builder = Builder::new(how.align);
    for (offset, name, format) in fields {
        builder.push_at(name.clone(), read(format, how)?, offset)?;
    }
    builder.finish()
}
