//! The texts that tools and languages write for bytes, as generators. Those of tools are held to their real output.

use pagelens::decode::hex;
use std::fmt::Write;

/// How a text is made of bytes.
pub struct Tool {
    pub name: &'static str,
    pub write: fn(&[u8]) -> String,
    /// Real output for the bytes of the fixtures.
    pub fixture: Option<&'static str>,
    /// Whether the form leaves no doubt from two lines on.
    pub is_sure: bool,
}

pub const TOOLS: &[Tool] = &[
    Tool { name: "hexdump -C", write: hexdump_c, fixture: Some("hexdump-C"), is_sure: true },
    Tool {
        name: "hexdump",
        write: |bytes| words(bytes, 16, " ", true),
        fixture: Some("hexdump"),
        is_sure: true,
    },
    Tool {
        name: "hexdump -x",
        write: |bytes| words(bytes, 16, "    ", true),
        fixture: Some("hexdump-x"),
        is_sure: true,
    },
    Tool { name: "od -x", write: |bytes| words(bytes, 8, " ", false), fixture: Some("od-x"), is_sure: true },
    Tool { name: "od", write: octal_words, fixture: Some("od"), is_sure: true },
    Tool { name: "od -tx1", write: |bytes| od_bytes(bytes, false), fixture: Some("od-tx1"), is_sure: true },
    Tool { name: "od -tx1z", write: |bytes| od_bytes(bytes, true), fixture: Some("od-tx1z"), is_sure: true },
    Tool { name: "xxd", write: |bytes| xxd(bytes, 2, false), fixture: Some("xxd"), is_sure: true },
    Tool { name: "xxd -g1", write: |bytes| xxd(bytes, 1, false), fixture: Some("xxd-g1"), is_sure: true },
    Tool { name: "xxd -g4", write: |bytes| xxd(bytes, 4, false), fixture: Some("xxd-g4"), is_sure: false },
    Tool { name: "xxd -e", write: |bytes| xxd(bytes, 4, true), fixture: Some("xxd-e"), is_sure: false },
    Tool { name: "xxd -p", write: xxd_plain, fixture: Some("xxd-p"), is_sure: true },
    Tool { name: "xxd -i", write: xxd_include, fixture: Some("xxd-i"), is_sure: true },
    Tool { name: "gdb x/xb", write: gdb, fixture: None, is_sure: true },
    Tool { name: "tcpdump -X", write: |bytes| tcpdump(bytes, true), fixture: None, is_sure: true },
    Tool { name: "tcpdump -x", write: |bytes| tcpdump(bytes, false), fixture: None, is_sure: true },
    Tool { name: "Wireshark", write: wireshark, fixture: None, is_sure: true },
    Tool { name: "objdump -s", write: |bytes| objdump(bytes, 0), fixture: None, is_sure: false },
    Tool {
        name: "objdump -s of a program",
        write: |bytes| objdump(bytes, 0x40_2000),
        fixture: None,
        is_sure: false,
    },
    Tool {
        name: "C",
        write: |bytes| list("static const uint8_t d[] = {", bytes, "0x", "};"),
        fixture: None,
        is_sure: true,
    },
    Tool {
        name: "Rust",
        write: |bytes| list("let d: &[u8] = &[", bytes, "0x", "];"),
        fixture: None,
        is_sure: true,
    },
    Tool {
        name: "Python",
        write: |bytes| list("d = bytes([", bytes, "", "])"),
        fixture: None,
        is_sure: true,
    },
    Tool {
        name: "Go",
        write: |bytes| list("var d = []byte{", bytes, "0x", "}"),
        fixture: None,
        is_sure: true,
    },
    Tool { name: "Java", write: java, fixture: None, is_sure: true },
    Tool {
        name: "JavaScript",
        write: |bytes| list("new Uint8Array([", bytes, "", "]);"),
        fixture: None,
        is_sure: true,
    },
    Tool {
        name: "C string",
        write: |bytes| format!("\"{}\"", each(bytes, |byte| format!("\\x{byte:02x}"))),
        fixture: None,
        is_sure: true,
    },
    Tool {
        name: "assembler",
        write: |bytes| format!("db {}", joined(bytes, ", ", |byte| format!("0{byte:02x}h"))),
        fixture: None,
        is_sure: true,
    },
    Tool {
        name: "percent",
        write: |bytes| each(bytes, |byte| format!("%{byte:02X}")),
        fixture: None,
        is_sure: true,
    },
    Tool {
        name: "pairs with h",
        write: |bytes| joined(bytes, " ", |byte| format!("{byte:02x}h")),
        fixture: None,
        is_sure: true,
    },
    Tool { name: "colons", write: |bytes| hex::format(bytes, false, ":"), fixture: None, is_sure: true },
    Tool { name: "words", write: |bytes| groups(bytes, 2), fixture: None, is_sure: false },
    Tool {
        name: "decimal",
        write: |bytes| joined(bytes, ", ", |byte| byte.to_string()),
        fixture: None,
        is_sure: false,
    },
];

