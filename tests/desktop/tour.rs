//! A practice city, page by page, for pictures of it.

use std::path::Path;

use crate::Anything;
use crate::display::Display;
use crate::story::{self, Desk};
use crate::window::Window;

const OFFICE: &str = "武汉市民政局";

/// Pages, and what stands on them once they are there.
const PAGES: [(&str, &str); 6] = [
    ("home", "工作台"),
    ("records", "第 1–30 条"),
    ("approval", "全选"),
    ("verify", "核验"),
    ("people", "孙七示例"),
    ("audit", "核对能发现什么"),
];

/// Sits down as one of the practice office's people and looks at every page.
pub async fn all(desk: &Desk, home: &Path) -> Result<(), Anything> {
    let display = Display::start()?;
    let home = home.display().to_string();
    let window = Window::open(&display, &desk.binary, &["--data", &home]).await?;
    let seen = pages(desk, &window).await;
    if seen.is_err() {
        window.shot(&desk.shots.join("failed.png")).await?;
    }
    seen?;
    window.close().await
}

async fn pages(desk: &Desk, window: &Window) -> Result<(), Anything> {
    window.sees(OFFICE).await?;
    window.shot(&desk.shots.join("start.png")).await?;
    window.press(OFFICE).await?;
    window.is_titled(&format!("演练 · {OFFICE} · 印信")).await?;
    story::unlock(window, ("李四示例", "practice-lisi")).await?;
    for (page, text) in PAGES {
        window.script(&format!("location.hash = '#/{page}';")).await?;
        window.sees(text).await?;
        window.shot(&desk.shots.join(format!("{page}.png"))).await?;
    }
    Ok(())
}
