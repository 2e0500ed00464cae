//! File systems, boot images and disks. Sources: the U-Boot headers; the devicetree specification; the kernel's pages on
//! ext4, squashfs, cramfs, romfs and UBI; ECMA-119 (ISO 9660); the UEFI specification (GPT); Microsoft's FAT, exFAT and
//! NTFS pages; the LUKS on-disk format; btrfs's and XFS's on-disk structures.

use super::head::Head;
use super::signature::{Claim, Signature, of_length, of_length_or_cut, open_ended};
use sha2::Digest;

pub(super) const TABLE: &[Signature] = &[
    Signature::new("U-Boot image", "img", b"\x27\x05\x19\x56", 0, u_boot),
    Signature::new("device tree", "dtb", b"\xd0\x0d\xfe\xed", 0, device_tree),
    Signature::new("squashfs file system", "squashfs", b"hsqs", 0, |head| {
        if head.le16(28)? != 4 || !(12..=20).contains(&head.le16(22)?) {
            return None;
        }
        of_length_or_cut(head, head.le64(40)?)
    }),
    Signature::new("cramfs file system", "cramfs", b"Compressed ROMFS", 16, |head| {
        if !head.has(0, b"\x45\x3d\xcd\x28") {
            return None;
        }
        of_length_or_cut(head, head.le32(4)?)
    }),
    Signature::new("romfs file system", "romfs", b"-rom1fs-", 0, |head| {
        of_length_or_cut(head, head.be32(8)?)
    }),
    Signature::new("ext2, ext3 or ext4 file system", "ext4", b"\x53\xef", 0x438, ext),
    Signature::new("XFS file system", "xfs", b"XFSB", 0, |head| {
        let block = head.be32(4)?;
        if !block.is_power_of_two() || !(512..=65536).contains(&block) {
            return None;
        }
        of_length_or_cut(head, block.saturating_mul(head.be64(8)?))
    }),
    Signature::new("btrfs file system", "btrfs", b"_BHRfS_M", 0x1_0040, btrfs),
    Signature::new("ISO 9660 image", "iso", b"CD001\x01", 0x8001, |head| {
        if head.u8(0x8000)? != 1 || head.le32(0x8050)? != head.be32(0x8054)? {
            return None;
        }
        of_length_or_cut(head, head.le32(0x8050)? * head.le16(0x8080)?)
    }),
    Signature::new("GPT partition table", "gpt", b"EFI PART\0\0\x01\0", 512, gpt),
    Signature::new("FAT12 or FAT16 file system", "fat", b"FAT1", 54, |head| fat(head, 32)),
    Signature::new("FAT32 file system", "fat", b"FAT32   ", 82, |head| fat(head, 32)),
    Signature::new("NTFS file system", "ntfs", b"NTFS    ", 3, |head| {
        if !head.has(510, b"\x55\xaa") {
            return None;
        }
        of_length_or_cut(head, head.le16(11)?.saturating_mul(head.le64(40)?.saturating_add(1)))
    }),
    Signature::new("exFAT file system", "exfat", b"EXFAT   ", 3, |head| {
        open_ended(head.has(510, b"\x55\xaa"))
    }),
    Signature::new("LUKS encrypted volume", "luks", b"LUKS\xba\xbe\0", 0, |head| {
        open_ended(matches!(head.u8(7)?, 1 | 2))
    }),
    Signature::new("UBI image", "ubi", b"UBI#\x01\0\0\0", 0, |_| open_ended(true)),
    Signature::new("UBIFS file system", "ubifs", b"\x31\x18\x10\x06", 0, |head| {
        open_ended(head.le32(16)? >= 24 && head.u8(20)? <= 11 && head.u8(21)? <= 2)
    }),
];

/// A header of 64 bytes, whose sum is taken with its own place as zeros.
fn u_boot(head: Head<'_>) -> Option<Claim> {
    let mut header = *head.bytes.first_chunk::<64>()?;
    header[4..8].fill(0);
    if u64::from(crc32fast::hash(&header)) != head.be32(4)? {
        return None;
    }
    of_length_or_cut(head, 64 + head.be32(12)?)
}

fn device_tree(head: Head<'_>) -> Option<Claim> {
    let (size, structure, strings) = (head.be32(4)?, head.be32(8)?, head.be32(12)?);
    let (version, compatible) = (head.be32(20)?, head.be32(24)?);
    if version > 64 || compatible > version || structure >= size || strings > size || size < 40 {
        return None;
    }
    of_length(head, size)
}

/// The super block, which lies 1024 bytes behind the start.
fn ext(head: Head<'_>) -> Option<Claim> {
    let (inodes, blocks, shift) = (head.le32(1024)?, head.le32(1028)?, head.le32(1048)?);
    let (state, errors, revision) = (head.le16(1082)?, head.le16(1084)?, head.le32(1100)?);
    let per_group = head.le32(1056)?;
    let is_right = inodes > 0 && blocks > 0 && shift <= 6 && state <= 7 && (1..=3).contains(&errors);
    if !is_right || revision > 1 || per_group == 0 || per_group > 8 * (1024 << shift) {
        return None;
    }
    of_length_or_cut(head, blocks << (10 + shift))
}

/// The header in the second sector, with its own sum taken as zeros.
fn gpt(head: Head<'_>) -> Option<Claim> {
    if head.le32(524)? != 92 {
        return None;
    }
    let mut header = *head.bytes.get(512..)?.first_chunk::<92>()?;
    header[16..20].fill(0);
    if u64::from(crc32fast::hash(&header)) != head.le32(528)? {
        return None;
    }
    let last = head.le64(544)?.max(head.le64(536)?);
    of_length_or_cut(head, last.saturating_add(1).saturating_mul(512))
}

/// The super block of 4 KiB, which begins with its checksum and says where it is.
fn btrfs(head: Head<'_>) -> Option<Claim> {
    const AT: usize = 0x1_0000;
    const LEN: usize = 0x1000;
    let (sector, node) = (head.le32(AT + 0x90)?, head.le32(AT + 0x94)?);
    let is_size = |size: u64| size.is_power_of_two() && (512..=65536).contains(&size);
    if head.le64(AT + 0x30)? != AT as u64 || !is_size(sector) || !is_size(node) || node < sector {
        return None;
    }
    let block = head.part(AT, LEN)?;
    let summed = &block[32..];
    let is_right = match head.le16(AT + 0xc4)? {
        0 => block.starts_with(&crc32c::crc32c(summed).to_le_bytes()),
        1 => block.starts_with(&xxhash_rust::xxh64::xxh64(summed, 0).to_le_bytes()),
        2 => block.starts_with(&sha2::Sha256::digest(summed)),
        // BLAKE2b: the other fields have to do.
        3 => true,
        _ => false,
    };
    if !is_right {
        return None;
    }
    of_length_or_cut(head, head.le64(AT + 0x70)?)
}

/// The boot sector; the number of sectors is in one of two places.
fn fat(head: Head<'_>, wide: usize) -> Option<Claim> {
    let (sector, cluster) = (head.le16(11)?, head.u8(13)?);
    let is_jump = matches!(head.u8(0)?, 0xeb | 0xe9) && head.has(510, b"\x55\xaa");
    if !is_jump || !matches!(sector, 512 | 1024 | 2048 | 4096) || !cluster.is_power_of_two() {
        return None;
    }
    let sectors = match head.le16(19)? {
        0 => head.le32(wide)?,
        sectors => sectors,
    };
    of_length_or_cut(head, sector * sectors)
}