fn each(bytes: &[u8], write: fn(u8) -> String) -> String {
    bytes.iter().map(|byte| write(*byte)).collect()
}

fn joined(bytes: &[u8], between: &str, write: fn(u8) -> String) -> String {
    bytes.iter().map(|byte| write(*byte)).collect::<Vec<_>>().join(between)
}

fn groups(bytes: &[u8], len: usize) -> String {
    bytes.chunks(len).map(|group| hex::format(group, false, "")).collect::<Vec<_>>().join(" ")
}

fn shown(bytes: &[u8]) -> String {
    each(
        bytes,
        |byte| if matches!(byte, b' '..=b'~') { char::from(byte).to_string() } else { String::from(".") },
    )
}

/// Lines of 16 bytes, with a star for those like the one before.
fn starred(bytes: &[u8], mut line: impl FnMut(usize, &[u8]) -> String) -> String {
    let mut text = String::new();
    let mut last: Option<&[u8]> = None;
    let mut is_starred = false;
    for (number, row) in bytes.chunks(16).enumerate() {
        if last == Some(row) && row.len() == 16 {
            if !std::mem::replace(&mut is_starred, true) {
                text.push_str("*\n");
            }
            continue;
        }
        (last, is_starred) = (Some(row), false);
        text.push_str(&line(number * 16, row));
        text.push('\n');
    }
    text
}

fn hexdump_c(bytes: &[u8]) -> String {
    let text = starred(bytes, |at, row| {
        let mut cells = String::new();
        for column in 0..16 {
            if column % 8 == 0 {
                cells.push(' ');
            }
            let cell = row.get(column).map_or_else(|| String::from("  "), |byte| format!("{byte:02x}"));
            let _ = write!(cells, "{cell} ");
        }
        format!("{at:08x} {cells} |{}|", shown(row))
    });
    format!("{text}{:08x}\n", bytes.len())
}

fn padded(row: &[u8]) -> Vec<u16> {
    row.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair.get(1).copied().unwrap_or(0)])).collect()
}

/// Words of two bytes; hexdump fills its lines with blanks, and od has octal offsets.
fn words(bytes: &[u8], radix: u32, gap: &str, fills: bool) -> String {
    let offset = |at: usize| if radix == 16 { format!("{at:07x}") } else { format!("{at:07o}") };
    let width = 7 + 8 * (gap.len() + 4);
    let text = starred(bytes, |at, row| {
        let cells: String = padded(row).iter().map(|word| format!("{gap}{word:04x}")).collect();
        let line = format!("{}{cells}", offset(at));
        if fills { format!("{line:width$}") } else { line }
    });
    format!("{text}{}\n", offset(bytes.len()))
}

fn octal_words(bytes: &[u8]) -> String {
    let text = starred(bytes, |at, row| {
        let cells: String = padded(row).iter().map(|word| format!(" {word:06o}")).collect();
        format!("{at:07o}{cells}")
    });
    format!("{text}{:07o}\n", bytes.len())
}

