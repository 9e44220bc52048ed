//! The desktop window, worked by hand: two people found an office, one writes a
//! record in Chinese, the other approves it, it is exported and verified; then
//! the program is started with a copy that somebody changed.
//!
//! Nothing is asked behind the window's back: what happens is what a person does
//! with mouse and keyboard, through the WebDriver of the system's WebKit, on a
//! display without a screen. Only the system's file dialogs cannot be worked
//! that way: files are saved with `--out` and opened as arguments. The window is
//! closed as its close button does it, by a message of the display ([`x11`]).
//!
//! The same window is also shown round a practice city, for its pictures, and
//! measured over an office with many records.

mod display;
mod measure;
mod process;
mod story;
mod tour;
mod window;
mod x11;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

type Anything = Box<dyn std::error::Error>;

const USAGE: &str = "desktop --binary YINXIN-DESKTOP [--shots DIR] [--tour HOME | --measure OFFICE]";

#[derive(Default)]
struct Arguments {
    binary: PathBuf,
    /// Where pictures of the window go.
    shots: Option<PathBuf>,
    /// A home folder with a practice city, to be shown round.
    tour: Option<PathBuf>,
    /// The folder of an office with many records, to be measured.
    measure: Option<PathBuf>,
}

fn main() -> ExitCode {
    let Some(arguments) = arguments() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Option<Arguments> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let mut arguments = Arguments::default();
    for pair in given.chunks(2) {
        match pair {
            [name, value] if name == "--binary" => arguments.binary = value.into(),
            [name, value] if name == "--shots" => arguments.shots = Some(value.into()),
            [name, value] if name == "--tour" => arguments.tour = Some(value.into()),
            [name, value] if name == "--measure" => arguments.measure = Some(value.into()),
            _ => return None,
        }
    }
    arguments.binary.is_file().then_some(arguments)
}

fn run(arguments: &Arguments) -> Result<(), Anything> {
    let binary = std::fs::canonicalize(&arguments.binary)?;
    // Beside the binary: on the disk that is built on, not in memory.
    let beside = binary.parent().ok_or("the binary is in no folder")?;
    let folder = tempfile::Builder::new().prefix("desktop-").tempdir_in(beside)?;
    let shots = arguments.shots.as_deref().map_or_else(|| folder.path().join("shots"), Path::to_owned);
    std::fs::create_dir_all(&shots)?;
    let desk = story::Desk { binary, folder: folder.path().to_owned(), shots: std::path::absolute(shots)? };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let done = runtime.block_on(async {
        match (&arguments.tour, &arguments.measure) {
            (Some(home), _) => tour::all(&desk, &std::path::absolute(home)?).await,
            (None, Some(office)) => measure::all(&desk, &std::path::absolute(office)?).await,
            (None, None) => story::all(&desk).await,
        }
    });
    match done {
        Ok(()) => Ok(()),
        Err(error) => Err(format!("{error}\nkept: {}", folder.keep().display()).into()),
    }
}
