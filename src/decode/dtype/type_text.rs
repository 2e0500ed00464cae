//! The names of types: one that reads back, NumPy's description, an expression of Python.

use super::{ItemType, Record, TimeUnit};
use crate::decode::element::Element;
use crate::decode::quoted;
use crate::decode::scalar_type::DType;
use crate::decode::type_names::Means;
use std::fmt::{self, Write};

impl fmt::Display for ItemType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(dtype) => dtype.fmt(f),
            Self::Bytes(len) => write!(f, "|S{len}"),
            Self::Text(chars, order) => write!(f, "{}U{chars}", order.mark()),
            Self::Void(len) => write!(f, "|V{len}"),
            Self::Pascal(len) => write!(f, "pascal{len}"),
            Self::Time(time) => {
                write!(f, "{}{}", time.order.mark(), if time.delta { "m8" } else { "M8" })?;
                match (time.unit, time.count) {
                    (TimeUnit::Generic, _) => Ok(()),
                    (unit, 1) => write!(f, "[{}]", unit.name()),
                    (unit, count) => write!(f, "[{count}{}]", unit.name()),
                }
            }
            Self::Packed(packed) => f.write_str(Means::Packed(*packed).name()),
            Self::Quant(quant) => f.write_str(Means::Quant(*quant).name()),
            Self::Array(array) => {
                f.write_char('(')?;
                array.item.fmt_quoted(f)?;
                write!(f, ", {})", Tuple(&array.shape))
            }
            Self::Record(record) if record.is_packed() && !record.aligned => record.fmt_list(f),
            Self::Record(record) => record.fmt_dict(f),
        }
    }
}

/// Numbers as a tuple of Python.
struct Tuple<'a>(&'a [u64]);

impl fmt::Display for Tuple<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner: Vec<String> = self.0.iter().map(u64::to_string).collect();
        write!(f, "({}{})", inner.join(", "), if inner.len() == 1 { "," } else { "" })
    }
}

fn python_string(text: &str) -> String {
    let mut quoted = String::new();
    quoted::push_str(text, &mut quoted);
    quoted
}

impl ItemType {
    /// As it stands inside another type: in quotes, where it is a name.
    fn fmt_quoted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Array(_) | Self::Record(_) => fmt::Display::fmt(self, f),
            _ => write!(f, "'{self}'"),
        }
    }

    /// As the header of a `.npy` file writes it. What NumPy has no type for keeps its size: `'<V2'` for bfloat16, as
    /// NumPy writes the types of ml_dtypes. `None` when values share bytes, or when NumPy can't write the fields
    /// since they overlap.
    pub fn descr(&self) -> Option<String> {
        match self {
            Self::Scalar(dtype) if dtype.element.is_ml() => Some(format!("'<V{}'", dtype.size())),
            Self::Scalar(dtype) => Some(dtype.numpy_code()),
            Self::Pascal(len) => Some(format!("'|V{len}'")),
            Self::Packed(_) | Self::Quant(_) => None,
            Self::Array(array) => Some(format!("({}, {})", array.item.descr()?, Tuple(&array.shape))),
            Self::Record(record) => record.descr(),
            _ => Some(format!("'{self}'")),
        }
    }

    /// Whether NumPy itself has the type; of a record, those of all its fields.
    pub fn is_numpy(&self) -> bool {
        match self {
            Self::Scalar(dtype) => dtype.element.is_numpy(),
            Self::Bytes(_) | Self::Text(..) | Self::Void(_) | Self::Time(_) => true,
            Self::Pascal(_) | Self::Packed(_) | Self::Quant(_) => false,
            Self::Array(array) => array.item.is_numpy(),
            Self::Record(record) => record.fields.iter().all(|field| field.item.is_numpy()),
        }
    }

    /// An expression of Python that makes the dtype; of what NumPy lacks, one of as many bytes.
    pub fn python(&self) -> String {
        format!("np.dtype({})", self.python_argument())
    }

    fn python_argument(&self) -> String {
        match self {
            Self::Scalar(dtype) if dtype.element.is_ml() => format!("ml_dtypes.{}", dtype.element.name()),
            Self::Scalar(dtype) => dtype.numpy_code(),
            Self::Pascal(len) => format!("'V{len}'"),
            Self::Packed(_) => "'u1'".to_owned(),
            Self::Quant(quant) => format!("'V{}'", quant.block().1),
            Self::Array(array) => format!("({}, {})", array.item.python_argument(), Tuple(&array.shape)),
            Self::Record(record) if record.is_packed() && !record.aligned => {
                let fields = record.fields.iter().map(|field| {
                    format!("({}, {})", python_string(&field.name), field.item.python_argument())
                });
                format!("[{}]", fields.collect::<Vec<_>>().join(", "))
            }
            Self::Record(record) => record.dict(Self::python_argument),
            _ => format!("'{self}'"),
        }
    }
}

