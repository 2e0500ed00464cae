//! Commands without a window: what they say, what they do, how they end.

mod diff;
mod find;
mod hash;
pub mod headers;
#[cfg(unix)]
mod names;
mod plot;
mod streams;
mod strings;
mod what;

use crate::save::interrupted::{Moment, interrupt};
use pagelens::bytes::Span;
use pagelens::cli::Outcome;
use pagelens::cli::recover::{RecoverOptions, run};
use std::path::{Path, PathBuf};
use std::process::Command;

const OLD: [u8; 2000] = [b'o'; 2000];

fn torn(folder: &Path, name: &str, moment: Moment) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, OLD).expect("written");
    let edits = [(Span::between(10, 14), &b"NEW!"[..]), (Span::between(1500, 2000), b"")];
    interrupt(&path, &edits, moment);
    path
}

fn recover(paths: &[&Path]) -> Outcome {
    let paths = paths.iter().map(|path| path.to_path_buf()).collect();
    run(&RecoverOptions { paths, ..RecoverOptions::default() }, None)
}

fn names(folder: &Path) -> usize {
    folder.read_dir().expect("a folder").count()
}

#[test]
fn a_folder_of_interrupted_saves_is_put_right() {
    let folder = tempfile::tempdir().expect("a folder");
    let back = torn(folder.path(), "back", Moment::Written);
    let forward = torn(folder.path(), "forward", Moment::Done);
    let early = torn(folder.path(), "early", Moment::Journal);
    let stray = folder.path().join(".x.pagelens-0123456789abcdef.tmp");
    std::fs::write(&stray, b"half").expect("written");
    let before = std::fs::read(&back).expect("there");

    let paths = vec![folder.path().to_owned()];
    let dry = run(&RecoverOptions { paths, dry_run: true, ..RecoverOptions::default() }, None);
    assert_eq!((dry.code, dry.lines.len(), names(folder.path())), (0, 4, 7), "{dry:?}");
    assert_eq!(std::fs::read(&back).expect("there"), before);

    let done = recover(&[folder.path()]);
    assert_eq!((done.code, done.lines.len()), (0, 4), "{done:?}");
    assert_eq!(std::fs::read(&back).expect("there"), OLD);
    assert_eq!(std::fs::read(&early).expect("there"), OLD);
    let new = std::fs::read(&forward).expect("there");
    assert_eq!((new.len(), &new[10..14]), (1500, &b"NEW!"[..]));
    assert_eq!(names(folder.path()), 3);
    let again = recover(&[folder.path()]);
    assert_eq!((again.code, again.lines.len(), again.errors.len()), (0, 1, 0), "{again:?}");
}

#[test]
fn a_conflict_asks_for_a_choice_and_touches_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = torn(folder.path(), "file", Moment::Written);
    let mut changed = std::fs::read(&path).expect("there");
    changed[11] = b'?';
    std::fs::write(&path, &changed).expect("written");
    let asked = recover(&[&path]);
    assert_eq!((asked.code, asked.lines.len()), (2, 0), "{asked:?}");
    assert!(
        asked.errors[0].contains("--put-back-old") && asked.errors[0].contains("4e 3f 57 21"),
        "{asked:?}"
    );
    assert_eq!(std::fs::read(&path).expect("there"), changed);
    let paths = vec![path.clone()];
    let chosen = run(&RecoverOptions { paths, put_back_old: true, ..RecoverOptions::default() }, None);
    assert_eq!((chosen.code, std::fs::read(&path).expect("there")), (0, OLD.to_vec()), "{chosen:?}");
}

/// A choice is for files that hold neither their old nor their new bytes; others are done with as without it. What a dry
/// run says is what is done.
#[test]
fn a_choice_is_about_conflicts_alone() {
    for keep_as_is in [false, true] {
        let folder = tempfile::tempdir().expect("a folder");
        let back = torn(folder.path(), "back", Moment::Written);
        let forward = torn(folder.path(), "forward", Moment::Done);
        let conflict = torn(folder.path(), "conflict", Moment::Written);
        let mut changed = std::fs::read(&conflict).expect("there");
        changed[11] = b'?';
        std::fs::write(&conflict, &changed).expect("written");
        let chosen = |dry_run| {
            let paths = vec![folder.path().to_owned()];
            run(&RecoverOptions { paths, dry_run, put_back_old: !keep_as_is, keep_as_is }, None)
        };
        let said = |outcome: &Outcome, name: &str, words: &str| {
            let start = format!("{}{name}: ", std::path::MAIN_SEPARATOR);
            let line = outcome.lines.iter().find(|line| line.contains(&start));
            assert!(line.is_some_and(|line| line.contains(words)), "{name}, {words}: {outcome:?}");
        };
        let dry = chosen(true);
        said(&dry, "back", "old bytes would be restored");
        said(&dry, "forward", "new bytes would be kept");
        said(&dry, "conflict", if keep_as_is { "would be left unchanged" } else { "would be written back" });
        let done = chosen(false);
        assert_eq!((done.code, names(folder.path())), (0, 3), "{done:?}");
        said(&done, "back", "old bytes were restored (");
        said(&done, "forward", "new bytes were kept");
        said(&done, "conflict", "as you chose");
        assert_eq!(std::fs::read(&back).expect("there"), OLD);
        let new = std::fs::read(&forward).expect("there");
        assert_eq!((new.len(), &new[10..14]), (1500, &b"NEW!"[..]));
        let kept = std::fs::read(&conflict).expect("there");
        assert_eq!(kept, if keep_as_is { changed } else { OLD.to_vec() });
    }
}

