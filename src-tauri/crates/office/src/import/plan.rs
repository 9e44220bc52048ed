//! What importing a file would do, and doing it.
//!
//! Every row is judged before anything is signed: new, already present, present
//! with other values (an amendment, taken only if asked for), or refused with
//! all its problems. A plan changes nothing; that is what `--dry-run` shows.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

use rayon::prelude::*;
use yinxin_record::Id;
use yinxin_record::validate::{Cell, Problem, Validator, Values, duplicates};

use super::{Columns, Encoding, Limits, SheetError, read_file};
use crate::browse::by_record_key;
use crate::draft::{TemplateInUse, record_key};
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::people::Unlocked;
use crate::submit::Submission;
use crate::surroundings::Surroundings;

/// Why a file could not be planned for at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is no table that fits the template; every reason.
    #[error("{} reasons", .0.len())]
    Sheet(Vec<SheetError>),
    /// The office failed.
    #[error(transparent)]
    Office(#[from] OfficeError),
}

/// A row whose record is there with other values.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// The row in the file.
    pub row: u64,
    /// The record.
    pub id: Id,
    /// The fields that differ: key, value now, value in the file.
    pub differences: Vec<(String, String, String)>,
    /// Whether something of the record waits for approval already, so that it
    /// cannot be amended now.
    pub waits: bool,
    values: Values,
}

/// What importing a file would do.
#[derive(Debug)]
pub struct Plan {
    /// How many rows the file has.
    pub rows: usize,
    /// How many rows are there already, with the same values or withdrawn.
    pub present: usize,
    /// Rows whose record is withdrawn, and stays so.
    pub withdrawn: Vec<(u64, Id)>,
    /// Rows that are there with other values.
    pub changed: Vec<Changed>,
    /// Everything that is wrong with the rows that are refused.
    pub problems: Vec<Problem>,
    /// How many rows are refused.
    pub refused: usize,
    /// Columns that the template does not know.
    pub ignored: Vec<String>,
    /// Fields without a column that take their default, and the value.
    pub defaulted: Vec<(String, String)>,
    /// How the text was encoded; `None` for `.xlsx`.
    pub encoding: Option<Encoding>,
    template: TemplateInUse,
    new: Vec<Values>,
    /// The rows of `new`.
    new_rows: Vec<u64>,
}

/// The most refusals of an import that are listed.
pub const MAX_REFUSALS: usize = 1_000;

/// What an import did.
#[derive(Debug, Default)]
pub struct Imported {
    /// New records, submitted.
    pub submitted: usize,
    /// New versions of records that are there, submitted.
    pub amended: usize,
    /// Rows that another program submitted meanwhile.
    pub meanwhile: usize,
    /// How many rows were refused, most because their record has changed since
    /// the plan was made.
    pub refused: usize,
    /// The first [`MAX_REFUSALS`] of them: the row in the file, and why.
    pub refusals: Vec<(u64, OfficeError)>,
    /// Why it ended early, if it did; what is counted above is done.
    pub failed: Option<OfficeError>,
}

impl Imported {
    /// The same, for whom only the whole will do.
    ///
    /// # Errors
    /// Why it ended early, or the first refusal; the rest stays submitted.
    pub fn whole(mut self) -> Result<Self> {
        match self.failed.take().or_else(|| self.refusals.drain(..).next().map(|(_, error)| error)) {
            Some(error) => Err(error),
            None => Ok(self),
        }
    }
}

impl Plan {
    /// How many records are new.
    #[must_use]
    pub fn new_records(&self) -> usize {
        self.new.len()
    }

    /// Their values, in the order of the file.
    #[must_use]
    pub fn new_values(&self) -> &[Values] {
        &self.new
    }
}

impl Office {
    /// Reads a file and judges every row against the template and what is
    /// there. Changes nothing.
    ///
    /// # Errors
    /// [`ImportError`].
    pub fn plan_import(&self, template: &str, path: &Path, limits: &Limits) -> Result<Plan, ImportError> {
        let template = TemplateInUse::builtin(template)?;
        let sheet = read_file(path, limits).map_err(|error| ImportError::Sheet(vec![error]))?;
        let columns = Columns::of(&sheet.header, &template.template).map_err(ImportError::Sheet)?;
        let validator = Validator::new(&template.template).map_err(|_| OfficeError::Damaged("template"))?;
        let checked: Vec<(u64, Result<Values, Vec<Problem>>)> = sheet
            .rows
            .par_iter()
            .map(|row| (row.number, validator.check(row.number, &columns.cells(row))))
            .collect();
        let mut plan = Plan {
            rows: checked.len(),
            present: 0,
            withdrawn: Vec::new(),
            changed: Vec::new(),
            problems: Vec::new(),
            refused: 0,
            defaulted: defaulted(&template, &columns),
            ignored: columns.ignored,
            encoding: sheet.encoding,
            template,
            new: Vec::new(),
            new_rows: Vec::new(),
        };
        let valid = plan.refuse(checked);
        for (row, values) in valid {
            self.place(&mut plan, row, values)?;
        }
        Ok(plan)
    }

