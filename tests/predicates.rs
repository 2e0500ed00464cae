//! Questions about elements: which ones an expression or a value is true of.

use pagelens::analysis::{PassEnd, Tuning};
use pagelens::bytes::{MemorySource, Span};
use pagelens::compute::{ComputeError, ElementSpans, Predicate};
use pagelens::decode::Number;
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::decode::dtype::ItemType;
use pagelens::job::Progress;
use std::ops::ControlFlow;

fn item(name: &str) -> ItemType {
    name.parse().unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Bytes of the values of texts.
fn bytes_of(item: &ItemType, values: &[&str]) -> Vec<u8> {
    let zero = vec![0; item.group_bytes() as usize];
    let encoded =
        values.iter().map(|value| item.encode(value, &zero, 0).unwrap_or_else(|e| panic!("{value}: {e}")));
    encoded.collect::<Vec<_>>().concat()
}

/// The numbers of the elements that are as asked.
fn found(
    array: &Array,
    bytes: &[u8],
    question: &Predicate,
    known: &[Number],
) -> Result<Vec<u64>, ComputeError> {
    let question = question.for_items(&array.item, known)?;
    let source = MemorySource::new(bytes.to_vec());
    let mut numbers = Vec::new();
    let tuning = Tuning { chunk: 64, threads: 3, grain: 16 };
    let end = question.search_with(&source, array, &Progress::default(), tuning, &mut |part| {
        let before = numbers.len();
        numbers.extend(part.hits.iter());
        assert_eq!(part.hits.count(), (numbers.len() - before) as u64);
        assert!(part.unread.is_empty() && part.lost == 0);
        ControlFlow::Continue(())
    });
    assert_eq!(end, PassEnd::Complete);
    Ok(numbers)
}

fn dense(item: &ItemType, bytes: &[u8]) -> Array {
    let count = bytes.len() as u64 / item.group_bytes() * u64::from(item.group_items());
    Array::new(item.clone(), 0, vec![count], MemoryOrder::C).expect("an array")
}

fn where_in(name: &str, values: &[&str], question: &str) -> Vec<u64> {
    let item = item(name);
    let bytes = bytes_of(&item, values);
    let question: Predicate = question.parse().unwrap_or_else(|error| panic!("{question}: {error}"));
    found(&dense(&item, &bytes), &bytes, &question, &[]).unwrap_or_else(|error| panic!("{error}"))
}

fn value_in(name: &str, values: &[&str], value: &str, tolerance: Option<&str>) -> Result<Vec<u64>, String> {
    let item = item(name);
    let bytes = bytes_of(&item, values);
    let question = Predicate::value(value, tolerance).map_err(|error| error.to_string())?;
    found(&dense(&item, &bytes), &bytes, &question, &[]).map_err(|error| error.to_string())
}

#[test]
fn expressions_are_true_of_elements_as_in_numpy() {
    let floats = ["nan", "-inf", "inf", "-0.0", "0.0", "3.0", "3.1", "-3.0", "1e4", "1.5e4"];
    for name in ["<f4", ">f8", "<f4"] {
        for (question, expected) in [
            ("x > 3", &[2, 6, 8, 9][..]),
            ("3 < x", &[2, 6, 8, 9]),
            ("x >= 3", &[2, 5, 6, 8, 9]),
            ("x == 0", &[3, 4]),
            ("x != 0", &[0, 1, 2, 5, 6, 7, 8, 9]),
            ("not x == 0", &[0, 1, 2, 5, 6, 7, 8, 9]),
            ("isnan(x)", &[0]),
            ("x != x", &[0]),
            ("isinf(x)", &[1, 2]),
            ("isfinite(x) and x > 3", &[6, 8, 9]),
            ("x > 1e3 and x < 1.2e4", &[8]),
            ("1e3 < x < 1.2e4", &[8]),
            ("(x > 1e3) & ~(x < 1.2e4)", &[2, 9]),
            ("x < -1 or x > 1e5", &[1, 2, 7]),
            ("abs(x) == 3", &[5, 7]),
            ("x", &[0, 1, 2, 5, 6, 7, 8, 9]),
            ("not x", &[3, 4]),
            ("x == 3.1", &[6]),
            ("(x > 0) + (x > 3) == 2", &[2, 6, 8, 9]),
            ("x > nan", &[]),
        ] {
            assert_eq!(where_in(name, &floats, question), expected, "{question} of {name}");
        }
    }
    let halves = ["0.1", "65504.0", "inf", "nan", "2.0"];
    assert_eq!(where_in("<f2", &halves, "x > 0.1"), [1, 2, 4], "0.1 is that of the type");
    assert_eq!(where_in("<f2", &halves, "x + x > 65504"), [1, 2], "rounded to the type");
    assert_eq!(where_in("bfloat16", &["0.1", "1.0"], "x == 0.1"), [0; 0], "single precision beside it");
    assert_eq!(where_in("float8_e4m3fn", &["0.5", "448.0", "nan"], "x > 1"), [1]);
    assert_eq!(where_in("float8_e4m3fn", &["0.5", "448.0", "nan"], "x * 2 == 1"), [0]);
}

#[test]
fn whole_numbers_are_exact_and_do_not_wrap() {
    let bytes = ["0", "1", "127", "128", "255"];
    for (question, expected) in [
        ("x + 1 > 255", &[4][..]),
        ("x - 1 < 0", &[0]),
        ("x > 300", &[]),
        ("x < 300", &[0, 1, 2, 3, 4]),
        ("x > -1", &[0, 1, 2, 3, 4]),
        ("x & 1", &[1, 2, 4]),
        ("~x == 0", &[4]),
        ("x > 127.5", &[3, 4]),
        ("x / 2 == 0.5", &[1]),
        ("7 // x > 2", &[1]),
        ("x != 0 and 7 // x > 2", &[1]),
        ("x ** 2 == 65025", &[4]),
        ("x == 2**70", &[]),
    ] {
        assert_eq!(where_in("|u1", &bytes, question), expected, "{question}");
    }
    let large = ["9007199254740993", "-9223372036854775808", "9223372036854775807", "-1"];
    for order in ["<i8", ">i8"] {
        assert_eq!(where_in(order, &large, "x == 9007199254740993"), [0]);
        assert_eq!(where_in(order, &large, "x == 9007199254740992"), [0; 0]);
        assert_eq!(where_in(order, &large, "x + 1 > 9223372036854775807"), [2]);
        assert_eq!(where_in(order, &large, "-x > 9223372036854775807"), [1]);
    }
    assert_eq!(where_in("<u8", &["18446744073709551615", "0"], "x > 9223372036854775807"), [0]);
    assert_eq!(where_in("<u16", &["340282366920938463463374607431768211455", "5"], "x == 5"), [1]);
    assert_eq!(where_in("<int24", &["-8388608", "8388607"], "x < 0"), [0]);
    assert_eq!(where_in("bool", &["True", "False"], "x"), [0]);
    assert_eq!(where_in("bool", &["True", "False"], "~x"), [1]);
    assert_eq!(where_in("<c8", &["1+2j", "0j", "3+4j"], "abs(x) == 5"), [2]);
    assert_eq!(where_in("<c8", &["1+2j", "0j", "3+4j"], "x == 1+2j"), [0]);
    assert_eq!(where_in("<longdouble", &["1.5", "nan"], "x > 1"), [0]);
}

#[test]
fn fields_of_records_are_asked_by_their_names() {
    let name = "[('id', '<u2'), ('temp', '>f4'), ('name', 'S4'), ('when', '<M8[s]'), ('pos', [('x', '<f8'), ('n', '|i1')]), ('mean', '<f2'), ('ok', '?')]";
    let values = [
        "(7, -1.5, b'ab', '2024-05-01T00:00:00', (1.0, 3), 2.0, True)",
        "(7, 2.5, b'cd', '2024-05-02T00:00:00', (2.0, -3), 0.5, False)",
        "(8, -0.5, b'ab', 'NaT', (nan, 0), 8.0, True)",
    ];
    for (question, expected) in [
        ("id == 7 and temp < 0", &[0][..]),
        ("id == 7 or temp < 0", &[0, 1, 2]),
        ("name == 'ab'", &[0, 2]),
        ("'ab' != name", &[1]),
        ("name == 'ab' and id == 8", &[2]),
        ("when >= '2024-05-02'", &[1]),
        ("when < '2024-05-02'", &[0]),
        ("when != '2024-05-01'", &[1, 2]),
        ("isnan(when)", &[2]),
        ("pos.x == 2", &[1]),
        ("isnan(pos.x)", &[2]),
        ("x['pos']['n'] < 0", &[1]),
        ("mean > 1", &[0, 2]),
        ("mean * temp == -3", &[0]),
        ("id * 0.1 > 0.75", &[2]),
        ("ok", &[0, 2]),
        ("~ok", &[1]),
        ("ok & (id == 7)", &[0]),
        ("~id == 65528", &[0, 1]),
        ("temp + pos.n == 1.5", &[0]),
    ] {
        assert_eq!(where_in(name, &values, question), expected, "{question}");
    }
    let refused = |question: &str| {
        let question: Predicate = question.parse().expect("a question");
        question.for_items(&item(name), &[]).expect_err("refused").to_string()
    };
    assert!(
        refused("ide == 7").contains("There is no field 'ide'. The fields are: id, temp"),
        "{}",
        refused("ide == 7")
    );
    assert!(refused("x > 3").contains("An element is a record; name a field of it"));
    let with_x: Predicate = "id == 2 and x > 1".parse().expect("a question");
    let told =
        with_x.for_items(&item("[('id', '<i4'), ('x', '<f4')]"), &[]).expect_err("refused").to_string();
    assert!(told.contains("x is the element; write x['x'] for its field x"), "{told}");
    assert!(refused("name > 3").contains("can't be used in calculations"));
    assert!(refused("name < 'ab'").contains("have no order here"));
    assert!(refused("when == 'soon'").contains("soon"));
}

#[test]
fn numbers_of_all_elements_are_asked_for_and_put_in() {
    let question: Predicate = "abs(x - mean) > 2 * std or x == max(x)".parse().expect("a question");
    let kind = item("<f4");
    let wanted: Vec<&str> = question.wanted(&kind).iter().map(|wanted| wanted.reduction.name()).collect();
    assert_eq!(wanted, ["mean", "std", "max"]);
    let bytes = bytes_of(&kind, &["0.0", "1.0", "9.0", "4.0"]);
    let known = [Number::Float(1.0), Number::Float(2.0), Number::Float(4.0)];
    assert_eq!(found(&dense(&kind, &bytes), &bytes, &question, &known), Ok(vec![2, 3]));
    assert!(question.for_items(&kind, &[]).is_err());
}

#[test]
fn values_are_the_nearest_of_the_type() {
    for (name, values, value, expected) in [
        ("<i2", &["-32768", "0", "5"][..], "-32768", &[0][..]),
        (">i2", &["-32768", "0", "5"], "5.0", &[2]),
        ("<f4", &["3.14", "3.1400003", "0.0", "-0.0"], "3.14", &[0]),
        ("<f4", &["3.14", "3.1400003", "0.0", "-0.0"], "0", &[2, 3]),
        ("<f2", &["nan", "inf", "0.1"], "nan", &[0]),
        ("<f2", &["nan", "inf", "0.1"], "inf", &[1]),
        ("bfloat16", &["0.1", "0.2"], "0.1", &[0]),
        ("float8_e5m2", &["0.1", "0.2"], "0.1", &[0]),
        ("<M8[s]", &["2024-05-01T00:00:00", "NaT", "1970-01-01T00:00:00"], "2024-05-01", &[0]),
        ("<M8[s]", &["2024-05-01T00:00:00", "NaT", "1970-01-01T00:00:00"], "NaT", &[1]),
        ("<M8[s]", &["2024-05-01T00:00:00", "NaT", "1970-01-01T00:00:00"], "..2000-01-01", &[2]),
        ("unix64", &["2024-05-01T00:00:00Z", "1970-01-01T00:00:00Z"], "2024-05-01", &[0]),
        ("S4", &["b'ab'", "b'abc'"], "'ab'", &[0]),
        ("<U3", &["'a..'", "'b'"], "'a..'", &[0]),
        ("bool", &["True", "False"], "False", &[1]),
        (
            "<u16",
            &["340282366920938463463374607431768211455", "5"],
            "340282366920938463463374607431768211455",
            &[0],
        ),
        ("<c16", &["1+2j", "1+3j"], "1+2j", &[0]),
        ("|i1", &["-3", "1", "2", "3"], "1..2", &[1, 2]),
        ("|i1", &["-3", "1", "2", "3"], "0.5..2.5", &[1, 2]),
        ("|i1", &["-3", "1", "2", "3"], "2..", &[2, 3]),
        ("|i1", &["-3", "1", "2", "3"], "..-2", &[0]),
        ("|i1", &["-3", "1", "2", "3"], "..1e9", &[0, 1, 2, 3]),
        ("|i1", &["-3", "1", "2", "3"], "1e9..", &[]),
        ("<f4", &["0.1", "0.2", "0.3", "nan"], "0.1..0.2", &[0, 1]),
        ("<f4", &["1e4", "inf", "3e38"], "1e4..1e39", &[0, 2]),
        ("<f4", &["1e4", "inf", "3e38"], "1e39..", &[1]),
        ("<f4", &["1e-45", "0.0", "-1e-45"], "1e-60..", &[0]),
        ("<f8", &["3.13", "3.14", "3.15", "3.1501"], "3.14±0.01", &[0, 1, 2]),
        ("<f8", &["3.13", "3.14", "3.15", "3.1501"], "3.14 +- 0.001", &[1]),
        ("<f4", &["99.0", "101.0", "102.0"], "100±1%", &[0, 1]),
        ("<f4", &["3.13", "3.14", "3.15", "3.1501"], "3.14±0.01", &[0, 1, 2]),
        ("<f4", &["nan", "inf", "3.4e38"], "3.4e38±50%", &[2]),
        ("<i4", &["99", "101", "102"], "100 ± 1", &[0, 1]),
        ("<i8", &["9223372036854775807", "9223372036854775805"], "9223372036854775806 ± 0.5", &[]),
        ("<i8", &["9223372036854775807", "9223372036854775805"], "9223372036854775806 ± 1", &[0, 1]),
        ("<M8[s]", &["1970-01-01T00:00:09", "NaT"], "1970-01-01T00:00:10 ± 1", &[0]),
        ("<i4", &["99", "101", "102"], "100 ± 2ulp", &[0, 1, 2]),
        ("<f4", &["1.0", "1.0000001", "1.0000002", "0.99999994"], "1±1ulp", &[0, 1, 3]),
        ("<f4", &["0.0", "1e-45", "-1e-45", "3e-45"], "0±1ulp", &[0, 1, 2]),
        ("float8_e4m3fn", &["1.0", "1.125", "1.25", "0.9375"], "1±1ulp", &[0, 1, 3]),
    ] {
        assert_eq!(value_in(name, values, value, None).as_deref(), Ok(expected), "{value} of {name}");
    }
    assert_eq!(value_in("<f4", &["3.13", "3.2"], "3.14", Some("0.05")).as_deref(), Ok(&[0][..]));
    assert_eq!(value_in("<f4", &["3.13", "3.2"], "3.14", Some("5%")).as_deref(), Ok(&[0, 1][..]));
    for (name, value, tolerance, words) in [
        ("<f2", "1e39", None, "outside the range of float16"),
        ("|u1", "1.5", None, "not an integer"),
        ("|u1", "abc", None, "abc"),
        ("|u1", "1..2", Some("1"), "a range has no tolerance"),
        ("|u1", "1", Some("much"), "'much' is not a tolerance"),
        ("|u1", "", None, "Type a value"),
        ("|u1", "..", None, "at least one end"),
        ("S4", "'a'", Some("1"), "no numbers"),
        ("<c8", "1..2", None, "complex numbers have no order"),
    ] {
        let refused = value_in(name, &[], value, tolerance).expect_err("refused").to_lowercase();
        assert!(refused.contains(&words.to_lowercase()), "{value} of {name}: {refused}");
    }
}

#[test]
fn questions_that_say_nothing_are_refused_with_their_place() {
    for (text, at, words) in [
        ("", 0, "Type a question"),
        ("3 > 2", 0, "says nothing about an element"),
        ("x = 3", 2, "write == to compare"),
        ("x >", 3, "too early"),
        ("x > 3 and", 9, "too early"),
        ("mean(3) > x", 7, "Mean takes one value of each element"),
        ("foo(x)", 0, "no function 'foo'"),
        ("x > 3 x", 6, "'x' is not allowed here"),
        ("x == 'abc", 5, "A ' is missing"),
    ] {
        let error = text.parse::<Predicate>().expect_err("refused");
        assert!(error.at == at && error.to_string().contains(words), "{text}: {error} at {}", error.at);
    }
    let refused = |name: &str, text: &str| {
        let question: Predicate = text.parse().expect("a question");
        question.for_items(&item(name), &[]).expect_err("refused").to_string()
    };
    assert!(refused("<f4", "x & 1").contains("Bit operations work only on integers"));
    assert!(refused("<f4", "y > 1").contains("'y' is not known; the value of an element is called x"));
    assert!(refused("S3", "x > 1").contains("can't be used in calculations"));
    assert!(refused("<c8", "x > 1").contains("have no order"));
}

/// Elements anywhere, in pieces and tiles of all sizes.
#[test]
fn arrays_of_any_layout_are_searched_in_c_order() {
    let mut random = fastrand::Rng::with_seed(0x3a5);
    for round in 0..300 {
        let name = ["<i2", ">i4", "|u1", "<f4", ">f8", "<f2", "int4x2"][round % 7];
        let kind = item(name);
        let shape: Vec<u64> = (0..random.usize(1..4)).map(|_| random.u64(1..9)).collect();
        let order = if random.bool() { MemoryOrder::F } else { MemoryOrder::C };
        let array = Array::new(kind.clone(), 3, shape, order).expect("an array");
        let end = array.extent().map_or(3, Span::end);
        let bytes: Vec<u8> = (0..end).map(|_| random.u8(..)).collect();
        let question: Predicate =
            ["x > 1", "x < 0 or x > 40", "x * 2 - 1 > 5"][round % 3].parse().expect("one");
        let numbers = found(&array, &bytes, &question, &[]).expect("found");
        let one = |number: u64| {
            let place = array.place(&array.index_at(number));
            let group = &bytes[place.span.start() as usize..place.span.end() as usize];
            let value = match array.item.number(group, place.item) {
                Some(Number::Int(value)) => value as f64,
                Some(Number::Float(value)) => value,
                _ => f64::NAN,
            };
            match round % 3 {
                0 => value > 1.0,
                1 => !(0.0..=40.0).contains(&value) && !value.is_nan(),
                _ => value * 2.0 - 1.0 > 5.0,
            }
        };
        let expected: Vec<u64> = (0..array.items()).filter(|number| one(*number)).collect();
        assert_eq!(numbers, expected, "round {round} {array:?}");
        let spans = ElementSpans::new(&array);
        for number in numbers {
            assert_eq!(spans.of(number), array.place(&array.index_at(number)).span);
        }
    }
}
