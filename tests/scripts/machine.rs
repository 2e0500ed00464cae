//! A machine made of stand-ins: a folder of programs that is the whole path, some of them real, most of them not.
//!
//! The stand-ins write down what they were called with. What the scripts look for elsewhere than in the path (headers,
//! libraries) is asked of programs too, so it is decided here as well.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// Programs that every system has, taken as they are.
const REAL: [&str; 13] =
    ["bash", "sh", "env", "sed", "grep", "awk", "sort", "head", "dirname", "cat", "cmp", "rm", "script"];

pub struct Machine {
    folder: TempDir,
}

impl Machine {
    /// A Debian of a plain user with a desktop, on which nothing is missing.
    pub fn complete() -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(machine.path("bin")).unwrap();
        std::fs::create_dir(machine.path("home")).unwrap();
        for name in REAL {
            let found = std::env::split_paths(&std::env::var_os("PATH").unwrap())
                .map(|folder| folder.join(name))
                .find(|path| path.exists());
            symlink(
                found.unwrap_or_else(|| panic!("this test needs {name}")),
                machine.path("bin").join(name),
            )
            .unwrap();
        }
        machine.has("uname", "echo Linux");
        machine.has("id", "echo 1000");
        machine.has("cargo", "case $1 in --version) echo 'cargo 1.95.0 (abc 2026-03-21)' ;; esac");
        machine.has(
            "cc",
            "case $1 in -print-file-name=*) echo /dev/null ;; -E) cat >/dev/null; exit \"${NO_HEADERS:-0}\" ;; esac",
        );
        machine.has("python3", "");
        machine.has("apt-get", "exit \"${APT_FAILS:-0}\"");
        machine.has("apt-cache", "for known in $KNOWN; do [ \"$2\" != \"$known\" ] || exit 0; done; exit 1");
        machine.has("dpkg-query", "exit 1");
        machine.has("sudo", "[ -z \"${SUDO_FAILS:-}\" ] || exit 1; \"$@\"");
        let libraries = "libX11 libX11-xcb libxcb libXcursor libXrender libXi libxkbcommon-x11 libwayland-client \
                         libwayland-cursor libwayland-egl libxkbcommon libGL libEGL";
        machine.has(
            "ldconfig",
            &format!(
                "for name in {libraries}; do for end in 0 1 6; do\n\
                 case \" $NO_LIBRARIES \" in *\" $name \"*) continue ;; esac\n\
                 printf '\\t%s.so.%s (libc6,x86-64) => /x\\n' $name $end; done; done"
            ),
        );
        let tests = "Xvfb openbox xdotool xclip desktop-file-validate update-mime-database xdg-mime gio";
        let optional = "appstreamcli sway wtype grim";
        tests.split(' ').chain(optional.split(' ')).for_each(|tool| machine.has(tool, ""));
        machine
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a program there, which writes its call down and then does what `body` says.
    pub fn has(&self, name: &str, body: &str) {
        let log = self.path("calls");
        let text =
            format!("#!/usr/bin/env sh\necho \"{name} $*\" | head -n 1 >>'{}'\n{body}\n", log.display());
        let path = self.path("bin").join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub fn lacks(&self, names: &[&str]) {
        names.iter().for_each(|name| std::fs::remove_file(self.path("bin").join(name)).unwrap());
    }

    /// What would run a script of the project here, or a line of shell after `scripts/packages`.
    pub fn command(&self, line: &str) -> Command {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(self.path("bin/bash"));
        command.args(["-c", line]).current_dir(root).stdin(Stdio::null()).env_clear();
        command.env("PATH", self.path("bin")).env("HOME", self.path("home")).env("LC_ALL", "C");
        command.env("DISPLAY", ":0").env("SSL_CERT_FILE", "/dev/null").env("KNOWN", "");
        command
    }

    /// Runs `prepare` for something; `variables` say how this machine differs.
    pub fn prepare(&self, what: &str, variables: &[(&str, &str)]) -> Answer {
        let mut command = self.command(&format!("set -euo pipefail; . scripts/packages; prepare {what}"));
        self.answer(command.envs(variables.iter().copied()))
    }

    pub fn answer(&self, command: &mut Command) -> Answer {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let calls = std::fs::read_to_string(self.path("calls")).unwrap_or_default();
        let _ = std::fs::remove_file(self.path("calls"));
        let said = [stdout, stderr].concat();
        Answer { ok: status.success(), said: String::from_utf8_lossy(&said).into_owned(), calls }
    }
}

/// How a script ended.
#[derive(Debug)]
pub struct Answer {
    pub ok: bool,
    pub said: String,
    pub calls: String,
}

impl Answer {
    /// The calls of one program, without its name.
    pub fn calls_of(&self, program: &str) -> Vec<&str> {
        self.calls.lines().filter_map(|line| line.strip_prefix(program)?.strip_prefix(' ')).collect()
    }
}
