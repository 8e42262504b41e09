//! Where a window goes, reckoned alone: beside what was clicked or the pointer, on the monitor below it, clear
//! of the desktop's own bars. Everything is in physical pixels.

use daypass_core::daypass::Frame;

/// What stays free between the window and the edges of the work area, in logical pixels.
const MARGIN: f64 = 8.0;
/// What desktops draw above a window, in logical pixels; where they draw less, the window stands higher.
const TITLE: f64 = 36.0;
/// So much of the upper edge has to be on some monitor, for a hand to take it.
const GRIP: i64 = 96;
/// A window that is found so near to where it was put was not moved: desktops shift it by their borders.
const SHIFT: u32 = 48;
/// As for its size.
const GROWTH: u32 = 2;

/// A place on the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) x: i32,
    pub(crate) y: i32,
}

/// A rectangle of the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Area {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// One monitor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Monitor {
    pub(crate) bounds: Area,
    /// Without the desktop's bars.
    pub(crate) work: Area,
    pub(crate) scale: f64,
}

/// Names an arrangement of monitors; the order in which they are told does not matter.
pub(crate) fn name(monitors: &[Monitor]) -> String {
    let mut all: Vec<String> = monitors
        .iter()
        .map(|it| {
            let Area {
                x,
                y,
                width,
                height,
            } = it.bounds;
            format!("{width}x{height}{x:+}{y:+}*{:.2}", it.scale)
        })
        .collect();
    all.sort();
    all.join(" ")
}

/// Where a window of this logical size goes that is called from there; `None` without monitors.
pub(crate) fn beside(from: Point, logical: (f64, f64), monitors: &[Monitor]) -> Option<Frame> {
    let monitor = monitors.iter().min_by_key(|it| it.bounds.distance(from))?;
    let pixels = |logical: f64| (logical * monitor.scale).round() as i64;
    let (margin, title, work) = (pixels(MARGIN), pixels(TITLE), monitor.work);
    let (left, top) = (i64::from(work.x) + margin, i64::from(work.y) + margin);
    let right = i64::from(work.x) + i64::from(work.width) - margin;
    let bottom = i64::from(work.y) + i64::from(work.height) - margin;
    let width = pixels(logical.0).min(right - left).max(1);
    let height = pixels(logical.1).min(bottom - top - title).max(1);
    let (from_x, from_y) = (i64::from(from.x), i64::from(from.y));
    let below = from_y + height + title <= bottom;
    let y = if below {
        from_y
    } else {
        from_y - height - title
    };
    Some(Frame {
        x: within(from_x - width / 2, left, right - width),
        y: within(y, top, bottom - height - title),
        width: u32::try_from(width).ok()?,
        height: u32::try_from(height).ok()?,
    })
}

/// Whether a hand can still take a window that was left there.
pub(crate) fn can_be_taken(frame: &Frame, monitors: &[Monitor]) -> bool {
    let (left, right) = (
        i64::from(frame.x),
        i64::from(frame.x) + i64::from(frame.width),
    );
    monitors.iter().any(|it| {
        let (x, y) = (i64::from(it.work.x), i64::from(it.work.y));
        let shown = right.min(x + i64::from(it.work.width)) - left.max(x);
        let top = i64::from(frame.y);
        let grip = GRIP.min(i64::from(it.work.height));
        shown >= GRIP && top >= y && top <= y + i64::from(it.work.height) - grip
    })
}

/// Whether somebody moved or resized a window that was put there.
pub(crate) fn was_moved(put: &Frame, found: &Frame) -> bool {
    let shifted = put.x.abs_diff(found.x) > SHIFT || put.y.abs_diff(found.y) > SHIFT;
    let grown = put.width.abs_diff(found.width) > GROWTH;
    shifted || grown || put.height.abs_diff(found.height) > GROWTH
}

fn within(wanted: i64, least: i64, most: i64) -> i32 {
    let inside = wanted.min(most).max(least);
    i32::try_from(inside).unwrap_or_default()
}

