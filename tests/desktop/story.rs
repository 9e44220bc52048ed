//! What is done at the window.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::Anything;
use crate::display::Display;
use crate::window::Window;

const OFFICE: &str = "武汉市民政局";
const CODE: &str = "11420100MB0889006F";
const HOST: &str = "梅园 黄鹤 渡口 石榴";
const DRAFTER: (&str, &str) = ("王芳", "晨光 稻田 竹椅 铜铃");
const APPROVER: (&str, &str) = ("李志强", "松涛 瓷碗 蓝布 长桥");

const FIELDS: [(&str, &str); 9] = [
    ("社区（村）代码", "420102002003"),
    ("社区（村）名称", "保成社区"),
    ("街道（乡镇）代码", "420102002"),
    ("街道（乡镇）名称", "大智街道"),
    ("区（县）代码", "420102"),
    ("区（县）名称", "江岸区"),
    ("市代码", "4201"),
    ("省代码", "42"),
    ("省名称", "湖北省"),
];

/// Where it is done.
pub struct Desk {
    pub binary: PathBuf,
    pub folder: PathBuf,
    /// Where pictures of the window go.
    pub shots: PathBuf,
}

impl Desk {
    async fn window(&self, display: &Display, files: &[&Path]) -> Result<Window, Anything> {
        let (data, out) = (self.text("data"), self.text("out"));
        let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        let mut arguments = vec!["--data", &data, "--out", &out];
        arguments.extend(files.iter().map(String::as_str));
        Window::open(display, &self.binary, &arguments).await
    }

