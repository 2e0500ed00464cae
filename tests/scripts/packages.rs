//! `scripts/packages`: what is missing is found at once, installed in one round, and named where it can't be.

use super::machine::Machine;

const INSTALL: &str = "install -q -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=120 ";

#[test]
fn where_nothing_is_missing_nothing_is_asked_or_installed() {
    for what in ["window", "tests", "values"] {
        let answer = Machine::complete().prepare(what, &[]);
        assert!(answer.ok, "{what}: {answer:?}");
        assert_eq!(
            (answer.said.as_str(), answer.calls_of("sudo"), answer.calls_of("apt-get")),
            ("", vec![], vec![])
        );
    }
}

#[test]
fn all_that_is_missing_comes_in_one_round_with_one_password() {
    let machine = Machine::complete();
    machine.lacks(&["cc", "Xvfb", "python3", "grim", "sway"]);
    let variables =
        [("NO_LIBRARIES", "libXi libGL libwayland-egl"), ("SSL_CERT_FILE", ""), ("KNOWN", "grim")];
    let answer = machine.prepare("tests", &variables);
    assert!(answer.ok, "{answer:?}");
    assert_eq!(answer.calls_of("sudo").len(), 1, "{answer:?}");
    let rounds = answer.calls_of("apt-get");
    let [update, install] = rounds[..] else { panic!("{rounds:?}") };
    assert_eq!(update, "update -q");
    let packages = install.strip_prefix(INSTALL).unwrap_or_else(|| panic!("{install}"));
    let mut packages: Vec<&str> = packages.split(' ').collect();
    // Machines without a file of certificates, or without a driver, lack these too.
    packages.retain(|package| !["ca-certificates", "libgl1-mesa-dri"].contains(package));
    // Of what may be missing, only what can be had.
    let want = ["gcc", "libc6-dev", "python3-venv", "libgl1", "libxi6", "libwayland-egl1", "xvfb", "grim"];
    assert_eq!(packages, want);
}

#[test]
fn a_compiler_without_headers_is_no_compiler() {
    let answer = Machine::complete().prepare("window", &[("NO_HEADERS", "1")]);
    assert_eq!(answer.calls_of("apt-get")[1], format!("{INSTALL}libc6-dev"), "{answer:?}");
    let machine = Machine::complete();
    machine.has("cc", "case $1 in -print-file-name=*) echo Scrt1.o ;; -E) cat >/dev/null ;; esac");
    let answer = machine.prepare("window", &[]);
    assert_eq!(answer.calls_of("apt-get")[1], format!("{INSTALL}libc6-dev"), "{answer:?}");
}

#[test]
fn a_desktop_needs_its_own_libraries_only() {
    let missing = ("NO_LIBRARIES", "libXi libwayland-client");
    let packages = |display: &'static str, wayland: &'static str| {
        let variables = [missing, ("DISPLAY", display), ("WAYLAND_DISPLAY", wayland)];
        let answer = Machine::complete().prepare("window", &variables);
        answer.calls_of("apt-get")[1].replace(INSTALL, "").replace(" libgl1-mesa-dri", "")
    };
    assert_eq!(packages(":0", ""), "libxi6");
    assert_eq!(packages("", "wayland-0"), "libwayland-client0");
    assert_eq!(packages(":0", "wayland-0"), "libxi6 libwayland-client0");
}

#[test]
fn who_may_not_install_is_asked_once_and_told_what_is_needed() {
    let machine = Machine::complete();
    machine.lacks(&["cc"]);
    let wanted = "apt-get install gcc libc6-dev";
    let answer = machine.prepare("window", &[("SUDO_FAILS", "1")]);
    assert!(
        !answer.ok && answer.said.contains(wanted) && answer.said.contains("administrator"),
        "{answer:?}"
    );
    assert_eq!((answer.calls_of("sudo").len(), answer.calls_of("apt-get").len()), (1, 0), "{answer:?}");
    machine.lacks(&["sudo"]);
    let answer = machine.prepare("window", &[]);
    assert!(!answer.ok && answer.said.contains("as root") && answer.said.contains(wanted), "{answer:?}");
    machine.has("id", "echo 0");
    let answer = machine.prepare("window", &[("APT_FAILS", "1")]);
    assert!(!answer.ok && answer.said.contains("could not install them"), "{answer:?}");
}

#[test]
fn without_apt_the_programs_are_named() {
    let machine = Machine::complete();
    machine.lacks(&["apt-get", "cc", "Xvfb", "sway", "python3"]);
    let answer = machine.prepare("tests", &[("NO_LIBRARIES", "libGL")]);
    assert!(!answer.ok, "{answer:?}");
    for name in ["cc", "stdlib.h", "Python 3.11 or newer with venv", "libGL.so.1", "Xvfb", "has no apt-get"] {
        assert!(answer.said.contains(name), "{name}: {answer:?}");
    }
    assert!(!answer.said.contains("sway"), "what may be missing is no reason to stop: {answer:?}");
    assert_eq!(answer.calls_of("sudo").len(), 0);
    // Only that may be missing: on it goes.
    let machine = Machine::complete();
    machine.lacks(&["apt-get", "sway"]);
    assert!(machine.prepare("tests", &[]).ok);
}

