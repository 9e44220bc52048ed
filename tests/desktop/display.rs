//! A display without a screen.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::Anything;
use crate::process::Process;
use crate::x11;

/// An X server for this test alone.
pub struct Display {
    /// What programs call it: `:7`.
    pub name: String,
    _server: Process,
}

impl Display {
    /// Starts it on a number that is free.
    pub fn start() -> Result<Self, Anything> {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"]);
        let mut server = Process::start(command.stdout(Stdio::piped()).stderr(Stdio::null()))?;
        let stdout = server.stdout().ok_or("Xvfb says nothing")?;
        let mut number = String::new();
        // It writes its number once it takes connections.
        BufReader::new(stdout).read_line(&mut number)?;
        match number.trim() {
            "" => Err("Xvfb did not start".into()),
            number => Ok(Self { name: format!(":{number}"), _server: server }),
        }
    }

    /// Presses the close button of the window, which no window manager draws here.
    pub fn close_window(&self) -> Result<(), Anything> {
        match x11::ask_to_close(&self.name)? {
            1 => Ok(()),
            windows => Err(format!("{windows} windows to close").into()),
        }
    }

    /// Whether a person sees no window.
    pub fn is_empty(&self) -> Result<bool, Anything> {
        Ok(x11::shown(&self.name)? == 0)
    }
}
