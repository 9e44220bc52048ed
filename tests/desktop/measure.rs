//! How long a person waits for the window: over an empty folder, over an office
//! with many records, for a page of the list and for a search.
//!
//! Times of a start count from the moment the driver is asked for the program
//! until its page has been found finished, so that the driver's own work is in
//! them. Times of a page and a search are taken inside the page, from the event
//! until the frame after the one in which the rows have changed.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::Anything;
use crate::display::Display;
use crate::story::{self, Desk};
use crate::window::Window;

/// Who works in the office that `bench --keep` leaves.
const PERSON: (&str, &str) = ("经办示例", "bench");
const STARTS: usize = 5;
/// Asked of a start over an empty folder.
const START: Duration = Duration::from_millis(1500);
/// Asked of a start over many records, against one over an empty folder.
const RATIO: f64 = 1.5;
/// Asked of 95 of 100 pages and searches.
const PAINT: f64 = 100.0;

/// How many pages and searches: WebKit lets a page go to 50 places in 30 seconds.
const SAMPLES: usize = 40;
const REST: Duration = Duration::from_secs(30);

/// Times, in milliseconds, from pressing “下一页” to the frame with other rows.
const PAGES: &str = r"
    const done = arguments[arguments.length - 1];
    const first = () => document.querySelector('[role=grid] tbody tr')?.innerText;
    const frame = () => new Promise(requestAnimationFrame);
    const next = () => [...document.querySelectorAll('.pager button')].find((e) => e.innerText.trim() === '下一页');
    (async () => {
        const times = [];
        for (let i = 0; i < 40; i += 1) {
            const before = first();
            const start = performance.now();
            next().click();
            while (first() === before || next().disabled) await frame();
            await frame();
            times.push(performance.now() - start);
        }
        return times;
    })().then(done, (error) => done(String(error)));";

/// Times, in milliseconds, from Enter in the search box to the frame with what
/// was found.
const SEARCHES: &str = r"
    const done = arguments[arguments.length - 1];
    const found = (text) => location.hash.includes(encodeURIComponent(text))
        && document.querySelector('[role=grid]')?.getAttribute('aria-busy') === 'false';
    const frame = () => new Promise(requestAnimationFrame);
    const input = document.querySelector('[role=search] input');
    (async () => {
        const times = [];
        for (let i = 0; i < 40; i += 1) {
            // By turns what is in one record, and what fills a page.
            const text = i % 2 ? `第${10000 + ((i * 197) % 9999)}社区` : `第${3 + (i / 2 % 17)}街道`;
            input.value = text;
            input.dispatchEvent(new Event('input'));
            await frame();
            const start = performance.now();
            input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
            while (!found(text)) await frame();
            await frame();
            times.push(performance.now() - start);
        }
        return times;
    })().then(done, (error) => done(String(error)));";

/// Measures and prints; that something is slow is no failure.
pub async fn all(desk: &Desk, office: &Path) -> Result<(), Anything> {
    let display = Display::start()?;
    let (mut empty, mut full) = (Vec::new(), Vec::new());
    for run in 0..STARTS {
        let folder = desk.folder.join(format!("empty-{run}"));
        empty.push(started(desk, &display, &folder, "开始使用印信").await?);
        full.push(started(desk, &display, office, "账本 ").await?);
    }
    let (empty, full) = (median(empty), median(full));
    let ratio = full.as_secs_f64() / empty.as_secs_f64();
    println!("window over an empty folder: {empty:.2?}, {START:.2?} asked: {}", word(empty < START));
    println!(
        "window over the office: {full:.2?}, {ratio:.2} × that, {RATIO} × asked: {}",
        word(ratio <= RATIO)
    );

    let office = office.display().to_string();
    let window = Window::open(&display, &desk.binary, &["--data", &office]).await?;
    story::unlock(&window, PERSON).await?;
    for (name, script) in [("a page of the list", PAGES), ("a search", SEARCHES)] {
        window.script("location.hash = '#/records';").await?;
        tokio::time::sleep(REST).await;
        window.sees("下一页").await?;
        let (median, p95) = times(&window.script_later(script).await?)?;
        println!(
            "{name} to paint: median {median:.0} ms, p95 {p95:.0} ms, {PAINT} ms asked: {}",
            word(p95 < PAINT)
        );
    }
    window.close().await
}

/// Starts the program over a folder, and waits until its page says this.
async fn started(desk: &Desk, display: &Display, folder: &Path, text: &str) -> Result<Duration, Anything> {
    let folder = folder.display().to_string();
    let window = Window::open_until(display, &desk.binary, &["--data", &folder], text).await?;
    let time = window.ready_after;
    window.close().await?;
    Ok(time)
}

fn word(met: bool) -> &'static str {
    if met { "met" } else { "NOT MET" }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Median and 95th percentile.
fn times(measured: &Value) -> Result<(f64, f64), Anything> {
    let times: Option<Vec<f64>> =
        measured.as_array().map(|all| all.iter().filter_map(Value::as_f64).collect());
    let mut times = times.filter(|times| times.len() == SAMPLES).ok_or_else(|| measured.to_string())?;
    times.sort_by(f64::total_cmp);
    Ok((times[SAMPLES / 2], times[SAMPLES * 95 / 100]))
}
