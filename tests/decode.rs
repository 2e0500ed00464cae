//! Values, text and places against what other programs say of the same bytes, and against hostile input.
//!
//! `tests/fixtures/decode` is made by `scripts/make-fixtures` from NumPy and Python's codecs.

mod items;
mod places;
mod readings;
mod text;
mod tools;

use pagelens::decode::{
    DType, Element, OffsetContext, Order, Radix, evaluate, evaluate_span, hex, inspect,
    paste_formats as all_readings,
};
use places::PLACE;
use std::path::Path;

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/decode").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn format(dtype: DType, bytes: &[u8]) -> String {
    let mut text = String::new();
    dtype.format(bytes, &mut text);
    text
}

fn float(element: Element) -> DType {
    DType::new(element, Order::Big)
}

/// What NumPy (or Python, for characters) says differs on purpose here.
fn is_spelled_otherwise(element: Element, bytes: &[u8], text: &str) -> bool {
    match element {
        // NumPy writes every NaN as `nan`.
        _ if element.is_float() => text == "nan",
        // C escapes the single quote; Latin-1 letters are shown.
        Element::Char => bytes[0] == b'\'' || bytes[0] > 0xa0,
        _ => false,
    }
}

#[test]
fn values_look_as_in_numpy_and_read_back_in_both_orders() {
    for &element in Element::USUAL {
        let mut seen = 0;
        for line in fixture(&format!("{}.txt", element.name())).lines() {
            let mut fields = line.splitn(3, ' ');
            let mut field = || fields.next().expect("three fields");
            let (little, big, text) = (field(), field(), field());
            // Python marks a bytes literal with b.
            let text = if element == Element::Char { &text[1..] } else { text };
            for (order, digits) in [(Order::Little, little), (Order::Big, big)] {
                let dtype = DType::new(element, order);
                let bytes = hex::parse(digits).expect("hex");
                let shown = format(dtype, &bytes);
                if !is_spelled_otherwise(element, &bytes, text) {
                    assert_eq!(shown, text, "{dtype} {digits}");
                    assert_eq!(dtype.encode(text), Ok(bytes.clone()), "{dtype} {text}");
                }
                assert_eq!(dtype.encode(&shown), Ok(bytes), "{dtype} {shown}");
                assert!(shown.chars().count() <= dtype.max_width(), "{dtype} {shown}");
            }
            seen += 1;
        }
        assert!(seen >= 256 || element == Element::Bool, "{} has {seen} values only", element.name());
    }
}

/// The least number of digits that any decimal of a float's rounding interval has, found the slow way: by asking
/// `encode` of every decimal next to the value.
fn fewest_digits(dtype: DType, bytes: &[u8], value: f64) -> usize {
    (1..)
        .find(|digits| {
            // Exact digits, so the decimals next to the value on either side are these and one more in the last place.
            let exact = format!("{value:.160e}");
            let (mantissa, exponent) = exact.split_once('e').expect("an exponent");
            let head: u64 = mantissa.replace('.', "")[..*digits].parse().expect("digits");
            let exponent: i32 = exponent.parse().expect("a number");
            [head, head + 1].into_iter().any(|head| {
                let decimal = format!("{head}e{}", exponent - (*digits as i32 - 1));
                dtype.encode(&decimal).is_ok_and(|encoded| encoded == bytes)
            })
        })
        .expect("some number of digits is enough")
}

fn value_of_half(element: Element, bits: u16) -> f64 {
    match element {
        Element::F16 => half::f16::from_bits(bits).to_f64(),
        _ => half::bf16::from_bits(bits).to_f64(),
    }
}

#[test]
fn all_patterns_of_16_bits_read_back_from_the_fewest_digits() {
    for element in [Element::F16, Element::Bf16] {
        let dtype = float(element);
        let mut widest = 0;
        for bits in 0..=u16::MAX {
            let bytes = bits.to_be_bytes();
            let text = format(dtype, &bytes);
            assert_eq!(dtype.encode(&text), Ok(bytes.to_vec()), "{dtype} {bits:#06x} {text}");
            widest = widest.max(text.len());
            let value = value_of_half(element, bits);
            // The digits of negative values are those of the positive ones.
            if value.is_finite() && value > 0.0 {
                let mantissa = text.split('e').next().unwrap_or_default().replace('.', "");
                let digits = mantissa.trim_matches('0').len();
                assert_eq!(digits, fewest_digits(dtype, &bytes, value), "{dtype} {bits:#06x} {text}");
                let rounded = format!("{value:.0$e}", digits - 1);
                if dtype.encode(&rounded) == Ok(bytes.to_vec()) {
                    let distance = |text: &str| (text.parse::<f64>().expect("a number") - value).abs();
                    assert!(distance(&text) <= distance(&rounded), "{dtype} {bits:#06x} {text} {rounded}");
                }
            }
        }
        assert_eq!(widest, dtype.max_width(), "{dtype}");
    }
}