    fn text(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn saved(&self, end: &str) -> Result<PathBuf, Anything> {
        let mut all = std::fs::read_dir(self.folder.join("out"))?.filter_map(Result::ok);
        let found = all.find(|entry| entry.file_name().to_string_lossy().ends_with(end));
        Ok(found.ok_or_else(|| format!("no {end} was saved"))?.path())
    }
}

/// Everything, step by step; a picture is kept of where it ended.
pub async fn all(desk: &Desk) -> Result<(), Anything> {
    let display = Display::start()?;
    let window = desk.window(&display, &[]).await?;
    println!("empty folder: {:.2} s from start to the first control", window.ready_after.as_secs_f64());
    let done = first_run(desk, &window).await;
    window.shot(&desk.shots.join(if done.is_ok() { "first-run.png" } else { "failed.png" })).await?;
    done?;
    step("what was typed a moment before closing is kept", kept(desk, &display, window)).await?;
    step("work under way is asked about before closing", asked(desk, &display)).await?;
    opened(desk, &display).await
}

async fn first_run(desk: &Desk, window: &Window) -> Result<(), Anything> {
    step("the window opens", window.is_titled("印信")).await?;
    step("nothing from outside is loaded", is_closed(window)).await?;
    step("the language is changed and back", language(window)).await?;
    step("an office is founded", found(window)).await?;
    window.shot(&desk.shots.join("founded.png")).await?;
    step("a record is written and submitted", submit(window)).await?;
    step("somebody else approves it", approve(window)).await?;
    step("it is exported", export(window)).await
}

async fn step(name: &str, done: impl Future<Output = Result<(), Anything>>) -> Result<(), Anything> {
    let start = Instant::now();
    done.await.map_err(|error| format!("{name}: {error}"))?;
    println!("{:>6.1} s  {name}", start.elapsed().as_secs_f64());
    Ok(())
}

/// The page has no way past its commands: no network, no code but its own, no
/// other page, no command that was not declared.
async fn is_closed(window: &Window) -> Result<(), Anything> {
    let tried = window
        .script_later(
            r"const done = arguments[arguments.length - 1];
            const refused = (trying) => Promise.resolve().then(trying).then(() => 'allowed', () => 'refused');
            const invoke = window.__TAURI_INTERNALS__.invoke;
            Promise.all([
                refused(() => fetch('https://example.org/')),
                refused(() => fetch('asset://localhost/etc/passwd')),
                refused(() => new Function('return 1')()),
                refused(() => { if (!window.open('https://example.org/')) throw 0; }),
                refused(() => { if (!window.__TAURI__) throw 0; }),
                refused(() => invoke('plugin:dialog|open', { options: {} })),
                refused(() => invoke('plugin:event|emit', { event: 'files-opened', payload: [] })),
                refused(() => invoke('plugin:window|close')),
                refused(() => invoke('no_such_command', { request: {} })),
            ]).then(done);",
        )
        .await?;
    let all: Vec<&str> =
        tried.as_array().into_iter().flatten().filter_map(|answer| answer.as_str()).collect();
    if all.len() != 9 || all.iter().any(|answer| *answer != "refused") {
        return Err(format!("{all:?}").into());
    }
    window.script("location.href = 'https://example.org/';").await?;
    window.sees("开始使用印信").await?;
    let place = window.script("return location.origin;").await?;
    if place == "tauri://localhost" { Ok(()) } else { Err(format!("at {place}").into()) }
}

async fn language(window: &Window) -> Result<(), Anything> {
    window.script("location.hash = '#/settings';").await?;
    window.sees("语言").await?;
    window.press("English").await?;
    window.sees("Settings").await?;
    window.press("中文").await?;
    window.sees("语言").await?;
    window.script("location.hash = '#/start';").await?;
    Ok(())
}

async fn found(window: &Window) -> Result<(), Anything> {
    window.press("开始建立").await?;
    window.fill("部门名称", OFFICE).await?;
    window.fill("统一社会信用代码", CODE).await?;
    window.sees("代码正确").await?;
    window.press("下一步：主机口令").await?;
    window.fill("主机口令", HOST).await?;
    window.fill("再输入一遍", HOST).await?;
    window.press(&format!("建立{OFFICE}")).await?;
    for (name, passphrase) in [DRAFTER, APPROVER] {
        window.fill("姓名", name).await?;
        window.fill("本人的口令", passphrase).await?;
        window.fill("再输入一遍", passphrase).await?;
        window.press(&format!("把{name}加入名册")).await?;
        window.sees(&format!("{name}\n")).await?;
    }
    window.press("人员齐了，继续").await?;
    window.press("进入工作台").await?;
    window.is_titled(&format!("{OFFICE} · 印信")).await
}

/// Sits down as this person.
pub async fn unlock(window: &Window, (name, passphrase): (&str, &str)) -> Result<(), Anything> {
    window.press("工作台").await?;
    window.press(name).await?;
    window.fill("口令", passphrase).await?;
    window.press("解锁").await?;
    window.sees("锁定").await
}

async fn submit(window: &Window) -> Result<(), Anything> {
    unlock(window, DRAFTER).await?;
    window.press("记录").await?;
    window.press("新建记录").await?;
    window.press("社区名录").await?;
    for (label, value) in FIELDS {
        window.fill(label, value).await?;
    }
    window.sees("已保存").await?;
    window.press("提交审批").await?;
    window.press("签署并提交审批").await?;
    window.sees("登记待审批").await
}

async fn approve(window: &Window) -> Result<(), Anything> {
    window.press("锁定").await?;
    unlock(window, APPROVER).await?;
    window.press("审批").await?;
    window.sees("420102002003").await?;
    window.press("全选 1 条").await?;
    window.press("签发 1 条").await?;
    window.sees("签发并登记").await?;
    window.press("签发 1 条").await?;
    window.sees("已登记 1 条").await
}

async fn export(window: &Window) -> Result<(), Anything> {
    window.press("记录").await?;
    window.press("保成社区").await?;
    window.press("导出存证").await?;
    window.press("同时导出信任文件").await?;
    window.press("导出第 1 版，").await?;
    window.sees("已保存到").await
}

/// A picture of what has come to rest.
async fn settled(to: &Path, window: &Window) -> Result<(), Anything> {
    tokio::time::sleep(Duration::from_millis(500)).await;
    window.shot(to).await
}

/// Types, closes the window before any pause, and starts again.
async fn kept(desk: &Desk, display: &Display, window: Window) -> Result<(), Anything> {
    window.script("location.hash = '#/home';").await?;
    window.press("锁定").await?;
    unlock(&window, DRAFTER).await?;
    window.press("记录").await?;
    window.press("新建记录").await?;
    window.press("社区名录").await?;
    window.fill("社区（村）名称", "没等保存的社区").await?;
    display.close_window()?;
    window.has_ended(display).await?;
    let window = desk.window(display, &[]).await?;
    unlock(&window, DRAFTER).await?;
    window.sees("没等保存的社区").await?;
    settled(&desk.shots.join("kept.png"), &window).await?;
    display.close_window()?;
    window.has_ended(display).await
}

/// Closes the window while the practice city is built.
async fn asked(desk: &Desk, display: &Display) -> Result<(), Anything> {
    let city = desk.text("city");
    let window = Window::open(display, &desk.binary, &["--data", &city]).await?;
    window.press("打开演练城市").await?;
    window.press("建立演练城市").await?;
    window.sees("正在建立演练城市").await?;
    display.close_window()?;
    window.sees("还有工作没有办完").await?;
    settled(&desk.shots.join("asked.png"), &window).await?;
    window.press("建好后关闭").await?;
    window.has_ended(display).await?;
    let window = Window::open_until(display, &desk.binary, &["--data", &city], OFFICE).await?;
    window.close().await
}

async fn opened(desk: &Desk, display: &Display) -> Result<(), Anything> {
    let evidence = desk.saved(".yinxin")?;
    let window = desk.window(display, &[&evidence]).await?;
    step("opened as an argument it is genuine", says(&window, "属实", "本文件由 武汉市民政局 登记")).await?;
    window.shot(&desk.shots.join("genuine.png")).await?;
    window.close().await?;
    let altered = desk.folder.join("改过的.yinxin");
    let mut bytes = std::fs::read(&evidence)?;
    let place = find(&bytes, "保成".as_bytes()).ok_or("the name is not in the evidence")?;
    bytes[place..place + 3].copy_from_slice("泰".as_bytes());
    std::fs::write(&altered, bytes)?;
    let window = desk.window(display, &[&altered]).await?;
    step("a changed copy is not", says(&window, "不一致", "不能作为凭据")).await?;
    window.shot(&desk.shots.join("altered.png")).await?;
    window.close().await
}

async fn says(window: &Window, verdict: &str, sentence: &str) -> Result<(), Anything> {
    window.sees(verdict).await?;
    window.sees(sentence).await
}

fn find(bytes: &[u8], text: &[u8]) -> Option<usize> {
    bytes.windows(text.len()).position(|part| part == text)
}
