//! Where things are.

use std::path::{Path, PathBuf};

/// The top of the source tree.
pub fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let above = package.as_deref().and_then(Path::parent).map(Path::to_path_buf);
    above.unwrap_or_else(|| PathBuf::from("."))
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |given| root().join(given))
}

/// The desktop window of the release profile.
pub fn desktop() -> PathBuf {
    target().join("release").join(format!("yinxin-desktop{}", std::env::consts::EXE_SUFFIX))
}

/// The program of the release profile.
pub fn yinxin() -> PathBuf {
    target().join("release").join(format!("yinxin{}", std::env::consts::EXE_SUFFIX))
}
