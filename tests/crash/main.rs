//! `kill -9` from outside, at random moments of import and approve.
//!
//! An office is founded once. A copy of it imports the 3,520 communities and
//! approves them, killed again and again on the way, until both are complete;
//! then comes the next copy. After every kill:
//!
//! - what the program had said is submitted or published is there;
//! - every record is whole and in one state, each row of the sheet at most once;
//! - `audit` is clean and counts as many entries as there are published records;
//! - some published records are exported and are genuine.
//!
//! and the last run, which nobody kills, completes the rest.
//!
//! Moments are drawn from the time that the same job took here without being
//! killed: a third each from its start, its first write, its first report.

mod check;
mod draw;
mod office;
mod statistics;
mod times;
mod victim;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ScopedJoinHandle};
use std::time::{SystemTime, UNIX_EPOCH};

use check::{Counts, Depth, Rows};
use draw::Draw;
use office::{Job, Office};
use statistics::Statistics;
use times::Times;
use victim::Moment;

type Anything = Box<dyn std::error::Error>;

/// After so many kills of one job in one office it is let be.
const IN_A_ROW: usize = 8;

/// How many offices are worked on at once.
const WORKERS: u64 = 2;

/// One time in so many the whole list is read after a kill; else the newest.
const FULL: usize = 4;

const USAGE: &str = "crash --binary YINXIN [--kills N] [--seed N]";

struct Arguments {
    binary: PathBuf,
    kills: usize,
    seed: u64,
}

fn main() -> ExitCode {
    let Some(arguments) = arguments() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    println!("seed {}", arguments.seed);
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("seed {}: {error}", arguments.seed);
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Option<Arguments> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |now| u64::from(now.subsec_nanos()));
    let mut arguments = Arguments { binary: PathBuf::new(), kills: 200, seed: clock };
    for pair in given.chunks(2) {
        match pair {
            [name, value] if name == "--binary" => arguments.binary = value.into(),
            [name, value] if name == "--kills" => arguments.kills = value.parse().ok()?,
            [name, value] if name == "--seed" => arguments.seed = value.parse().ok()?,
            _ => return None,
        }
    }
    arguments.binary.is_file().then_some(arguments)
}

fn run(arguments: &Arguments) -> Result<(), Anything> {
    let binary = std::fs::canonicalize(&arguments.binary)?;
    let sheet = Path::new(env!("CARGO_MANIFEST_DIR")).join("../practice/wuhan_communities_2021.csv");
    // Beside the binary: on the disk that is built on, not in memory.
    let beside = binary.parent().ok_or("the binary is in no folder")?;
    let folder = tempfile::Builder::new().prefix("crash-").tempdir_in(beside)?;
    let founded = Office::found(&binary, folder.path(), &sheet)?;
    let rows = Rows::read(&sheet)?;
    let left = AtomicUsize::new(arguments.kills);
    // Two at once: unlocking a key keeps one core busy and is most of the time.
    let worker = |number: u64| {
        let draw = Draw::new(arguments.seed.wrapping_add(number));
        Campaign::new(&founded, format!("office-{number}"), &rows, draw, &left)
            .and_then(Campaign::run)
            .map_err(|error| error.to_string())
    };
    let done: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..WORKERS).map(|number| scope.spawn(move || worker(number))).collect();
        let join =
            |thread: ScopedJoinHandle<'_, _>| thread.join().unwrap_or_else(|_| Err("a panic".to_owned()));
        threads.into_iter().map(join).collect()
    });
    match done.into_iter().collect::<Result<Vec<Statistics>, String>>() {
        Ok(all) => {
            println!("{}", all.into_iter().sum::<Statistics>());
            Ok(())
        }
        Err(error) => Err(format!("{error}\nkept: {}", folder.keep().display()).into()),
    }
}

struct Campaign<'a> {
    founded: &'a Office,
    /// The name of the copies.
    name: String,
    rows: &'a Rows,
    times: Times,
    draw: Draw,
    /// Kills that are still to be made, by all workers.
    left: &'a AtomicUsize,
    statistics: Statistics,
}

impl<'a> Campaign<'a> {
    fn new(
        founded: &'a Office,
        name: String,
        rows: &'a Rows,
        draw: Draw,
        left: &'a AtomicUsize,
    ) -> Result<Self, Anything> {
        let times = Times::measure(&founded.copied_to(&name)?, rows.len())?;
        println!("{name}: {times}");
        Ok(Self { founded, name, rows, times, draw, left, statistics: Statistics::default() })
    }

    fn run(mut self) -> Result<Statistics, Anything> {
        while self.left.load(Ordering::Relaxed) > 0 {
            let office = self.founded.copied_to(&self.name)?;
            let mut counts = Counts::default();
            for job in [Job::Import, Job::Approve] {
                counts = self.complete(&office, job, counts)?;
            }
            if (counts.submitted, counts.published) != (0, self.rows.len()) {
                return Err(format!("not complete: {counts:?}").into());
            }
            self.statistics.offices += 1;
        }
        Ok(self.statistics)
    }

    /// Runs a job again and again until it has ended by itself.
    fn complete(&mut self, office: &Office, job: Job, mut counts: Counts) -> Result<Counts, Anything> {
        let mut in_a_row = 0;
        loop {
            let let_be = in_a_row == IN_A_ROW || self.left.load(Ordering::Relaxed) == 0;
            let moment = if let_be {
                Moment::Never
            } else {
                self.times.draw(job, self.todo(job, counts), self.rows.len(), &mut self.draw)
            };
            let end = victim::run(office, job, moment)?;
            self.times.learn(job, &end);
            let before = counts;
            let ended = !end.killed;
            let depth = if ended && job == Job::Approve || self.draw.below(FULL) == 0 {
                Depth::All
            } else {
                Depth::Newest
            };
            counts = check::all(office, self.rows, depth, &mut self.draw)?;
            let new = progress(job, before, counts)?;
            if new < end.reported {
                return Err(format!("{job:?} reported {}, but only {new} are there", end.reported).into());
            }
            let todo = self.todo(job, counts);
            if ended {
                self.statistics.ended(in_a_row > 0);
                return if todo == 0 { Ok(counts) } else { Err(format!("{job:?} left {todo}").into()) };
            }
            self.statistics.killed(job, end.reported, new, todo);
            in_a_row += 1;
            let one_less = |left: usize| left.checked_sub(1);
            // None left: another worker made the last, and this one came on top.
            let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less);
        }
    }

    /// How many records a job has still to do.
    fn todo(&self, job: Job, counts: Counts) -> usize {
        match job {
            Job::Import => self.rows.len() - counts.all(),
            Job::Approve => counts.submitted,
        }
    }
}

/// What a run added; it must not have touched anything else.
fn progress(job: Job, before: Counts, now: Counts) -> Result<usize, Anything> {
    let new = match job {
        Job::Import if now.published == before.published => now.all().checked_sub(before.all()),
        Job::Approve if now.all() == before.all() => now.published.checked_sub(before.published),
        Job::Import | Job::Approve => None,
    };
    Ok(new.ok_or_else(|| format!("{job:?} made {now:?} of {before:?}"))?)
}
