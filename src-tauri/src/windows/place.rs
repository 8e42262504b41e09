//! The panel's place on the desktop: where the user left it, else beside the click in the tray or the pointer.
//! Where programs cannot place windows, as on Wayland, nothing is done.

use std::sync::{Mutex, MutexGuard, PoisonError};

use daypass_core::daypass::{Daypass, Frame};
use daypass_core::host::Env;
use tauri::{AppHandle, Manager, PhysicalPosition, PhysicalSize, WebviewWindow};

use super::geometry::{self, Area, Monitor, Point};

/// What the panel was called from, and where it was put.
#[derive(Default)]
pub(crate) struct Place(Mutex<Put>);

#[derive(Default)]
struct Put {
    clicked: Option<Point>,
    frame: Option<Frame>,
    /// The user's own place, not one that was reckoned.
    remembered: bool,
}

/// The next panel that is made goes beside this click; hosts that do not know where it was say 0, 0.
pub(crate) fn called_from(app: &AppHandle, click: PhysicalPosition<f64>) {
    let (x, y) = (click.x.round() as i32, click.y.round() as i32);
    put(app).clicked = (x != 0 || y != 0).then_some(Point { x, y });
}

/// Puts a window there that is not shown yet; `logical` is its usual size.
pub(super) fn place(window: &WebviewWindow, logical: (f64, f64)) {
    let app = window.app_handle();
    let clicked = put(app).clicked.take();
    if !can_place() {
        return;
    }
    let monitors = monitors(app);
    let remembered = app
        .state::<Daypass>()
        .remembered_frame(&geometry::name(&monitors))
        .filter(|it| geometry::can_be_taken(it, &monitors));
    let reckoned = || geometry::beside(clicked.or_else(|| pointer(app))?, logical, &monitors);
    let Some(frame) = remembered.or_else(reckoned) else {
        return;
    };
    let mut put = put(app);
    (put.frame, put.remembered) = (Some(frame), remembered.is_some());
    drop(put);
    apply(window, &frame);
}

/// Puts a window there once more that is shown again: GTK moves no window that was hidden.
pub(super) fn place_again(window: &WebviewWindow) {
    let frame = put(window.app_handle()).frame;
    if let Some(frame) = frame {
        apply(window, &frame);
    }
}

fn apply(window: &WebviewWindow, frame: &Frame) {
    let moved = window
        .set_size(PhysicalSize::new(frame.width, frame.height))
        .and_then(|()| window.set_position(PhysicalPosition::new(frame.x, frame.y)));
    if let Err(error) = moved {
        tracing::warn!(%error, "the panel could not be placed");
    }
}

/// Keeps the place of a window that is about to go, where the user chose it.
pub(super) fn keep(window: &WebviewWindow) {
    let app = window.app_handle();
    let whole = window.is_maximized().unwrap_or(false) || window.is_minimized().unwrap_or(false);
    let (frame, remembered) = {
        let put = put(app);
        (put.frame, put.remembered)
    };
    let (Some(put), Some(found)) = (frame, found(window)) else {
        return;
    };
    if whole || !(remembered || geometry::was_moved(&put, &found)) {
        return;
    }
    // A desktop's border would make a window wander a little with each opening.
    let kept = match geometry::was_moved(&put, &found) {
        true => found,
        false => put,
    };
    let name = geometry::name(&monitors(app));
    if let Err(error) = app.state::<Daypass>().remember_frame(&name, Some(kept)) {
        tracing::warn!(?error, "the place of the panel was not kept");
    }
}

fn put(app: &AppHandle) -> MutexGuard<'_, Put> {
    let place = app.state::<Place>().inner();
    place.0.lock().unwrap_or_else(PoisonError::into_inner)
}

fn found(window: &WebviewWindow) -> Option<Frame> {
    let (at, size) = (window.outer_position().ok()?, window.inner_size().ok()?);
    Some(Frame {
        x: at.x,
        y: at.y,
        width: size.width,
        height: size.height,
    })
}

fn pointer(app: &AppHandle) -> Option<Point> {
    let at = app.cursor_position().ok()?;
    let (x, y) = (at.x.round() as i32, at.y.round() as i32);
    Some(Point { x, y })
}

fn monitors(app: &AppHandle) -> Vec<Monitor> {
    let area = |at: &PhysicalPosition<i32>, size: &PhysicalSize<u32>| Area {
        x: at.x,
        y: at.y,
        width: size.width,
        height: size.height,
    };
    let all = app.available_monitors().unwrap_or_default();
    all.iter()
        .map(|it| Monitor {
            bounds: area(it.position(), it.size()),
            work: area(&it.work_area().position, &it.work_area().size),
            scale: it.scale_factor(),
        })
        .collect()
}

/// GTK speaks to X11 where it is told to, also on a Wayland desktop.
fn can_place() -> bool {
    let env = Env::real();
    let forced = env.get("GDK_BACKEND").is_some_and(|it| it == "x11");
    !cfg!(target_os = "linux") || forced || !env.has("WAYLAND_DISPLAY")
}
