//! `pagelens get FILE[::ARRAY] [SLICE]`: the values of an array, or of a part of it.
//!
//! Reads the header and what is asked for, and nothing else; the output is written block by block.

use super::raw::Raw;
use super::target::{PartBytes, Target, find};
use super::{CommandError, Outcome};
use crate::decode::array::Array;
use crate::escape::PathText;
use crate::export::arrays::{Export, ExportError, json_string, write_json_values};
use crate::export::{WriteArray, array_formats};
use crate::job::Progress;
use crate::save::whole_file::{Durability, write_whole};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug, Default)]
pub struct GetOptions {
    /// The file, then :: and the name of an array in it; a file with a single array needs no name
    #[arg(value_name = "FILE[::ARRAY]")]
    pub file: PathBuf,

    /// The part to print, as in Python: '[0, :, ::2]', '[-1]', "['field']"; without it, the whole array
    #[arg(allow_hyphen_values = true)]
    pub slice: Option<String>,

    #[command(flatten)]
    pub raw: Raw,

    /// One JSON document: {file, array, dtype, shape, values}
    #[arg(long, group = "output")]
    pub json: bool,

    /// Write a .npy file; - for standard output
    #[arg(long, value_name = "OUT", group = "output")]
    pub npy: Option<PathBuf>,

    /// Comma-separated values; a line holds the values along the last axis
    #[arg(long, group = "output")]
    pub csv: bool,

    /// The bytes of the values, in C order
    #[arg(long = "raw", group = "output")]
    pub bytes: bool,

    /// Another form: memmap, array, list, struct, array.array, bytes, markdown, rust, c, hex, base64, tsv, safetensors
    #[arg(long = "as", value_name = "FORM", group = "output")]
    pub form: Option<String>,
}

/// Bytes of text that are kept before they are written.
const BUFFER: usize = 256 << 10;

/// Writes what is asked for to `out`, or to the file that is asked for.
pub fn run(options: &GetOptions, out: &mut dyn Write) -> Outcome {
    let mut notes = Vec::new();
    let mut outcome = Outcome::from(get(options, out, &mut notes));
    outcome.errors.splice(0..0, notes);
    outcome
}

fn get(options: &GetOptions, out: &mut dyn Write, notes: &mut Vec<String>) -> Result<(), CommandError> {
    let write = form_of(options)?;
    let mut target = find(&options.file, &options.raw)?;
    notes.append(&mut target.notes);
    let file = options.npy.as_deref().filter(|path| *path != Path::new("-"));
    if let Some(path) = file.filter(|path| target.is_read_from(path)) {
        let text = "is an input file and would be overwritten. Nothing was written. Choose another name.";
        return Err(CommandError::usage(format!("{} {text}", path.shown())));
    }
    let PartBytes { source, array, damage } =
        target.bytes_of(target.slice(options.slice.as_deref())?.array)?;
    let progress = Progress::default();
    let export = Export {
        source: &*source,
        array: &array,
        path: target.deflated.is_none().then_some(target.opened.path()),
        name: &target.name,
        progress: &progress,
    };
    let place = target.place();
    let failed = |error: ExportError| CommandError::export(&place, &error);
    if let Some(path) = file {
        to_file(path, |out| write(&export, out)).map_err(failed)?;
        return damage.map_or(Ok(()), |damage| Err(CommandError::failed(damage)));
    }
    let mut out = BufWriter::with_capacity(BUFFER, out);
    if options.json {
        json(&target, &array, &export, &mut out).map_err(failed)?;
    } else {
        write(&export, &mut out).map_err(failed)?;
    }
    out.flush().map_err(|error| CommandError::write(&error))?;
    damage.map_or(Ok(()), |damage| Err(CommandError::failed(damage)))
}

fn form_of(options: &GetOptions) -> Result<WriteArray, CommandError> {
    let name = match options {
        GetOptions { npy: Some(_), .. } => "npy",
        GetOptions { csv: true, .. } => "csv",
        GetOptions { bytes: true, .. } => "raw",
        GetOptions { form: Some(name), .. } => name,
        _ => "print",
    };
    let format = array_formats().find(|(_, format)| format.name == name);
    format.and_then(|(_, format)| format.of_array).ok_or_else(|| {
        let known: Vec<&str> = array_formats().map(|(_, format)| format.name).collect();
        CommandError::usage(format!("--as {name}: unknown form. Use one of: {}.", known.join(", ")))
    })
}

fn json(target: &Target, array: &Array, export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let name = if target.name.is_empty() { "null".to_owned() } else { json_string(&target.name) };
    let shape = array.shape.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    write!(
        out,
        "{{\"file\": {}, \"array\": {name}, \"dtype\": {}, \"shape\": [{shape}], \"values\": ",
        json_string(&target.opened.asked.typed()),
        json_string(&array.item.to_string())
    )?;
    write_json_values(export, out)?;
    Ok(writeln!(out, "}}")?)
}

/// A new file takes the place of an old one only when it is whole. As `np.save` does, it does not wait for the disk.
fn to_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    write_whole(path, true, Durability::Buffered, write)
}
