//! Long work: started, asked after, cancelled; a page that was closed finds it again.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::approval::Approved;
use crate::audit::AuditView;
use crate::desk::{Desk, Owner, held};
use crate::error::DeskError;
use crate::failure::Failure;
use crate::import::{Imported, PlanView};
use crate::review::Reviewed;

/// How many jobs that have ended are remembered.
const REMEMBERED: usize = 32;

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Builds the practice city.
    Practice,
    /// Judges a sheet.
    Plan,
    /// Submits a sheet.
    Import,
    /// Signs as reviewer.
    Review,
    /// Signs and publishes.
    Approve,
    /// Audits the ledger.
    Audit,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It works.
    Running,
    /// It has ended well.
    Done,
    /// It has ended with a failure; what it reported before is done, and is in
    /// its result if that is more than nothing.
    Failed,
    /// It was asked to end, and did after what it had begun.
    Cancelled,
}

/// What a job came to.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "kind", content = "is", rename_all = "snake_case")]
pub enum JobResult {
    /// The practice city is there.
    Practice,
    /// What importing would do.
    Plan(PlanView),
    /// What importing did.
    Import(Imported),
    /// What reviewing did.
    Review(Reviewed),
    /// What approving did.
    Approve(Approved),
    /// What the audit found.
    Audit(AuditView),
}

impl JobResult {
    /// What ended the work before all of it was done.
    fn failed(&self) -> Option<&Failure> {
        match self {
            Self::Import(imported) => imported.failed.as_ref(),
            Self::Review(reviewed) => reviewed.failed.as_ref(),
            Self::Approve(approved) => approved.failed.as_ref(),
            Self::Practice | Self::Plan(_) | Self::Audit(_) => None,
        }
    }
}

/// A job as a page sees it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct JobView {
    /// Which.
    pub id: u32,
    /// What it does.
    pub kind: JobKind,
    /// Where it stands.
    pub state: JobState,
    /// How much is done.
    pub done: u32,
    /// Of how much, if that is known.
    pub total: Option<u32>,
    /// When it began: seconds since 1970.
    #[ts(type = "number")]
    pub started: u64,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// What it came to; also of a cancelled job and of one that failed when a
    /// part was done, unless half of it would mislead.
    pub result: Option<JobResult>,
}

/// Ask after a job, or ask it to end.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
pub struct JobRequest {
    /// Which.
    pub id: u32,
}

/// How far a job is, shared between the thread that works and those that ask.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    done: AtomicUsize,
    total: AtomicUsize,
    cancelled: AtomicBool,
    /// Whether the work ended before its end because it was asked to.
    cut: AtomicBool,
}

impl Progress {
    pub(crate) fn so_far(&self, done: usize, total: Option<usize>) {
        self.done.store(done, Ordering::Relaxed);
        if let Some(total) = total {
            self.total.store(total, Ordering::Relaxed);
        }
    }

