//! The desk behind the window, until the program ends.

use std::sync::{Arc, Mutex, PoisonError};

use yinxin_commands::{Desk, DeskError, Failure};

/// Holds the desk, so that ending can put it away: what the window itself
/// manages is never dropped.
pub struct Seat(Mutex<Option<Arc<Desk>>>);

impl Seat {
    pub fn new(desk: Desk) -> Self {
        Self(Mutex::new(Some(Arc::new(desk))))
    }

    /// The desk.
    ///
    /// # Errors
    /// `internal`, once the program is ending.
    pub fn desk(&self) -> Result<Arc<Desk>, Failure> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.clone().ok_or_else(|| DeskError::internal("ending").into())
    }

    /// Puts the desk away: keys are wiped, SQLite writes its log back, handed out
    /// files are removed.
    pub fn leave(&self) {
        drop(self.0.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}
