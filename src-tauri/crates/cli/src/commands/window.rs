//! The window in the system's browser: `open` shows it, `serve --ui` says where it is.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;
use tempfile::NamedTempFile;
use yinxin_commands::{Desk, Home, Machine};
use yinxin_web::Host;

use crate::Context;
use crate::answer::{Answer, note, print};
use crate::args::{Open, Serve};
use crate::failure::{CliError, Failure};

/// `open`.
pub(super) fn open(args: &Open, context: &Context) -> Result<Answer, Failure> {
    let desk = desk(args.data.as_deref(), args.keys.as_deref())?;
    for file in &args.files {
        desk.files().open_later(file)?;
    }
    run(desk, None, context, |entry| {
        let page = launch_page(entry)?;
        if open::that_detached(page.path()).is_err() {
            // Without a browser that can be started, a person follows the link.
            note(&context.locale.say_plain("open_yourself", &[("entry", entry.to_owned())]));
        }
        Ok(Some(page))
    })
}

/// `serve --ui`.
pub(super) fn serve(args: &Serve, context: &Context) -> Result<Answer, Failure> {
    let desk = desk(args.data.as_deref(), args.keys.as_deref())?;
    run(desk, args.port, context, |entry| {
        let text = if context.json {
            json!({"entry": entry}).to_string()
        } else {
            context.locale.say_plain("serve_entry", &[("entry", entry.to_owned())])
        };
        print(&text)?;
        Ok(None)
    })
}

/// A folder of keys that is named is chosen, as it would be in the window.
fn desk(data: Option<&Path>, keys: Option<&Path>) -> Result<Desk, Failure> {
    let home = match data {
        Some(data) => Some(Home::new(absolute(data)?)),
        None => Home::of_user(),
    };
    let desk = Desk::new(home.ok_or(CliError::NoHome)?, Arc::new(Machine))?;
    if let Some(keys) = keys {
        desk.choose_key_folder(&absolute(keys)?)?;
    }
    Ok(desk)
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(Failure::file(path))
}

/// Serves until the program is told to end. What `tell` returns is kept until then.
fn run(
    desk: Desk,
    port: Option<u16>,
    context: &Context,
    tell: impl FnOnce(&str) -> io::Result<Option<NamedTempFile>>,
) -> Result<Answer, Failure> {
    let failed = |error: io::Error| Failure::from(CliError::Listening { detail: error.to_string() });
    let runtime = tokio::runtime::Runtime::new().map_err(failed)?;
    runtime.block_on(async {
        let host = Host::listen(Arc::new(desk), port).await.map_err(failed)?;
        let _launch = tell(&host.entry()).map_err(failed)?;
        host.serve(told_to_end()).await.map_err(failed)
    })?;
    Ok(Answer::done(context.locale.say("served", &[]), json!({"served": true})))
}

async fn told_to_end() {
    // Where a signal cannot be listened for, the program ends by it all the same.
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// A page that goes to `entry`. The key must not stand on a command line, which
/// every user of the machine can read; this file only its owner can.
fn launch_page(entry: &str) -> io::Result<NamedTempFile> {
    let mut page = tempfile::Builder::new().prefix("yinxin-").suffix(".html").tempfile()?;
    write!(
        page,
        "<!doctype html><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\">\
         <meta http-equiv=\"refresh\" content=\"0;url={entry}\"><title>印信</title>"
    )?;
    page.flush()?;
    Ok(page)
}
