//! What the command line costs: ten values at the end of a huge file against `tail`, and a gigabyte written as `.npy`
//! against NumPy's memmap and `np.save`.
//!
//! NumPy comes from the Python that `scripts/test` sets up; without one its part is left out.

use crate::numpy::python;
use std::fs::File;
use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const GIB: u64 = 1 << 30;

pub fn run() {
    for (what, part) in [("ten values", ten_values as fn() -> io::Result<()>), ("a gigabyte", gigabyte)] {
        if let Err(error) = part() {
            println!("{what}: no figures, because {error}");
        }
    }
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_pagelens"))
}

/// How long a command runs, which has to succeed.
fn timed(command: &mut Command) -> io::Result<Duration> {
    let start = Instant::now();
    let output = command.stdin(Stdio::null()).output()?;
    let took = start.elapsed();
    if output.status.success() {
        return Ok(took);
    }
    Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

fn ten_values() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("huge");
    File::create(&path)?.set_len(1024 * GIB)?;
    let get = || {
        let mut command = program();
        command.arg("get").arg(&path).args(["[-10:]", "--dtype", "<f4"]);
        command
    };
    let (mut own, mut tail) = (Vec::new(), Vec::new());
    for _ in 0..101 {
        own.push(timed(&mut get())?);
        tail.push(timed(Command::new("tail").args(["-c", "40"]).arg(&path))?);
    }
    let (own, tail) = (median(&mut own) * 1e3, median(&mut tail) * 1e3);
    println!("ten values at the end of 1 TiB: {own:.2} ms, tail -c 40 {tail:.2} ms: {:.2} times", own / tail);
    let Some(python) = python() else { return Ok(()) };
    let script = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); \
                  print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
    let get = get();
    let output =
        Command::new(python).arg("-c").arg(script).arg(get.get_program()).args(get.get_args()).output()?;
    let kib: f64 = String::from_utf8_lossy(&output.stdout).trim().parse().map_err(io::Error::other)?;
    println!("its memory: {:.1} MiB", kib / 1024.0);
    Ok(())
}

fn gigabyte() -> io::Result<()> {
    let python =
        python().ok_or_else(|| io::Error::other("there is no Python with NumPy in target/oracle"))?;
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name);
    let (source, own_out, out) = (path("source.bin"), path("own.npy"), path("numpy.npy"));
    let mut random = fastrand::Rng::with_seed(1);
    let block: Vec<u8> = (0..1 << 20).flat_map(|_| random.f32().to_le_bytes()).collect();
    let mut file = File::create(&source)?;
    for _ in 0..GIB / block.len() as u64 {
        file.write_all(&block)?;
    }
    file.sync_all()?;
    let script = "import sys, time, numpy as np; start = time.perf_counter(); \
                  np.save(sys.argv[2], np.memmap(sys.argv[1], dtype='<f4', mode='r')); \
                  print(time.perf_counter() - start)";
    let (mut own, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..7 {
        let mut get = program();
        get.arg("get").arg(&source).args(["--dtype", "<f4", "--npy"]).arg(&own_out);
        own.push(timed(&mut get)?);
        let output = Command::new(&python).args(["-c", script]).args([&source, &out]).output()?;
        let seconds: f64 =
            String::from_utf8_lossy(&output.stdout).trim().parse().map_err(io::Error::other)?;
        peer.push(Duration::from_secs_f64(seconds));
        std::fs::remove_file(&own_out)?;
        std::fs::remove_file(&out)?;
    }
    let (own, peer) = (median(&mut own), median(&mut peer));
    println!(
        "1 GiB of f32 as .npy: {own:.2} s from start to end, np.save of a memmap alone {peer:.2} s: {:.2} times its speed",
        peer / own
    );
    Ok(())
}
