//! Types of items and their values: known ones, and texts that nobody means.

use pagelens::decode::dtype::ItemType;
use pagelens::decode::{NumberStyle, literal};

fn item(text: &str) -> ItemType {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn shown(item: &ItemType, bytes: &[u8], at: u32) -> String {
    let mut text = String::new();
    item.format(bytes, at, &NumberStyle::Shortest, &mut text);
    text
}

#[test]
fn texts_that_numpy_does_not_know_have_types_too() {
    for (text, name) in [
        ("u8", "<u8"),
        ("u16", "<u2"),
        ("<u16", "<u16"),
        ("f16", "<f16"),
        ("f32", "<f4"),
        ("uint128", "<u16"),
        ("bf16", "<bf16"),
        (">bfloat16", ">bf16"),
        ("float8_e4m3fn", "float8_e4m3fn"),
        ("bits", "bits"),
        ("INT4x2", "int4x2"),
        ("Q4_K", "q4_k"),
        ("w", "<U1"),
        ("guid", "<guid"),
        (">filetime", ">filetime"),
        ("char", "char"),
        ("hhi", "[('f0', '<i2'), ('f1', '<i2'), ('f2', '<i4')]"),
        ("hl", "{'names': ['f0', 'f1'], 'formats': ['<i2', '<i8'], 'offsets': [0, 8], 'itemsize': 16}"),
        ("10s", "|S10"),
        ("struct:10p", "pascal10"),
        ("struct:>l", ">i4"),
        (">l", ">i8"),
        ("np.dtype(np.float32)", "<f4"),
        ("dtype([('a', ml_dtypes.float8_e5m2)])", "[('a', 'float8_e5m2')]"),
        ("[('a', 'guid', 2)]", "[('a', '<guid', (2,))]"),
    ] {
        let read = item(text);
        assert_eq!(read.to_string(), name, "{text}");
        assert_eq!(name.parse(), Ok(read), "{name}");
    }
}

#[test]
fn texts_that_mean_no_type_are_refused_in_a_sentence() {
    for (text, why) in [
        ("", "'' is not a type; write one such as '<f4', 'uint8' or [('x', '<f4')]"),
        ("O", "Python objects are memory addresses of one process, so a file can't hold them"),
        ("S2147483648", "an element of more than 2147483647 bytes is too large"),
        ("(65536,65536)u1", "an element of more than 2147483647 bytes is too large"),
        ("[('a', 'i4'), ('a', 'f4')]", "two fields are called 'a'"),
        ("[('a', 'i4', -1)]", "the length of an axis can't be negative"),
        ("[('a', 'bits')]", "bits shares bytes with its neighbours, so it can't be a field or a sub-array"),
        ("[('a', 'i4'", "column 12: a comma or ')' is missing"),
        ("np.zeros(3)", "only dtype(…) can be called here, not np.zeros"),
        ("M8[parsec]", "'[parsec]' is not a unit of time such as [ns], [D] or [25s]"),
        ("struct:<P", "'P' has only a native size: leave out the byte order"),
        ("struct:3", "a struct format can't end with a number"),
    ] {
        assert_eq!(
            text.parse::<ItemType>().map_err(|error| error.to_string()),
            Err(why.to_owned()),
            "{text}"
        );
    }
    assert!("[".repeat(1 << 20).parse::<ItemType>().is_err());
    let deep = format!("{}'i4'{}", "[('a', ".repeat(40), ")]".repeat(40));
    assert!(deep.parse::<ItemType>().is_err());
    let many: String = (0..50_000).map(|at| format!("('f{at}', 'u1'), ")).collect();
    assert_eq!(item(&format!("[{many}]")).group_bytes(), 50_000);
}

#[test]
fn values_are_shown_and_typed_back_whole() {
    for (text, bytes, value) in [
        ("S4", &b"ab\0\0"[..], "b'ab'"),
        ("S4", b"a\0b\0", r"b'a\x00b'"),
        ("V3", b"a\0\0", r"b'a\x00\x00'"),
        (">U2", &[0, 0, 0, b'a', 0, 0, 0x20, 0xac], "'a€'"),
        ("U1", &[0, 0xd8, 0, 0], r"b'\x00\xd8\x00\x00'"),
        ("pascal4", b"\x02abZ", "b'ab'"),
        ("<M8[D]", &[0; 8], "1970-01-01"),
        (">m8[25s]", &[0, 0, 0, 0, 0, 0, 0, 3], "75 seconds"),
        ("i1,u1", &[0xff, 0xff], "(-1, 255)"),
        ("i1,", &[0xff], "(-1,)"),
        ("(2,2)u1", &[1, 2, 3, 4], "[[1, 2], [3, 4]]"),
        (
            "[('t', 'M8[s]'), ('x', 'f2', 2)]",
            &[0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0x3c, 1, 0x7c],
            "('NaT', [1.0, nan(0x7c01)])",
        ),
        ("[('z', 'c8'), ('c', 'char')]", &[0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, b'\''], r"((1-2j), '\'')"),
        (
            "[('b', '?'), ('i', 'int4'), ('r', 'rgba')]",
            &[1, 0xf3, 1, 2, 3, 4],
            "(True, bits(0xf3), '#01020304')",
        ),
        ("{'names': ['a'], 'formats': ['u1'], 'offsets': [1], 'itemsize': 3}", &[7, 8, 9], "(8,)"),
    ] {
        let item = item(text);
        assert_eq!(shown(&item, bytes, 0), value, "{text}");
        assert_eq!(item.encode(value, bytes, 0).as_deref(), Ok(bytes), "{text} {value}");
        assert!(value.chars().count() <= item.width(&NumberStyle::Shortest), "{text}");
    }
}

#[test]
fn what_does_not_fit_is_refused_with_the_reason() {
    for (text, value, why) in [
        ("S2", "b'abc'", "this has 3 bytes, but there is room for only 2"),
        ("U2", "abc", "'abc' has 3 characters, but there is room for only 2"),
        ("S4", "ä", "'ä' is not a single byte: write bytes as b'\\xe4'"),
        ("M8[D]", "2000-02-30", "'2000-02-30' is not a time such as 2000-02-29T12:30:00"),
        ("M8[D]", "2000-02-29T12", "2000-02-29T12 is more precise than days"),
        ("M8[25s]", "1970-01-01T00:00:26", "1970-01-01T00:00:26 is between two ticks of 25 seconds"),
        ("M8[ns]", "2500-01-01", "2500-01-01 is too far from 1970 for a 64-bit count of nanoseconds"),
        ("m8[s]", "5 days", "'5 days' is not a number of seconds"),
        ("u1,u1", "(1, 2, 3)", "expected 2 fields, not 3"),
        ("u1,u1", "5", "expected 2 fields in brackets, not an integer"),
        ("u1,u1", "(1, 256)", "f1: 256 does not fit uint8 (0 to 255)"),
        ("2u1,", "([1],)", "f0: expected 2 values, not 1"),
        ("f2", "1e6", "1e6 is outside the range of float16 (±6.6e4)"),
        ("float8_e4m3fn", "inf", "float8_e4m3fn has no infinity"),
        ("int4", "8", "8 does not fit int4 (-8 to 7)"),
    ] {
        let item = item(text);
        let old = vec![0; item.group_bytes() as usize];
        let refused = item.encode(value, &old, 0).map_err(|error| error.to_string());
        assert_eq!(refused, Err(why.to_owned()), "{text} {value}");
    }
}

#[test]
fn a_packed_value_leaves_its_neighbours_alone() {
    let mut random = fastrand::Rng::with_seed(11);
    for name in ["bits", "bits_le", "int4x2", "uint4x2", "f4e2m1x2", "f6e2m3x4", "f6e3m2x4"] {
        let item = item(name);
        for _ in 0..500 {
            let mut old = vec![0; item.group_bytes() as usize];
            random.fill(&mut old);
            let values: Vec<String> = (0..item.group_items()).map(|at| shown(&item, &old, at)).collect();
            for at in 0..item.group_items() {
                assert_eq!(item.encode(&values[at as usize], &old, at).as_deref(), Ok(&old[..]), "{name}");
                let other = &values[random.usize(..values.len())];
                let new = item.encode(other, &old, at).expect("a value");
                for place in 0..item.group_items() {
                    let wanted = if place == at { other } else { &values[place as usize] };
                    assert_eq!(&shown(&item, &new, place), wanted, "{name} {old:x?}");
                }
            }
        }
    }
    // NumPy's packbits puts the first value into the highest bit.
    assert_eq!(shown(&item("bits"), &[0x80], 0), "1");
    assert_eq!(shown(&item("bits_le"), &[0x80], 7), "1");
    assert_eq!(shown(&item("int4x2"), &[0xf7], 1), "-1");
    assert_eq!(shown(&item("f6e2m3x4"), &[0x3f, 0, 0], 0), "-7.5");
}

/// Texts that were right once.
const CORPUS: [&str; 20] = [
    "<f4",
    "(2,3)>f8",
    "S10",
    "M8[25s]",
    "i4,(2,)f4",
    "[('a', '<i4', (2, 3)), (('t', 'b'), 'S3')]",
    "{'names': ['a', 'b'], 'formats': ['i4', 'u1'], 'offsets': [4, 0], 'itemsize': 16, 'aligned': True}",
    "np.dtype([('a', np.float32), ('b', [('c', '>U3')])], align=True)",
    "struct:@3xhl10p",
    "(1, 2.5, b'a\\x00', [1, nan], '\\u20ac', nan(0x7c01), (1-2j))",
    "-0x1.8p+1",
    "1.5e-4950",
    "bits(0x3fff0000000000000000)",
    "2000-02-29T12:30:15.123456789",
    "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}",
    "#01020304",
    "b'''a\\'b'''",
    "9223372036854775807 seconds",
    "-340282366920938463463374607431768211455",
    "0x1p-99999999999",
];

#[test]
fn no_mutated_text_makes_anything_panic_or_read_back_otherwise() {
    let seed = 0x17e5;
    let mut random = fastrand::Rng::with_seed(seed);
    let pieces: Vec<char> = "()[]{},:'\"\\<>=|0159eExpjn.-+ abSUVM€\u{0}\n".chars().collect();
    let items: Vec<ItemType> = [
        "f2",
        "f4",
        "f16",
        "c32",
        "float8_e8m0fnu",
        "u16",
        "<i16",
        "M8[as]",
        "m8",
        "S3",
        "U2",
        "pascal3",
        "guid",
        "rgba",
        "dostime",
        "unix64_ns",
        "int4x2",
        "f6e2m3x4",
        "i1,(2,)c8,S2",
        "[('a', [('b', 'M8[D]'), ('c', 'char')])]",
    ]
    .into_iter()
    .map(item)
    .collect();
    let (mut types, mut values) = (0, 0);
    for round in 0..60_000 {
        let mut text: Vec<char> = random.choice(CORPUS).expect("some").chars().collect();
        for _ in 0..random.usize(..4) {
            let at = random.usize(..=text.len());
            let piece = *random.choice(&pieces).expect("some");
            match random.u8(..3) {
                0 => text.insert(at, piece),
                1 if at < text.len() => text[at] = piece,
                _ => text.truncate(text.len().min(at + random.usize(..40))),
            }
        }
        let text: String = text.into_iter().collect();
        let context = || format!("{text:?}, round {round} of seed {seed}");
        if let Ok(item) = text.parse::<ItemType>() {
            assert_eq!(item.to_string().parse().as_ref(), Ok(&item), "{}", context());
            types += 1;
        }
        let _ = literal::parse(&text);
        let item = random.choice(&items).expect("some");
        let old: Vec<u8> = (0..item.group_bytes()).map(|_| random.u8(..)).collect();
        if let Ok(new) = item.encode(&text, &old, 0) {
            let shown = shown(item, &new, 0);
            assert_eq!(item.encode(&shown, &old, 0).as_ref(), Ok(&new), "{item} {shown}, {}", context());
            values += 1;
        }
    }
    assert!(
        types > 5000 && values > 1000,
        "only {types} types and {values} values: the test tries too little"
    );
}
