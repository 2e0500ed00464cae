//! Random types, and random arrays over so many bytes: contiguous, in either order, sliced, with any strides.

use super::*;

/// A type whose elements have a size.
pub fn random_item(rng: &mut fastrand::Rng) -> ItemType {
    let order = *rng.choice(&Order::ALL).expect("two");
    match rng.u8(0..10) {
        0..=5 => DType::new(*rng.choice(Element::ALL).expect("some"), order).into(),
        6 => ItemType::Quant(*rng.choice(&Quant::ALL).expect("some")),
        7 => {
            let (element, bits) = *rng
                .choice(&[
                    (Element::U8, 1),
                    (Element::Bool, 1),
                    (Element::I4, 4),
                    (Element::U4, 4),
                    (Element::F4E2M1FN, 4),
                    (Element::F6E2M3FN, 6),
                    (Element::F6E3M2FN, 6),
                ])
                .expect("some");
            ItemType::Packed(Packed { element, bits, low_first: rng.bool() })
        }
        8 => {
            let unit = *rng.choice(&[TimeUnit::Second, TimeUnit::Nanosecond]).expect("two");
            ItemType::Time(TimeType { delta: rng.bool(), unit, count: 1, order })
        }
        _ => match rng.u8(0..3) {
            0 => ItemType::Bytes(rng.u32(1..9)),
            1 => ItemType::Text(rng.u32(1..4), order),
            _ => ItemType::Void(rng.u32(1..20)),
        },
    }
}

/// An array in so many bytes; `None` where none fits.
pub fn random_array(rng: &mut fastrand::Rng, item: ItemType, bytes: usize) -> Option<Array> {
    let groups = bytes as u64 / item.group_bytes();
    let most = groups * u64::from(item.group_items());
    if most == 0 {
        return None;
    }
    let mut shape = Vec::new();
    let mut left = most;
    for _ in 0..rng.usize(1..4) {
        let side = if shape.is_empty() { rng.u64(1..=left) } else { rng.u64(1..=left.min(40)) };
        shape.push(side);
        left = (left / side).max(1);
    }
    rng.shuffle(&mut shape);
    let order = if rng.bool() { MemoryOrder::C } else { MemoryOrder::F };
    let used = shape.iter().product::<u64>().div_ceil(u64::from(item.group_items())) * item.group_bytes();
    let offset = rng.u64(0..=(bytes as u64).checked_sub(used)?);
    let array = Array::new(item, offset, shape, order).ok()?;
    let array = if rng.u8(0..3) > 0 { sliced(rng, &array) } else { array };
    array.check_fits(bytes as u64).ok().map(|()| array)
}

/// A random part of an array, also backwards and with steps.
fn sliced(rng: &mut fastrand::Rng, array: &Array) -> Array {
    let part = |rng: &mut fastrand::Rng, side: u64| match rng.u8(0..5) {
        0 => ":".to_owned(),
        1 => "::-1".to_owned(),
        2 => format!("{}", rng.u64(0..side)),
        3 => format!("{}::{}", rng.u64(0..side), rng.u64(1..5)),
        _ => {
            let from = rng.u64(0..side);
            format!("{from}:{}:{}", rng.u64(from..=side), rng.u64(1..3))
        }
    };
    let parts: Vec<String> = array.shape.iter().map(|&side| part(rng, side)).collect();
    let text = format!("[{}]", parts.join(", "));
    let slice = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    array.slice(&slice).unwrap_or_else(|error| panic!("{text}: {error}")).array
}
