//! The program: arguments, logging, the window. The only place that prints or exits.

use clap::{CommandFactory, Parser, Subcommand};
use pagelens::cli;
use pagelens::decode::dtype::ItemType;
use pagelens::decode::{DType, ParseDTypeError, taken_for};
use pagelens::escape::{PathText, escaped};
use pagelens::job::Waker;
use pagelens::save::disk::adjust_limits;
use pagelens::session::{ArrayRequest, OpenOptions, Remembered, Session};
use pagelens::state::Folders;
use pagelens::ui::clipboard::Clipboard;
use pagelens::ui::run_figures::Probe;
use pagelens::ui::{App, parent_of, startup, theme};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// So long files may take until the window is made, which knows the name of the first one then.
const BEFORE_THE_WINDOW: Duration = Duration::from_millis(20);
/// So long they may take until the first frame is drawn; what takes longer comes into the window later.
const BEFORE_THE_FIRST_FRAME: Duration = Duration::from_millis(100);

/// Open files of any size as bytes and as typed arrays, and edit them safely.
#[derive(Parser, Debug)]
#[command(
    version,
    after_help = "Nothing is written to a file before you save. To open a file with the name of a command, write ./NAME.",
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// Files to open; - reads standard input
    files: Vec<PathBuf>,

    /// Offset to open at: 0x1F00, 7936, -16 (from the end), or a sum; of an array, the offset of its first element
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true)]
    offset: Option<String>,

    /// Show typed values: uint8 to float64, bfloat16, '<f4', "[('x', '<f4'), ('id', '<i8')]", 'struct:<2hf'
    #[arg(long, value_name = "TYPE", value_parser = typed)]
    dtype: Option<Typed>,

    /// Show an array of this shape; one axis may be -1
    #[arg(long, value_name = "SHAPE", allow_hyphen_values = true)]
    shape: Option<String>,

    /// The order of the array in memory
    #[arg(long, value_name = "C|F")]
    order: Option<String>,

    /// The part of the array to show, as in Python: '[0, :, ::2]'
    #[arg(long, value_name = "SLICE", allow_hyphen_values = true)]
    slice: Option<String>,

    /// Which array of a container to show
    #[arg(long, value_name = "NAME")]
    array: Option<String>,

    /// Bytes per row (values per row with --dtype); 0 for as many as fit
    #[arg(long, value_name = "N")]
    columns: Option<u32>,

    /// Lock the files against changes
    #[arg(long)]
    read_only: bool,

    /// Measure the start and this many random jumps, log the figures, and close
    #[arg(long, value_name = "JUMPS", hide = true)]
    probe: Option<u32>,
}

/// What is done without a window.
#[derive(Subcommand, Debug)]
enum Command {
    /// Repair files whose save was interrupted, for example by a power cut
    Recover(cli::recover::RecoverOptions),
    /// List the arrays of a file
    Arrays(cli::arrays::ArraysOptions),
    /// Compare two files, arrays or containers: pagelens diff a.npy b.npy --rtol 1e-5
    Diff(cli::diff::DiffOptions),
    /// Find bytes, a text or an expression: pagelens find dump.bin --hex '4D 5A ??'
    Find(cli::find::FindOptions),
    /// Print or export values of an array: pagelens get model.safetensors::weight '[0, :10]'
    Get(cli::get::GetOptions),
    /// Compute hashes and checksums: pagelens hash disk.img --algorithm sha256,crc32
    Hash(cli::hash::HashOptions),
    /// Tell what kind of file it is: pagelens what firmware.bin --embedded
    What(cli::what::WhatOptions),
    /// Find text among other bytes: pagelens strings firmware.bin --min 8 --encoding utf-8,utf-16le
    Strings(cli::strings::StringsOptions),
    /// Apply a patch and save: pagelens patch game.rom fix.bps
    Patch(cli::patch::PatchOptions),
    /// Change values of an array and save: pagelens set data.npy '[3, 5]' 1.5
    Set(cli::set::SetOptions),
    /// Make a picture of an array without a window: pagelens plot stack.npy '[0]' --png out.png
    Plot(cli::plot::PlotOptions),
    /// Statistics of an array, or of all arrays of a file: pagelens stats model.safetensors::weight '[0, :10]'
    Stats(cli::stats::StatsOptions),
}

