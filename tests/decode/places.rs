//! Expressions of the go-to box as a table of text and result.

use pagelens::decode::{OffsetContext, Radix, evaluate, evaluate_span};

pub const PLACE: OffsetContext =
    OffsetContext { here: 0x40, len: 0x1000, base: 0, default_radix: Radix::Decimal };

#[test]
fn places_as_expressions() {
    for (text, expected) in [
        ("0", Ok(0)),
        ("0x1F", Ok(0x1f)),
        ("1Fh", Ok(0x1f)),
        ("0o17", Ok(0o17)),
        ("0b101", Ok(5)),
        ("1_000", Ok(1000)),
        ("+16", Ok(0x50)),
        ("+ 0x10 * 2", Ok(0x60)),
        ("-16", Ok(0xff0)),
        ("-0", Ok(0x1000)),
        ("-16 + 4", Ok(0xff4)),
        ("here", Ok(0x40)),
        (". - 8", Ok(0x38)),
        (".", Ok(0x40)),
        ("END", Ok(0x1000)),
        ("end - 1", Ok(0xfff)),
        ("end/2", Ok(0x800)),
        ("1KiB", Ok(1024)),
        ("1 KiB", Ok(1024)),
        ("2k + 1", Ok(2049)),
        ("0x1K", Ok(1024)),
        ("1 + 2 * 3", Ok(7)),
        ("(1 + 2) * 3", Ok(9)),
        ("7 // 2", Ok(3)),
        ("(0 - 7) / 2 + 4", Ok(0)),
        ("(0 - 7) % 4", Ok(1)),
        ("7 % 4", Ok(3)),
        ("1 << 4 | 1", Ok(17)),
        ("0xff & 0x0f", Ok(15)),
        ("4 & 4 << 0", Ok(4)),
        ("0x100 >> 4", Ok(16)),
        ("1 >> 1000", Ok(0)),
        ("--3", Err("4099 is beyond the end, which is at 4096")),
        ("2 - -3", Ok(5)),
        ("TiB", Err("column 1: 'TiB' is neither a number nor a name (here, end)")),
        ("4 TiB - 4TiB + 3", Ok(3)),
        ("4TiB - 4TiB + 3", Ok(3)),
        ("0x1000", Ok(0x1000)),
        ("4097", Err("4097 is beyond the end, which is at 4096")),
        ("2 - 3", Err("-1 is before the first byte, which is at 0")),
        ("", Err("column 1: expected a number, here, end or '('")),
        ("1 +", Err("column 4: expected a number, here, end or '('")),
        ("1 2", Err("column 3: expected an operator")),
        ("(1", Err("column 3: expected ')'")),
        ("(1 2)", Err("column 4: expected an operator or ')'")),
        ("1)", Err("column 2: expected an operator")),
        ("* 2", Err("column 1: expected a number, here, end or '('")),
        ("4 / 0", Err("column 3: division by 0")),
        ("4 % 0", Err("column 3: division by 0")),
        ("1 << 127", Err("column 3: this result is too large")),
        ("1 << -1", Err("column 3: this result is too large")),
        ("1 >> -1", Err("column 3: the number of bits to shift by is negative or too large")),
        ("1.5", Err("column 2: expected an operator")),
        ("12G5", Err("column 1: '12G5' is neither a number nor a name (here, end)")),
        ("1 + foo", Err("column 5: 'foo' is neither a number nor a name (here, end)")),
        ("é", Err("column 1: 'é' is neither a number nor a name (here, end)")),
        ("1 ? 2", Err("column 3: unexpected '?'")),
        ("0x", Err("column 1: '0x' is neither a number nor a name (here, end)")),
        ("0x_1", Ok(1)),
        ("1__0", Err("column 1: '1__0' is neither a number nor a name (here, end)")),
        ("99999999999999999999999999999999999999999", Err("column 1: this number is too large")),
        ("18446744073709551616", Err("18446744073709551616 is beyond the end, which is at 4096")),
    ] {
        let result = evaluate(text, &PLACE).map_err(|error| error.to_string());
        assert_eq!(result, expected.map_err(str::to_owned), "{text}");
    }
}

#[test]
fn offsets_reach_as_far_as_files_do() {
    let place = OffsetContext { len: 1 << 63, ..PLACE };
    assert_eq!(evaluate("1 << 63", &place), Ok(1 << 63));
    assert_eq!(evaluate("0x7fffffffffffffff", &place), Ok(i64::MAX as u64));
    assert_eq!(evaluate("end * end / end", &place), Ok(1 << 63));
    let whole = OffsetContext { len: u64::MAX, here: u64::MAX, base: u64::MAX, ..PLACE };
    assert_eq!(evaluate("end", &whole), Ok(u64::MAX));
    assert_eq!(evaluate("+0", &whole), Ok(u64::MAX));
}

#[test]
fn a_hex_place_reads_digits_as_hex_and_addresses_have_a_base() {
    let place = OffsetContext { here: 8, len: 0x100, base: 0x4000_0000, default_radix: Radix::Hex };
    for (text, expected) in [
        ("40000010", Ok(0x10)),
        ("here", Ok(8)),
        ("+8", Ok(0x10)),
        ("-10", Ok(0xf0)),
        ("end", Ok(0x100)),
        ("400000b1", Ok(0xb1)),
        ("10", Err("0x10 is before the first byte, which is at 0x40000000")),
        ("0b1", Err("0xb1 is before the first byte, which is at 0x40000000")),
        ("40000101", Err("0x40000101 is beyond the end, which is at 0x40000100")),
    ] {
        let result = evaluate(text, &place).map_err(|error| error.to_string());
        assert_eq!(result, expected.map_err(str::to_owned), "{text}");
    }
}

#[test]
fn spans_as_expressions() {
    for (text, expected) in [
        ("100:200", Ok((100, 200))),
        ("100:+16", Ok((100, 116))),
        ("-16:", Ok((0xff0, 0x1000))),
        (":", Ok((0, 0x1000))),
        (":16", Ok((0, 16))),
        ("-16:-8", Ok((0xff0, 0xff8))),
        (". : end", Ok((0x40, 0x1000))),
        ("+16:+16", Ok((0x50, 0x60))),
        ("5:5", Ok((5, 5))),
        ("5:4", Err("the end, 4, is before the start, 5")),
        ("0:+4097", Err("4097 is beyond the end, which is at 4096")),
        ("100+16", Err("column 7: expected ':' as in START:END or START:+LENGTH")),
        ("1:x", Err("column 3: 'x' is neither a number nor a name (here, end)")),
        ("1:2:3", Err("column 4: unexpected ':'")),
        ("é:1", Err("column 1: 'é' is neither a number nor a name (here, end)")),
    ] {
        let span = evaluate_span(text, &PLACE);
        let result = span.map(|span| (span.start(), span.end())).map_err(|error| error.to_string());
        assert_eq!(result, expected.map_err(str::to_owned), "{text}");
    }
}

#[test]
fn deep_nesting_is_refused_not_a_crash() {
    for open in ["(", "-", "+", "-("] {
        let text = format!("{}1", open.repeat(100_000));
        let message = evaluate(&text, &PLACE).map_err(|error| error.message);
        let expected = "column 65: parentheses or signs are nested too deeply";
        assert_eq!(message, Err(expected.to_owned()), "{open}");
    }
    let sixty = format!("{}7{}", "(".repeat(60), ")".repeat(60));
    assert_eq!(evaluate(&sixty, &PLACE), Ok(7));
}
