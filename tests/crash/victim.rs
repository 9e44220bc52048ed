//! A job that is killed from outside: `kill -9` for its whole process group.

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use crate::Anything;
use crate::office::{Job, Office};

/// When the job is to be killed.
#[derive(Debug, Clone, Copy)]
pub enum Moment {
    /// So long after it started.
    AfterStart(Duration),
    /// So long after it first wrote to a database.
    AfterFirstWrite(Duration),
    /// So long after it first said that something is on disk.
    AfterFirstReport(Duration),
    /// Not at all.
    Never,
}

/// How a job ended.
pub struct End {
    /// Whether it was killed; else it had ended before.
    pub killed: bool,
    /// What it had said is on disk: submitted, or published.
    pub reported: usize,
    /// When it first wrote to a database.
    pub first_write: Option<Duration>,
    /// How long it lived.
    pub took: Duration,
}

/// Runs `job`, kills it at `moment` unless it ends before, and reads what it
/// had said.
pub fn run(office: &Office, job: Job, moment: Moment) -> Result<End, Anything> {
    let journals = Journals::of(office);
    let mut command = office.job(job);
    let start = Instant::now();
    let mut child = command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let stdout = collect(child.stdout.take(), |_| {});
    let has_reported = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&has_reported);
    let stderr = collect(child.stderr.take(), move |line| {
        if number(job, line).is_some() {
            flag.store(true, Ordering::Relaxed);
        }
    });
    let mut first_write = None;
    let due = || {
        if first_write.is_none() && journals.have_changed() {
            first_write = Some(start.elapsed());
        }
        match moment {
            Moment::AfterStart(delay) => Some(start + delay),
            Moment::AfterFirstWrite(delay) => first_write.map(|first| start + first + delay),
            Moment::AfterFirstReport(delay) => {
                has_reported.load(Ordering::Relaxed).then(|| Instant::now() + delay)
            }
            Moment::Never => None,
        }
    };
    let status = wait_and_kill(&mut child, due)?;
    let took = start.elapsed();
    let (stdout, stderr) = (joined(stdout)?, joined(stderr)?);
    let killed = status.signal() == Some(9);
    if !killed && !status.success() {
        return Err(
            format!("{job:?} ended with {status}:\n{}\n{}", stdout.join("\n"), stderr.join("\n")).into()
        );
    }
    Ok(End { killed, reported: reported(job, &stdout, &stderr), first_write, took })
}

/// Waits for the end, or kills once the time has come that `due` first names.
fn wait_and_kill(
    child: &mut Child,
    mut due: impl FnMut() -> Option<Instant>,
) -> Result<ExitStatus, Anything> {
    let mut deadline = None;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        deadline = deadline.or_else(&mut due);
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            kill_group(child.id())?;
            return Ok(child.wait()?);
        }
        thread::sleep(Duration::from_micros(200));
    }
}

/// The child is not waited for yet, so the group still has its number.
fn kill_group(leader: u32) -> Result<(), Anything> {
    // A process that has just ended leaves a group that cannot be killed; that
    // it ended is seen when it is waited for.
    Command::new("sh").args(["-c", &format!("kill -9 -{leader}")]).stderr(Stdio::null()).status()?;
    Ok(())
}

/// What the job said is on disk: the last of its progress lines, or its final
/// answer.
fn reported(job: Job, stdout: &[String], stderr: &[String]) -> usize {
    let progress = stderr.iter().filter_map(|line| number(job, line)).max();
    let answer: Option<serde_json::Value> = serde_json::from_str(&stdout.join("\n")).ok();
    let answer = answer.and_then(|answer| usize::try_from(answer[word(job)].as_u64()?).ok());
    progress.max(answer).unwrap_or(0)
}

/// The number in a progress line: `published 1000` or `published 1000 of 3520`.
fn number(job: Job, line: &str) -> Option<usize> {
    let line = line.to_lowercase();
    let digits = line.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty())?;
    if line.contains(word(job)) { digits.parse().ok() } else { None }
}

fn word(job: Job) -> &'static str {
    match job {
        Job::Import => "submitted",
        Job::Approve => "published",
    }
}

/// The databases' journals as they were before the job started.
struct Journals(Vec<(PathBuf, Option<(u64, SystemTime)>)>);

impl Journals {
    fn of(office: &Office) -> Self {
        Self(office.journals().into_iter().map(|path| (path.clone(), stamp(&path))).collect())
    }

    fn have_changed(&self) -> bool {
        self.0.iter().any(|(path, before)| stamp(path).is_some_and(|now| now.0 > 0 && Some(now) != *before))
    }
}

fn stamp(path: &PathBuf) -> Option<(u64, SystemTime)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}

type Lines = JoinHandle<std::io::Result<Vec<String>>>;

/// Reads a pipe to its end, so that nothing that was said is lost, and shows
/// each line to `seen` as it comes.
fn collect<R: Read + Send + 'static>(
    pipe: Option<R>,
    mut seen: impl FnMut(&str) + Send + 'static,
) -> Option<Lines> {
    let lines = |pipe| BufReader::new(pipe).lines();
    pipe.map(|pipe| {
        thread::spawn(move || lines(pipe).inspect(|line| line.iter().for_each(|l| seen(l))).collect())
    })
}

fn joined(lines: Option<Lines>) -> Result<Vec<String>, Anything> {
    let lines = lines.ok_or("no pipe")?.join().map_err(|_| "a reader failed")?;
    Ok(lines?)
}
