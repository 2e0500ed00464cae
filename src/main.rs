//! The program: arguments, logging, the window. The only place that prints or exits.

use clap::{Parser, Subcommand};
use pagelens::cli;
use pagelens::decode::DType;
use pagelens::job::Waker;
use pagelens::save::disk::adjust_limits;
use pagelens::session::{OpenOptions, Remembered, Session};
use pagelens::state::Folders;
use pagelens::ui::probe::Probe;
use pagelens::ui::{App, startup, theme};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

/// Open files of any size as bytes and as typed arrays, and edit them safely.
#[derive(Parser, Debug)]
#[command(
    version,
    after_help = "Nothing is written to a file before you save. A file called like a command opens as ./NAME.",
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// Files to open; - reads standard input
    files: Vec<PathBuf>,

    /// Where to put the caret: 0x1F00, 7936, -16 (from the end), or a sum
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true)]
    offset: Option<String>,

    /// Show typed values: uint8 to float64, float16, bfloat16, or as NumPy writes it: '<f4'
    #[arg(long, value_name = "TYPE")]
    dtype: Option<DType>,

    /// Bytes a row (values a row with --dtype); 0 for as many as fit
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
    /// Put files right whose save was cut off, as by a power cut
    Recover(cli::recover::Options),
}

fn main() -> ExitCode {
    let started = Instant::now();
    adjust_limits();
    let arguments = Arguments::parse();
    start_log(arguments.probe.is_some());
    if let Some(Command::Recover(options)) = &arguments.command {
        let outcome = cli::recover::run(options, Folders::of_this_user().as_ref());
        outcome.lines.iter().for_each(|line| println!("{line}"));
        outcome.errors.iter().for_each(|line| eprintln!("{line}"));
        return ExitCode::from(outcome.code);
    }
    match run(arguments, started) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// To standard error; `PAGELENS_LOG=debug` shows more.
fn start_log(probes: bool) {
    // What winit says of the desktop is nothing that a user can mend.
    let usual = if probes { "probe=info,warn,winit=error" } else { "warn,winit=error" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("PAGELENS_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(usual));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
}

fn run(arguments: Arguments, started: Instant) -> Result<(), String> {
    let remembered = Remembered::load(Folders::of_this_user());
    let viewport = egui::ViewportBuilder::default()
        .with_app_id("pagelens")
        .with_title("pagelens")
        .with_icon(theme::icon())
        .with_inner_size([1440.0, 900.0])
        .with_min_inner_size([480.0, 320.0])
        .with_drag_and_drop(true);
    let options = eframe::NativeOptions { viewport, ..eframe::NativeOptions::default() };
    startup::open_window(
        "pagelens",
        options,
        Box::new(move |creation| {
            let ctx = creation.egui_ctx.clone();
            let waker: Waker = Arc::new({
                let ctx = ctx.clone();
                move || ctx.request_repaint()
            });
            let mut session = Session::new(remembered, waker);
            open_files(&mut session, &arguments);
            let probe = arguments.probe.map(|jumps| Probe::new(started, jumps));
            Ok(Box::new(App::new(&ctx, session).with_probe(probe)))
        }),
    )
}

fn open_files(session: &mut Session, arguments: &Arguments) {
    for (at, file) in arguments.files.iter().enumerate() {
        let options = OpenOptions {
            offset: arguments.offset.clone(),
            top: None,
            dtype: arguments.dtype,
            columns: arguments.columns,
            encoding: None,
            array: None,
            read_only: arguments.read_only,
            in_front: at == 0,
            restored: false,
        };
        session.open(file.clone(), options);
    }
}
