//! Import: what a sheet would do, doing it, and the sheet of what is wrong.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::import::{self, Changed, ImportError, Limits, Plan, SheetError};

use crate::desk::{Desk, Owner, held};
use crate::error::DeskError;
use crate::failure::{Failure, ProblemView};
use crate::files::{FileRef, OutgoingFile};
use crate::job::{JobKind, JobResult, JobView};
use crate::records::{ShownValues, shown};

/// The most rows of one page of a preview.
const MAX_PAGE: usize = 1_000;
/// How many plans are kept.
const KEPT: usize = 4;

/// Judge a sheet; changes nothing.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ImportPlan {
    /// The file's token.
    pub file: String,
    /// The template's name.
    pub template: String,
}

/// Ask for some rows of a plan.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
pub struct PlanRows {
    /// Which plan.
    pub plan: u32,
    /// Where the page before ended.
    pub after: Option<u32>,
    /// At most this many, up to 1,000.
    pub limit: u32,
}

/// Records that importing would make, in the order of the sheet.
#[derive(Debug, Clone, Serialize, TS)]
pub struct NewPage {
    /// These, by field.
    pub rows: Vec<ShownValues>,
    /// How many there are on all pages.
    pub total: u32,
    /// Where the next page begins, if there is one.
    pub next: Option<u32>,
}

/// Rows that are there with other values.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ChangedPage {
    /// These.
    pub rows: Vec<ChangedView>,
    /// How many there are on all pages.
    pub total: u32,
    /// Where the next page begins, if there is one.
    pub next: Option<u32>,
}

/// What is wrong with the rows that are refused.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ProblemPage {
    /// These.
    pub rows: Vec<ProblemView>,
    /// How many there are on all pages.
    pub total: u32,
    /// Where the next page begins, if there is one.
    pub next: Option<u32>,
}

/// Submit what was planned.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
pub struct ImportSubmit {
    /// Which plan.
    pub plan: u32,
    /// Whether rows that are there with other values are submitted as amendments.
    pub amend: bool,
}

/// Make the sheet of what is wrong, to be sent back.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ErrorSheet {
    /// Which plan.
    pub plan: u32,
    /// What stands above the column of problems.
    pub heading: String,
    /// What is wrong with each row, in words.
    pub notes: BTreeMap<u32, String>,
}

/// What importing a sheet would do.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PlanView {
    /// Which plan.
    pub plan: u32,
    /// The file's name.
    pub file: String,
    /// The template's name.
    pub template: String,
    /// How many rows it has.
    pub rows: u32,
    /// How many records are new.
    pub new: u32,
    /// How many rows are there already with the same values, or withdrawn.
    pub present: u32,
    /// Rows whose record is withdrawn, and stays so.
    pub withdrawn: u32,
    /// How many rows are there with other values.
    pub changed: u32,
    /// How many of them can be submitted: nothing of their record waits already.
    pub amendable: u32,
    /// How many rows are refused.
    pub refused: u32,
    /// How many problems there are with them.
    pub problems: u32,
    /// Columns that no field takes.
    pub ignored: Vec<String>,
    /// Fields without a column that take their default, and the value.
    pub defaulted: BTreeMap<String, String>,
    /// How the text was encoded; none for a workbook.
    pub encoding: Option<String>,
}

/// A row that is there with other values.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ChangedView {
    /// The row in the file.
    pub row: u32,
    /// The record's id.
    pub record: String,
    /// What differs.
    pub differences: Vec<Difference>,
    /// Whether something of the record waits already, so that it is left out.
    pub waits: bool,
}

/// A field that differs.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Difference {
    /// The field.
    pub field: String,
    /// Its value now.
    pub now: String,
    /// Its value in the file.
    pub file: String,
}

/// What an import did.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Imported {
    /// New records that wait now.
    pub submitted: u32,
    /// Amendments that wait now.
    pub amended: u32,
    /// Rows that somebody else submitted meanwhile.
    pub meanwhile: u32,
    /// Rows that were refused, because their record has changed since the plan.
    pub refused: u32,
    /// The first 1,000 of them, and why.
    pub refusals: Vec<RowRefused>,
    /// Rows that were left because the job was cancelled or failed.
    pub left: u32,
    /// Why it ended early; what is counted above is done.
    pub failed: Option<Failure>,
}

