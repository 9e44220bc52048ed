//! What the kills hit.

use std::fmt::{self, Display, Formatter};
use std::iter::Sum;

use crate::office::Job;

/// Kills of one job, by what was on disk then.
#[derive(Debug, Default)]
struct Kills {
    all: usize,
    /// Nothing of this run was on disk.
    nothing: usize,
    /// Some of what this run had to do.
    some: usize,
    /// All that was left, but the program had not ended.
    everything: usize,
    /// The program had reported something.
    reported: usize,
    /// More was on disk than the program had reported.
    unreported: usize,
}

/// Of the whole test.
#[derive(Debug, Default)]
pub struct Statistics {
    import: Kills,
    approve: Kills,
    /// Runs that ended before their moment, or were let be.
    ended: usize,
    /// Of these, runs that completed what killed ones had begun.
    completed: usize,
    /// Offices that became complete.
    pub offices: usize,
}

impl Statistics {
    /// A kill: what was reported, what was there, what was left to do.
    pub fn killed(&mut self, job: Job, reported: usize, new: usize, left: usize) {
        let kills = match job {
            Job::Import => &mut self.import,
            Job::Approve => &mut self.approve,
        };
        kills.all += 1;
        kills.nothing += usize::from(new == 0);
        kills.some += usize::from(new > 0 && left > 0);
        kills.everything += usize::from(new > 0 && left == 0);
        kills.reported += usize::from(reported > 0);
        kills.unreported += usize::from(new > reported);
    }

    /// A run that ended by itself, after kills or without.
    pub fn ended(&mut self, after_kills: bool) {
        self.ended += 1;
        self.completed += usize::from(after_kills);
    }
}

impl Sum for Statistics {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        let kills = |a: &Kills, b: &Kills| Kills {
            all: a.all + b.all,
            nothing: a.nothing + b.nothing,
            some: a.some + b.some,
            everything: a.everything + b.everything,
            reported: a.reported + b.reported,
            unreported: a.unreported + b.unreported,
        };
        all.fold(Self::default(), |a, b| Self {
            import: kills(&a.import, &b.import),
            approve: kills(&a.approve, &b.approve),
            ended: a.ended + b.ended,
            completed: a.completed + b.completed,
            offices: a.offices + b.offices,
        })
    }
}

impl Display for Statistics {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (name, kills) in [("import", &self.import), ("approve", &self.approve)] {
            writeln!(
                f,
                "{} kills of {name}: {} before anything, {} between, {} after everything was on disk; \
                 {} had reported something, {} had more on disk than reported",
                kills.all, kills.nothing, kills.some, kills.everything, kills.reported, kills.unreported
            )?;
        }
        write!(
            f,
            "{} kills in all; {} runs ended by themselves, {} of them after kills; {} offices complete",
            self.import.all + self.approve.all,
            self.ended,
            self.completed,
            self.offices
        )
    }
}
