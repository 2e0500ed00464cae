//! What goes to the toolkit when the desktop's clipboard can't be reached, and how long another program is waited for.

use super::*;
use crate::session::ClipMark;
use egui::{FullOutput, OutputCommand, RawInput, ViewportId};
use std::sync::atomic::{AtomicBool, Ordering};

/// Longer than anything here takes, also on a machine that does much else.
const DEADLINE: Duration = Duration::from_secs(60);

fn offer(text: &str) -> ClipboardOffer {
    ClipboardOffer {
        text: Some(text.to_owned()),
        bytes: None,
        image: None,
        mark: Some(ClipMark { id: 1, len: text.len() as u64, is_text: false, title: String::from("a.bin") }),
    }
}

/// No desktop can be reached, and it takes a moment to know.
fn nowhere() -> Option<Box<dyn System>> {
    std::thread::sleep(Duration::from_millis(30));
    None
}

/// One frame: what `act` and the clipboard ask of the toolkit, and what has come.
fn frame(
    clipboard: &mut Clipboard,
    events: Vec<Event>,
    act: impl Fn(&mut Clipboard, &Context),
) -> (FullOutput, Vec<Action>) {
    let ctx = Context::default();
    let mut came = Vec::new();
    let output = ctx.run_ui(RawInput { events, ..RawInput::default() }, |ui| {
        came.extend(clipboard.poll(ui.ctx()));
        act(clipboard, ui.ctx());
        came.extend(clipboard.poll(ui.ctx()));
    });
    (output, came)
}