    /// Whether to go on; whoever hears otherwise stops.
    pub(crate) fn go_on(&self) -> ControlFlow<()> {
        if self.cancelled.load(Ordering::Relaxed) {
            self.cut.store(true, Ordering::Relaxed);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

struct Job {
    kind: JobKind,
    /// Who began it, and in which office; nobody else is told what came of it.
    /// `None` if it tells no contents.
    owner: Option<Owner>,
    started: u64,
    progress: Arc<Progress>,
    ended: Mutex<Option<Result<JobResult, Failure>>>,
}

impl Job {
    fn is_for(&self, asker: Option<&Owner>) -> bool {
        self.owner.is_none() || self.owner.as_ref() == asker
    }

    fn runs(&self) -> bool {
        held(&self.ended).is_none()
    }

    fn view(&self, id: u32, asker: Option<&Owner>) -> JobView {
        let count = |number: &AtomicUsize| u32::try_from(number.load(Ordering::Relaxed)).unwrap_or(u32::MAX);
        let ended = held(&self.ended);
        let failure = ended.as_ref().and_then(|ended| match ended {
            Ok(result) => result.failed(),
            Err(failure) => Some(failure),
        });
        let state = match &*ended {
            None => JobState::Running,
            Some(Ok(_)) if failure.is_some() => JobState::Failed,
            Some(Ok(_)) if self.progress.cut.load(Ordering::Relaxed) => JobState::Cancelled,
            Some(Ok(_)) => JobState::Done,
            Some(Err(failure)) if failure.is_interrupted() => JobState::Cancelled,
            Some(Err(_)) => JobState::Failed,
        };
        JobView {
            id,
            kind: self.kind,
            state,
            done: count(&self.progress.done),
            total: Some(count(&self.progress.total)).filter(|total| *total > 0),
            started: self.started,
            failure: failure.filter(|_| state == JobState::Failed && self.is_for(asker)).cloned(),
            result: ended
                .as_ref()
                .and_then(|ended| ended.as_ref().ok().cloned())
                .filter(|_| self.is_for(asker)),
        }
    }
}

/// The jobs of a desk.
#[derive(Default)]
pub(crate) struct Jobs {
    next: AtomicU32,
    jobs: Mutex<BTreeMap<u32, Arc<Job>>>,
}

impl Jobs {
    /// Starts `work` on a thread of its own. Of each kind one job runs at a time:
    /// what is asked twice is done once.
    fn start(
        &self,
        kind: JobKind,
        owner: Option<Owner>,
        now: u64,
        work: impl FnOnce(&Progress) -> Result<JobResult, Failure> + Send + 'static,
    ) -> Result<JobView, Failure> {
        let mut jobs = held(&self.jobs);
        if jobs.values().any(|job| job.kind == kind && job.runs()) {
            return Err(DeskError::JobRuns.into());
        }
        let id = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        let progress = Arc::new(Progress::default());
        let job = Arc::new(Job { kind, owner, started: now, progress, ended: Mutex::default() });
        let working = Arc::clone(&job);
        let thread = move || {
            // A job that panics must be seen to have ended.
            let ended = catch_unwind(AssertUnwindSafe(|| work(&working.progress)));
            *held(&working.ended) = Some(ended.unwrap_or_else(|_| Err(DeskError::internal("panic").into())));
        };
        std::thread::Builder::new().name(format!("job {id}")).spawn(thread).map_err(DeskError::internal)?;
        let view = job.view(id, job.owner.as_ref());
        jobs.insert(id, job);
        forget_old(&mut jobs);
        Ok(view)
    }

    fn get(&self, id: u32) -> Result<Arc<Job>, Failure> {
        held(&self.jobs).get(&id).cloned().ok_or_else(|| DeskError::NoSuchJob.into())
    }

    /// Those that run.
    pub(crate) fn running(&self, asker: Option<&Owner>) -> Vec<JobView> {
        let jobs = held(&self.jobs);
        jobs.iter().filter(|(_, job)| job.runs()).map(|(id, job)| job.view(*id, asker)).collect()
    }
}

fn forget_old(jobs: &mut BTreeMap<u32, Arc<Job>>) {
    let ended: Vec<u32> =
        jobs.iter().filter(|(_, job)| held(&job.ended).is_some()).map(|(id, _)| *id).collect();
    for id in ended.iter().take(ended.len().saturating_sub(REMEMBERED)) {
        jobs.remove(id);
    }
}

impl Desk {
    /// Starts long work for `owner`, who alone is told what comes of it.
    pub(crate) fn start(
        &self,
        kind: JobKind,
        owner: Option<Owner>,
        work: impl FnOnce(&Progress) -> Result<JobResult, Failure> + Send + 'static,
    ) -> Result<JobView, Failure> {
        self.jobs().start(kind, owner, self.surroundings().now(), work)
    }
}

pub(crate) fn job(desk: &Desk, asked: &JobRequest) -> Result<JobView, Failure> {
    Ok(desk.jobs().get(asked.id)?.view(asked.id, desk.owner().as_ref()))
}

pub(crate) fn job_cancel(desk: &Desk, asked: &JobRequest) -> Result<JobView, Failure> {
    // Whoever closes the window may stop what runs, also after its owner has
    // locked: it ends after what it has begun, and tells them nothing.
    let job = desk.jobs().get(asked.id)?;
    job.progress.cancelled.store(true, Ordering::Relaxed);
    Ok(job.view(asked.id, desk.owner().as_ref()))
}