/// A row that was refused.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RowRefused {
    /// The row in the file.
    #[ts(type = "number")]
    pub row: u64,
    /// Why.
    pub failure: Failure,
}

/// A plan with what it was made from.
struct Planned {
    id: u32,
    /// Who planned, and in which office; nobody else submits it.
    owner: Owner,
    token: String,
    plan: Arc<Plan>,
}

/// The plans of a desk; the oldest is forgotten first.
#[derive(Default)]
pub(crate) struct Plans(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    next: u32,
    plans: Vec<Planned>,
}

impl Plans {
    pub(crate) fn clear(&self) {
        held(&self.0).plans.clear();
    }

    fn get(&self, id: u32, owner: Option<&Owner>) -> Result<(String, Arc<Plan>), Failure> {
        let kept = held(&self.0);
        let found = kept.plans.iter().find(|planned| planned.id == id && Some(&planned.owner) == owner);
        let found = found.ok_or(DeskError::NoSuchPlan)?;
        Ok((found.token.clone(), Arc::clone(&found.plan)))
    }
}

impl Kept {
    fn keep(&mut self, owner: Owner, token: String, plan: Plan) -> (u32, Arc<Plan>) {
        self.next += 1;
        let plan = Arc::new(plan);
        self.plans.push(Planned { id: self.next, owner, token, plan: Arc::clone(&plan) });
        if self.plans.len() > KEPT {
            self.plans.remove(0);
        }
        (self.next, plan)
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(crate) fn import_plan(desk: &Desk, asked: &ImportPlan) -> Result<JobView, Failure> {
    let (open, person) = desk.member()?;
    let (path, name) = (desk.files().path(&asked.file)?, desk.files().name(&asked.file)?);
    let (plans, asked) = (Arc::clone(&desk.plans().0), asked.clone());
    let owner = Owner::of(&open, &person);
    desk.start(JobKind::Plan, Some(owner.clone()), move |_| {
        let plan = open.read_aside()?.plan_import(&asked.template, &path, &Limits::default());
        let plan = plan.map_err(|error| called(error, &name))?;
        let (id, plan) = held(&plans).keep(owner, asked.file, plan);
        Ok(JobResult::Plan(view(id, name, asked.template, &plan)))
    })
}

/// An upload lies under a name of its own; people know the file by theirs.
fn called(error: ImportError, name: &str) -> Failure {
    match error {
        ImportError::Sheet(errors) => {
            let renamed = errors.into_iter().map(|error| match error {
                SheetError::Kind { .. } => SheetError::Kind { name: name.to_owned() },
                other => other,
            });
            ImportError::Sheet(renamed.collect()).into()
        }
        office @ ImportError::Office(_) => office.into(),
    }
}

fn view(id: u32, file: String, template: String, plan: &Plan) -> PlanView {
    PlanView {
        plan: id,
        file,
        template,
        rows: count(plan.rows),
        new: count(plan.new_records()),
        present: count(plan.present),
        withdrawn: count(plan.withdrawn.len()),
        changed: count(plan.changed.len()),
        amendable: count(plan.changed.iter().filter(|row| !row.waits).count()),
        refused: count(plan.refused),
        problems: count(plan.problems.len()),
        ignored: plan.ignored.clone(),
        defaulted: plan.defaulted.iter().cloned().collect(),
        encoding: plan.encoding.map(|encoding| encoding.as_str().to_owned()),
    }
}

fn change(changed: &Changed) -> ChangedView {
    let difference = |(field, now, file): &(String, String, String)| Difference {
        field: field.clone(),
        now: now.clone(),
        file: file.clone(),
    };
    ChangedView {
        row: u32::try_from(changed.row).unwrap_or(u32::MAX),
        record: changed.id.to_string(),
        differences: changed.differences.iter().map(difference).collect(),
        waits: changed.waits,
    }
}

impl Desk {
    /// A plan of whoever is at the desk: the token of its file, and what was planned.
    fn plan(&self, id: u32) -> Result<(String, Arc<Plan>), Failure> {
        self.plans().get(id, self.owner().as_ref())
    }
}

/// The rows of a page, and where the next one begins.
fn page<'a, T>(all: &'a [T], asked: &PlanRows) -> (impl Iterator<Item = &'a T>, Option<u32>) {
    let from = usize::try_from(asked.after.unwrap_or(0)).unwrap_or(usize::MAX).min(all.len());
    let limit = usize::try_from(asked.limit).unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE);
    let to = from.saturating_add(limit).min(all.len());
    (all[from..to].iter(), (to < all.len()).then(|| count(to)))
}