/// Does a command; what it has to say goes to the streams of the process. A reader who has gone is no failure.
fn command(command: &Command) -> ExitCode {
    let folders = Folders::of_this_user();
    // Not locked: a search writes from any of its threads.
    let mut out = std::io::stdout();
    let mut outcome = match command {
        Command::Recover(options) => cli::recover::run(options, folders.as_ref()),
        Command::Arrays(options) => cli::arrays::run(options, &mut out),
        Command::Diff(options) => cli::diff::run(options, &mut out),
        Command::Find(options) => cli::find::run(options, &mut out),
        Command::Get(options) => cli::get::run(options, &mut out),
        Command::Hash(options) => cli::hash::run(options, &mut out),
        Command::What(options) => cli::what::run(options, &mut out),
        Command::Strings(options) => cli::strings::run(options, &mut out),
        Command::Patch(options) => cli::patch::run(options, folders.as_ref(), &mut out),
        Command::Set(options) => cli::set::run(options, folders.as_ref(), &mut out),
        Command::Plot(options) => cli::plot::run(options, &mut out),
        Command::Stats(options) => cli::stats::run(options, &mut out),
    };
    let lines = std::mem::take(&mut outcome.lines);
    let written = lines.iter().try_for_each(|line| writeln!(out, "{}", escaped(line)));
    if outcome.code == 0 || !lines.is_empty() {
        outcome.end(written.and_then(|()| out.flush()));
    }
    for line in &outcome.errors {
        let _ = writeln!(std::io::stderr(), "{}", escaped(line));
    }
    ExitCode::from(outcome.code)
}

fn main() -> ExitCode {
    let started = Instant::now();
    adjust_limits();
    if let Some(error) = unknown_option() {
        return say_wrong(&error);
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return wrong_arguments(error),
    };
    start_log(arguments.probe.is_some());
    if let Some(asked) = &arguments.command {
        return command(asked);
    }
    if let Some(note) = arguments.dtype.as_ref().and_then(|dtype| taken_for(&dtype.text)) {
        eprintln!("--dtype: {note}");
    }
    match run(arguments, started) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            for line in message.lines() {
                eprintln!("{}", escaped(line));
            }
            ExitCode::FAILURE
        }
    }
}

/// Help, the version, or what is wrong with the arguments, which may be names of files that a shell has put there.
fn wrong_arguments(error: clap::Error) -> ExitCode {
    if error.use_stderr() {
        // The same complaint about arguments without line breaks: each line of it is clap's own.
        let shown = std::env::args_os().map(|argument| argument.shown().to_string());
        return say_wrong(&Arguments::try_parse_from(shown).err().unwrap_or(error));
    }
    let printed = error.print().and_then(|()| std::io::stdout().flush());
    let mut outcome = cli::Outcome::default();
    outcome.end(printed);
    for line in &outcome.errors {
        let _ = writeln!(std::io::stderr(), "{line}");
    }
    ExitCode::from(outcome.code)
}

fn say_wrong(error: &clap::Error) -> ExitCode {
    for line in error.to_string().lines() {
        let _ = writeln!(std::io::stderr(), "{}", escaped(line));
    }
    ExitCode::from(cli::USAGE)
}

/// clap's error for an option that a command does not have. clap itself does not report it here, because slices and
/// values may begin with a hyphen. A word that begins with two hyphens and a letter is not a slice. A value that looks
/// like the name of an option has to come after `--`.
fn unknown_option() -> Option<clap::Error> {
    const OF_SLICES: [&str; 5] = ["diff", "get", "plot", "set", "stats"];
    let words: Vec<String> = std::env::args_os().map(|word| word.shown().to_string()).collect();
    let command = words.get(1).filter(|word| OF_SLICES.contains(&word.as_str()))?;
    let strict = Arguments::command()
        .mut_subcommand(command, |command| command.mut_args(|argument| argument.allow_hyphen_values(false)));
    let known = strict.find_subcommand(command)?.clone();
    let is_known = |word: &str| {
        let name = word.split_once('=').map_or(word, |(name, _)| name);
        name == "--help" || known.get_arguments().any(|own| own.get_long() == name.get(2..))
    };
    let is_name = |name: &str| name.len() > 1 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let is_unknown = |word: &&String| {
        let option = word.strip_prefix("--").filter(|rest| rest.starts_with(char::is_alphabetic));
        option.is_some_and(|option| command == "get" || is_name(option)) && !is_known(word)
    };
    let word = words.iter().skip(2).take_while(|word| *word != "--").find(is_unknown)?;
    strict.try_get_matches_from([&words[0], command, word]).err()
}

/// Standard error with all that is written escaped but line breaks at the end: names of files are in the messages.
struct EscapedErrors;

