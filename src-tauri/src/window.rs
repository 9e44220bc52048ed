//! The one window: what it shows, what is dropped on it, what reaches it when the
//! program is started again.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::Serialize;
use tauri::webview::NewWindowResponse;
use tauri::{
    App, AppHandle, DragDropEvent, Emitter as _, Manager as _, Url, WebviewUrl, WebviewWindowBuilder,
    WindowEvent,
};
use yinxin_commands::{Desk, Failure, FileKind};

use crate::arguments::Asked;
use crate::closing;
use crate::files::{self, Picked};
use crate::notice;
use crate::seat::Seat;

/// What it is called until the page says more.
pub const TITLE: &str = "印信";

/// Its label, by which the capability file knows it.
pub const MAIN: &str = "main";

/// Makes the window. What WebKit keeps lies in the folder `web`.
pub fn open(app: &App, web: PathBuf) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title(TITLE)
        .inner_size(1366.0, 768.0)
        .min_inner_size(1024.0, 640.0)
        .data_directory(web)
        .on_navigation(is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_document_title_changed(|window, title| {
            // A title that stays as it was does no harm.
            let _ = window.set_title(&title);
        })
        .build()?;
    let handle = app.handle().clone();
    window.on_window_event(move |event| match event {
        WindowEvent::DragDrop(event) => dragged(&handle, event),
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            closing::wished(&handle);
        }
        _ => {}
    });
    Ok(())
}

/// Only the embedded pages are shown.
fn is_own(url: &Url) -> bool {
    let host = url.host_str();
    if cfg!(windows) {
        url.scheme() == "http" && host == Some("tauri.localhost") && url.port().is_none()
    } else {
        url.scheme() == "tauri" && host == Some("localhost")
    }
}

fn dragged(app: &AppHandle, event: &DragDropEvent) {
    match event {
        DragDropEvent::Enter { .. } => tell(app, "files-hover", true),
        DragDropEvent::Leave => tell(app, "files-hover", false),
        DragDropEvent::Drop { paths, .. } => {
            tell(app, "files-hover", false);
            hand_in(app, paths.clone());
        }
        _ => {}
    }
}

/// Hands dropped files to the page, not on the window's own thread: they may lie
/// on a network.
fn hand_in(app: &AppHandle, paths: Vec<PathBuf>) {
    with_desk(app, move |app, desk| {
        let given = paths.len();
        let (mut taken, mut refused) = (Vec::new(), None);
        for (path, kind) in files::first(paths) {
            match desk.files().take(&path, kind) {
                Ok(file) => taken.push(file),
                Err(error) => refused = Some(Failure::from(error)),
            }
        }
        if !taken.is_empty() {
            tell(app, "files-dropped", Picked { files: taken, given });
        }
        if let Some(failure) = refused {
            tell(app, "files-refused", failure);
        }
    });
}

/// The program was started again over the same folder: this window comes to the
/// front, with the evidence that was named.
#[allow(clippy::needless_pass_by_value)] // the plugin's signature
pub fn started_again(app: &AppHandle, arguments: Vec<String>, folder: String) {
    if let Some(window) = app.get_webview_window(MAIN) {
        // A window that cannot be raised is there all the same.
        let _ = window.unminimize().and_then(|()| window.set_focus());
    }
    let given = arguments.into_iter().skip(1).map(OsString::from);
    let arguments = match Asked::parse(given, Path::new(&folder)) {
        Ok(Asked::Window(arguments)) => arguments,
        // Answered where the program was started.
        Ok(Asked::Text(_)) => return,
        Err(failure) => return notice::show(app, &failure, || ()),
    };
    if let Some(out) = &arguments.out {
        notice::show(app, &out_of_second_start(out), || ());
    }
    if let Some(failure) = files::too_many(arguments.files.len()) {
        notice::show(app, &failure, || ());
    }
    with_desk(app, move |app, desk| {
        for path in arguments.files.iter().take(files::MOST) {
            match desk.files().take(path, FileKind::Evidence) {
                Ok(file) => tell(app, "files-opened", [file]),
                Err(error) => notice::show(app, &error.into(), || ()),
            }
        }
    });
}

/// Where this window saves was said when it was started.
fn out_of_second_start(out: &Path) -> Failure {
    let args = BTreeMap::from([("path".to_owned(), out.display().to_string())]);
    Failure { code: "out_not_changed".to_owned(), args, problems: Vec::new() }
}

fn with_desk(app: &AppHandle, act: impl FnOnce(&AppHandle, &Desk) + Send + 'static) {
    // There is none while the window begins or ends.
    if let Some(Ok(desk)) = app.try_state::<Seat>().map(|seat| seat.desk()) {
        let app = app.clone();
        tauri::async_runtime::spawn_blocking(move || act(&app, &desk));
    }
}

/// Tells the page; without one nobody waits for it.
pub fn tell<T: Serialize + Clone>(app: &AppHandle, event: &str, what: T) {
    let _ = app.emit_to(MAIN, event, what);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(not(windows))]
    fn only_the_embedded_pages_are_shown() {
        let is = |url: &str| is_own(&url.parse().unwrap());
        assert!(is("tauri://localhost/index.html#/home"));
        for other in [
            "https://example.org/",
            "file:///etc/passwd",
            "tauri://other/",
            "http://localhost/",
            "data:text/html,x",
        ] {
            assert!(!is(other), "{other}");
        }
    }
}
