//! Small files with arrays, for tests.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write;

/// A .npy file of version 1.0 with this description and these bytes.
pub fn npy(descr: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let mut header = format!("{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}");
    while (10 + header.len() + 1) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(data);
    file
}

/// A safetensors file of f32 arrays: name, shape; the values count up.
pub fn safetensors(arrays: &[(&str, &[u64])]) -> Vec<u8> {
    let (mut header, mut data) = (String::from("{"), Vec::new());
    for (name, shape) in arrays {
        let start = data.len();
        let items: u64 = shape.iter().product();
        (0..items).for_each(|n| data.extend((n as f32).to_le_bytes()));
        let end = data.len();
        let comma = if header.len() > 1 { "," } else { "" };
        header += &format!(
            "{comma}\"{name}\":{{\"dtype\":\"F32\",\"shape\":{shape:?},\"data_offsets\":[{start},{end}]}}"
        );
    }
    header.push('}');
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend(data);
    file
}

/// Whole numbers as the bytes of f32.
pub fn f4(values: impl IntoIterator<Item = i32>) -> Vec<u8> {
    values.into_iter().flat_map(|value| (value as f32).to_le_bytes()).collect()
}

/// A .npz archive of these members, named without `.npy`; the last word says whether one is deflated.
pub fn npz(members: &[(&str, Vec<u8>, bool)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, data, is_deflated) in members {
        let (name, at) = (format!("{name}.npy"), bytes.len() as u32);
        let packed = if *is_deflated { deflate(data) } else { data.clone() };
        let method = if *is_deflated { 8_u16 } else { 0 };
        let mut fields = [0, method, 0, 0].map(u16::to_le_bytes).concat();
        let sizes = [crc32fast::hash(data), packed.len() as u32, data.len() as u32];
        fields.extend(sizes.map(u32::to_le_bytes).concat());
        fields.extend([name.len() as u16, 0].map(u16::to_le_bytes).concat());
        bytes.extend(b"PK\x03\x04\x14\0");
        bytes.extend(&fields);
        bytes.extend(name.bytes());
        bytes.extend(packed);
        directory.extend(b"PK\x01\x02\x14\0\x14\0");
        directory.extend(&fields);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.bytes());
    }
    let (at, size, count) = (bytes.len() as u32, directory.len() as u32, members.len() as u16);
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count, count].map(u16::to_le_bytes).concat());
    bytes.extend([size, at].map(u32::to_le_bytes).concat());
    bytes.extend([0; 2]);
    bytes
}

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).expect("deflated");
    encoder.finish().expect("deflated")
}