/// Frames until nothing is waited for: the commands for the toolkit, whether it is asked to paste, and what has come.
fn settle(clipboard: &mut Clipboard) -> (Vec<OutputCommand>, bool, Vec<Action>) {
    let begun = Instant::now();
    let (mut commands, mut asks, mut all) = (Vec::new(), false, Vec::new());
    loop {
        let done = clipboard.under_way == 0 && !clipboard.is_reading();
        let (mut output, came) = frame(clipboard, Vec::new(), |_, _| {});
        commands.append(&mut output.platform_output.commands);
        asks |= output.viewport_output[&ViewportId::ROOT].commands.contains(&ViewportCommand::RequestPaste);
        output.drop_without_applying_deltas();
        all.extend(came);
        if done {
            return (commands, asks, all);
        }
        assert!(begun.elapsed() < DEADLINE, "waited in vain for the clipboard");
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn acting(clipboard: &mut Clipboard, events: Vec<Event>, act: impl Fn(&mut Clipboard, &Context)) {
    frame(clipboard, events, act).0.drop_without_applying_deltas();
}

#[test]
fn what_is_selected_does_not_replace_what_was_copied() {
    let mut clipboard = Clipboard::with(Desktop::new(nowhere), no_waker());
    acting(&mut clipboard, Vec::new(), |clipboard, ctx| {
        clipboard.offer(ctx, Board::Clipboard, offer("copied"));
        clipboard.offer(ctx, Board::Primary, offer("selected"));
    });
    let copied = OutputCommand::CopyText(String::from("copied"));
    assert_eq!(settle(&mut clipboard).0, [copied]);
    // Once it is known, at once.
    let (mut output, _) = frame(&mut clipboard, Vec::new(), |clipboard, ctx| {
        clipboard.offer(ctx, Board::Primary, offer("selected"));
        clipboard.offer(ctx, Board::Clipboard, offer("more"));
    });
    let commands = std::mem::take(&mut output.platform_output.commands);
    output.drop_without_applying_deltas();
    assert_eq!(commands, [OutputCommand::CopyText(String::from("more"))]);
}

#[test]
fn who_gives_the_toolkit_something_draws_a_frame_for_it() {
    static WOKEN: AtomicBool = AtomicBool::new(false);
    let wake: Waker = Arc::new(|| WOKEN.store(true, Ordering::Relaxed));
    let mut clipboard = Clipboard::with(Desktop::new(nowhere), wake);
    acting(&mut clipboard, Vec::new(), |clipboard, ctx| clipboard.offer(ctx, Board::Clipboard, offer("a")));
    let begun = Instant::now();
    while !WOKEN.load(Ordering::Relaxed) {
        assert!(begun.elapsed() < DEADLINE, "nothing draws the frame that hands it on");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn without_a_selection_a_middle_click_puts_in_nothing() {
    let mut clipboard = Clipboard::with(Desktop::new(nowhere), no_waker());
    acting(&mut clipboard, Vec::new(), |clipboard, ctx| {
        clipboard.read(ctx, Board::Primary, PasteWay::Usual);
    });
    let (_, asks, came) = settle(&mut clipboard);
    assert!(!asks, "the clipboard is no selection");
    assert_eq!(format!("{came:?}"), "[]");
}

#[test]
fn what_was_just_copied_is_there_before_it_is_pasted() {
    let mut clipboard = Clipboard::with(Desktop::new(nowhere), no_waker());
    acting(&mut clipboard, Vec::new(), |clipboard, ctx| {
        clipboard.offer(ctx, Board::Clipboard, offer("copied"));
        clipboard.read(ctx, Board::Clipboard, PasteWay::Text);
    });
    assert!(clipboard.is_reading() && clipboard.reading.is_none(), "the copy goes first");
    let (commands, asks, _) = settle(&mut clipboard);
    assert_eq!((commands, asks), (vec![OutputCommand::CopyText(String::from("copied"))], true));
    assert_eq!(clipboard.take_way(), PasteWay::Text);
}

/// Hands over drop by drop, in more time than it may be silent, or never.
struct Slow {
    is_silent: bool,
}

const STEP: Duration = Duration::from_millis(100);

impl System for Slow {
    fn offer(&self, _: Board, _: ClipboardOffer) -> Result<(), String> {
        Ok(())
    }

    fn read(&self, _: Board, _: bool, progress: &Progress) -> Result<Pasted, String> {
        for _ in 0..20 {
            std::thread::sleep(STEP);
            progress.advance(u64::from(!self.is_silent));
        }
        Ok(Pasted::of_text("slow"))
    }
}

#[test]
fn a_program_is_waited_for_as_long_as_something_comes() {
    for (connect, wanted) in [
        (
            (|| Some(Box::new(Slow { is_silent: false }) as _)) as fn() -> Option<Box<dyn System>>,
            "Paste { pasted",
        ),
        (|| Some(Box::new(Slow { is_silent: true }) as _), SILENT),
    ] {
        let mut clipboard = Clipboard::with(Desktop::new(connect), no_waker());
        clipboard.patience = STEP * 4;
        acting(&mut clipboard, Vec::new(), |clipboard, ctx| {
            clipboard.read(ctx, Board::Clipboard, PasteWay::Usual);
        });
        let (_, asks, came) = settle(&mut clipboard);
        let last = format!("{:?}", came.last());
        assert!(!asks && last.contains(wanted), "{came:?}");
    }
}

#[test]
fn what_is_waited_for_is_said_and_can_be_given_up() {
    let connect: fn() -> Option<Box<dyn System>> = || Some(Box::new(Slow { is_silent: false }));
    let mut clipboard = Clipboard::with(Desktop::new(connect), no_waker());
    acting(&mut clipboard, Vec::new(), |clipboard, ctx| clipboard.read_for_field(ctx));
    let begun = Instant::now();
    loop {
        let (output, came) = frame(&mut clipboard, Vec::new(), |_, _| {});
        output.drop_without_applying_deltas();
        if format!("{came:?}").contains(WAITING) {
            break;
        }
        assert!(begun.elapsed() < DEADLINE && came.is_empty(), "{came:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
    clipboard.give_up();
    assert!(!clipboard.is_reading());
    assert!(
        format!("{:?}", settle(&mut clipboard).2)
            .contains("Nothing was pasted: waiting for the clipboard was cancelled.")
    );
    assert!(clipboard.take_text().is_none());
}

/// What a text field holds after each frame's events, with the desktop's clipboards inside the program.
#[cfg(all(unix, not(target_os = "macos")))]
#[test]
fn fields_copy_and_take_the_selection_without_the_toolkit() {
    use egui::{Modifiers, PointerButton, Pos2, Rect, TextEdit};
    let ctx = Context::default();
    let mut clipboard = Clipboard::with(Desktop::new(|| Some(Box::<inside::Inside>::default())), no_waker());
    ctx.add_plugin(clipboard.of_fields.clone());
    let (mut text, at) = (String::from("old"), Pos2::new(12.0, 12.0));
    let frame = |clipboard: &mut Clipboard, text: &mut String, events: Vec<Event>| {
        let mut input = RawInput { events, ..RawInput::default() };
        input.events.extend(clipboard.take_text());
        let mut output = ctx.run_ui(input, |ui| {
            clipboard.poll(ui.ctx());
            let field = TextEdit::singleline(text);
            ui.put(Rect::from_min_max(Pos2::ZERO, Pos2::new(200.0, 24.0)), field).request_focus();
            clipboard.read_for_pressed_field(ui.ctx());
        });
        let left = std::mem::take(&mut output.platform_output.commands);
        output.drop_without_applying_deltas();
        assert_eq!(left, [], "the toolkit is given nothing");
    };
    let press = |pressed| Event::PointerButton {
        pos: at,
        button: PointerButton::Middle,
        pressed,
        modifiers: Modifiers::NONE,
    };
    let select_all = Event::Key {
        key: egui::Key::A,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::COMMAND,
    };
    clipboard.offer(&Context::default(), Board::Primary, ClipboardOffer::of_text("new "));
    frame(&mut clipboard, &mut text, vec![Event::PointerMoved(at)]);
    frame(&mut clipboard, &mut text, vec![Event::PointerMoved(at)]);
    frame(&mut clipboard, &mut text, vec![press(true)]);
    frame(&mut clipboard, &mut text, vec![press(false)]);
    let begun = Instant::now();
    while text == "old" {
        assert!(begun.elapsed() < DEADLINE, "the selection does not come");
        frame(&mut clipboard, &mut text, Vec::new());
    }
    assert!(text.contains("new ") && text.len() == 7, "{text}");
    frame(&mut clipboard, &mut text, vec![select_all]);
    frame(&mut clipboard, &mut text, vec![Event::Copy]);
    frame(&mut clipboard, &mut text, Vec::new());
    while clipboard.under_way > 0 {
        assert!(begun.elapsed() < DEADLINE, "what was copied is not taken");
        frame(&mut clipboard, &mut text, Vec::new());
    }
    let taken =
        clipboard.desktop.reach().expect("it is there").read(Board::Clipboard, true, &Progress::default());
    assert_eq!(taken, Ok(Pasted::of_text(text)));
}
