//! How long a job takes here, and moments drawn from that.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use crate::Anything;
use crate::draw::Draw;
use crate::office::{Job, Office};
use crate::victim::{self, End, Moment};

/// How much a newer run counts.
const NEWER: f64 = 0.3;

/// Of one job, in seconds.
#[derive(Debug, Clone, Copy)]
struct Time {
    /// Until it first writes; before that a key is unlocked and the first batch
    /// is signed.
    first_write: f64,
    /// From then until the end, with everything to do.
    writing: f64,
}

/// Of both.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    import: Time,
    approve: Time,
}

impl Times {
    /// Runs both to the end in an office where nothing is done yet.
    pub fn measure(office: &Office, rows: usize) -> Result<Self, Anything> {
        let time = |job| {
            let end = victim::run(office, job, Moment::Never)?;
            if end.reported != rows {
                return Err(format!("{job:?} reported {} of {rows}", end.reported).into());
            }
            let first_write = end.first_write.ok_or("nothing was written")?;
            let writing = end.took.saturating_sub(first_write);
            Ok::<_, Anything>(Time { first_write: first_write.as_secs_f64(), writing: writing.as_secs_f64() })
        };
        Ok(Self { import: time(Job::Import)?, approve: time(Job::Approve)? })
    }

    /// Follows the machine, which is not always equally busy.
    pub fn learn(&mut self, job: Job, end: &End) {
        if let Some(first_write) = end.first_write {
            let time = self.of(job);
            time.first_write = time.first_write * (1.0 - NEWER) + first_write.as_secs_f64() * NEWER;
        }
    }

    /// A moment to kill a job that has `todo` of `rows` to do.
    pub fn draw(&mut self, job: Job, todo: usize, rows: usize, draw: &mut Draw) -> Moment {
        let Time { first_write, writing } = *self.of(job);
        let writing = writing * share(todo, rows);
        let kind = draw.below(3);
        let mut delay = |low: f64, high| Duration::from_secs_f64(draw.between(low.max(0.0), high));
        match kind {
            0 => Moment::AfterStart(delay(first_write - writing / 2.0, first_write + writing)),
            1 => Moment::AfterFirstWrite(delay(0.0, writing)),
            _ => Moment::AfterFirstReport(delay(0.0, writing * 0.7)),
        }
    }

    fn of(&mut self, job: Job) -> &mut Time {
        match job {
            Job::Import => &mut self.import,
            Job::Approve => &mut self.approve,
        }
    }
}

/// `part` of `whole`, but not so little that nothing could be hit.
fn share(part: usize, whole: usize) -> f64 {
    let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    (number(part) / number(whole).max(1.0)).max(0.2)
}

impl Display for Times {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let line = |time: Time| {
            format!("first write after {:.3} s, end {:.3} s later", time.first_write, time.writing)
        };
        write!(f, "import {}; approve {}", line(self.import), line(self.approve))
    }
}