pub(crate) fn import_new(desk: &Desk, asked: &PlanRows) -> Result<NewPage, Failure> {
    let (_, plan) = desk.plan(asked.plan)?;
    let (rows, next) = page(plan.new_values(), asked);
    Ok(NewPage { rows: rows.map(shown).collect(), total: count(plan.new_records()), next })
}

pub(crate) fn import_changed(desk: &Desk, asked: &PlanRows) -> Result<ChangedPage, Failure> {
    let (_, plan) = desk.plan(asked.plan)?;
    let (rows, next) = page(&plan.changed, asked);
    Ok(ChangedPage { rows: rows.map(change).collect(), total: count(plan.changed.len()), next })
}

pub(crate) fn import_problems(desk: &Desk, asked: &PlanRows) -> Result<ProblemPage, Failure> {
    let (_, plan) = desk.plan(asked.plan)?;
    let (rows, next) = page(&plan.problems, asked);
    Ok(ProblemPage { rows: rows.map(ProblemView::from).collect(), total: count(plan.problems.len()), next })
}

pub(crate) fn import_submit(desk: &Desk, asked: &ImportSubmit) -> Result<JobView, Failure> {
    let (open, person) = desk.member()?;
    let owner = Owner::of(&open, &person);
    let (_, plan) = desk.plans().get(asked.plan, Some(&owner))?;
    let (surroundings, asked) = (desk.shared_surroundings(), *asked);
    desk.start(JobKind::Import, Some(owner), move |progress| {
        let changed = plan.changed.iter().filter(|row| asked.amend && !row.waits).count();
        let total = plan.new_records() + changed;
        progress.so_far(0, Some(total));
        let mut so_far = |done: usize| {
            progress.so_far(done, Some(total));
            progress.go_on()
        };
        let imported = open.write().import(&plan, asked.amend, &person, &*surroundings, &mut so_far)?;
        Ok(JobResult::Import(submitted(imported, total)))
    })
}

fn submitted(imported: import::Imported, total: usize) -> Imported {
    let done = imported.submitted + imported.amended + imported.meanwhile + imported.refused;
    let refusal = |(row, error)| RowRefused { row, failure: Failure::from(error) };
    Imported {
        submitted: count(imported.submitted),
        amended: count(imported.amended),
        meanwhile: count(imported.meanwhile),
        refused: count(imported.refused),
        refusals: imported.refusals.into_iter().map(refusal).collect(),
        left: count(total.saturating_sub(done)),
        failed: imported.failed.map(Failure::from),
    }
}

pub(crate) fn import_error_sheet(desk: &Desk, asked: &ErrorSheet) -> Result<FileRef, Failure> {
    let (token, _) = desk.plan(asked.plan)?;
    let (path, name) = (desk.files().path(&token)?, desk.files().name(&token)?);
    let sheet = import::read_file(&path, &Limits::default()).map_err(|_| DeskError::NoSuchFile)?;
    let note = |row: u64| asked.notes.get(&u32::try_from(row).ok()?).map(String::as_str);
    let bytes = import::error_sheet(&sheet, &asked.heading, note).map_err(DeskError::internal)?;
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let heading: String = asked.heading.chars().filter(|c| c.is_alphanumeric()).take(20).collect();
    Ok(desk.files().hand_out(&OutgoingFile { name: format!("{stem}-{heading}.xlsx"), bytes })?)
}
