//! What the forms of an export make of odd values: none at all, NaNs with payloads, code points that are no characters.

use super::handover::exported;
use pagelens::bytes::MemorySource;
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::decode::dtype::ItemType;

#[test]
fn values_without_bytes_are_counted_in_the_whole_item() {
    let written = |dtype: &str, format: &str| {
        let item: ItemType = dtype.parse().expect(dtype);
        let array = Array::new(item, 0, vec![1], MemoryOrder::C).expect("an array");
        exported(format, &MemorySource::new(vec![7; 8]), &array)
            .map(|text| String::from_utf8(text).expect("text"))
    };
    for dtype in [
        "[('a', '|u1'), ('b', '|S0', (65536, 65536))]",
        "[('a', '|u1'), ('b', '|S0', (4611686018427387904,))]",
        "[('a', '|u1'), ('b', [('c', '|S0', (40000,)), ('d', '|S0', (40000,))])]",
        "[('a', '|u1'), ('b', '|S0', (2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2))]",
    ] {
        for format in ["array", "list", "json"] {
            let refusal = written(dtype, format).expect_err(dtype);
            assert!(refusal.contains("values of size 0"), "{dtype} as {format}: {refusal}");
        }
        for format in ["print", "csv", "tsv", "markdown"] {
            assert!(written(dtype, format).is_ok_and(|text| text.len() < 1 << 20), "{dtype} as {format}");
        }
    }
    let few = "[('a', '|u1'), ('b', '|S0', (2, 3))]";
    let wanted = "[[7, [[\"\", \"\", \"\"], [\"\", \"\", \"\"]]]]\n";
    assert_eq!(written(few, "json").as_deref(), Ok(wanted));
    assert_eq!(written(few, "list").as_deref(), Ok("[(7, [[b'', b'', b''], [b'', b'', b'']])]\n"));
}

#[test]
fn code_points_that_are_no_characters_are_escapes_of_json() {
    for (codes, wanted) in
        [([0x41, 0xd800, 0], "[\"A\\ud800\"]\n"), ([0xdc00, 0x202e, 0x42], "[\"\\udc00\\u202eB\"]\n")]
    {
        for order in ["<", ">"] {
            let bytes = |code: &u32| if order == "<" { code.to_le_bytes() } else { code.to_be_bytes() };
            let source = MemorySource::new(codes.iter().flat_map(bytes).collect::<Vec<u8>>());
            let item: ItemType = format!("{order}U3").parse().expect("a type");
            let array = Array::new(item, 0, vec![1], MemoryOrder::C).expect("an array");
            let text = String::from_utf8(exported("json", &source, &array).expect("written")).expect("text");
            assert_eq!(text, wanted);
        }
    }
}

#[test]
fn tables_have_no_payloads_of_complex_numbers() {
    let item: ItemType = "<c8".parse().expect("a type");
    let array = Array::new(item, 0, vec![2], MemoryOrder::C).expect("an array");
    let parts = [0x7fc0_0001_u32, 1.0_f32.to_bits(), 2.0_f32.to_bits(), 0xffc0_0002];
    let bytes: Vec<u8> = parts.iter().flat_map(|part| part.to_le_bytes()).collect();
    let text = exported("csv", &MemorySource::new(bytes), &array).expect("a table");
    assert_eq!(String::from_utf8_lossy(&text), "(nan+1j)\n(2+nanj)\n");
}

#[test]
fn bytes_of_a_big_endian_bfloat16_are_in_no_expression() {
    let source = MemorySource::new(vec![1; 64]);
    for dtype in ["[('a', '>bf16'), ('t', '<M8')]", "[('a', '>bf16', (2,)), ('t', '<c32')]"] {
        let array = Array::new(dtype.parse().expect(dtype), 0, vec![1], MemoryOrder::C).expect("an array");
        let refusal = exported("array", &source, &array).expect_err(dtype);
        assert!(refusal.contains("no big-endian bfloat16"), "{refusal}");
    }
}
