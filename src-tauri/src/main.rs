//! The desktop window: the pages in a window of the system's WebKit, the commands
//! behind them, and what only a window has: dialogs, dropped files, closing, one
//! instance.
//!
//! Nothing is decided here. Every declared command is bound under its own name
//! ([`bindings`]), so that the capability file says one by one what the page may
//! ask; the page names no paths ([`files`], [`window`]).

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod bindings;
mod closing;
mod files;
mod notice;
mod seat;
mod window;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use tauri::{App, AppHandle, Manager as _, RunEvent};
use yinxin_commands::{Desk, DeskError, Failure, Machine};
use yinxin_office::OfficeError;

use arguments::{Arguments, Asked};
use closing::Closing;
use files::{MOST, Saving};
use notice::Language;
use seat::Seat;

/// As in `yinxin` itself: records are made on one core and dropped on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Where the folder is gone, only relative paths are lost.
    let folder = std::env::current_dir().unwrap_or_default();
    match Asked::parse(std::env::args_os().skip(1), &folder) {
        Ok(Asked::Window(arguments)) => run(arguments),
        Ok(Asked::Text(text)) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("{}", Language::of_environment().told(&failure));
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments) -> ExitCode {
    match build(arguments) {
        Ok(app) => {
            let code = app.run_return(|app, event| end(app, &event));
            u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
        }
        // Without a display there is no dialog either.
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn build(arguments: Arguments) -> tauri::Result<App> {
    let mut context = tauri::generate_context!();
    instance_of(context.config_mut(), arguments.home.path());
    tauri::Builder::default()
        // First, so that a second start touches no office.
        .plugin(tauri_plugin_single_instance::init(window::started_again))
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(bindings::handler())
        .setup(|app| {
            if let Err(failure) = begin(app, arguments) {
                let handle = app.handle().clone();
                notice::show(app.handle(), &failure, move || handle.exit(1));
            }
            Ok(())
        })
        .build(context)
}

fn end(app: &AppHandle, event: &RunEvent) {
    if matches!(event, RunEvent::Exit)
        && let Some(seat) = app.try_state::<Seat>()
    {
        seat.leave();
    }
}

/// Of two starts over the same folder one window comes; another folder is another
/// office, with a window of its own.
fn instance_of(config: &mut tauri::Config, home: &Path) {
    // Only a folder that is there has one name, however it is written. Why it
    // cannot be made is told where the window begins.
    let _ = std::fs::create_dir_all(home);
    let home = home.canonicalize().unwrap_or_else(|_| home.to_owned());
    let digest = Sha256::digest(home.as_os_str().as_encoded_bytes());
    config.identifier = format!("{}.h{}", config.identifier, hex::encode(&digest[..8]));
}

fn begin(app: &App, arguments: Arguments) -> Result<(), Failure> {
    let web = arguments.home.path().join("webview");
    std::fs::create_dir_all(&web).map_err(|source| OfficeError::File { path: web.clone(), source })?;
    let desk = Desk::new(arguments.home, Arc::new(Machine))?;
    for file in arguments.files.iter().take(MOST) {
        if let Err(error) = desk.files().open_later(file) {
            notice::show(app.handle(), &error.into(), || ());
        }
    }
    if let Some(failure) = files::too_many(arguments.files.len()) {
        notice::show(app.handle(), &failure, || ());
    }
    app.manage(Seat::new(desk));
    app.manage(Saving::to(arguments.out));
    app.manage(Closing::default());
    window::open(app, web).map_err(|error| DeskError::internal(error).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance(home: &Path) -> String {
        let mut config = tauri::Config::default();
        instance_of(&mut config, home);
        config.identifier
    }

    #[test]
    #[cfg(unix)]
    fn a_folder_is_one_office_however_it_is_called() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        // The first start makes it.
        let first = instance(&at("./x/../home/"));
        std::os::unix::fs::symlink(at("home"), at("link")).unwrap();
        for other in ["home", "x/../home", "link"] {
            assert_eq!(instance(&at(other)), first, "{other}");
        }
        assert_ne!(instance(&at("other")), first);
    }
}