#[test]
fn no_cargo_or_an_old_one_is_said_before_anything_is_installed() {
    let machine = Machine::complete();
    machine.lacks(&["cargo", "Xvfb"]);
    let answer = machine.prepare("tests", &[]);
    assert!(!answer.ok && answer.calls_of("apt-get").is_empty(), "{answer:?}");
    for words in ["Rust 1.95 or newer", "cargo is not installed", "sh.rustup.rs", "apt-get install xvfb"] {
        assert!(answer.said.contains(words), "{words}: {answer:?}");
    }
    let answer = machine.prepare("tests", &[("KNOWN", "rustup")]);
    assert!(answer.said.contains("apt-get install rustup && rustup default stable"), "{answer:?}");

    let machine = Machine::complete();
    for (version, fits) in [("1.94.9", false), ("1.95.0", true), ("1.100.0", true), ("2.0.0-nightly", true)] {
        machine.has("cargo", &format!("echo 'cargo {version} (abc 2026-01-01)'"));
        let answer = machine.prepare("window", &[]);
        assert_eq!(answer.ok, fits, "{version}: {answer:?}");
        assert_eq!(answer.said.contains(version), !fits, "{answer:?}");
    }
    // That of rustup without a toolchain.
    machine.has("cargo", "echo 'error: no default toolchain is set' >&2; exit 1");
    let answer = machine.prepare("window", &[]);
    assert!(!answer.ok && answer.said.contains("no default toolchain is set"), "{answer:?}");
}

#[test]
fn the_cargo_of_the_user_counts_where_the_one_of_the_system_is_old() {
    let machine = Machine::complete();
    std::fs::create_dir_all(machine.path("home/.cargo/bin")).unwrap();
    std::fs::rename(machine.path("bin/cargo"), machine.path("home/.cargo/bin/cargo")).unwrap();
    assert!(machine.prepare("window", &[]).ok);
    machine.has("cargo", "echo 'cargo 0.66.0'");
    assert!(machine.prepare("window", &[]).ok);
}

/// Runs `prepare` at a terminal, at which a person answers.
fn at_a_terminal(machine: &Machine, answer: &str, known: &str) -> super::machine::Answer {
    let line = format!(
        "echo {answer} | script -qec \"bash -c 'set -eu; . scripts/packages; prepare tests && echo is ready'\" /dev/null"
    );
    machine.answer(machine.command(&line).env("KNOWN", known).env("SHELL", machine.path("bin/sh")))
}

#[test]
fn at_a_terminal_rust_is_offered_and_installed_with_the_rest() {
    let machine = Machine::complete();
    machine.lacks(&["cargo", "Xvfb"]);
    let answer = at_a_terminal(&machine, "n", "rustup");
    assert!(answer.said.contains("Install Rust with rustup now"), "{answer:?}");
    assert!(!answer.said.contains("is ready") && answer.calls_of("apt-get").is_empty(), "{answer:?}");

    // The package of the system; what apt-get installs is there from then on.
    let cargo = "cat >\"${0%/*}/cargo\" <<'END'\n#!/usr/bin/env sh\necho 'cargo 1.96.0'\nEND\n\
                 rm -f \"${0%/*}/chmod\"; /bin/chmod +x \"${0%/*}/cargo\"";
    machine.has("rustup-of-the-package", cargo);
    machine.has("apt-get", "[ \"$1\" = update ] || cat \"${0%/*}/rustup-of-the-package\" >\"${0%/*}/rustup\"; /bin/chmod +x \"${0%/*}/rustup\" 2>/dev/null || true");
    let answer = at_a_terminal(&machine, "y", "rustup");
    assert!(answer.said.contains("is ready"), "{answer:?}");
    assert_eq!(answer.calls_of("sudo").len(), 1, "{answer:?}");
    assert_eq!(answer.calls_of("apt-get")[1], format!("{INSTALL}xvfb rustup"), "{answer:?}");

    // From its own site where there is no such package.
    let machine = Machine::complete();
    machine.lacks(&["cargo", "Xvfb"]);
    machine.has("curl", "echo 'mkdir -p \"$HOME/.cargo/bin\"; echo \"#!/usr/bin/env sh\necho cargo 1.96.0\" >\"$HOME/.cargo/bin/cargo\"; /bin/chmod +x \"$HOME/.cargo/bin/cargo\"'");
    machine.has("mkdir", "/bin/mkdir \"$@\"");
    let answer = at_a_terminal(&machine, "y", "");
    assert!(answer.said.contains("is ready"), "{answer:?}");
    assert_eq!(answer.calls_of("apt-get")[1], format!("{INSTALL}xvfb"), "{answer:?}");
    assert!(answer.calls_of("curl")[0].ends_with("https://sh.rustup.rs"), "{answer:?}");
}

#[test]
fn the_display_is_looked_for_before_anything_is_installed() {
    let machine = Machine::complete();
    machine.lacks(&["cc"]);
    let answer = machine.answer(machine.command("scripts/run").env_remove("DISPLAY"));
    assert!(!answer.ok && answer.said.contains("neither DISPLAY nor WAYLAND_DISPLAY is set"), "{answer:?}");
    assert_eq!(answer.calls_of("apt-get").len() + answer.calls_of("sudo").len(), 0, "{answer:?}");
}
