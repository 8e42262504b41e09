//! Keys on X11: grabbed at the root window, by a thread that sleeps until one is pressed. Nothing wakes
//! up in between.

use std::sync::Arc;
use std::thread;

use daypass_core::host::Env;
use tauri::AppHandle;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    ClientMessageEvent, ConnectionExt, EventMask, GrabMode, KeyButMask, ModMask, Window,
    WindowClass,
};
use x11rb::rust_connection::RustConnection;

use super::Binding;
use super::keysyms::keysym;
use crate::windows;

/// Caps Lock and Num Lock may be on or off.
const LOCKS: [u16; 4] = [0, 0x02, 0x10, 0x12];

/// Keys that are held until this is dropped.
pub(super) struct Keys {
    connection: Arc<RustConnection>,
    /// A message to it ends the thread.
    letterbox: Window,
}

/// What is grabbed.
#[derive(Clone, Copy)]
struct Combination {
    modifiers: u16,
    keysym: u32,
}

impl Keys {
    /// Takes keys such as `Ctrl+Shift+Space`.
    pub(super) fn take(app: &AppHandle, keys: &str) -> Result<Keys, Binding> {
        if Env::real().has("WAYLAND_DISPLAY") {
            return Err(Binding::OnlyTheDesktop);
        }
        let wanted = Combination::of(keys).ok_or(Binding::Unknown)?;
        let (connection, screen) =
            RustConnection::connect(None).map_err(|_| Binding::OnlyTheDesktop)?;
        let root = connection.setup().roots[screen].root;
        let connection = Arc::new(connection);
        grab(&connection, root, wanted)?;
        let letterbox = letterbox(&connection, root).map_err(|_| Binding::Unknown)?;
        let (app, waiting) = (app.clone(), connection.clone());
        let listening = thread::Builder::new().name("hotkey".into());
        listening
            .spawn(move || listen(&app, &waiting, root, wanted))
            .map_err(|_| Binding::Unknown)?;
        Ok(Keys {
            connection,
            letterbox,
        })
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        let message = ClientMessageEvent::new(
            32,
            self.letterbox,
            u32::from(EventMask::NO_EVENT),
            [0u32; 5],
        );
        let told = self
            .connection
            .send_event(false, self.letterbox, EventMask::NO_EVENT, message);
        // With the connection the grab goes too.
        let told = told.map(|_| ()).and_then(|()| self.connection.flush());
        if let Err(error) = told {
            tracing::debug!(%error, "the keys were gone already");
        }
    }
}

impl Combination {
    fn of(keys: &str) -> Option<Combination> {
        let (modifiers, key) = super::parts(keys);
        let mut mask = 0;
        for modifier in modifiers {
            mask |= u16::from(match modifier {
                "Ctrl" => ModMask::CONTROL,
                "Alt" => ModMask::M1,
                "Shift" => ModMask::SHIFT,
                "Super" => ModMask::M4,
                _ => return None,
            });
        }
        Some(Combination {
            modifiers: mask,
            keysym: keysym(key)?,
        })
    }
}

/// A window that is never shown, to which this program may write.
fn letterbox(
    connection: &RustConnection,
    root: Window,
) -> Result<Window, Box<dyn std::error::Error>> {
    let window = connection.generate_id()?;
    connection
        .create_window(
            0,
            window,
            root,
            0,
            0,
            1,
            1,
            0,
            WindowClass::INPUT_ONLY,
            0,
            &Default::default(),
        )?
        .check()?;
    Ok(window)
}

fn grab(connection: &RustConnection, root: Window, wanted: Combination) -> Result<(), Binding> {
    let code = keycode(connection, wanted.keysym).ok_or(Binding::Unknown)?;
    for lock in LOCKS {
        let modifiers = ModMask::from(wanted.modifiers | lock);
        let grabbed = connection.grab_key(
            true,
            root,
            modifiers,
            code,
            GrabMode::ASYNC,
            GrabMode::ASYNC,
        );
        let grabbed = grabbed.map_err(|_| Binding::OnlyTheDesktop)?;
        grabbed.check().map_err(|_| Binding::Taken)?;
    }
    Ok(())
}

/// The key of this keyboard that has the keysym, whatever modifiers that takes.
fn keycode(connection: &RustConnection, keysym: u32) -> Option<u8> {
    let setup = connection.setup();
    let (first, last) = (setup.min_keycode, setup.max_keycode);
    let mapping = connection
        .get_keyboard_mapping(first, last - first + 1)
        .ok()?;
    let mapping = mapping.reply().ok()?;
    let per_key = usize::from(mapping.keysyms_per_keycode);
    let at = mapping.keysyms.iter().position(|it| *it == keysym)? / per_key.max(1);
    u8::try_from(at).ok()?.checked_add(first)
}

/// Until the connection ends, or a message says that the keys are not wanted any more.
fn listen(app: &AppHandle, connection: &RustConnection, root: Window, wanted: Combination) {
    loop {
        match connection.wait_for_event() {
            Ok(Event::KeyPress(key)) if is_wanted(key.state, wanted) => raise(app),
            Ok(Event::MappingNotify(_)) => {
                let _ = connection.ungrab_key(0u8, root, ModMask::ANY);
                if let Err(why) = grab(connection, root, wanted) {
                    tracing::warn!(?why, "with the new keyboard the hotkey is gone");
                }
            }
            Ok(Event::ClientMessage(_)) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

fn is_wanted(state: KeyButMask, wanted: Combination) -> bool {
    let locks = LOCKS[3];
    u16::from(state) & 0xff & !locks == wanted.modifiers
}

fn raise(app: &AppHandle) {
    let panel = app.clone();
    if let Err(error) = app.run_on_main_thread(move || windows::show_panel(&panel)) {
        tracing::warn!(%error, "the panel could not be brought up");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_modifiers_and_a_key() {
        let read = |keys| Combination::of(keys).map(|it| (it.modifiers, it.keysym));
        assert_eq!(read("Ctrl+Shift+Space"), Some((0b101, 0x20)));
        assert_eq!(read("Super+Alt+D"), Some((0x48, 0x64)));
        assert_eq!(read("Hyper+D"), None);
        assert_eq!(read("Ctrl+Nonsense"), None);
    }
}
