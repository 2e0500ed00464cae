//! The algorithms, a line each: name, other names, bytes of the value, and how it is computed.

use super::method::{Extent, Method, cryptographic, xxh3_64, xxh3_128, xxh32, xxh64};
use super::{adler, crc as check, tree};
use std::fmt;

/// One algorithm.
pub struct HashAlgorithm {
    /// `SHA-256`, `CRC-16/ARC`.
    pub name: &'static str,
    /// Other names that it is known by.
    pub aliases: &'static [&'static str],
    /// Bytes of the value.
    pub len: usize,
    pub(super) make: fn(Extent) -> Method,
}

impl fmt::Debug for HashAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for HashAlgorithm {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for HashAlgorithm {}

impl HashAlgorithm {
    /// The name before a value, as BSD's programs and `sha256sum --tag` write it: `SHA256`.
    pub fn tag(&self) -> String {
        self.name.strip_prefix("SHA-").map_or_else(|| self.name.to_owned(), |rest| format!("SHA{rest}"))
    }

    /// Whether the value is a number, of which files also hold the bytes in the other order: no cryptographic hash.
    pub fn is_number(&self) -> bool {
        ["CRC-", "Adler-", "XXH"].iter().any(|family| self.name.starts_with(family))
    }
}

const fn line(
    name: &'static str,
    aliases: &'static [&'static str],
    len: usize,
    make: fn(Extent) -> Method,
) -> HashAlgorithm {
    HashAlgorithm { name, aliases, len, make }
}

/// A CRC of the catalogue: its function, and its algorithm there.
macro_rules! catalogued {
    ($make:ident, $algorithm:ident) => {
        |_| check::$make(&crc::$algorithm)
    };
}

