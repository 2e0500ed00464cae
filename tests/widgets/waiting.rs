//! The window never waits for a disk, and rests when there is nothing to do.

use super::rig::Window;
use egui::{Event, Key, Modifiers, pos2, vec2};
use pagelens::bytes::{Availability, ReadError, Source, Span};
use pagelens::session::{Action, Command, PaneAction};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::ThreadId;
use std::time::Duration;

/// A disk that does not answer before its gate is opened, and notes who asked it.
#[derive(Debug, Default)]
struct Stuck {
    readers: Mutex<Vec<ThreadId>>,
    is_open: Mutex<bool>,
    opened: Condvar,
}

const LEN: u64 = 1 << 40;

impl Source for Stuck {
    fn len(&self) -> u64 {
        LEN
    }

    fn read_at(&self, _offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.readers.lock().expect("not poisoned").push(std::thread::current().id());
        let mut is_open = self.is_open.lock().expect("not poisoned");
        while !*is_open {
            is_open = self.opened.wait(is_open).expect("not poisoned");
        }
        buf.fill(0x41);
        Ok(())
    }

    fn peek(&self, _offset: u64, _buf: &mut [u8], _states: &mut [Availability]) {
        panic!("the cache stands between");
    }
}

fn wheel(points: f32) -> Event {
    Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, points),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    }
}

#[test]
fn a_disk_that_never_answers_does_not_stop_the_window() {
    let disk = Arc::new(Stuck::default());
    let mut window = Window::new();
    let cached = window.session().cache().attach(disk.clone()).expect("threads");
    window.open_source("stuck", cached);
    window.draft(Action::Run(Command::ShowBoth));
    window.hover(pos2(300.0, 400.0));
    for round in 0..50 {
        window.draft_event(wheel(-300.0));
        match round % 5 {
            0 => window.draft(Action::Pane(PaneAction::JumpTo(LEN / 50 * round))),
            1 => window.draft_event(Event::Text(String::from("4"))),
            2 => window.draft(Action::Run(Command::UpperCase)),
            _ => window.frame(),
        }
        assert!(window.rows().iter().any(|row| row.contains("··")), "placeholders: {:?}", window.rows());
    }
    let here = std::thread::current().id();
    let readers = disk.readers.lock().expect("not poisoned").clone();
    assert!(!readers.is_empty() && !readers.contains(&here), "the window's thread read the disk itself");
    assert_eq!(window.tab().shown().changed_bytes(), 0, "nothing is typed over what is not known");

    *disk.is_open.lock().expect("not poisoned") = true;
    disk.opened.notify_all();
    window.settle();
    assert!(window.rows().iter().all(|row| !row.contains("··")), "{:?}", window.rows());
    assert!(window.rows()[0].contains("41 41 41"));
}

#[test]
fn a_window_with_nothing_to_do_rests() {
    for command in [
        None,
        Some(Command::ShowBoth),
        Some(Command::Find),
        Some(Command::ToggleChanges),
        Some(Command::Keys),
    ] {
        let mut window = Window::on(&[7; 10_000]);
        if let Some(command) = command {
            window.run(command);
        }
        window.rest();
        assert_eq!(window.next_frame(), Duration::MAX, "{command:?}: {:?}", window.ctx().repaint_causes());
    }
    let mut window = Window::new();
    window.rest();
    assert_eq!(window.next_frame(), Duration::MAX, "the first page: {:?}", window.ctx().repaint_causes());
}

#[test]
fn a_window_rests_also_after_it_was_used() {
    let mut window = Window::on(&[7; 100_000]);
    window.hover(pos2(300.0, 400.0));
    window.event(wheel(-500.0));
    window.type_text("41");
    window.key_of(Command::Save);
    window.key(Key::PageDown);
    window.apply(Action::Pane(PaneAction::Select(Span::between(10, 500))));
    window.key_of(Command::Palette);
    window.key(Key::Escape);
    window.rest();
    assert_eq!(window.next_frame(), Duration::MAX, "{:?}", window.ctx().repaint_causes());
}

/// On Linux only: elsewhere nobody counts.
#[test]
#[cfg(target_os = "linux")]
fn frames_over_a_cold_file_have_no_major_fault() {
    use std::io::Write;

    const LEN: usize = 64 << 20;
    let mut window = Window::new();
    let path = window.path("cold.bin");
    {
        let mut file = std::fs::File::create(&path).expect("created");
        let mut random = fastrand::Rng::with_seed(1);
        let mut chunk = vec![0; 1 << 20];
        for _ in 0..LEN >> 20 {
            random.fill(&mut chunk);
            file.write_all(&chunk).expect("written");
        }
        file.sync_all().expect("on the disk");
    }
    assert!(drop_from_memory(&path), "dd is there");
    // Everything that the window itself needs has been drawn once.
    window.write("warm.bin", &[0x5a; 100_000]);
    window.open("warm.bin");
    window.run(Command::ShowBoth);
    for _ in 0..5 {
        window.key(Key::PageDown);
    }
    let faults = || pagelens::usage::major_faults().expect("Linux counts them");
    let before = faults();
    window.open("cold.bin");
    window.run(Command::ShowBoth);
    let mut random = fastrand::Rng::with_seed(2);
    for _ in 0..60 {
        window.apply(Action::Pane(PaneAction::JumpTo(random.u64(..LEN as u64))));
    }
    assert_eq!(window.tab().title, "cold.bin");
    assert_eq!(faults() - before, 0, "the window's thread waited for the disk");
}

/// Has the system forget what it holds of a file: dd asks for that without copying a byte.
#[cfg(target_os = "linux")]
fn drop_from_memory(path: &std::path::Path) -> bool {
    let file = format!("if={}", path.display());
    let arguments = [file.as_str(), "iflag=nocache", "count=0", "status=none"];
    std::process::Command::new("dd").args(arguments).status().is_ok_and(|status| status.success())
}
