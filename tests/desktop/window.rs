//! One run of the program, and what a person does at its window.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::{Element, ElementRef};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::Anything;
use crate::display::Display;
use crate::process::Process;

/// How long anything may take until it is seen; opening a key takes a second or
/// two on a slow machine.
const LIMIT: Duration = Duration::from_secs(30);
/// How often it is looked for.
const PAUSE: Duration = Duration::from_millis(20);

/// Finds what can be pressed by what is written on it; in a dialog before the
/// page behind it.
const PRESSABLE: &str = r"
    const [text] = arguments;
    const said = (e) => (e.innerText || e.getAttribute('aria-label') || '').replace(/\s+/g, ' ').trim();
    const fits = (e) => said(e).startsWith(text);
    const can = (e) => e.getClientRects().length > 0 && !e.disabled && e.getAttribute('aria-disabled') !== 'true';
    const all = document.querySelectorAll('button, a, label, [role=gridcell]');
    const found = [...all].filter((e) => can(e) && fits(e));
    return found.filter((e) => said(e) === text).at(-1) ?? found.at(-1) ?? null;";

/// Finds what a label belongs to.
const LABELLED: &str = r"
    const [text] = arguments;
    const said = (e) => e.textContent.replace(/\s+/g, ' ').replace(/^\s*\*/, '').trim();
    const labels = [...document.querySelectorAll('label')].filter((e) => e.getClientRects().length > 0);
    return labels.filter((e) => said(e) === text && e.control).at(-1)?.control ?? null;";

/// One run of the program; it ends with this.
pub struct Window {
    client: Client,
    /// From the program's start until its page could be worked.
    pub ready_after: Duration,
    _driver: Process,
}

impl Window {
    /// Starts the program and waits until its page can be worked.
    pub async fn open(display: &Display, binary: &Path, arguments: &[&str]) -> Result<Self, Anything> {
        let (start, mut window) = Self::begin(display, binary, arguments).await?;
        until("something to press", async || {
            window.find("return document.querySelector('button, a');", &[]).await
        })
        .await?;
        window.ready_after = start.elapsed();
        Ok(window)
    }

    /// The same, but waits until this text can be read.
    pub async fn open_until(
        display: &Display,
        binary: &Path,
        arguments: &[&str],
        text: &str,
    ) -> Result<Self, Anything> {
        let (start, mut window) = Self::begin(display, binary, arguments).await?;
        window.sees(text).await?;
        window.ready_after = start.elapsed();
        Ok(window)
    }

    async fn begin(
        display: &Display,
        binary: &Path,
        arguments: &[&str],
    ) -> Result<(Instant, Self), Anything> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let driver = driver(display, port)?;
        let options = json!({"binary": binary, "args": arguments});
        let (start, client) = listening(port, options).await?;
        Ok((start, Self { client, ready_after: Duration::ZERO, _driver: driver }))
    }

    /// Presses what has this text on it, or begins with it.
    pub async fn press(&self, text: &str) -> Result<(), Anything> {
        let what = format!("“{text}” to press");
        until(&what, async || {
            let Some(element) = self.find(PRESSABLE, &[json!(text)]).await? else { return Ok(None) };
            // What is still moving, or covered by what is, is tried again.
            Ok(element.click().await.ok())
        })
        .await
    }

    /// Types into what has this label; what stood there is replaced.
    pub async fn fill(&self, label: &str, text: &str) -> Result<(), Anything> {
        let what = format!("“{label}” to fill in");
        let element = until(&what, async || self.find(LABELLED, &[json!(label)]).await).await?;
        element.clear().await?;
        element.send_keys(text).await?;
        Ok(())
    }

    /// Waits until this text can be read.
    pub async fn sees(&self, text: &str) -> Result<(), Anything> {
        let what = format!("“{text}” to be seen");
        let seen = until(&what, async || Ok(self.text().await?.contains(text).then_some(()))).await;
        match seen {
            Ok(()) => Ok(()),
            Err(error) => Err(format!("{error}; the page says:\n{}", self.text().await?).into()),
        }
    }

    /// Waits until the page's title is this.
    pub async fn is_titled(&self, title: &str) -> Result<(), Anything> {
        let what = format!("title “{title}”");
        until(&what, async || Ok((self.client.title().await? == title).then_some(()))).await
    }

    /// What a script of the page gives.
    pub async fn script(&self, script: &str) -> Result<Value, Anything> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// What a script of the page gives later.
    pub async fn script_later(&self, script: &str) -> Result<Value, Anything> {
        Ok(self.client.execute_async(script, Vec::new()).await?)
    }

    /// Keeps a picture of the window.
    pub async fn shot(&self, to: &Path) -> Result<(), Anything> {
        Ok(std::fs::write(to, self.client.screenshot().await?)?)
    }

    /// Closes the window.
    pub async fn close(self) -> Result<(), Anything> {
        Ok(self.client.close().await?)
    }

    /// Waits until the window is gone and the program behind it has ended.
    pub async fn has_ended(self, display: &Display) -> Result<(), Anything> {
        until("the window to be gone", async || Ok(display.is_empty()?.then_some(()))).await?;
        until("the program to end", async || Ok(self.client.title().await.err().map(|_| ()))).await
    }

    async fn text(&self) -> Result<String, Anything> {
        let text = self.script("return document.body.innerText;").await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    async fn find(&self, script: &str, arguments: &[Value]) -> Result<Option<Element>, Anything> {
        let found = self.client.execute(script, arguments.to_vec()).await?;
        let id = found.as_object().and_then(|found| found.values().next()).and_then(Value::as_str);
        let element =
            |id: &str| Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned()));
        Ok(id.map(element))
    }
}

fn driver(display: &Display, port: u16) -> Result<Process, Anything> {
    let mut command = Command::new("WebKitWebDriver");
    command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
    command.env("DISPLAY", &display.name).env("GDK_BACKEND", "x11");
    // Lets the driver reach the page; without it a session never begins.
    command.env("TAURI_WEBVIEW_AUTOMATION", "true");
    command.env("LIBGL_ALWAYS_SOFTWARE", "1").env("NO_AT_BRIDGE", "1").env("LANG", "zh_CN.UTF-8");
    // A window that a person has open must not take part.
    command.env_remove("DBUS_SESSION_BUS_ADDRESS").env("XDG_RUNTIME_DIR", "/nonexistent");
    Process::start(&mut command)
}

/// A session with the driver, once it listens; and when the program was started.
async fn listening(port: u16, options: Value) -> Result<(Instant, Client), Anything> {
    until("WebKitWebDriver", async || {
        Ok(tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.ok())
    })
    .await?;
    let capabilities = [("webkitgtk:browserOptions".to_owned(), options)].into_iter().collect();
    let mut builder = ClientBuilder::new(HttpConnector::new());
    let start = Instant::now();
    let address = format!("http://127.0.0.1:{port}");
    let connecting = builder.capabilities(capabilities).connect(&address);
    let client = tokio::time::timeout(LIMIT, connecting).await.map_err(|_| "the window did not open")??;
    Ok((start, client))
}

/// Looks again and again until there is something, or until it takes too long.
async fn until<T>(what: &str, look: impl AsyncFn() -> Result<Option<T>, Anything>) -> Result<T, Anything> {
    let looking = async {
        loop {
            if let Some(found) = look().await? {
                return Ok::<T, Anything>(found);
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    match tokio::time::timeout(LIMIT, looking).await {
        Ok(found) => found,
        Err(_) => Err(format!("waited {} s for {what}", LIMIT.as_secs()).into()),
    }
}
