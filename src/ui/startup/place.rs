//! Where the window comes up: as large and where it was, as far as the desktop of today has room for it.
//!
//! Sizes are in points. X11 tells which part of the screen panels leave free; elsewhere the whole monitor counts, and a
//! position that is not on it is left to the system, as Wayland does with every position.

use crate::state::WindowPlace;
use egui::{Rect, Vec2, ViewportBuilder, pos2, vec2};

/// The size of the first window, where there is room.
const FIRST: Vec2 = vec2(1440.0, 900.0);
/// Smaller than this it can't be made.
const LEAST: Vec2 = vec2(480.0, 320.0);
/// What the frame of a window takes at most: its borders, its title.
const FRAME: Vec2 = vec2(8.0, 40.0);
/// Asked for, so that the toolkit answers with the size of the largest monitor.
const ANY: Vec2 = vec2(30_000.0, 30_000.0);

/// The part of the screen that the desktop leaves to windows, and the whole screen, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Screen {
    work: Rect,
    whole: Vec2,
}

/// A window of the usual size, enlarged by `zoom`, or one with the size that it last had.
pub fn place(
    builder: ViewportBuilder,
    left: Option<WindowPlace>,
    zoom: f32,
) -> (ViewportBuilder, eframe::WindowBuilderHook) {
    let builder = builder.with_min_inner_size(LEAST).with_inner_size(ANY);
    let hook = move |builder: ViewportBuilder| {
        let monitor = builder.inner_size.unwrap_or(FIRST);
        placed(builder, left, FIRST * zoom, monitor, screen())
    };
    (builder, Box::new(hook))
}

/// `first` is the size of a first window, `monitor` that of the largest one.
fn placed(
    builder: ViewportBuilder,
    left: Option<WindowPlace>,
    first: Vec2,
    monitor: Vec2,
    screen: Option<Screen>,
) -> ViewportBuilder {
    let area = area(monitor, screen);
    let whole = (area.size() - FRAME).min(monitor);
    let wanted = left.map_or(first, |left| vec2(left.width, left.height));
    let size = wanted.min(area.size() - FRAME).max(LEAST);
    let builder = builder.with_inner_size(size);
    let Some(left) = left else { return builder };
    let place = left.x.zip(left.y).map(|(x, y)| pos2(x, y));
    // Most of it is to be seen; else the system finds a better place.
    let is_there = place.is_some_and(|corner| area.contains(corner) && area.contains(corner + 0.5 * size));
    let has_several = area.width() > monitor.x || area.height() > monitor.y;
    if left.maximized && !(has_several && is_there) {
        // Desktops maximize a window that they show already; it comes up as large as it will be.
        return builder.with_inner_size(whole).with_position(area.min);
    }
    // Of several monitors it is maximized on the one where it is.
    let Some(corner) = place else { return builder };
    let most = area.max - size - FRAME;
    let corner = corner.min(most).max(area.min);
    if is_there { builder.with_position(corner) } else { builder }
}

/// The room for windows in points.
fn area(monitor: Vec2, screen: Option<Screen>) -> Rect {
    let whole = Rect::from_min_size(pos2(0.0, 0.0), monitor);
    let Some(Screen { work, whole: pixels }) = screen else { return whole };
    let scale = pixels / monitor.max(vec2(1.0, 1.0));
    // With several monitors the two sides grow apart, and a point is taken for a pixel.
    let scale = if (scale.x / scale.y - 1.0).abs() < 0.02 { scale.x } else { 1.0 };
    let work =
        Rect::from_min_max((work.min.to_vec2() / scale).to_pos2(), (work.max.to_vec2() / scale).to_pos2());
    let is_sane = work.width() >= LEAST.x && work.height() >= LEAST.y;
    if is_sane { work } else { whole }
}