fn od_bytes(bytes: &[u8], with_text: bool) -> String {
    let text = starred(bytes, |at, row| {
        let cells = each(row, |byte| format!(" {byte:02x}"));
        if with_text { format!("{at:07o}{cells:48}  >{}<", shown(row)) } else { format!("{at:07o}{cells}") }
    });
    format!("{text}{:07o}\n", bytes.len())
}

fn xxd(bytes: &[u8], group: usize, little: bool) -> String {
    let width = 16 * 2 + 16 / group + 1;
    let line = |(number, row): (usize, &[u8])| {
        let cells = row.chunks(group).map(|cell| {
            let mut cell = cell.to_vec();
            if little {
                cell.reverse();
                return format!("{:>1$} ", hex::format(&cell, false, ""), 2 * group);
            }
            format!("{} ", hex::format(&cell, false, ""))
        });
        let cells: String = cells.collect();
        format!("{:08x}: {cells:width$}{}\n", number * 16, shown(row))
    };
    bytes.chunks(16).enumerate().map(line).collect()
}

fn xxd_plain(bytes: &[u8]) -> String {
    bytes.chunks(30).map(|row| hex::format(row, false, "") + "\n").collect()
}

fn xxd_include(bytes: &[u8]) -> String {
    let rows: Vec<String> = bytes
        .chunks(12)
        .map(|row| format!("  {}", joined(row, ", ", |byte| format!("0x{byte:02x}"))))
        .collect();
    format!(
        "unsigned char bytes_bin[] = {{\n{}\n}};\nunsigned int bytes_bin_len = {};\n",
        rows.join(",\n"),
        bytes.len()
    )
}

fn gdb(bytes: &[u8]) -> String {
    let line = |(number, row): (usize, &[u8])| {
        let at = number * 8;
        let symbol = if at == 0 { String::from("<d>") } else { format!("<d+{at}>") };
        format!(
            "{:#x} {symbol}:{}\n",
            0x5555_5555_8020_u64 + at as u64,
            each(row, |byte| format!("\t0x{byte:02x}"))
        )
    };
    bytes.chunks(8).enumerate().map(line).collect()
}

fn tcpdump(bytes: &[u8], with_text: bool) -> String {
    let mut text = String::from("12:34:56.789012 IP 10.0.0.1.9999 > 10.0.0.2.80: UDP, length 28\n");
    for (number, row) in bytes.chunks(16).enumerate() {
        let cells = groups(row, 2);
        let shown = shown(row).replace(' ', ".");
        let line = if with_text { format!("{cells:39}  {shown}") } else { cells };
        let _ = writeln!(text, "\t0x{:04x}:  {line}", number * 16);
    }
    text
}

fn wireshark(bytes: &[u8]) -> String {
    let line = |(number, row): (usize, &[u8])| {
        format!("{:04x}  {:47}   {}\n", number * 16, hex::format(row, false, " "), shown(row))
    };
    bytes.chunks(16).enumerate().map(line).collect()
}

fn objdump(bytes: &[u8], begin: usize) -> String {
    let line = |(number, row): (usize, &[u8])| {
        format!(" {:04x} {:35}  {:16}\n", begin + number * 16, groups(row, 4), shown(row))
    };
    let lines: String = bytes.chunks(16).enumerate().map(line).collect();
    format!("Contents of section .rodata:\n{lines}")
}

fn list(open: &str, bytes: &[u8], prefix: &str, close: &str) -> String {
    let number = |byte: &u8| if prefix.is_empty() { byte.to_string() } else { format!("{prefix}{byte:02X}") };
    let rows: Vec<String> =
        bytes.chunks(12).map(|row| row.iter().map(number).collect::<Vec<_>>().join(", ")).collect();
    format!("{open}\n    {},\n{close}", rows.join(",\n    "))
}

fn java(bytes: &[u8]) -> String {
    let number = |byte| {
        if byte < 128 { format!("0x{byte:02x}") } else { format!("(byte) 0x{byte:02x}") }
    };
    format!("private static final byte[] D = new byte[] {{ {} }};", joined(bytes, ", ", number))
}