/// All algorithms, in the order of the list that the user chooses from.
#[rustfmt::skip]
pub static ALGORITHMS: &[HashAlgorithm] = &[
    line("MD5", &[], 16, cryptographic::<md5::Md5>),
    line("SHA-1", &["SHA"], 20, cryptographic::<sha1::Sha1>),
    line("SHA-224", &[], 28, cryptographic::<sha2::Sha224>),
    line("SHA-256", &[], 32, cryptographic::<sha2::Sha256>),
    line("SHA-384", &[], 48, cryptographic::<sha2::Sha384>),
    line("SHA-512", &[], 64, cryptographic::<sha2::Sha512>),
    line("SHA-512/224", &[], 28, cryptographic::<sha2::Sha512_224>),
    line("SHA-512/256", &["SHA512t256"], 32, cryptographic::<sha2::Sha512_256>),
    line("SHA3-224", &[], 28, cryptographic::<sha3::Sha3_224>),
    line("SHA3-256", &[], 32, cryptographic::<sha3::Sha3_256>),
    line("SHA3-384", &[], 48, cryptographic::<sha3::Sha3_384>),
    line("SHA3-512", &[], 64, cryptographic::<sha3::Sha3_512>),
    line("BLAKE3", &["b3"], 32, tree::blake3),
    line("XXH32", &["xxHash32"], 4, xxh32),
    line("XXH64", &["xxHash64", "xxHash"], 8, xxh64),
    line("XXH3-64", &["XXH3"], 8, xxh3_64),
    line("XXH3-128", &["XXH128"], 16, xxh3_128),
    line("Adler-32", &[], 4, adler::adler32),
    line("CRC-32", &["CRC-32/ISO-HDLC", "CRC-32B", "PKZIP"], 4, check::crc32),
    line("CRC-32C", &["CRC-32/ISCSI", "Castagnoli"], 4, check::crc32_c),
    line("CRC-32/AUTOSAR", &[], 4, catalogued!(by_table_32, CRC_32_AUTOSAR)),
    line("CRC-32/BZIP2", &[], 4, catalogued!(by_table_32, CRC_32_BZIP2)),
    line("CRC-32/CKSUM", &["CRC-32/POSIX"], 4, catalogued!(by_table_32, CRC_32_CKSUM)),
    line("CRC-32/JAMCRC", &["JAMCRC"], 4, catalogued!(by_table_32, CRC_32_JAMCRC)),
    line("CRC-32/MPEG-2", &[], 4, catalogued!(by_table_32, CRC_32_MPEG_2)),
    line("CRC-64/ECMA-182", &[], 8, catalogued!(by_table_64, CRC_64_ECMA_182)),
    line("CRC-64/GO-ISO", &[], 8, catalogued!(by_table_64, CRC_64_GO_ISO)),
    line("CRC-64/NVME", &[], 8, catalogued!(by_table_64, CRC_64_NVME)),
    line("CRC-64/REDIS", &[], 8, catalogued!(by_table_64, CRC_64_REDIS)),
    line("CRC-64/XZ", &["CRC-64"], 8, catalogued!(by_table_64, CRC_64_XZ)),
    line("CRC-16/ARC", &["CRC-16", "CRC-16/IBM", "CRC-16/LHA"], 2, catalogued!(by_table_16, CRC_16_ARC)),
    line("CRC-16/CDMA2000", &[], 2, catalogued!(by_table_16, CRC_16_CDMA2000)),
    line("CRC-16/CMS", &[], 2, catalogued!(by_table_16, CRC_16_CMS)),
    line("CRC-16/DDS-110", &[], 2, catalogued!(by_table_16, CRC_16_DDS_110)),
    line("CRC-16/DECT-R", &[], 2, catalogued!(by_table_16, CRC_16_DECT_R)),
    line("CRC-16/DECT-X", &[], 2, catalogued!(by_table_16, CRC_16_DECT_X)),
    line("CRC-16/DNP", &[], 2, catalogued!(by_table_16, CRC_16_DNP)),
    line("CRC-16/EN-13757", &[], 2, catalogued!(by_table_16, CRC_16_EN_13757)),
    line("CRC-16/GENIBUS", &["CRC-16/EPC", "CRC-16/I-CODE"], 2, catalogued!(by_table_16, CRC_16_GENIBUS)),
    line("CRC-16/GSM", &[], 2, catalogued!(by_table_16, CRC_16_GSM)),
    line("CRC-16/IBM-3740", &["CRC-16/CCITT-FALSE", "CRC-16/AUTOSAR"], 2, catalogued!(by_table_16, CRC_16_IBM_3740)),
    line("CRC-16/IBM-SDLC", &["CRC-16/X-25", "CRC-16/ISO-HDLC"], 2, catalogued!(by_table_16, CRC_16_IBM_SDLC)),
    line("CRC-16/ISO-IEC-14443-3-A", &["CRC-A"], 2, catalogued!(by_table_16, CRC_16_ISO_IEC_14443_3_A)),
    line("CRC-16/KERMIT", &["CRC-16/CCITT", "CRC-16/CCITT-TRUE"], 2, catalogued!(by_table_16, CRC_16_KERMIT)),
    line("CRC-16/LJ1200", &[], 2, catalogued!(by_table_16, CRC_16_LJ1200)),
    line("CRC-16/M17", &[], 2, catalogued!(by_table_16, CRC_16_M17)),
    line("CRC-16/MAXIM-DOW", &["CRC-16/MAXIM"], 2, catalogued!(by_table_16, CRC_16_MAXIM_DOW)),
    line("CRC-16/MCRF4XX", &[], 2, catalogued!(by_table_16, CRC_16_MCRF4XX)),
    line("CRC-16/MODBUS", &["MODBUS"], 2, catalogued!(by_table_16, CRC_16_MODBUS)),
    line("CRC-16/NRSC-5", &[], 2, catalogued!(by_table_16, CRC_16_NRSC_5)),
    line("CRC-16/OPENSAFETY-A", &[], 2, catalogued!(by_table_16, CRC_16_OPENSAFETY_A)),
    line("CRC-16/OPENSAFETY-B", &[], 2, catalogued!(by_table_16, CRC_16_OPENSAFETY_B)),
    line("CRC-16/PROFIBUS", &[], 2, catalogued!(by_table_16, CRC_16_PROFIBUS)),
    line("CRC-16/RIELLO", &[], 2, catalogued!(by_table_16, CRC_16_RIELLO)),
    line("CRC-16/SPI-FUJITSU", &["CRC-16/AUG-CCITT"], 2, catalogued!(by_table_16, CRC_16_SPI_FUJITSU)),
    line("CRC-16/T10-DIF", &[], 2, catalogued!(by_table_16, CRC_16_T10_DIF)),
    line("CRC-16/TELEDISK", &[], 2, catalogued!(by_table_16, CRC_16_TELEDISK)),
    line("CRC-16/TMS37157", &[], 2, catalogued!(by_table_16, CRC_16_TMS37157)),
    line("CRC-16/UMTS", &["CRC-16/BUYPASS"], 2, catalogued!(by_table_16, CRC_16_UMTS)),
    line("CRC-16/USB", &[], 2, catalogued!(by_table_16, CRC_16_USB)),
    line("CRC-16/XMODEM", &["XMODEM", "CRC-16/ZMODEM", "CRC-16/ACORN"], 2, catalogued!(by_table_16, CRC_16_XMODEM)),
    line("CRC-8/AUTOSAR", &[], 1, catalogued!(by_table_8, CRC_8_AUTOSAR)),
    line("CRC-8/MAXIM-DOW", &["CRC-8/MAXIM", "DOW-CRC"], 1, catalogued!(by_table_8, CRC_8_MAXIM_DOW)),
    line("CRC-8/SAE-J1850", &[], 1, catalogued!(by_table_8, CRC_8_SAE_J1850)),
    line("CRC-8/SMBUS", &["CRC-8"], 1, catalogued!(by_table_8, CRC_8_SMBUS)),
];

/// Names of those that are computed until the user has chosen others.
pub const USUAL: &[&str] = &["CRC-32", "MD5", "SHA-1", "SHA-256", "BLAKE3", "XXH64"];

/// The algorithm of a name or an alias, in any case; hyphens, slashes, underscores and spaces don't count.
pub fn algorithm(name: &str) -> Option<&'static HashAlgorithm> {
    let plain = plain(name);
    let is_called = |name: &str| self::plain(name) == plain;
    let own = ALGORITHMS.iter().find(|algorithm| is_called(algorithm.name));
    own.or_else(|| ALGORITHMS.iter().find(|algorithm| algorithm.aliases.iter().any(|alias| is_called(alias))))
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '/' | '_' | ' ')).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_means_one_algorithm() {
        let mut seen = std::collections::BTreeMap::new();
        for own in ALGORITHMS {
            for name in std::iter::once(&own.name).chain(own.aliases) {
                let other = seen.insert(plain(name), own.name);
                assert!(other.is_none(), "{name} is {} and {}", own.name, other.unwrap_or_default());
                assert_eq!(algorithm(&name.to_uppercase()), Some(own));
            }
        }
        assert_eq!(algorithm("sha_256").map(HashAlgorithm::tag).as_deref(), Some("SHA256"));
        assert_eq!(algorithm("SHA-257"), None);
        assert!(USUAL.iter().all(|name| algorithm(name).is_some_and(|found| found.name == *name)));
    }
}