    /// Decides whether a valid row is new, present or changed.
    fn place(&self, plan: &mut Plan, row: u64, values: Values) -> Result<()> {
        let key = record_key(&plan.template.template, &values);
        let Some(stored) = by_record_key(&self.db, &key)? else {
            plan.new.push(values);
            plan.new_rows.push(row);
            return Ok(());
        };
        if stored.withdrawn {
            plan.present += 1;
            plan.withdrawn.push((row, stored.id));
            return Ok(());
        }
        let now = self.latest_values(&stored)?;
        if now == values {
            plan.present += 1;
        } else {
            let differences = differences(&now, &values);
            let waits = self.waits(&stored.id)?;
            plan.changed.push(Changed { row, id: stored.id, differences, waits, values });
        }
        Ok(())
    }

    /// Submits what is new in `plan`, and what changed if `amend` says so.
    /// `done` hears, after each batch is on disk, how many are submitted, and
    /// says whether to go on.
    ///
    /// # Errors
    /// What the store may fail with before anything came of it; later, that is
    /// in [`Imported::failed`], and importing the file again completes it.
    pub fn import(
        &mut self,
        plan: &Plan,
        amend: bool,
        drafter: &Unlocked,
        surroundings: &dyn Surroundings,
        done: &mut dyn FnMut(usize) -> ControlFlow<()>,
    ) -> Result<Imported> {
        let changed = plan.changed.iter().filter(|row| amend && !row.waits);
        let rows: Vec<u64> =
            plan.new_rows.iter().copied().chain(changed.clone().map(|row| row.row)).collect();
        let changed = changed.map(|row| Submission::Amended(row.id, &row.values));
        let submissions: Vec<Submission<'_>> = plan.new.iter().map(Submission::New).chain(changed).collect();
        let outcome = self.submit_all(&plan.template, &submissions, drafter, surroundings, done)?;
        let mut imported = Imported {
            submitted: outcome.new,
            amended: outcome.records.len() - outcome.new,
            failed: outcome.failed,
            ..Imported::default()
        };
        for (place, error) in outcome.refused {
            imported.refuse(rows.get(place).copied().unwrap_or_default(), error);
        }
        Ok(imported)
    }
}

impl Imported {
    fn refuse(&mut self, row: u64, error: OfficeError) {
        if matches!(error, OfficeError::AlreadyThere(_)) {
            self.meanwhile += 1;
            return;
        }
        self.refused += 1;
        if self.refusals.len() < MAX_REFUSALS {
            self.refusals.push((row, error));
        }
    }
}

impl Plan {
    /// Keeps the problems of rows that are refused; returns the other rows.
    fn refuse(&mut self, checked: Vec<(u64, Result<Values, Vec<Problem>>)>) -> Vec<(u64, Values)> {
        let mut valid = Vec::with_capacity(checked.len());
        for (row, outcome) in checked {
            match outcome {
                Ok(values) => valid.push((row, values)),
                Err(problems) => self.problems.extend(problems),
            }
        }
        let twice = duplicates(&self.template.template, valid.iter().map(|(row, values)| (*row, values)));
        let repeated: BTreeSet<u64> = twice.iter().map(|problem| problem.row).collect();
        self.problems.extend(twice);
        self.problems.sort_by_key(|problem| problem.row);
        valid.retain(|(row, _)| !repeated.contains(row));
        self.refused = self.problems.iter().map(|problem| problem.row).collect::<BTreeSet<_>>().len();
        valid
    }
}

fn defaulted(template: &TemplateInUse, columns: &Columns) -> Vec<(String, String)> {
    let value = |key: &String| {
        let field = template.template.field(key)?;
        Some((key.clone(), field.default.clone()?))
    };
    columns.defaulted.iter().filter_map(value).collect()
}

fn differences(now: &Values, new: &Values) -> Vec<(String, String, String)> {
    let (now, new) = (shown(now), shown(new));
    let changed = new.into_iter().filter(|(key, value)| now.get(key) != Some(value));
    changed.map(|(key, value)| (key.clone(), now.get(&key).cloned().unwrap_or_default(), value)).collect()
}

fn shown(values: &Values) -> BTreeMap<String, String> {
    let text = |cell: Cell| match cell {
        Cell::Text(text) => text,
        Cell::Bool(flag) => flag.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Empty => String::new(),
    };
    yinxin_record::validate::cells_of(values).into_iter().map(|(key, cell)| (key, text(cell))).collect()
}
