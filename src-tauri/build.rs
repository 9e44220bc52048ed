//! Makes a permission of every declared command, and embeds the icon where the
//! system keeps it in the program.

macro_rules! commands {
    ($($name:ident($request:ident) -> $response:ident, $who:ident, [$($errors:ident),*];)*) => {
        /// What the page may ask: every declared command, and the window's own.
        const COMMANDS: &[&str] = &[$(stringify!($name),)* "pick_file", "pick_folder", "save_file", "answer_close"];
    };
}

include!("crates/commands/src/list.rs");

fn main() {
    println!("cargo::rerun-if-changed=crates/commands/src/list.rs");
    // WebKit loads the system's SQLite, which must not find ours in its place.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo::rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
    }
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
