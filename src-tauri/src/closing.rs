//! Closing the window: the page keeps what was typed, and asks if work is under
//! way. It is waited for, but not for ever.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tauri::{AppHandle, Manager as _, State, WebviewWindow};

use crate::window::{MAIN, tell};

/// How long a page that does not answer is waited for.
const PATIENCE: Duration = Duration::from_secs(3);

/// Which wish to close waits for its answer; an answer makes it an old one.
#[derive(Default)]
pub struct Closing(AtomicU64);

/// Somebody wants to close the window: the page is asked.
pub fn wished(app: &AppHandle) {
    let Some(closing) = app.try_state::<Closing>() else { return end(app) };
    let wish = closing.0.fetch_add(1, Ordering::SeqCst) + 1;
    tell(app, "window-closing", ());
    let app = app.clone();
    tauri::async_runtime::spawn_blocking(move || {
        std::thread::sleep(PATIENCE);
        let waits =
            app.try_state::<Closing>().is_some_and(|closing| closing.0.load(Ordering::SeqCst) == wish);
        if waits {
            end(&app);
        }
    });
}

/// The page's answer: everything is kept and the window may close, or a person is
/// asked first.
#[tauri::command]
#[allow(clippy::needless_pass_by_value)] // as commands take them
pub fn answer_close(window: WebviewWindow, closing: State<'_, Closing>, close: bool) {
    closing.0.fetch_add(1, Ordering::SeqCst);
    if close {
        end(window.app_handle());
    }
}

/// Closes without asking again.
fn end(app: &AppHandle) {
    let destroyed = app.get_webview_window(MAIN).map(|window| window.destroy());
    if !matches!(destroyed, Some(Ok(()))) {
        app.exit(0);
    }
}