impl DType {
    /// NumPy's type of the same size in quotes: integers for times and addresses, plain bytes for what it lacks.
    fn numpy_code(self) -> String {
        match self.element {
            Element::Char => "'|S1'".to_owned(),
            Element::Unix32 => format!("'{}i4'", self.order.mark()),
            Element::Unix64 | Element::UnixMs | Element::UnixUs | Element::UnixNs => {
                format!("'{}i8'", self.order.mark())
            }
            Element::DosTime => format!("'{}u4'", self.order.mark()),
            Element::FileTime | Element::Pointer => format!("'{}u8'", self.order.mark()),
            element if !element.is_numpy() => format!("'|V{}'", element.size()),
            _ => format!("'{self}'"),
        }
    }
}

impl Record {
    /// Whether the fields stand where NumPy would put them by itself.
    fn is_packed(&self) -> bool {
        let mut end = 0u64;
        let mut align = 1;
        for field in &self.fields {
            let own = if self.aligned { field.item.alignment() } else { 1 };
            end = end.next_multiple_of(own);
            if field.offset != end {
                return false;
            }
            align = align.max(own);
            end += field.item.group_bytes();
        }
        self.size == end.next_multiple_of(align)
    }

    fn fmt_list(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('[')?;
        for (at, field) in self.fields.iter().enumerate() {
            write!(f, "{}({}, ", if at == 0 { "" } else { ", " }, python_string(&field.name))?;
            match &field.item {
                ItemType::Array(array) => {
                    array.item.fmt_quoted(f)?;
                    write!(f, ", {})", Tuple(&array.shape))?;
                }
                item => {
                    item.fmt_quoted(f)?;
                    f.write_char(')')?;
                }
            }
        }
        f.write_char(']')
    }

    fn fmt_dict(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.dict(|item| match item {
            ItemType::Array(_) | ItemType::Record(_) => item.to_string(),
            _ => format!("'{item}'"),
        }))
    }

    fn dict(&self, show: impl Fn(&ItemType) -> String) -> String {
        let joined = |part: &dyn Fn(&super::Field) -> String| {
            self.fields.iter().map(part).collect::<Vec<_>>().join(", ")
        };
        let (names, formats) =
            (joined(&|field| python_string(&field.name)), joined(&|field| show(&field.item)));
        let offsets = joined(&|field| field.offset.to_string());
        let aligned = if self.aligned { ", 'aligned': True" } else { "" };
        format!(
            "{{'names': [{names}], 'formats': [{formats}], 'offsets': [{offsets}], 'itemsize': {}{aligned}}}",
            self.size
        )
    }

    /// Gaps are fields without a name, as NumPy writes them.
    fn descr(&self) -> Option<String> {
        let mut parts = Vec::new();
        let mut end = 0;
        let gap = |from: u64, to: u64, parts: &mut Vec<String>| {
            if to > from {
                parts.push(format!("('', '|V{}')", to - from));
            }
        };
        for field in &self.fields {
            if field.offset < end {
                return None;
            }
            gap(end, field.offset, &mut parts);
            let described = match &field.item {
                ItemType::Array(array) => format!("{}, {}", array.item.descr()?, Tuple(&array.shape)),
                item => item.descr()?,
            };
            parts.push(format!("({}, {described})", python_string(&field.name)));
            end = field.offset + field.item.group_bytes();
        }
        gap(end, self.size, &mut parts);
        Some(format!("[{}]", parts.join(", ")))
    }
}