#[test]
#[cfg(unix)]
fn the_right_to_run_as_its_owner_is_given_back() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let folder = tempfile::tempdir().expect("a folder");
    let set_mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("set");
    };
    for (meanwhile, expected) in [(0o755, 0o4755), (0o700, 0o700)] {
        let path = folder.path().join("file");
        std::fs::write(&path, OLD).expect("written");
        set_mode(&path, 0o4755);
        interrupt(&path, &[(Span::between(10, 14), b"NEW!")], Moment::Written);
        // What a write by another user than root takes; and, the second time, what somebody has chosen since.
        set_mode(&path, meanwhile);
        assert_eq!(recover(&[&path]).code, 0);
        assert_eq!(std::fs::metadata(&path).expect("there").mode() & 0o7777, expected);
        assert_eq!(std::fs::read(&path).expect("there"), OLD);
    }
    // Also where the file would be left alone if there were a conflict; not where others may write to it.
    for (mode, expected) in [(0o4755, 0o4755), (0o4775, 0o775)] {
        let path = folder.path().join("file");
        std::fs::write(&path, OLD).expect("written");
        set_mode(&path, mode);
        interrupt(&path, &[(Span::between(10, 14), b"NEW!")], Moment::Written);
        set_mode(&path, mode & 0o777);
        let paths = vec![path.clone()];
        let done = run(&RecoverOptions { paths, keep_as_is: true, ..RecoverOptions::default() }, None);
        assert_eq!(std::fs::read(&path).expect("there"), OLD);
        assert_eq!(std::fs::metadata(&path).expect("there").mode() & 0o7777, expected, "{done:?}");
        assert_eq!(done.lines.concat().contains("were not restored"), expected == 0o775, "{done:?}");
    }
}

/// What only looks like a journal of ours is left alone: it could be newer, or lend rights and bytes.
#[test]
#[cfg(unix)]
fn a_strange_journal_is_neither_believed_nor_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    type Change = fn(&Path);
    let strange: [Change; 3] = [
        |journal| {
            let real = journal.with_extension("real");
            std::fs::rename(journal, &real)
                .and_then(|()| std::os::unix::fs::symlink(&real, journal))
                .expect("linked");
        },
        |journal| {
            std::fs::remove_file(journal).expect("removed");
            assert!(Command::new("mkfifo").arg(journal).status().expect("run").success());
        },
        |journal| {
            if std::os::unix::fs::chown(journal, Some(4321), None).is_err() {
                println!("SKIPPED: only root may give files away, so a stranger's journal was not tested");
                std::fs::remove_file(journal).and_then(|()| std::fs::create_dir(journal)).expect("made");
            }
        },
    ];
    for (n, change) in strange.iter().enumerate() {
        let path = torn(folder.path(), &format!("file{n}"), Moment::Written);
        let before = std::fs::read(&path).expect("there");
        let journal = folder.path().join(format!(".file{n}.pagelens-journal"));
        change(&journal);
        let asked = recover(&[&path]);
        assert_eq!((asked.code, asked.errors.len()), (1, 1), "{asked:?}");
        assert!(asked.errors[0].contains("Nothing was written. Move it to another folder"), "{asked:?}");
        assert_eq!(std::fs::read(&path).expect("there"), before);
        assert!(std::fs::symlink_metadata(&journal).is_ok());
    }
}

#[test]
fn what_is_not_there_is_said() {
    let missing = recover(&[Path::new("/nowhere/at/all")]);
    assert_eq!((missing.code, missing.errors.len()), (1, 1), "{missing:?}");
}

/// The program itself, as it is typed.
#[test]
fn the_command_is_there_and_a_file_of_its_name_still_opens_as_a_path() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = torn(folder.path(), "file", Moment::Written);
    let program = || Command::new(env!("CARGO_BIN_EXE_pagelens"));
    let output = program().arg("recover").arg(&path).output().expect("run");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("the old bytes were restored"), "{output:?}");
    assert_eq!(std::fs::read(&path).expect("there"), OLD);
    let help = program().arg("--help").output().expect("run");
    let help = String::from_utf8_lossy(&help.stdout);
    assert!(help.contains("recover") && help.contains("./NAME"), "{help}");
}