#[test]
fn decimals_are_rounded_to_16_bits_once() {
    for (element, infinity) in [(Element::F16, 0x7c00), (Element::Bf16, 0x7f80)] {
        let dtype = float(element);
        let read = |text: &str| dtype.encode(text).ok().map(|bytes| u16::from_be_bytes([bytes[0], bytes[1]]));
        for below in (1..infinity - 1).step_by(5) {
            let above = below + 1;
            let middle = (value_of_half(element, below) + value_of_half(element, above)) / 2.0;
            let exact = format!("{middle:.160e}");
            let (mantissa, exponent) = exact.split_once('e').expect("an exponent");
            // A hair above and below half way: no f64 lies between these.
            let more = format!("{mantissa}1e{exponent}");
            let digits = mantissa.replace('.', "");
            let digits = digits.trim_end_matches('0');
            let (head, last) = digits.split_at(digits.len() - 1);
            let last = last.parse::<u8>().expect("a digit") - 1;
            let less = format!(
                "0.{head}{last}{}e{}",
                "9".repeat(40),
                exponent.parse::<i32>().expect("a number") + 1
            );
            let even = if below % 2 == 0 { below } else { above };
            assert_eq!(read(&exact), Some(even), "{dtype} {exact}");
            assert_eq!(read(&more), Some(above), "{dtype} {more}");
            assert_eq!(read(&less), Some(below), "{dtype} {less}");
        }
    }
}

#[test]
fn a_million_random_floats_read_back() {
    let seed = 0xf10a7;
    let mut random = fastrand::Rng::with_seed(seed);
    let (narrow, wide) = (float(Element::F32), float(Element::F64));
    let mut text = String::new();
    for round in 0..500_000 {
        let bits = random.u64(..);
        let (low, all) = ((bits as u32).to_be_bytes(), bits.to_be_bytes());
        for (dtype, bytes) in [(narrow, &low[..]), (wide, &all[..])] {
            text.clear();
            dtype.format(bytes, &mut text);
            let encoded = dtype.encode(&text);
            assert_eq!(encoded.as_deref(), Ok(bytes), "{dtype} {text}, round {round} of seed {seed}");
            assert!(text.len() <= dtype.max_width(), "{dtype} {text}");
        }
    }
}

#[test]
fn floats_are_typed_in_many_ways() {
    for (element, text, bits) in [
        (Element::F32, "1.5", 0x3fc0_0000),
        (Element::F32, " +1.5e0 ", 0x3fc0_0000),
        (Element::F32, "1_5.0E-1", 0x3fc0_0000),
        (Element::F32, ".5", 0x3f00_0000),
        (Element::F32, "5.", 0x40a0_0000),
        (Element::F32, "0x1.8p3", 0x4140_0000),
        (Element::F32, "-0X1.8P+3", 0xc140_0000),
        (Element::F32, "0x10", 0x4180_0000),
        (Element::F32, "0x.8", 0x3f00_0000),
        (Element::F32, "0x1.000001p0", 0x3f80_0000),
        (Element::F32, "0x1.000003p0", 0x3f80_0002),
        (Element::F32, "0x1.0000010000000000000000000000000000000000001p0", 0x3f80_0001),
        (Element::F32, "0x1p-149", 1),
        (Element::F32, "0x0p999999999999999999999", 0),
        (Element::F32, "0e999999999999999999999", 0),
        (Element::F32, "-0", 0x8000_0000),
        (Element::F32, "INF", 0x7f80_0000),
        (Element::F32, "-Infinity", 0xff80_0000),
        (Element::F32, "NaN", 0x7fc0_0000),
        (Element::F32, "-nan", 0xffc0_0000),
        (Element::F32, "nan(0xFF800001)", 0xff80_0001),
        (Element::F64, "0x1.fffffffffffffp1023", 0x7fef_ffff_ffff_ffff),
        (Element::F64, "5e-324", 1),
        (Element::F16, "65519.99", 0x7bff),
        (Element::Bf16, "3.14159", 0x4049),
    ] {
        let dtype = float(element);
        let word = u64::to_be_bytes(bits)[8 - dtype.size()..].to_vec();
        assert_eq!(dtype.encode(text), Ok(word), "{text}");
    }
}

