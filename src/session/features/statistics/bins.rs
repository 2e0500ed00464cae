//! The elements of a bin of a histogram, as a question about each element that Find can ask.

use super::following::Measured;
use crate::analysis::stats::ValueKind;
use crate::decode::array::Array;
use crate::decode::dtype::ItemType;
use crate::decode::slice::{Fixed, IntoField, Slice, Sliced, SlicedAxis};
use crate::decode::{DType, Number, Order};
use crate::export::statistics::number_text;
use crate::session::arrays::table::AxisPart;
use crate::session::features::find::SoughtArrays;
use crate::session::subject::{ElementSubject, ShownPart, SubjectExtent};
use crate::session::tab::Tab;

impl Measured {
    /// The question that the elements of a bin fit, and no others.
    ///
    /// # Errors
    /// A sentence when there is no such bin, or its elements are no numbers to compare.
    pub(super) fn question_of_bin(&self, bin: usize) -> Result<String, String> {
        let histogram = self.known.histogram.as_ref().ok_or("There is no histogram.")?;
        let (Some(low), Some(high)) = (histogram.edges.get(bin), histogram.edges.get(bin + 1)) else {
            return Err(String::from("There is no such bin."));
        };
        let item = self.subject.item();
        let is_last = bin + 2 == histogram.edges.len();
        match self.known.kind {
            ValueKind::Integers => {
                let end = if is_last { high.next_up() } else { *high };
                let [low, high] =
                    [first_from(*low), first_from(end) - 1].map(|value| whole_text(value, item));
                Ok(if low == high { format!("x == {low}") } else { format!("x >= {low} and x <= {high}") })
            }
            ValueKind::Floats => {
                let sign = if is_last { "<=" } else { "<" };
                let (low, high) = (reached(*low, item), if is_last { *high } else { reached(*high, item) });
                let [low, high] = [low, high].map(|value| number_text(Number::Float(value)));
                Ok(format!("x >= {low} and x {sign} {high}"))
            }
            ValueKind::Times | ValueKind::Complex | ValueKind::Others => {
                Err(String::from("The values of a bin can only be found among numbers."))
            }
        }
    }
}

/// The least integer that, as a double, is not below an edge: large integers are rounded when they are counted.
fn first_from(edge: f64) -> i128 {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let edge = edge.ceil();
    let whole = edge as i128;
    if edge.abs() < EXACT {
        return whole;
    }
    let before = edge.next_down() as i128;
    let middle = before + (whole - before) / 2;
    if middle as f64 >= edge { middle } else { middle + 1 }
}

/// An integer within the type: an edge beyond the largest one is rounded up to a power of two, which it does not have.
fn whole_text(value: i128, item: &ItemType) -> String {
    let has = |value: i128| {
        let zeros = vec![0; usize::try_from(item.group_bytes()).unwrap_or(0)];
        item.of_number(Number::Int(value), &zeros, 0).is_ok()
    };
    let bits = 8 * item.group_bytes().min(8) as u32;
    let most = if has(-1) { (1_i128 << (bits - 1)) - 1 } else { (1_i128 << bits) - 1 };
    let is_plain = matches!(item, ItemType::Scalar(_)) && item.group_bytes() <= 8;
    if is_plain && !has(value) && value > 0 { most.to_string() } else { value.to_string() }
}

/// The least value of a float type that is not below an edge: with it, rounding to the type changes no comparison.
fn reached(edge: f64, item: &ItemType) -> f64 {
    let ItemType::Scalar(dtype) = item else { return edge };
    let plain = DType::new(dtype.element, Order::Little);
    let value = |bytes: &[u8]| match plain.number(bytes) {
        Some(Number::Float(value)) => Some(value),
        _ => None,
    };
    let Ok(mut bytes) = plain.of_number(Number::Float(edge)) else { return edge };
    let Some(near) = value(&bytes) else { return edge };
    if near >= edge || bytes.len() > 8 {
        return near;
    }
    let mut bits = [0; 8];
    bits[..bytes.len()].copy_from_slice(&bytes);
    let bits = u64::from_le_bytes(bits);
    // Signs are apart from sizes: the next value above a negative one is nearer to zero.
    let next = if near < 0.0 { bits.wrapping_sub(1) } else { bits.wrapping_add(1) };
    let len = bytes.len();
    bytes.copy_from_slice(&next.to_le_bytes()[..len]);
    value(&bytes).filter(|value| *value >= edge).unwrap_or(edge)
}

