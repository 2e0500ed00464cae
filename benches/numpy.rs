//! NumPy in a Python that goes on running: it times what it is asked itself, by turns with our own work, so neither side
//! pays for a start and both find the file in the page cache.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Reads a line for each question: what is timed, a tab, and what is printed of `r` afterwards.
const LOOP: &str = "
import sys, time
import numpy as np
exec(sys.argv[1])
for line in sys.stdin:
    asked, shown = line.rstrip('\\n').split('\\t')
    asked = compile(asked, 'asked', 'exec')
    begin = time.perf_counter()
    exec(asked)
    seconds = time.perf_counter() - begin
    print(seconds, eval(shown), flush=True)
    r = None
";

/// A Python that answers.
pub struct NumPy {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// The Python that has NumPy, if there is one.
pub fn python() -> Option<PathBuf> {
    let home = std::env::var_os("PAGELENS_ORACLE").map(PathBuf::from);
    let home = home.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/oracle"));
    Some(home.join("bin/python3")).filter(|python| python.exists())
}

impl NumPy {
    /// A new one, which first runs `setup`; `None` without NumPy.
    pub fn open(setup: &str) -> io::Result<Option<Self>> {
        let Some(python) = python() else { return Ok(None) };
        let mut command = Command::new(python);
        command.args(["-c", LOOP, setup]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let output = output.ok_or_else(|| io::Error::other("Python has no output"))?;
        Ok(Some(Self { child, input, output: BufReader::new(output) }))
    }

    /// How long `asked` takes, and `shown`, an expression over what it leaves in `r`.
    pub fn time(&mut self, asked: &str, shown: &str) -> io::Result<(f64, String)> {
        let input = self.input.as_mut().ok_or_else(|| io::Error::other("Python has no input"))?;
        writeln!(input, "{asked}\t{shown}")?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let (seconds, shown) = line.trim().split_once(' ').unwrap_or_default();
        let seconds =
            seconds.parse().map_err(|_| io::Error::other(format!("NumPy did not answer {asked}")))?;
        Ok((seconds, shown.to_owned()))
    }
}

impl Drop for NumPy {
    fn drop(&mut self) {
        // The end of its input ends it.
        self.input = None;
        let _ = self.child.wait();
    }
}
