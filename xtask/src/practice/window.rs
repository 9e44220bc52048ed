//! The window on the practice city; without a display, pictures of it.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::city::City;
use crate::program::{cargo, run};
use crate::{machine, root};

/// Makes the city that the window has.
pub fn furnish(city: &City) -> Result<(), String> {
    println!();
    run(Command::new(root::yinxin()).arg("practice").arg("--data").arg(home(city)))
}

fn home(city: &City) -> PathBuf {
    city.path.join("home")
}

/// Opens the window; without a display it says so, and leaves pictures of one
/// that was worked all the same.
pub fn show(city: &City) -> Result<(), String> {
    let home = home(city);
    if ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some()) {
        println!("\n打开窗口 opening the window: yinxin-desktop --data {}", home.display());
        return run(Command::new(root::desktop()).arg("--data").arg(home));
    }
    println!("\n没有显示器。 There is no display.");
    show_unseen(city)
}

/// Works the window on a display without a screen, and leaves pictures.
pub fn show_unseen(city: &City) -> Result<(), String> {
    let (home, shots) = (home(city), city.path.join("screenshots"));
    println!(
        "\n窗口在虚拟显示器上走一遍，截图留在 the window on a display without a screen; pictures are left in {}",
        shots.display()
    );
    machine::for_showing()?;
    worked(&shots, &[])?;
    worked(&shots, &[Path::new("--tour"), &home])
}

fn worked(shots: &Path, arguments: &[&Path]) -> Result<(), String> {
    let mut harness = cargo(&["run", "--quiet", "--package", "yinxin-tests", "--bin", "desktop", "--"]);
    run(harness.arg("--binary").arg(root::desktop()).arg("--shots").arg(shots).args(arguments))
}