impl ElementSubject {
    /// The same elements, to be searched.
    pub(super) fn to_search(&self) -> SoughtArrays {
        let unpacked = self.view.as_ref().and_then(|view| view.unpacked.clone());
        let name = self.view.as_ref().and_then(|view| view.name.clone());
        let whole = self.view.as_ref().map_or(&self.array.shape, |view| &view.whole).clone();
        let entry = self.view.as_ref().and_then(|view| view.entry);
        SoughtArrays::of_part(self.part(), whole, (entry, name), unpacked)
    }

    /// The elements of a table that are selected, to be searched; `None` of bytes, and where one cell alone is.
    pub(in crate::session) fn selected_elements(tab: &Tab) -> Option<SoughtArrays> {
        let subject = tab.subject().ok()?;
        let is_part = subject.extent == SubjectExtent::Selection && subject.view.is_some();
        is_part.then(|| subject.to_search())
    }

    /// The elements as a part of the whole array; bytes and plain values by themselves.
    pub(super) fn part(&self) -> Sliced {
        match &self.view {
            Some(view) => self.sliced(view),
            None => whole(&self.array),
        }
    }

    /// The elements with the indices that they have in the whole array.
    fn sliced(&self, view: &ShownPart) -> Sliced {
        let shown = &view.sliced;
        let mut part = Sliced { array: self.array.clone(), axes: Vec::new(), ..shown.clone() };
        for (axis, meant) in shown.axes.iter().zip(&view.parts) {
            match *meant {
                AxisPart::Run(from, _) => part.axes.push(SlicedAxis { start: axis.at(from), ..*axis }),
                AxisPart::One(at) => {
                    part.fixed.extend(axis.axis.map(|base| Fixed { axis: base, index: axis.at(at) }));
                    if let Some((field, side)) = axis.inner
                        && let Some(fixed) =
                            part.fields.get_mut(field).and_then(|field| field.fixed.get_mut(side))
                    {
                        *fixed = Some(axis.at(at));
                    }
                }
            }
        }
        if let SubjectExtent::Field(name) = &self.extent {
            part.fields.push(IntoField { name: name.to_string(), fixed: Vec::new() });
        }
        part
    }
}

/// An array by itself.
fn whole(array: &Array) -> Sliced {
    let axes =
        (0..array.shape.len()).map(|axis| SlicedAxis { axis: Some(axis), inner: None, start: 0, step: 1 });
    let (fixed, fields, slice) = (Vec::new(), Vec::new(), Slice::default());
    Sliced { array: array.clone(), axes: axes.collect(), fixed, fields, slice }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_belongs_where_its_nearest_double_was_counted() {
        for edge in [0.5, -7.25, 9_007_199_254_740_994.0, 1e18, -1e18, 1.8e19] {
            let first = first_from(edge);
            assert!(first as f64 >= edge && ((first - 1) as f64) < edge, "{edge}: {first}");
        }
        assert_eq!(whole_text(1 << 64, &"<u8".parse().expect("a type")), u64::MAX.to_string());
        assert_eq!(whole_text(1 << 63, &"<i8".parse().expect("a type")), i64::MAX.to_string());
    }

    #[test]
    fn an_edge_becomes_the_next_value_of_the_type() {
        let reached = |item: &str, edge: f64| reached(edge, &item.parse().expect("a type"));
        assert_eq!(reached("<f4", 0.1), f64::from(0.1_f32), "which is the larger of both");
        assert_eq!(reached("<f4", 0.3), f64::from(0.3_f32));
        assert_eq!(reached("bfloat16", 1.001), 1.0078125);
        assert_eq!(reached("bfloat16", -1.001), -1.0);
        assert_eq!(reached("<f2", -1.0009), -1.0);
        assert_eq!(reached("<f8", 0.1), 0.1);
        for edge in [0.7, -0.7, 1e-40, -1e-40, 3.3e38] {
            let value = reached("<f4", edge);
            assert!(value >= edge && f64::from((value as f32).next_down()) < edge, "{edge}: {value}");
        }
    }
}
