//! Windows: the access list of a file and its marks (hidden, system), told as attributes, so that a new file gets them
//! from the one whose place it takes. Other streams of a file are not kept, and the plan warns of them.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::windows::fs::MetadataExt;
use std::os::windows::io::{AsRawHandle, FromRawHandle};
use std::path::Path;
use windows_sys::Win32::Foundation::{ERROR_HANDLE_EOF, ERROR_INSUFFICIENT_BUFFER, INVALID_HANDLE_VALUE};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, GetKernelObjectSecurity, SetKernelObjectSecurity,
};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ATTRIBUTE_HIDDEN, FILE_ATTRIBUTE_NORMAL, FILE_ATTRIBUTE_NOT_CONTENT_INDEXED, FILE_ATTRIBUTE_SYSTEM,
    FILE_BASIC_INFO, FILE_SHARE_DELETE, FILE_SHARE_READ, FILE_SHARE_WRITE, FileBasicInfo, FindClose,
    FindFirstStreamW, FindNextStreamW, FindStreamInfoStandard, READ_CONTROL, ReOpenFile,
    SetFileInformationByHandle, WIN32_FIND_STREAM_DATA, WRITE_DAC,
};

const ACCESS_LIST: &str = "access list";
const MARKS: &str = "Windows file attributes";

/// The marks that are kept.
const KEPT_MARKS: u32 = FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM | FILE_ATTRIBUTE_NOT_CONTENT_INDEXED;

/// Windows's limit on an access list, and what is around it.
const MOST: u32 = 66 << 10;

/// As [`crate::save::disk::DiskFile::attributes`].
///
/// # Errors
/// As of the system.
pub fn attributes(_: &File) -> io::Result<Vec<OsString>> {
    Ok(vec![ACCESS_LIST.into(), MARKS.into()])
}

/// As [`crate::save::disk::DiskFile::attribute`].
///
/// # Errors
/// As of the system.
pub fn attribute(file: &File, name: &OsStr) -> io::Result<Vec<u8>> {
    if name == MARKS {
        return Ok((file.metadata()?.file_attributes() & KEPT_MARKS).to_le_bytes().to_vec());
    }
    access_list(file)
}

/// As [`crate::save::disk::DiskFile::set_attribute`].
///
/// # Errors
/// As of the system.
pub fn set_attribute(file: &File, name: &OsStr, value: &[u8]) -> io::Result<()> {
    match <[u8; 4]>::try_from(value) {
        Ok(marks) if name == MARKS => set_marks(file, u32::from_le_bytes(marks)),
        _ => set_access_list(file, value),
    }
}

/// Every file has them.
///
/// # Errors
/// As of the system.
pub fn remove_attribute(_: &File, _: &OsStr) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// As Windows packs it for one that keeps it (a self-relative security descriptor).
#[expect(unsafe_code, reason = "std has no access lists")]
fn access_list(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0_u8; 1 << 10];
    loop {
        let (len, mut needed) = (u32::try_from(bytes.len()).unwrap_or(u32::MAX), 0);
        // SAFETY: the handle is open; the call writes at most `len` bytes into `bytes`, which is that long, and one number.
        let answer = unsafe {
            let place = bytes.as_mut_ptr().cast();
            GetKernelObjectSecurity(file.as_raw_handle(), DACL_SECURITY_INFORMATION, place, len, &mut needed)
        };
        if answer != 0 {
            bytes.truncate(needed as usize);
            return Ok(bytes);
        }
        let error = io::Error::last_os_error();
        if error.raw_os_error() != i32::try_from(ERROR_INSUFFICIENT_BUFFER).ok()
            || needed <= len
            || needed > MOST
        {
            return Err(error);
        }
        bytes.resize(needed as usize, 0);
    }
}

#[expect(unsafe_code, reason = "std has no access lists")]
fn set_access_list(file: &File, packed: &[u8]) -> io::Result<()> {
    let shared = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    // The handle that writes has no right to change the list; another one of the same file has.
    // SAFETY: the handle is open as long as `file` is borrowed.
    let handle = unsafe { ReOpenFile(file.as_raw_handle(), WRITE_DAC | READ_CONTROL, shared, 0) };
    if handle == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call has answered with a handle, which nobody else owns.
    let other = unsafe { File::from_raw_handle(handle) };
    // The system reads it as numbers of four bytes.
    let mut aligned = vec![0_u32; packed.len().div_ceil(4)];
    for (number, bytes) in aligned.iter_mut().zip(packed.chunks(4)) {
        let mut four = [0; 4];
        four[..bytes.len()].copy_from_slice(bytes);
        *number = u32::from_ne_bytes(four);
    }
    // SAFETY: `aligned` is what the system has packed for another file; it lives until the call returns.
    let answer = unsafe {
        let place = aligned.as_mut_ptr().cast();
        SetKernelObjectSecurity(other.as_raw_handle(), DACL_SECURITY_INFORMATION, place)
    };
    if answer == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

#[expect(unsafe_code, reason = "std sets only the mark 'read-only'")]
fn set_marks(file: &File, marks: u32) -> io::Result<()> {
    let others = file.metadata()?.file_attributes() & !(KEPT_MARKS | FILE_ATTRIBUTE_NORMAL);
    let wanted =
        Some(others | marks & KEPT_MARKS).filter(|marks| *marks != 0).unwrap_or(FILE_ATTRIBUTE_NORMAL);
    // A time of 0 stays as it is.
    let about = FILE_BASIC_INFO { FileAttributes: wanted, ..FILE_BASIC_INFO::default() };
    let size = u32::try_from(size_of::<FILE_BASIC_INFO>()).unwrap_or(u32::MAX);
    // SAFETY: the handle is open, `about` has the size that is told and lives until the call returns.
    let answer = unsafe {
        SetFileInformationByHandle(file.as_raw_handle(), FileBasicInfo, (&raw const about).cast(), size)
    };
    if answer == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// What a new file does not get from the one whose place it takes: streams beside its content.
///
/// # Errors
/// As of the system.
#[expect(unsafe_code, reason = "std knows no streams")]
pub fn unkept(path: &Path) -> io::Result<Option<&'static str>> {
    let path = super::wide(path);
    let mut found = WIN32_FIND_STREAM_DATA::default();
    // SAFETY: `path` ends with a zero; `found` is as large as the call fills.
    let search =
        unsafe { FindFirstStreamW(path.as_ptr(), FindStreamInfoStandard, (&raw mut found).cast(), 0) };
    if search == INVALID_HANDLE_VALUE {
        // The file system has no streams, or the file has none at all.
        return Ok(None);
    }
    let mut streams = 1;
    loop {
        // SAFETY: the search is open until it is closed below; `found` is as large as the call fills.
        if unsafe { FindNextStreamW(search, (&raw mut found).cast()) } == 0 {
            break;
        }
        streams += 1;
    }
    let error = io::Error::last_os_error();
    // SAFETY: the search is open, and closed once.
    unsafe { FindClose(search) };
    let at_end = error.raw_os_error() == i32::try_from(ERROR_HANDLE_EOF).ok();
    if streams > 1 {
        return Ok(Some("Its other streams are"));
    }
    if at_end { Ok(None) } else { Err(error) }
}
