//! Values as they are typed, against NumPy: numbers beyond a type, lists that are broadcast, dates that no calendar has.
//!
//! `PAGELENS_QUESTIONS` is how many random ones are asked of each kind; `scripts/values` asks 50,000.

use super::oracle::{answers, applied};
use super::places::scalar;
use pagelens::bytes::MemorySource;
use pagelens::compute::{ComputeError, Operation, apply};
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::decode::dtype::ItemType;
use pagelens::decode::slice::Slice;
use pagelens::decode::{Element, hex};
use pagelens::job::Progress;

fn count() -> usize {
    std::env::var("PAGELENS_QUESTIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(3_000)
}

fn item(text: &str) -> ItemType {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn one(dtype: &str) -> Array {
    Array::new(item(dtype), 0, vec![1], MemoryOrder::C).expect("an array")
}

/// The bytes of one item that was zero, after a value was set.
fn set(dtype: &str, text: &str) -> Result<Vec<u8>, ComputeError> {
    let array = one(dtype);
    applied(&vec![0; array.item_bytes() as usize], &array, text)
}

fn told(answer: Result<Vec<u8>, ComputeError>) -> String {
    match answer {
        Ok(bytes) => format!("{{\"bytes\": \"{}\"}}", hex::format(&bytes, false, "")),
        Err(_) => "\"refused\"".to_owned(),
    }
}

const DTYPES: [&str; 21] = [
    "float16",
    "float32",
    "float64",
    "bfloat16",
    "float8_e8m0fnu",
    "float8_e5m2",
    "float8_e4m3fn",
    "complex64",
    "complex128",
    "uint8",
    "int8",
    "uint16",
    "int16",
    "uint24",
    "int24",
    "uint32",
    "int32",
    "uint64",
    "int64",
    "bool",
    "int4",
];

/// A number near the limits of some type as often as any other.
fn number(random: &mut fastrand::Rng) -> String {
    let sign = if random.u8(..4) == 0 { "-" } else { "" };
    let edges = [2, 3, 7, 8, 15, 16, 23, 24, 31, 32, 63, 64, 127, 128, 1023];
    let text = match random.u8(..12) {
        0 => format!("{}e{}", random.u8(1..99), random.i32(-330..330)),
        1 => format!("{:e}", random.f64() * 10f64.powi(random.i32(-300..300))),
        2 => format!("1e{}", random.i32(-420..420)),
        3 | 4 => {
            let power = random.choice(edges).expect("one").min(126);
            ((1_i128 << power) - random.i128(-2..3)).to_string()
        }
        5 => format!("{:e}", 2f64.powi(*random.choice(&edges).expect("one")) * (1.0 - random.f64() / 2048.0)),
        6 => format!("{:e}", 1.5 * 2f64.powi(random.i32(-126..127))),
        7 => format!("{}.0", random.u32(..300)),
        8 => format!("{}.5", random.u32(..300)),
        9 => random.u32(..70_000).to_string(),
        10 => "9".repeat(random.usize(1..40)),
        _ => random.u8(..4).to_string(),
    };
    format!("{sign}{text}")
}

#[test]
fn numbers_that_are_typed_are_held_or_refused_as_numpy_holds_them() {
    let mut random = fastrand::Rng::with_seed(0x117e);
    let mut asked = Vec::new();
    let complex = |text: String, random: &mut fastrand::Rng, dtype: &str| {
        let imaginary = number(random);
        let sign = if imaginary.starts_with('-') { "" } else { "+" };
        if dtype.starts_with("complex") && random.bool() { format!("{text}{sign}{imaginary}j") } else { text }
    };
    for _ in 0..count() {
        let dtype = *random.choice(&DTYPES).expect("one");
        let text = number(&mut random);
        let text = complex(text, &mut random, dtype);
        asked.push((dtype, text));
    }
    for (dtype, text) in [
        ("float32", "1e39"),
        ("float64", "1e400"),
        ("bfloat16", "1e400"),
        ("float64", "-1e400"),
        ("float8_e8m0fnu", "8.816207631167156e-39"),
        ("float8_e8m0fnu", "1.7632415262334313e-38"),
        ("float8_e8m0fnu", "3"),
        ("bool", "2"),
        ("bool", "0.5"),
        ("uint8", "1e2"),
        ("uint8", "1e3"),
    ] {
        asked.push((dtype, text.to_owned()));
    }
    let questions: Vec<String> =
        asked.iter().map(|(dtype, text)| format!(r#"{{"dtype": "{dtype}", "text": "{text}"}}"#)).collect();
    let Some(answers) = answers("literal", &questions) else { return };
    let mut refused = 0;
    for ((question, answer), (dtype, text)) in questions.iter().zip(&answers).zip(&asked) {
        assert_eq!(&told(set(dtype, text)), answer, "{question}");
        // In a list it means the same.
        assert_eq!(&told(set(dtype, &format!("[{text}]"))), answer, "{question} in a list");
        refused += usize::from(answer == "\"refused\"");
    }
    assert!(refused * 10 > asked.len() && refused * 10 < asked.len() * 9, "{refused} of {}", asked.len());
}

#[test]
fn what_is_calculated_goes_on_to_infinity_and_is_counted() {
    let array =
        |dtype: &str, items| Array::new(item(dtype), 0, vec![items], MemoryOrder::C).expect("an array");
    let floats = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let old = floats(&[1e38, f32::INFINITY, 1.0, f32::NAN, -1e38, 0.0]);
    for (dtype, text, wanted, infinite) in [
        (
            "<f4",
            "x * 1e10",
            Some(floats(&[f32::INFINITY, f32::INFINITY, 1e10, f32::NAN, f32::NEG_INFINITY, 0.0])),
            2,
        ),
        ("<f4", "1e39 * 1", Some(floats(&[f32::INFINITY; 6])), 6),
        ("<f4", "-(10.0 ** 39)", Some(floats(&[f32::NEG_INFINITY; 6])), 6),
        ("<f4", "1e-60 * 1", Some(floats(&[0.0; 6])), 0),
        ("<f4", "inf", Some(floats(&[f32::INFINITY; 6])), 0),
        ("<f2", "70000 * 1", Some([0, 0x7c].repeat(6)), 6),
        ("<f2", "arange(65000, step=1000)", None, 5),
        ("<bf16", "3e38 * 2", Some([0x80, 0x7f].repeat(6)), 6),
        ("<c8", "1e39 * 1 + 1j", Some(floats(&[f32::INFINITY, 1.0].repeat(6))), 6),
    ] {
        let array = array(dtype, 6);
        let bytes = if dtype == "<f4" { old.clone() } else { vec![0; 6 * array.item_bytes() as usize] };
        let source = MemorySource::new(bytes.clone());
        let operation: Operation = text.parse().expect("read");
        let made = apply(&source, &array, &operation, &Progress::default());
        let made = made.unwrap_or_else(|error| panic!("{dtype} {text}: {error}"));
        assert_eq!(made.infinite, infinite, "{dtype} {text}");
        assert_eq!(made.infinite_words().is_some(), infinite > 0);
        if let Some(wanted) = wanted {
            let own = applied(&bytes, &array, text).expect("made");
            assert_eq!(hex::format(&own, false, ""), hex::format(&wanted, false, ""), "{dtype} {text}");
        }
    }
}

/// A list of Python with these sides; one time in eight with one value too few.
fn list(random: &mut fastrand::Rng, shape: &[u64]) -> String {
    let Some((side, rest)) = shape.split_first() else { return random.u8(..).to_string() };
    let side = if random.u8(..64) == 0 { side.saturating_sub(1) } else { *side };
    let items: Vec<String> = (0..side).map(|_| list(random, rest)).collect();
    format!("[{}]", items.join(", "))
}

#[test]
fn lists_are_broadcast_as_numpy_broadcasts_them() {
    let mut random = fastrand::Rng::with_seed(0xb0ad);
    let (mut questions, mut asked) = (Vec::new(), Vec::new());
    while questions.len() < count() {
        let shape: Vec<u64> = (0..random.usize(1..4)).map(|_| random.u64(..4)).collect();
        let slice = *random.choice(&["[...]", "[0]", "[:, ::2]", "[::-1]", "[-1:]", "[1:]"]).expect("one");
        let mut sides = shape.clone();
        for side in &mut sides {
            match random.u8(..8) {
                0..=2 => *side = 1,
                3 => *side = random.u64(..4),
                _ => {}
            }
        }
        sides.drain(..random.usize(..=sides.len()));
        if random.u8(..8) == 0 {
            sides.insert(0, 1);
        }
        if sides.is_empty() {
            continue;
        }
        let mut text = list(&mut random, &sides);
        if random.u8(..4) == 0 {
            text = format!("np.array({text})");
        }
        questions.push(format!(r#"{{"shape": {shape:?}, "slice": "{slice}", "text": "{text}"}}"#));
        asked.push((shape, slice, text));
    }
    let Some(answers) = answers("broadcast", &questions) else { return };
    let mut refused = 0;
    for ((question, answer), (shape, slice, text)) in questions.iter().zip(&answers).zip(&asked) {
        let whole = Array::new(scalar(Element::U8), 0, shape.clone(), MemoryOrder::C).expect("an array");
        let part = whole.slice(&slice.parse::<Slice>().expect("a slice"));
        let bytes: Vec<u8> = (0..whole.items()).map(|at| at as u8).collect();
        let own = match part {
            Ok(part) => told(applied(&bytes, &part.array, text)),
            Err(_) => "\"refused\"".to_owned(),
        };
        refused += usize::from(answer == "\"refused\"");
        assert_eq!(&own, answer, "{question}");
    }
    assert!(refused * 20 > asked.len() && refused * 10 < asked.len() * 9, "{refused} of {}", asked.len());
}

#[test]
fn dates_that_no_calendar_has_are_refused_and_the_others_are_numpys() {
    let mut random = fastrand::Rng::with_seed(0xda7e);
    let mut asked = Vec::new();
    for _ in 0..count() {
        let unit = *random.choice(&["D", "h", "s", "ms", "ns", "M", "Y", "25s"]).expect("one");
        let (year, month, day) = (random.u32(1..4000), random.u32(..14), random.u32(..33));
        let clock = format!("{:02}:{:02}:{:02}", random.u32(..26), random.u32(..62), random.u32(..62));
        let text = match random.u8(..9) {
            0 => format!("{}", random.i64(-40_000..40_000)),
            1 => format!("'{year}'"),
            2 => format!("{year:04}-{month:02}"),
            3 => format!("{year:04}-{month:02}-{day:02}T{clock}"),
            4 => format!("'{year:04}-{month:02}-{day:02}'"),
            5 => format!("{year:04}/{month:02}/{day:02}"),
            6 => format!("{day:02}.{month:02}.{year:04}"),
            7 => format!("0x{:x}", random.u16(..)),
            _ => format!("{year:04}-{month:02}-{day:02}"),
        };
        asked.push((unit, text));
    }
    asked.push(("D", "2000-02-30".to_owned()));
    asked.push(("D", "1900-02-29".to_owned()));
    asked.push(("s", "-5".to_owned()));
    let questions: Vec<String> =
        asked.iter().map(|(unit, text)| format!(r#"{{"unit": "{unit}", "text": "{text}"}}"#)).collect();
    let Some(answers) = answers("date", &questions) else { return };
    let mut refused = 0;
    for ((question, answer), (unit, text)) in questions.iter().zip(&answers).zip(&asked) {
        let own = told(set(&format!("<M8[{unit}]"), text));
        refused += usize::from(answer == "\"refused\"");
        assert_eq!(&own, answer, "{question}");
        // In a list it means the same.
        let listed = told(set(&format!("<M8[{unit}]"), &format!("[{text}]")));
        assert_eq!(&listed, answer, "{question} in a list");
    }
    assert!(refused * 5 > asked.len() && refused * 10 < asked.len() * 9, "{refused} of {}", asked.len());
}

#[test]
fn what_is_no_date_is_never_calculated() {
    for dtype in ["<M8[D]", "<M8[s]", "<unix32", ">unix64", "<unix64_ms", "<filetime", "<dostime"] {
        for text in
            ["2000-02-30", "2000-13-01", "2000/02/03", "03.02.2000", "2001-02-29T12:00", "12:61", "1999-1.5"]
        {
            let refused = set(dtype, text);
            assert!(matches!(refused, Err(ComputeError::Refused(_))), "{dtype} {text}: {refused:?}");
        }
        let whole = set(dtype, "86400").unwrap_or_else(|error| panic!("{dtype}: {error}"));
        let calculated = set(dtype, "24 * 3600").unwrap_or_else(|error| panic!("{dtype}: {error}"));
        assert_eq!(
            (&whole, item(dtype).number(&whole, 0)),
            (&calculated, item(dtype).number(&calculated, 0))
        );
        assert!(set(dtype, "1.5").is_err() && set(dtype, "1e3").is_err(), "{dtype}");
    }
    assert!(set("<i4", "2000-02-30").is_err(), "numbers of Python begin with no 0");
    assert_eq!(set("<i4", "2000 - 2 - 30"), Ok(1968_i32.to_le_bytes().to_vec()));
}

#[test]
fn zeros_of_both_signs_are_taken_as_numpy_takes_them() {
    let words =
        ["maximum(x, 0.0)", "minimum(x, -0.0)", "maximum(0.0, x)", "minimum(0.0, x)", "clip(x, 0.0, 1)"];
    let (mut questions, mut asked) = (Vec::new(), Vec::new());
    for (name, element) in [
        ("float64", Element::F64),
        ("float32", Element::F32),
        ("float16", Element::F16),
        ("bfloat16", Element::Bf16),
    ] {
        let zero = vec![0; element.size()];
        let of = |text: &str| scalar(element).encode(text, &zero, 0).expect("a value");
        let bytes = [of("0.0"), of("-0.0"), of("nan"), of("1.0"), of("-1.0")].concat();
        for text in words {
            let digits = hex::format(&bytes, false, "");
            questions.push(format!(r#"{{"dtype": "{name}", "text": "{text}", "bytes": "{digits}"}}"#));
            asked.push((element, text, bytes.clone()));
        }
    }
    let Some(answers) = answers("operation", &questions) else { return };
    for ((question, answer), (element, text, bytes)) in questions.iter().zip(&answers).zip(asked) {
        let array = Array::new(scalar(element), 0, vec![5], MemoryOrder::C).expect("an array");
        assert_eq!(&told(applied(&bytes, &array, text)), answer, "{question}");
    }
}

/// More places apart than are kept each by itself: what lies between them stays, and the splices are few.
#[test]
fn a_slice_of_any_number_of_places_is_set_in_bounded_pieces() {
    let len = 3_usize << 17;
    let bytes: Vec<u8> = (0..len).map(|at| (at % 251) as u8).collect();
    let whole = Array::new(scalar(Element::U8), 0, vec![len as u64], MemoryOrder::C).expect("an array");
    let part = whole.slice(&"[1::2]".parse::<Slice>().expect("a slice")).expect("a part").array;
    assert!(part.items() > 1 << 17);
    for (text, value) in [("7", None), ("x // 2", Some(2)), ("[9]", Some(0))] {
        let operation: Operation = text.parse().expect("read");
        let made = apply(&MemorySource::new(bytes.clone()), &part, &operation, &Progress::default());
        let splices = made.expect("made").splices;
        assert!(splices.len() < 64, "{text}: {} splices", splices.len());
        let wanted: Vec<u8> = bytes
            .iter()
            .enumerate()
            .map(|(at, old)| match value {
                _ if at % 2 == 0 => *old,
                None => 7,
                Some(0) => 9,
                Some(by) => old / by,
            })
            .collect();
        assert!(applied(&bytes, &part, text).expect("made") == wanted, "{text}");
    }
}

/// As deep as a text of a few thousand letters can be made, on the stack that a worker has.
#[test]
fn no_text_is_too_deep_for_a_stack() {
    let product = "*1".repeat(128);
    let layered = format!("{}1{product}{}", "(".repeat(28), format!("){product}").repeat(28));
    let sum = |terms: usize| format!("x{}", "+1".repeat(terms));
    let calls = format!("{}x{}", "abs(".repeat(20), ")".repeat(20));
    let refused = [
        layered.clone(),
        layered.replacen('1', "x", 1),
        sum(257),
        sum(100_000),
        "(".repeat(100_000),
        "-".repeat(100_000),
        "~".repeat(100_000) + "x",
        format!("x{}", "**x".repeat(100_000)),
        "abs(".repeat(100_000),
        format!("clip({}x", "x, ".repeat(100_000)),
    ];
    let body = move || {
        for text in &refused {
            let read = text.parse::<Operation>();
            let is_constant = !text.contains('x') && read.as_ref().is_ok_and(|_| set("<f8", text).is_err());
            assert!(read.is_err() || is_constant, "{:.60}", text);
            let place = pagelens::decode::OffsetContext {
                here: 0,
                len: 1 << 40,
                base: 0,
                default_radix: pagelens::decode::Radix::Decimal,
            };
            let _ = pagelens::decode::evaluate(text, &place);
            let _ = pagelens::decode::evaluate_span(&format!("{text}:{text}"), &place);
            let _ = (text.parse::<Slice>(), text.parse::<ItemType>(), pagelens::decode::literal::parse(text));
        }
        for bracket in ["[", "(", "{", "[(", "{'a':", "np.dtype(", "((", "[['"] {
            let text = bracket.repeat(50_000);
            assert!(text.parse::<ItemType>().is_err() && pagelens::decode::literal::parse(&text).is_err());
            let _ = (text.parse::<Slice>(), set("<f4", &text), set("<i4,<f4", &text));
        }
        // The deepest type that is read, and all that walks it.
        let deep =
            format!("{}'<f4'{}", "[('a', ".repeat(31), ")]".repeat(31)).parse::<ItemType>().expect("a type");
        let mut shown = String::new();
        deep.format(&[0; 4], 0, &Default::default(), &mut shown);
        assert_eq!(deep.encode(&shown, &[1; 4], 0), Ok(vec![0; 4]));
        assert!(deep.to_string().parse() == Ok(deep.clone()) && deep.python().parse() == Ok(deep.clone()));
        assert!(deep.descr().is_some() && deep.leaves(9).len() == 1 && deep.alignment() == 1);
        let zero = 1.0_f64.to_le_bytes();
        for (text, wanted) in [(sum(256), 257.0), (calls, 1.0)] {
            let own = applied(&zero, &one("<f8"), &text).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(own, f64::to_le_bytes(wanted), "{:.60}", text);
        }
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(body).expect("a thread");
    thread.join().expect("no test of it fails");
}

#[test]
fn whole_numbers_of_three_bytes_are_calculated_in_both_orders() {
    for (dtype, old, text, new) in [
        ("<int24", [0xff, 0xff, 0xff], "x * 2", Some([0xfe, 0xff, 0xff])),
        (">int24", [0x7f, 0xff, 0xfe], "x + 1", Some([0x7f, 0xff, 0xff])),
        (">int24", [0x7f, 0xff, 0xff], "x + 1", None),
        ("<uint24", [0, 0, 0], "x - 1", None),
        ("<uint24", [0xff, 0, 0], "~x", Some([0, 0xff, 0xff])),
        (">uint24", [0, 1, 2], "byteswap(x)", Some([2, 1, 0])),
        ("<uint24", [0, 0, 0], "0xabcdef", Some([0xef, 0xcd, 0xab])),
        (">i3", [0, 0, 0], "-8388608", Some([0x80, 0, 0])),
        ("<int24", [0, 0, 0], "8388608", None),
        ("<uint24", [1, 0, 0], "int24(-x)", Some([0xff, 0xff, 0xff])),
    ] {
        let own = applied(&old, &one(dtype), text).ok();
        assert_eq!(own.as_deref(), new.as_ref().map(<[u8; 3]>::as_slice), "{dtype} {text}");
    }
}

#[test]
fn long_complex_numbers_are_calculated_with_as_little_as_long_doubles() {
    let bytes: Vec<u8> = (0..32).collect();
    for dtype in ["<f16", "<c32"] {
        let array = one(dtype);
        let error = applied(&bytes[..array.item_bytes() as usize], &array, "x * 1").expect_err(dtype);
        assert!(error.to_string().contains("higher precision than calculations support"), "{dtype}: {error}");
    }
    // Each part is turned round by itself.
    let turned: Vec<u8> = (0..16).rev().chain((16..32).rev()).collect();
    assert_eq!(applied(&bytes, &one("<c32"), "byteswap(x)"), Ok(turned));
    let turned: Vec<u8> = (0..8).rev().chain((8..16).rev()).collect();
    assert_eq!(applied(&bytes[..16], &one("<c16"), "byteswap(x)"), Ok(turned));
}

#[test]
fn all_but_zero_is_true() {
    let array = Array::new(item("float8_e4m3fn"), 0, vec![4], MemoryOrder::C).expect("an array");
    let old: Vec<u8> = ["0.5", "0.0", "-0.25", "2.0"]
        .iter()
        .flat_map(|text| set("float8_e4m3fn", text).expect("held"))
        .collect();
    assert_eq!(applied(&old, &array, "bool(x)"), Ok(vec![1, 0, 1, 1]));
    assert_eq!(applied(&old, &array, "int8(x)"), Ok(vec![0, 0, 0, 2]));
}

#[test]
fn limits_of_all_numbers_are_refused_in_words() {
    let array = Array::new(item("<i8"), 0, vec![2], MemoryOrder::C).expect("an array");
    for text in [
        "arange(170141183460469231731687303715884105727, -1, -1)",
        "arange(-170141183460469231731687303715884105727 - 1, 0, -1)",
        "random(0, -170141183460469231731687303715884105727 - 1)",
        "random(-170141183460469231731687303715884105727 - 1, 170141183460469231731687303715884105727)",
        "arange(170141183460469231731687303715884105727, step=1)",
    ] {
        let operation: Operation = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        let source = MemorySource::new(vec![0; 16]);
        assert!(apply(&source, &array, &operation, &Progress::default()).is_err(), "{text}");
    }
}