/// What the X server says, where the window is to be one of its own.
#[cfg(all(unix, not(target_os = "macos")))]
fn screen() -> Option<Screen> {
    use x11rb::connection::Connection;
    use x11rb::protocol::xproto::{AtomEnum, ConnectionExt};

    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if is_set("WAYLAND_DISPLAY") || is_set("WAYLAND_SOCKET") {
        return None;
    }
    let (connection, number) = x11rb::connect(None).ok()?;
    let root = connection.setup().roots.get(number)?;
    let whole = vec2(root.width_in_pixels.into(), root.height_in_pixels.into());
    let atom = connection.intern_atom(true, b"_NET_WORKAREA").ok()?.reply().ok()?.atom;
    let answer = connection.get_property(false, root.root, atom, AtomEnum::CARDINAL, 0, 4).ok()?.reply().ok();
    let sides: Vec<f32> =
        answer.iter().flat_map(|answer| answer.value32()).flatten().map(|n| n as f32).collect();
    let work = match sides[..] {
        [x, y, width, height] => Rect::from_min_size(pos2(x, y), vec2(width, height)),
        _ => Rect::from_min_size(pos2(0.0, 0.0), whole),
    };
    Some(Screen { work, whole })
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn screen() -> Option<Screen> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(monitor: (f32, f32), panel: f32, left: Option<WindowPlace>) -> ViewportBuilder {
        let whole = vec2(monitor.0, monitor.1);
        let work = Rect::from_min_max(pos2(0.0, panel), pos2(monitor.0, monitor.1));
        placed(ViewportBuilder::default(), left, FIRST, whole, Some(Screen { work, whole }))
    }

    #[test]
    fn the_first_window_fits_the_work_area() {
        for (monitor, panel) in [((1280.0, 720.0), 0.0), ((1366.0, 768.0), 28.0), ((640.0, 480.0), 24.0)] {
            let size = on(monitor, panel, None).inner_size.unwrap();
            assert!(
                size.x + FRAME.x <= monitor.0 && size.y + FRAME.y <= monitor.1 - panel,
                "{monitor:?} {size}"
            );
        }
        assert_eq!(on((3840.0, 2160.0), 40.0, None).inner_size, Some(FIRST));
        let whole = vec2(3840.0, 2160.0);
        let zoomed = placed(ViewportBuilder::default(), None, 2.0 * FIRST, whole, None);
        assert_eq!(zoomed.inner_size, Some(2.0 * FIRST));
    }

    #[test]
    fn points_of_two_pixels_are_counted() {
        let work = Rect::from_min_max(pos2(0.0, 100.0), pos2(2560.0, 1600.0));
        let screen = Screen { work, whole: vec2(2560.0, 1600.0) };
        let size = placed(ViewportBuilder::default(), None, 2.0 * FIRST, vec2(1280.0, 800.0), Some(screen))
            .inner_size;
        assert_eq!(size, Some(vec2(1280.0, 750.0) - FRAME));
    }

    #[test]
    fn a_window_comes_up_where_it_was_if_that_is_still_there() {
        let left =
            WindowPlace { width: 700.0, height: 500.0, x: Some(100.0), y: Some(60.0), maximized: false };
        let there = on((1366.0, 768.0), 28.0, Some(left));
        assert_eq!((there.inner_size, there.position), (Some(vec2(700.0, 500.0)), Some(pos2(100.0, 60.0))));
        // The second monitor is gone.
        let gone = on((1366.0, 768.0), 28.0, Some(WindowPlace { x: Some(2500.0), ..left }));
        assert_eq!((gone.inner_size, gone.position), (Some(vec2(700.0, 500.0)), None));
        // Two monitors side by side: maximized on the second one, it comes up there.
        let two = Screen {
            work: Rect::from_min_size(pos2(0.0, 0.0), vec2(3840.0, 1080.0)),
            whole: vec2(3840.0, 1080.0),
        };
        let second = WindowPlace { x: Some(2500.0), maximized: true, ..left };
        let second = placed(ViewportBuilder::default(), Some(second), FIRST, vec2(1920.0, 1080.0), Some(two));
        assert_eq!(
            (second.inner_size, second.position),
            (Some(vec2(700.0, 500.0)), Some(pos2(2500.0, 60.0)))
        );
        let large = on((1366.0, 768.0), 28.0, Some(WindowPlace { width: 9000.0, maximized: true, ..left }));
        assert_eq!((large.inner_size.unwrap().x, large.position), (1366.0 - FRAME.x, Some(pos2(0.0, 28.0))));
    }
}
