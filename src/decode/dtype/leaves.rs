//! The parts of an element that hold one value each: fields of fields, elements of sub-arrays.
//!
//! As many as are asked for and no more, however large the element is.

use super::ItemType;

/// A part of an item that is no record and no sub-array.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// `pos.x`, `m[0, 1]`; empty where the item itself is no record.
    pub name: String,
    /// Bytes from the start of the item.
    pub offset: u64,
    pub item: ItemType,
}

impl ItemType {
    /// The parts that hold one value each, at most `most` of them, in order; one without a name for what is no record.
    pub fn leaves(&self, most: usize) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        collect(self, String::new(), 0, most, &mut leaves);
        leaves
    }
}

fn collect(item: &ItemType, name: String, offset: u64, most: usize, leaves: &mut Vec<Leaf>) {
    if leaves.len() >= most {
        return;
    }
    match item {
        ItemType::Record(record) => {
            for field in record.fields.iter().take(most - leaves.len()) {
                let dot = if name.is_empty() { "" } else { "." };
                let name = format!("{name}{dot}{}", field.name);
                collect(&field.item, name, offset.saturating_add(field.offset), most, leaves);
            }
        }
        ItemType::Array(array) => {
            let size = array.item.group_bytes();
            let count = array.shape.iter().fold(1u64, |count, side| count.saturating_mul(*side));
            // One that makes no leaf makes none however often it stands there.
            for at in 0..count.min((most - leaves.len()) as u64) {
                let name = format!("{name}{}", index(at, &array.shape));
                collect(&array.item, name, offset.saturating_add(at.saturating_mul(size)), most, leaves);
            }
        }
        _ => leaves.push(Leaf { name, offset, item: item.clone() }),
    }
}

/// `[1, 2]` of the item `at` in C order.
fn index(mut at: u64, shape: &[u64]) -> String {
    let mut sides: Vec<String> = shape
        .iter()
        .rev()
        .map(|side| {
            let place = at % (*side).max(1);
            at /= (*side).max(1);
            place.to_string()
        })
        .collect();
    sides.reverse();
    format!("[{}]", sides.join(", "))
}
