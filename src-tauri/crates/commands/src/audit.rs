//! Audit of the open office's ledger.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::audit::{AuditReport, Damage};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::job::{JobKind, JobResult, JobView};
use crate::office::Nothing;

/// The most damages that are listed; all are counted.
const LISTED: usize = 1_000;

/// What an audit found.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AuditView {
    /// When it ended: seconds since 1970.
    #[ts(type = "number")]
    pub time: u64,
    /// How many entries were read.
    #[ts(type = "number")]
    pub entries: u64,
    /// The root recomputed from them, in hex.
    pub root: String,
    /// How many damages there are.
    pub found: u32,
    /// The first of them.
    pub damages: Vec<DamageView>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DamageView {
    /// The entry that it concerns, if it is about one.
    #[ts(type = "number | null")]
    pub position: Option<u64>,
    /// Which text.
    pub code: String,
    /// What the text may mention.
    pub args: BTreeMap<String, String>,
}

impl From<&Damage> for DamageView {
    fn from(damage: &Damage) -> Self {
        let args = damage.args.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        Self { position: damage.position, code: damage.code.to_owned(), args: args.collect() }
    }
}

pub(crate) fn audit(desk: &Desk, _: &Nothing) -> Result<JobView, Failure> {
    let open = desk.open_office()?;
    let surroundings = desk.shared_surroundings();
    desk.start(JobKind::Audit, None, move |progress| {
        let office = open.read_aside()?;
        let report = office.audit(None, &mut |done, of| {
            let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
            progress.so_far(number(done), Some(number(of)));
            progress.go_on()
        })?;
        let view = view(&report, surroundings.now());
        // The status line tells when the ledger was last audited; a folder that
        // cannot be written to loses only that.
        let _ = serde_json::to_vec(&view).map(|kept| std::fs::write(kept_at(&open.folder), kept));
        Ok(JobResult::Audit(view))
    })
}

fn view(report: &AuditReport, time: u64) -> AuditView {
    AuditView {
        time,
        entries: report.entries,
        root: report.root.clone(),
        found: u32::try_from(report.found).unwrap_or(u32::MAX),
        damages: report.damages.iter().take(LISTED).map(DamageView::from).collect(),
    }
}

fn kept_at(folder: &std::path::Path) -> std::path::PathBuf {
    folder.join("last-audit.json")
}

/// What the last audit from this desk found, if there was one.
pub(crate) fn last(folder: &std::path::Path) -> Option<AuditView> {
    serde_json::from_slice(&std::fs::read(kept_at(folder)).ok()?).ok()
}