#[test]
fn a_refused_value_says_why() {
    for (name, text, why) in [
        ("uint8", "300", "300 does not fit uint8 (0 to 255)"),
        ("int8", "0xff", "0xff does not fit int8 (-128 to 127)"),
        (
            "int64",
            "9223372036854775808",
            "9223372036854775808 does not fit int64 (-9223372036854775808 to 9223372036854775807)",
        ),
        ("int32", "1.5", "1.5 is not an integer, but int32 holds only integers"),
        ("int32", "inf", "inf is not an integer, but int32 holds only integers"),
        ("float32", "1e60", "1e60 is outside the range of float32 (±3.4e38)"),
        ("float16", "-65520", "-65520 is outside the range of float16 (±6.6e4)"),
        ("bfloat16", "0x1p128", "0x1p128 is outside the range of bfloat16 (±3.4e38)"),
        (
            "float64",
            "1e-400",
            "1e-400 is so small that it would become 0 in float64 (its smallest number is 4.9e-324)",
        ),
        (
            "float16",
            "1e-99999",
            "1e-99999 is so small that it would become 0 in float16 (its smallest number is 6.0e-8)",
        ),
        ("float32", "1,5", "'1,5' is not a number"),
        ("float32", "1e", "'1e' is not a number"),
        ("float32", "0x", "'0x' is not a number"),
        ("float32", "0xp1", "'0xp1' is not a number"),
        ("float32", "", "no value was typed for float32"),
        (
            "float32",
            "nan(0x7f800000)",
            "'nan(0x7f800000)' does not hold the bits of a NaN of float32, which look like nan(0x7fc00001)",
        ),
        (
            "float16",
            "nan(0x17e01)",
            "'nan(0x17e01)' does not hold the bits of a NaN of float16, which look like nan(0x7e01)",
        ),
        ("float32", "-nan(0x7fc00001)", "'-nan(0x7fc00001)' is not a number"),
        ("bool", "256", "256 does not fit bool (0 to 255)"),
        ("char", "€", "'€' is not a single one-byte character; you can type any byte as \\x00 to \\xff"),
    ] {
        let dtype: DType = name.parse().expect("a dtype");
        let reason = dtype.encode(text).map_err(|error| error.to_string());
        assert_eq!(reason, Err(why.to_owned()), "{name} {text}");
    }
}

#[test]
fn a_dtype_is_its_name_in_settings() {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Settings {
        dtype: DType,
    }
    let text = toml::to_string(&Settings { dtype: float(Element::Bf16) }).expect("serializable");
    assert_eq!(text, "dtype = \">bf16\"\n");
    let read: Settings = toml::from_str(&text).expect("readable");
    assert_eq!(read.dtype, float(Element::Bf16));
    let refused = toml::from_str::<Settings>("dtype = 'S4'").err().map(|error| error.message().to_owned());
    assert!(refused.is_some_and(|message| message.contains("|S4 is not a type of a single number")));
}

/// Text made of what parsers look for, with some of what they do not expect.
fn hostile_text(random: &mut fastrand::Rng) -> String {
    const PIECES: [&str; 48] = [
        "0",
        "1",
        "9",
        "7f",
        "ff",
        "0x",
        "0X",
        "\\x",
        "0b",
        "0o",
        "h",
        "e",
        "E",
        "p",
        "P",
        "+",
        "-",
        "*",
        "/",
        "%",
        "<<",
        ">>",
        "&",
        "|",
        "(",
        ")",
        ".",
        "_",
        ",",
        ":",
        " ",
        "\n",
        "nan(",
        "inf",
        "here",
        "end",
        "KiB",
        "G",
        "'",
        "b'",
        "=",
        "U+",
        "é",
        "€",
        "😀",
        "\u{0}",
        "99999999999999999999",
        "T",
    ];
    let mut text = String::new();
    for _ in 0..random.usize(0..12) {
        if random.u8(..) < 8 {
            text.push(random.char(..));
        } else {
            text.push_str(PIECES[random.usize(..PIECES.len())]);
        }
    }
    text
}

#[test]
fn no_text_makes_a_parser_panic() {
    let seed = 0xbad;
    let mut random = fastrand::Rng::with_seed(seed);
    let places =
        [PLACE, OffsetContext { here: u64::MAX, len: u64::MAX, base: u64::MAX, default_radix: Radix::Hex }];
    let mut read = 0;
    for round in 0..100_000 {
        let text = hostile_text(&mut random);
        let context = || format!("{text:?}, round {round} of seed {seed}");
        let dtype = DType::new(
            random.choice(Element::ALL.iter().copied()).expect("some"),
            random.choice(Order::ALL).expect("some"),
        );
        if let Ok(bytes) = dtype.encode(&text) {
            assert_eq!(dtype.encode(&format(dtype, &bytes)), Ok(bytes), "{}", context());
            read += 1;
        }
        for place in &places {
            if let Ok(offset) = evaluate(&text, place) {
                assert!(offset <= place.len, "{}", context());
            }
            if let Ok(span) = evaluate_span(&text, place) {
                assert!(span.end() <= place.len, "{}", context());
            }
        }
        let row = random.choice(inspect::ROWS).expect("some");
        if let Ok(bytes) = (row.encode)(&text, dtype.order) {
            assert!(bytes.len() <= row.size, "{}", context());
        }
        if let Ok(name) = text.parse::<DType>().map(DType::name) {
            assert_eq!(name.parse::<DType>().map(DType::name), Ok(name), "{}", context());
        }
        if let Ok(bytes) = hex::parse(&text) {
            assert_eq!(hex::parse(&hex::format(&bytes, true, ",")), Ok(bytes), "{}", context());
        }
        let fits = all_readings::fits(&text);
        assert!(fits.iter().all(|fit| !fit.bytes.is_empty()), "{}", context());
    }
    assert!(read > 500, "only {read} texts were values: the test tries too little");
}