impl Write for EscapedErrors {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let line = text.trim_end_matches('\n');
        let breaks = &text[line.len()..];
        std::io::stderr().write_all([&*escaped(line), breaks].concat().as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stderr().flush()
    }
}

/// To standard error; `PAGELENS_LOG=debug` shows more.
fn start_log(probes: bool) {
    // What winit says of the desktop is nothing that a user can mend.
    let usual = if probes { "probe=info,warn,winit=error" } else { "warn,winit=error" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("PAGELENS_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(usual));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(|| EscapedErrors).with_ansi(false).init();
}

fn run(arguments: Arguments, started: Instant) -> Result<(), String> {
    let known = Arguments::command();
    let commands = known.get_subcommands().map(clap::Command::get_name);
    if let Some((word, command)) =
        arguments.files.first().and_then(|word| Some((word, cli::meant::meant(word, commands)?)))
    {
        return Err(format!("There is no file {}. Did you mean the command {command}?", word.shown()));
    }
    startup::check_desktop()?;
    // Files are read while the window is made; whoever has news of them wakes it once it is there.
    let window: Arc<OnceLock<egui::Context>> = Arc::default();
    let waker: Waker = Arc::new({
        let window = Arc::clone(&window);
        move || {
            if let Some(ctx) = window.get() {
                ctx.request_repaint();
            }
        }
    });
    let clipboard_waker = Arc::clone(&waker);
    let mut session = Session::new(Remembered::load(Folders::of_this_user()), waker);
    open_files(&mut session, &arguments);
    startup::wait_for_contents(&mut session, BEFORE_THE_WINDOW);
    let viewport = egui::ViewportBuilder::default()
        .with_app_id("org.pagelens.pagelens")
        .with_title(pagelens::ui::window_title(&session))
        .with_icon(theme::icon())
        .with_drag_and_drop(true);
    let (viewport, hook) = startup::place(viewport, session.window(), session.settings().zoom);
    let options = eframe::NativeOptions {
        viewport,
        window_builder: Some(hook),
        clipboard_shortcuts: false,
        ..eframe::NativeOptions::default()
    };
    startup::open_window(
        "pagelens",
        options,
        Box::new(move |creation| {
            let ctx = creation.egui_ctx.clone();
            // Set once, by the only window.
            let _ = window.set(ctx.clone());
            startup::wait_for_contents(&mut session, BEFORE_THE_FIRST_FRAME);
            let probe = arguments.probe.map(|jumps| Probe::new(started, jumps));
            let app =
                App::new(&ctx, session).with_clipboard(Clipboard::of_window(&ctx, creation, clipboard_waker));
            Ok(Box::new(app.with_probe(probe).with_parent(parent_of(creation))))
        }),
    )
}

fn open_files(session: &mut Session, arguments: &Arguments) {
    for (at, file) in arguments.files.iter().enumerate() {
        let options = OpenOptions {
            offset: arguments.offset.clone(),
            dtype: arguments.dtype.as_ref().and_then(|dtype| dtype.number()),
            array: array_request(arguments),
            columns: arguments.columns,
            encoding: None,
            read_only: arguments.read_only,
            in_front: at == 0,
            left: None,
        };
        session.open(file.clone(), options);
    }
}

/// What is asked for beyond typed values; the session reads it, and says what does not fit.
fn array_request(arguments: &Arguments) -> Option<ArrayRequest> {
    let Arguments { array: name, shape, order, slice, dtype, offset, .. } = arguments;
    let is_asked = name.is_some()
        || shape.is_some()
        || order.is_some()
        || slice.is_some()
        || dtype.as_ref().is_some_and(|dtype| dtype.number().is_none());
    is_asked.then(|| ArrayRequest {
        name: name.clone(),
        dtype: dtype.as_ref().map(|dtype| dtype.text.clone()),
        offset: offset.clone(),
        shape: shape.clone(),
        order: order.clone(),
        slice: slice.clone(),
    })
}

/// A type as it was typed, and what it means.
#[derive(Clone, Debug)]
struct Typed {
    text: String,
    item: ItemType,
}

impl Typed {
    /// The type, if it is one number an item. Others are shown as an array.
    const fn number(&self) -> Option<DType> {
        match self.item {
            ItemType::Scalar(dtype) => Some(dtype),
            _ => None,
        }
    }
}

fn typed(text: &str) -> Result<Typed, ParseDTypeError> {
    text.parse().map(|item| Typed { text: text.to_owned(), item })
}
