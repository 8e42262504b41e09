//! The panel's window: made when it is wanted, shown when its page is ready, destroyed a while after it is closed.

mod geometry;
pub(crate) mod last_words;
pub(crate) mod life;
pub(crate) mod place;

use crate::awaited;
use crate::language::Language;
use life::Return;
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};

/// The panel's usual size, in logical pixels.
const USUAL: (f64, f64) = (440.0, 640.0);

/// The name of the panel's window; events and permissions go by it.
pub(crate) const PANEL: &str = "panel";

/// The panel, where it is open.
pub(crate) fn panel(app: &AppHandle) -> Option<WebviewWindow> {
    app.get_webview_window(PANEL)
}

/// Whether the user is looking at the panel.
pub(crate) fn panel_is_in_view(app: &AppHandle) -> bool {
    panel(app).is_some_and(|window| window.is_focused().unwrap_or(false))
}

/// Brings the panel up, whatever became of it before.
pub(crate) fn show_panel(app: &AppHandle) {
    match panel(app) {
        Some(window) => bring_back(app, &window),
        None => make_panel(app),
    }
}

/// A window that was put away stands where a new one would.
fn bring_back(app: &AppHandle, window: &WebviewWindow) {
    let found = life::want(app);
    if found != Return::Here {
        last_words::begin(app);
        place::place(window, USUAL);
    }
    if found != Return::Soon {
        reveal_panel(app);
    }
}

/// The page has something to show.
pub(crate) fn page_is_ready(app: &AppHandle) {
    if life::ready(app) {
        reveal_panel(app);
    }
}

fn reveal_panel(app: &AppHandle) {
    if let Some(window) = panel(app)
        && let Err(error) = reveal(&window)
    {
        tracing::warn!(%error, "the panel could not be brought to the front");
    }
}

fn reveal(window: &WebviewWindow) -> tauri::Result<()> {
    window.show()?;
    if life::has_returned(window.app_handle()) {
        place::place_again(window);
    }
    window.unminimize()?;
    window.set_focus()
}

/// Closes the panel; the tray brings it back.
pub(crate) fn close_panel(app: &AppHandle) {
    if let Some(window) = panel(app)
        && let Err(error) = window.close()
    {
        tracing::warn!(%error, "the panel could not be closed");
    }
}

/// Keeps the panel's place: the application is to end.
pub(crate) fn keep_place(app: &AppHandle) {
    if let Some(window) = panel(app)
        && !life::is_away(app)
    {
        place::keep(&window);
    }
}

/// The page in the language that the tray speaks; its engine knows the system's less well. In
/// English it chooses among the forms of English by itself.
fn page() -> String {
    match Language::spoken() {
        Language::English => "index.html".to_owned(),
        language => format!("index.html?language={}", language.code()),
    }
}

/// Off screen until the page is ready, so that nobody sees it empty.
fn make_panel(app: &AppHandle) {
    awaited::begins(app);
    last_words::begin(app);
    life::begin(app);
    let made = WebviewWindowBuilder::new(app, PANEL, WebviewUrl::App(page().into()))
        .title("Daypass")
        .inner_size(USUAL.0, USUAL.1)
        .min_inner_size(360.0, 420.0)
        .visible(false)
        .devtools(false)
        .on_navigation(is_own_page)
        .build();
    match made {
        Ok(window) => {
            place::place(&window, USUAL);
            look_after(&window);
        }
        Err(error) => tracing::error!(%error, "the panel could not be made"),
    }
}

/// Whoever closes the panel finds it where it was, and at once for a while.
fn look_after(window: &WebviewWindow) {
    let closing = window.clone();
    window.on_window_event(move |event| {
        let app = closing.app_handle();
        if let WindowEvent::CloseRequested { api, .. } = event {
            // A second wish to close one that is away already: its place is kept.
            if life::is_away(app) {
                return api.prevent_close();
            }
            place::keep(&closing);
            if last_words::are_due(app) {
                api.prevent_close();
                awaited::wish(app, awaited::Wish::Close);
            } else if last_words::goes_on(app) {
                api.prevent_close();
                life::put_away(&closing, &page());
            }
        }
    });
}

/// The page leads nowhere else.
fn is_own_page(url: &tauri::Url) -> bool {
    let own = url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost");
    let development = cfg!(dev) && url.host_str() == Some("localhost");
    own || development
}
