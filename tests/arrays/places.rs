//! Shapes, strides and slices against lists of places that are made the slow way.

use pagelens::bytes::Span;
use pagelens::decode::array::{Array, ArrayError, MemoryOrder};
use pagelens::decode::dtype::{Field, ItemType, Packed, Quant, Record, SubArray};
use pagelens::decode::slice::{Bracket, Part, Range, Slice, SliceError};
use pagelens::decode::{DType, Element, Order};
use std::sync::Arc;

const C: MemoryOrder = MemoryOrder::C;
const F: MemoryOrder = MemoryOrder::F;

pub fn scalar(element: Element) -> ItemType {
    ItemType::Scalar(DType::new(element, Order::Little))
}

fn f32s() -> ItemType {
    scalar(Element::F32)
}

fn bits() -> ItemType {
    ItemType::Packed(Packed { element: Element::U8, bits: 1, low_first: true })
}

fn array(item: ItemType, offset: u64, shape: &[u64], order: MemoryOrder) -> Array {
    Array::new(item, offset, shape.to_vec(), order).expect("an array")
}

fn slice(text: &str) -> Slice {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn cut(array: &Array, text: &str) -> Array {
    array.slice(&slice(text)).unwrap_or_else(|error| panic!("{text}: {error}")).array
}

/// The byte of each item in C order.
fn starts(array: &Array) -> Vec<u64> {
    (0..array.items()).map(|number| array.place(&array.index_at(number)).span.start()).collect()
}

#[test]
fn orders_and_their_strides() {
    let c = array(f32s(), 128, &[2, 3, 4], C);
    assert_eq!((c.strides.as_slice(), c.items()), (&[48, 16, 4][..], 24));
    assert_eq!(c.extent(), Some(Span::between(128, 128 + 96)));
    assert_eq!((c.order(), c.place(&[1, 2, 3]).span), (Some(C), Span::between(220, 224)));
    let f = array(f32s(), 128, &[2, 3, 4], F);
    assert_eq!((f.strides.as_slice(), f.order()), (&[4, 8, 24][..], Some(F)));
    assert_eq!(array(f32s(), 5, &[], C).extent(), Some(Span::between(5, 9)));
    assert_eq!(array(f32s(), 0, &[7], F).order(), Some(C));
    assert_eq!(array(f32s(), 0, &[1, 7, 1], F).order(), Some(C));
    assert_eq!(cut(&c, "[:, ::2]").order(), None);
    assert_eq!(cut(&c, "[1:, :]").order(), Some(C));
    assert_eq!(array(f32s(), 9, &[3, 0, 2], C).extent(), None);
    assert_eq!(array(f32s(), 9, &[3, 0, 2], C).items(), 0);
}

#[test]
fn what_no_file_can_hold_is_refused() {
    let big = |shape: &[u64]| Array::new(f32s(), 0, shape.to_vec(), C).map(|array| array.items());
    assert!(matches!(big(&[1 << 32, 1 << 32]), Err(ArrayError::TooLarge { .. })));
    assert!(matches!(big(&[1 << 32, 1 << 32, 0]), Err(ArrayError::TooLarge { .. })));
    assert!(matches!(big(&[u64::MAX]), Err(ArrayError::TooLarge { .. })));
    assert!(matches!(big(&[1 << 61]), Err(ArrayError::TooLarge { .. })));
    assert_eq!(big(&[(1 << 61) - 1]), Ok((1 << 61) - 1));
    assert_eq!(big(&[1; 65]), Err(ArrayError::TooManySides { sides: 65 }));
    let strided = |offset, shape: &[u64], strides: &[i64]| {
        Array::with_strides(f32s(), offset, shape.to_vec(), strides.to_vec())
    };
    assert_eq!(strided(7, &[3], &[-4]), Err(ArrayError::BeforeStart { by: 1 }));
    assert!(strided(8, &[3], &[-4]).is_ok_and(|array| array.extent() == Some(Span::between(0, 12))));
    assert_eq!(strided(0, &[3], &[]), Err(ArrayError::StrideCount { sides: 1, strides: 0 }));
    assert!(matches!(strided(u64::MAX, &[1], &[4]), Err(ArrayError::TooLarge { .. })));
    assert!(matches!(strided(0, &[1 << 40, 1 << 40], &[0, 0]), Err(ArrayError::TooLarge { .. })));
    assert!(matches!(strided(0, &[3], &[i64::MAX]), Err(ArrayError::TooLarge { .. })));
    assert!(matches!(strided(0, &[3], &[i64::MIN]), Err(ArrayError::BeforeStart { .. })));
    let fits = array(f32s(), 10, &[3], C);
    assert_eq!(fits.check_fits(22), Ok(()));
    assert_eq!(fits.check_fits(21), Err(ArrayError::BeyondEnd { end: 22, len: 21 }));
}

#[test]
fn items_that_share_bytes_count_strides_in_items() {
    let packed = array(bits(), 3, &[5, 5], C);
    assert_eq!((packed.strides.as_slice(), packed.extent()), (&[5, 1][..], Some(Span::between(3, 7))));
    let place = packed.place(&[2, 3]);
    assert_eq!((place.span, place.item), (Span::between(4, 5), 5));
    let back = cut(&packed, "[::-1, 1::2]");
    assert_eq!((back.shape.as_slice(), back.strides.as_slice()), (&[5, 2][..], &[-5, 2][..]));
    for (index, base) in [([0, 0], [4, 1]), ([4, 1], [0, 3]), ([2, 1], [2, 3])] {
        assert_eq!(back.place(&index), packed.place(&base));
    }
    assert_eq!((back.offset, back.first), (3 + 2, 5));
    assert_eq!(back.extent(), Some(Span::between(3, 6)));
    let quant = array(ItemType::Quant(Quant::Q8_0), 0, &[3, 64], C);
    assert_eq!(quant.extent(), Some(Span::first(6 * 34)));
    let place = quant.place(&[1, 33]);
    assert_eq!((place.span, place.item), (Span::between(3 * 34, 4 * 34), 1));
    assert_eq!(quant.index_of(3 * 34 + 5), Some(vec![1, 32]));
}

fn particle() -> ItemType {
    let field = |name: &str, offset, item| Field { name: name.to_owned(), offset, item };
    let inner =
        Record { fields: vec![field("x", 0, f32s()), field("y", 4, f32s())], size: 8, aligned: false };
    let matrix = SubArray { item: scalar(Element::U16), shape: vec![2, 3] };
    let fields = vec![
        field("pos", 2, ItemType::Record(Arc::new(inner))),
        field("m", 10, ItemType::Array(Arc::new(matrix))),
        field("it's", 0, scalar(Element::U16)),
    ];
    ItemType::Record(Arc::new(Record { fields, size: 24, aligned: false }))
}

#[test]
fn fields_move_the_start_and_keep_the_strides() {
    let records = array(particle(), 100, &[4, 5], C);
    let y = cut(&records, "['pos']['y']");
    assert_eq!((y.offset, y.strides.as_slice()), (106, &[120, 24][..]));
    assert_eq!(y.item, f32s());
    let m = cut(&records, "a[1, ::-2]['m'][:, -1]");
    assert_eq!((m.shape.as_slice(), m.strides.as_slice()), (&[3, 3][..], &[-48, 2][..]));
    assert_eq!(m.offset, 100 + 120 + 96 + 10 + 6);
    let m = cut(&records, "['m']");
    assert_eq!((m.shape.as_slice(), m.strides.as_slice()), (&[4, 5, 2, 3][..], &[120, 24, 6, 2][..]));
    assert_eq!(cut(&records, r#"["it's"]"#), cut(&records, r"['it\'s']"));
    let ItemType::Record(two) = cut(&records, "[['m', 'pos']]").item else { panic!("a record") };
    assert_eq!((two.size, two.fields[1].offset), (24, 2));
    let sliced = records.slice(&slice("[2]['m']")).expect("a slice");
    assert_eq!(sliced.base_index(&[3, 1, 1]), [2, 3]);
    let missing = records.slice(&slice("['z']")).expect_err("no such field").to_string();
    assert_eq!(missing, "There is no field 'z'; the fields are 'pos', 'm', 'it's'.");
    assert!(y.slice(&slice("['z']")).is_err_and(|error| error.to_string().contains("no fields")));
    assert!(records.slice(&slice("[['m', 'm']]")).is_err());
}

#[test]
fn errors_of_slices_name_axis_and_range() {
    let a = array(f32s(), 0, &[10, 3], C);
    let error = |text: &str| a.slice(&slice(text)).expect_err(text).to_string();
    assert_eq!(
        error("[0, 3]"),
        "Index 3 is out of range: axis 1 has length 3, so valid indices are -3 to 2."
    );
    assert!(error("[-11]").contains("-11") && error("[99999999999999999999]").contains("axis 0"));
    let far = "9".repeat(60);
    for (typed, shown) in [
        ("99999999999999999999", "99999999999999999999"),
        (" -99999999999999999999999999 ", "-99999999999999999999999999"),
        ("0x8000000000000000", "0x8000000000000000"),
        ("-9223372036854775809", "-9223372036854775809"),
        ("-9223372036854775808", "-9223372036854775808"),
        (&*far, &*format!("{}…", &far[..40])),
    ] {
        assert!(
            error(&format!("[{typed}]")).starts_with(&format!("Index {shown} is out of range")),
            "{typed}"
        );
        assert_eq!(slice(&slice(&format!("[{typed}]")).to_string()), slice(&format!("[{typed}]")));
    }
    assert_eq!(error("[0, 0, 0]"), "There are 3 indices, but an array of the shape (10, 3) takes at most 2.");
    assert_eq!(a.slice(&slice("[..., ...]")), Err(SliceError::TwoEllipses));
    let empty = array(f32s(), 0, &[0], C);
    assert!(empty.slice(&slice("[0]")).is_err() && empty.slice(&slice("[5:]")).is_ok());
    let many = "None, ".repeat(64);
    assert!(matches!(a.slice(&slice(&many)), Err(SliceError::Array(ArrayError::TooManySides { sides: 66 }))));
}

#[test]
fn what_is_written_reads_back_and_what_is_no_slice_says_where() {
    for (text, shown) in [
        ("", ""),
        ("0, :, ::2", "[0, :, ::2]"),
        ("a [ 12 , 7 ]", "[12, 7]"),
        ("data.x[-1]", "[-1]"),
        ("[...]", "[...]"),
        ("np.newaxis, Ellipsis,", "[None, ...]"),
        ("[()]", "[()]"),
        ("[(1, 2)]", "[1, 2]"),
        ("[0x10:1_000:- 0b11]", "[16:1000:-3]"),
        ("[:99999999999999999999]", "[:9223372036854775807]"),
        ("['a\\'b\\u00e9'][\"c\"]", r"['a\'bé']['c']"),
        ("[['a', 'b',]][0]", "[['a', 'b']][0]"),
    ] {
        let read = slice(text);
        assert_eq!(read.to_string(), shown, "{text}");
        assert_eq!(slice(&read.to_string()), read, "{text}");
    }
    for (text, at, word) in [
        ("[]", 1, "empty"),
        ("[0", 2, "ends"),
        ("[0]]", 3, "']'"),
        ("pos", 0, "['pos']"),
        ("[007]", 1, "integer"),
        ("[1.5]", 1, "integer"),
        ("[::0]", 4, "step"),
        ("[0 1]", 3, "comma"),
        ("[[0, 1]]", 2, "field names"),
        ("['x", 3, "quote"),
        ("[0, 'x']", 4, "alone"),
        ("[(0:1)]", 5, "round"),
        ("[-]", 2, "number"),
        ("[1_]", 1, "integer"),
        ("[é]", 1, "é"),
    ] {
        let error = text.parse::<Slice>().expect_err(text);
        assert!(error.at == at && error.text.contains(word), "{text}: {error:?}");
    }
}

/// The places of an axis that a range has, as `range(side)[a:b:c]` of Python has them, counted one by one.
fn naive(range: Range, side: i64) -> Vec<i64> {
    let step = range.step.unwrap_or(1);
    let (low, high) = if step > 0 { (0, side) } else { (-1, side - 1) };
    let place = |at: i64| if at < 0 { (at + side).max(low) } else { at.min(high) };
    let stop = range.stop.map_or(if step > 0 { high } else { low }, place);
    let mut at = range.start.map_or(if step > 0 { low } else { high }, place);
    let mut places = Vec::new();
    while (step > 0 && at < stop) || (step < 0 && at > stop) {
        places.push(at);
        at += step;
    }
    places
}

fn random_part(random: &mut fastrand::Rng, side: i64) -> Part {
    let mut bound = || (random.u8(..3) > 0).then(|| random.i64(-side - 2..side + 3));
    let (start, stop) = (bound(), bound());
    let step = match random.u8(..3) {
        0 => None,
        1 => Some(random.i64(1..4)),
        _ => Some(random.i64(-3..0)),
    };
    match random.u8(..4) {
        0 if side > 0 => Part::Index(random.i64(-side..side)),
        _ => Part::Range(Range { start, stop, step }),
    }
}

#[test]
fn random_slices_of_slices_pick_what_lists_of_places_pick() {
    for seed in 0..3000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let item = if random.bool() { scalar(Element::U16) } else { bits() };
        let shape: Vec<u64> = (0..random.usize(..4)).map(|_| random.u64(..6)).collect();
        let order = if random.bool() { C } else { F };
        let base = array(item, random.u64(..9), &shape, order);
        let mut lists: Vec<(usize, Vec<i64>)> =
            shape.iter().enumerate().map(|(axis, &side)| (axis, (0..side as i64).collect())).collect();
        let mut fixed = vec![0; shape.len()];
        let mut brackets = Vec::new();
        for _ in 0..random.usize(..3) {
            let (mut parts, mut left) = (Vec::new(), Vec::new());
            for (axis, places) in std::mem::take(&mut lists) {
                let part = random_part(&mut random, places.len() as i64);
                match &part {
                    Part::Index(at) => {
                        fixed[axis] = places[at.rem_euclid(places.len() as i64) as usize] as u64
                    }
                    Part::Range(range) => left.push((
                        axis,
                        naive(*range, places.len() as i64).iter().map(|&at| places[at as usize]).collect(),
                    )),
                    _ => unreachable!("random parts are indices and ranges"),
                }
                parts.push(part);
            }
            lists = left;
            brackets.push(Bracket::Parts(parts));
        }
        let asked = Slice { brackets };
        let sliced = base.slice(&slice(&asked.to_string())).expect("a slice");
        let sides: Vec<u64> = lists.iter().map(|(_, places)| places.len() as u64).collect();
        assert_eq!(sliced.array.shape, sides, "{asked} seed {seed}");
        for number in 0..sliced.array.items() {
            let index = sliced.array.index_at(number);
            let mut expected = fixed.clone();
            for ((axis, places), &at) in lists.iter().zip(&index) {
                expected[*axis] = places[at as usize] as u64;
            }
            assert_eq!(sliced.base_index(&index), expected, "{asked} seed {seed}");
            assert_eq!(sliced.index_of_base(&expected), Some(index.clone()), "{asked} seed {seed}");
            assert_eq!(sliced.array.place(&index), base.place(&expected), "{asked} seed {seed}");
        }
    }
}

#[test]
fn each_byte_knows_its_item() {
    for seed in 0..3000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let item = if random.bool() { scalar(Element::U16) } else { bits() };
        let shape: Vec<u64> = (0..random.usize(..4)).map(|_| random.u64(1..5)).collect();
        let strides: Vec<i64> = shape.iter().map(|_| random.i64(-7..8)).collect();
        let Ok(array) = Array::with_strides(item, 64, shape, strides) else { continue };
        let owned: Vec<Span> =
            (0..array.items()).map(|number| array.place(&array.index_at(number)).span).collect();
        for byte in 0..160 {
            let found = array.index_of(byte);
            let exists = owned.iter().any(|span| span.contains(byte));
            assert_eq!(found.is_some(), exists, "{array:?} byte {byte} seed {seed}");
            if let Some(index) = found {
                assert!(array.place(&index).span.contains(byte), "{array:?} byte {byte} seed {seed}");
            }
        }
    }
    let huge = array(f32s(), 0, &[1 << 20, 1 << 20, 1 << 19], F);
    let far = huge.place(&[7, 1 << 19, 5]).span.start();
    assert_eq!(huge.index_of(far + 3), Some(vec![7, 1 << 19, 5]));
    assert_eq!(starts(&cut(&huge, "[-1, 0, :2]")), [((1 << 20) - 1) * 4, ((1 << 20) - 1) * 4 + (1 << 42)]);
}

#[test]
fn an_item_among_others_of_its_bytes_knows_its_index() {
    let blocks = array(ItemType::Quant(Quant::Q4_0), 7, &[20, 32], C);
    assert_eq!(blocks.index_of_place(blocks.place(&[16, 2])), Some(vec![16, 2]));
    assert_eq!(blocks.index_of(blocks.place(&[16, 2]).span.start()), Some(vec![16, 0]));
    for (whole, part) in [
        (array(bits(), 0, &[5, 12], C), "[::-2, 1::3]"),
        (array(ItemType::Quant(Quant::Q8_0), 0, &[4, 64], F), "[1:, ::-5]"),
        (array(f32s(), 4, &[3, 4], C), "[:, ::-1]"),
    ] {
        let sliced = whole.slice(&slice(part)).expect("a slice");
        for number in 0..sliced.array.items() {
            let index = sliced.array.index_at(number);
            let place = sliced.array.place(&index);
            assert_eq!(whole.index_of_place(place), Some(sliced.base_index(&index)), "{part} {index:?}");
        }
    }
}

#[test]
fn a_field_that_is_an_array_joins_the_shape_and_axes_map_back() {
    let item = ItemType::Array(Arc::new(SubArray { item: f32s(), shape: vec![2] }));
    let joined = array(item, 4, &[3], F);
    assert_eq!((joined.shape.as_slice(), joined.strides.as_slice()), (&[3, 2][..], &[8, 4][..]));
    let of_bits = ItemType::Array(Arc::new(SubArray { item: bits(), shape: vec![8] }));
    assert_eq!(Array::new(of_bits, 0, vec![3], C), Err(ArrayError::SharedInSubArray));
    let new_axes = joined.slice(&slice("[None, 1, ..., None]")).expect("a slice");
    assert_eq!(new_axes.array.shape, [1, 2, 1]);
    assert_eq!(new_axes.base_index(&[0, 1, 0]), [1, 1]);
    assert_eq!(new_axes.index_of_base(&[1, 1]), Some(vec![0, 1, 0]));
    assert_eq!(new_axes.index_of_base(&[0, 1]), None);
}