impl Area {
    /// How far a point is from it; 0 inside.
    fn distance(&self, point: Point) -> i64 {
        let off = |at: i32, from: i32, length: u32| {
            let (at, from) = (i64::from(at), i64::from(from));
            (from - at).max(at - (from + i64::from(length) - 1)).max(0)
        };
        off(point.x, self.x, self.width) + off(point.y, self.y, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (f64, f64) = (440.0, 640.0);

    fn monitor(x: i32, y: i32, width: u32, height: u32, scale: f64) -> Monitor {
        let bounds = Area {
            x,
            y,
            width,
            height,
        };
        // A bar of 40 above, as most desktops have one somewhere.
        let work = Area {
            y: y + 40,
            height: height - 40,
            ..bounds
        };
        Monitor {
            bounds,
            work,
            scale,
        }
    }

    fn at(x: i32, y: i32) -> Point {
        Point { x, y }
    }

    fn lies_in(frame: &Frame, area: &Area) -> bool {
        let right = frame.x + i32::try_from(frame.width).unwrap();
        let bottom = frame.y + i32::try_from(frame.height).unwrap();
        frame.x >= area.x
            && frame.y >= area.y
            && right <= area.x + i32::try_from(area.width).unwrap()
            && bottom <= area.y + i32::try_from(area.height).unwrap()
    }

    #[test]
    fn it_opens_below_a_tray_above_and_above_a_tray_below() {
        let one = [monitor(0, 0, 1920, 1080, 1.0)];
        let above = beside(at(1850, 20), SIZE, &one).unwrap();
        assert_eq!((above.x, above.y), (1472, 48));
        let below = beside(at(1850, 1075), SIZE, &one).unwrap();
        assert_eq!((below.x, below.y), (1472, 1080 - 8 - 640 - 36));
        let middle = beside(at(900, 200), SIZE, &one).unwrap();
        assert_eq!((middle.x, middle.y), (680, 200));
        assert_eq!((middle.width, middle.height), (440, 640));
    }

    #[test]
    fn it_opens_on_the_monitor_below_the_click() {
        let two = [
            monitor(0, 0, 1920, 1080, 1.0),
            monitor(-1600, 180, 1600, 900, 1.0),
        ];
        let left = beside(at(-20, 190), SIZE, &two).unwrap();
        assert!(lies_in(&left, &two[1].work), "{left:?}");
        let right = beside(at(5, 5), SIZE, &two).unwrap();
        assert!(lies_in(&right, &two[0].work), "{right:?}");
        // Between monitors, the nearest.
        let gap = beside(at(-800, 100), SIZE, &two).unwrap();
        assert!(lies_in(&gap, &two[1].work), "{gap:?}");
    }

    #[test]
    fn a_monitor_of_another_scale_gets_as_many_more_pixels() {
        let two = [
            monitor(0, 0, 1920, 1080, 1.0),
            monitor(1920, 0, 3840, 2160, 2.0),
        ];
        let sharp = beside(at(5000, 10), SIZE, &two).unwrap();
        assert_eq!((sharp.width, sharp.height), (880, 1280));
        assert!(lies_in(&sharp, &two[1].work), "{sharp:?}");
    }

    #[test]
    fn it_is_never_larger_than_its_monitor_or_beyond_it() {
        for (width, height) in [(320, 240), (800, 600), (1024, 600), (1280, 800)] {
            for scale in [1.0, 1.25, 1.5, 2.0] {
                let small = [monitor(100, -300, width, height, scale)];
                for x in (-500..2500).step_by(97) {
                    for y in (-900..1500).step_by(83) {
                        let frame = beside(at(x, y), SIZE, &small).unwrap();
                        assert!(lies_in(&frame, &small[0].work), "{small:?} {frame:?}");
                    }
                }
            }
        }
        assert_eq!(beside(at(0, 0), SIZE, &[]), None);
    }

    #[test]
    fn a_place_counts_while_its_upper_edge_can_be_taken() {
        let one = [monitor(0, 0, 1920, 1080, 1.0)];
        let frame = |x, y| Frame {
            x,
            y,
            width: 440,
            height: 640,
        };
        for (x, y) in [(10, 50), (1800, 900), (-300, 100)] {
            assert!(can_be_taken(&frame(x, y), &one), "{x} {y}");
        }
        for (x, y) in [(1900, 50), (-400, 50), (10, 1060), (10, -200), (3000, 50)] {
            assert!(!can_be_taken(&frame(x, y), &one), "{x} {y}");
        }
    }

    #[test]
    fn borders_of_the_desktop_are_no_move_and_another_size_is() {
        let put = Frame {
            x: 100,
            y: 100,
            width: 440,
            height: 640,
        };
        assert!(!was_moved(
            &put,
            &Frame {
                x: 101,
                y: 124,
                ..put
            }
        ));
        assert!(was_moved(&put, &Frame { x: 300, ..put }));
        assert!(was_moved(&put, &Frame { height: 700, ..put }));
    }

    #[test]
    fn an_arrangement_is_named_by_all_its_monitors_in_any_order() {
        let (one, two) = (
            monitor(0, 0, 1920, 1080, 1.0),
            monitor(1920, 0, 3840, 2160, 2.0),
        );
        assert_eq!(name(&[one, two]), name(&[two, one]));
        assert_ne!(name(&[one]), name(&[one, two]));
        assert_eq!(name(&[one]), "1920x1080+0+0*1.00");
    }
}
