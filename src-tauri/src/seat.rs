//! The desk behind the window, until the program ends.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use yinxin_commands::{Desk, DeskError, Failure, JobRequest, JobState, Nothing};

/// How long jobs are waited for that were told to end.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);

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

    /// Puts the desk away: jobs end after what they have begun, keys are wiped,
    /// SQLite writes its log back, handed out files are removed.
    pub fn leave(&self) {
        let desk = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(desk) = desk {
            end_jobs(&desk);
        }
    }
}

/// Tells every job to end, and waits; what is cut off all the same was either
/// registered as a whole or not at all.
fn end_jobs(desk: &Desk) {
    let Ok(greeting) = desk.hello(Nothing {}) else { return };
    let runs = |state: JobState| state == JobState::Running;
    let running: Vec<u32> =
        greeting.jobs.into_iter().filter(|job| runs(job.state)).map(|job| job.id).collect();
    for id in &running {
        // One that has ended meanwhile needs no telling.
        let _ = desk.job_cancel(JobRequest { id: *id });
    }
    let start = Instant::now();
    let still = |id: &u32| desk.job(JobRequest { id: *id }).is_ok_and(|job| runs(job.state));
    while start.elapsed() < PATIENCE && running.iter().any(still) {
        sleep(PAUSE);
    }
}
