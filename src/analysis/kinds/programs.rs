//! Programs and libraries. Sources: the System V ABI (ELF); Microsoft's PE format; Apple's mach-o/loader.h; the Java
//! virtual machine specification; the WebAssembly core specification; Android's page on DEX.

use super::head::Head;
use super::signature::{Claim, Signature, of_length_or_cut, open_ended};

pub(super) const TABLE: &[Signature] = &[
    Signature::new("ELF program", "elf", b"\x7fELF", 0, elf),
    Signature::new("Windows program", "exe", b"MZ", 0, pe),
    Signature::new("Mach-O program", "macho", b"\xce\xfa\xed\xfe", 0, |head| macho(head, Head::le32)),
    Signature::new("Mach-O program", "macho", b"\xcf\xfa\xed\xfe", 0, |head| macho(head, Head::le32)),
    Signature::new("Mach-O program", "macho", b"\xfe\xed\xfa\xce", 0, |head| macho(head, Head::be32)),
    Signature::new("Mach-O program", "macho", b"\xfe\xed\xfa\xcf", 0, |head| macho(head, Head::be32)),
    Signature::new("Mach-O universal program", "macho", b"\xca\xfe\xba\xbe\0\0\0", 0, |head| {
        open_ended((1..=20).contains(&head.be32(4)?) && head.be32(8)? & 0x00ff_ff00 == 0)
    }),
    Signature::new("Java class", "class", b"\xca\xfe\xba\xbe\0", 0, |head| {
        open_ended((45..=90).contains(&head.be16(6)?) && head.be16(8)? > 1)
    }),
    Signature::new("WebAssembly module", "wasm", b"\0asm\x01\0\0\0", 0, |_| open_ended(true)),
    Signature::new("DEX code", "dex", b"dex\n0", 0, |head| {
        if head.le32(36)? != 0x70 {
            return None;
        }
        of_length_or_cut(head, head.le32(32)?)
    }),
    Signature::new("LLVM bitcode", "bc", b"BC\xc0\xde", 0, |_| open_ended(true)),
];

/// The end of the table of sections, which is the last part of most files.
fn elf<'a>(head: Head<'a>) -> Option<Claim> {
    let (class, order, version) = (head.u8(4)?, head.u8(5)?, head.u8(6)?);
    let (n16, n32, n64): (NumberAt<'a>, NumberAt<'a>, NumberAt<'a>) = match order {
        1 => (Head::le16, Head::le32, Head::le64),
        2 => (Head::be16, Head::be32, Head::be64),
        _ => return None,
    };
    let kind = n16(head, 16)?;
    if version != 1 || n32(head, 20)? != 1 || !(matches!(kind, 1..=4) || kind >= 0xfe00) {
        return None;
    }
    let (sections, size, count, header) = match class {
        1 => (n32(head, 32)?, n16(head, 46)?, n16(head, 48)?, 52),
        2 => (n64(head, 40)?, n16(head, 58)?, n16(head, 60)?, 64),
        _ => return None,
    };
    if n16(head, header - 12)? != header as u64 {
        return None;
    }
    let end = sections.checked_add(size * count)?;
    Some(Claim { len: if sections > 0 { head.fitting(end) } else { None } })
}

/// Reads a number in the byte order that the header names.
type NumberAt<'a> = fn(Head<'a>, usize) -> Option<u64>;

/// The header that the first one leads to.
fn pe(head: Head<'_>) -> Option<Claim> {
    let at = usize::try_from(head.le32(0x3c)?).ok()?;
    if at < 0x40 || !head.has(at, b"PE\0\0") {
        return None;
    }
    let (machine, optional) = (head.le16(at + 4)?, head.le16(at + 24)?);
    let is_machine =
        matches!(machine, 0x14c | 0x8664 | 0xaa64 | 0x1c0 | 0x1c2 | 0x1c4 | 0x200 | 0x5032 | 0x5064 | 0xebc);
    if !is_machine || !matches!(optional, 0x10b | 0x20b) {
        return None;
    }
    let (sections, size) = (head.le16(at + 6)?, usize::try_from(head.le16(at + 20)?).ok()?);
    let mut end = 0;
    for section in 0..usize::try_from(sections).ok()?.min(96) {
        let row = at + 24 + size + 40 * section;
        let (Some(len), Some(start)) = (head.le32(row + 16), head.le32(row + 20)) else { break };
        end = end.max(start + len);
    }
    Some(Claim { len: head.fitting(end) })
}

fn macho<'a>(head: Head<'a>, number: NumberAt<'a>) -> Option<Claim> {
    let (processor, kind, commands) = (number(head, 4)?, number(head, 12)?, number(head, 16)?);
    open_ended(processor & 0x00ff_ff00 == 0 && (1..=12).contains(&kind) && (1..=4096).contains(&commands))
}
