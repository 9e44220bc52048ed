//! Forms: values that are being typed, kept as they are typed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::OfficeError;
use yinxin_office::form::Form;
use yinxin_record::Id;

use crate::desk::Desk;
use crate::failure::{Failure, ProblemView};
use crate::office::Nothing;
use crate::records::record_id;

/// Forms that the person at the desk has begun, the latest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Forms {
    /// They.
    pub forms: Vec<FormView>,
}

/// A form.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FormView {
    /// Which.
    pub id: String,
    /// The template's name.
    pub template: String,
    /// The record that it changes; none for a new one.
    pub record: Option<String>,
    /// What is typed, by field.
    pub cells: BTreeMap<String, String>,
    /// What stands in the record now, by field; empty for a new one.
    pub before: BTreeMap<String, String>,
    /// When it was last kept: seconds since 1970.
    #[ts(type = "number")]
    pub saved: u64,
    /// Which saving this is.
    #[ts(type = "number")]
    pub revision: u64,
    /// What is wrong with the values as they are.
    pub problems: Vec<ProblemView>,
    /// Whether it cannot be read, so that it can only be dropped.
    pub damaged: bool,
}

/// Begin a form, or go on with the one that was begun for the same record.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct FormBegin {
    /// The template's name.
    pub template: String,
    /// The record to change; none for a new one.
    pub record: Option<String>,
}

/// Keep what is typed.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct FormSave {
    /// Which form.
    pub id: String,
    /// What is typed, by field.
    pub cells: BTreeMap<String, String>,
    /// The saving that it was typed into; if it is missing, whatever is kept is
    /// replaced.
    #[ts(optional, type = "number")]
    pub revision: Option<u64>,
}

/// It is kept.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FormSaved {
    /// When: seconds since 1970.
    #[ts(type = "number")]
    pub saved: u64,
    /// Which saving this is.
    #[ts(type = "number")]
    pub revision: u64,
    /// What is wrong with the values as they are.
    pub problems: Vec<ProblemView>,
}

/// Ask for, drop or submit a form.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct FormRequest {
    /// Which form.
    pub id: String,
}

/// It waits for approval now.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Submitted {
    /// The record.
    pub record: String,
}

fn form_id(text: &str) -> Result<Id, Failure> {
    text.parse().map_err(|_| OfficeError::NoSuchForm(text.chars().take(64).collect()).into())
}

fn view(form: Form, problems: &[yinxin_record::validate::Problem]) -> FormView {
    FormView {
        id: form.id.to_string(),
        template: form.template,
        record: form.record.map(|id| id.to_string()),
        cells: form.cells,
        before: form.before,
        saved: form.saved,
        revision: form.revision,
        problems: problems.iter().map(ProblemView::from).collect(),
        damaged: form.damaged,
    }
}

pub(crate) fn forms(desk: &Desk, _: &Nothing) -> Result<Forms, Failure> {
    let (open, person) = desk.member()?;
    let forms = open.read().forms(&person)?;
    Ok(Forms { forms: forms.into_iter().map(|form| view(form, &[])).collect() })
}

pub(crate) fn form(desk: &Desk, asked: &FormRequest) -> Result<FormView, Failure> {
    let (open, person) = desk.member()?;
    let office = open.read();
    let form = office.form(&form_id(&asked.id)?, &person)?;
    let problems = office.problems_of(&form)?;
    Ok(view(form, &problems))
}

pub(crate) fn form_begin(desk: &Desk, asked: &FormBegin) -> Result<FormView, Failure> {
    let (open, person) = desk.member()?;
    let record = asked.record.as_deref().map(record_id).transpose()?;
    let mut office = open.forms();
    let form = office.begin_form(&asked.template, record.as_ref(), &person, desk.surroundings())?;
    let problems = office.problems_of(&form)?;
    Ok(view(form, &problems))
}

pub(crate) fn form_save(desk: &Desk, asked: &FormSave) -> Result<FormSaved, Failure> {
    let (open, person) = desk.member()?;
    let mut office = open.forms();
    let id = form_id(&asked.id)?;
    let form = office.save_form(&id, &asked.cells, asked.revision, &person, desk.surroundings())?;
    let problems = office.problems_of(&form)?;
    Ok(FormSaved {
        saved: form.saved,
        revision: form.revision,
        problems: problems.iter().map(ProblemView::from).collect(),
    })
}

pub(crate) fn form_discard(desk: &Desk, asked: &FormRequest) -> Result<Nothing, Failure> {
    let (open, person) = desk.member()?;
    open.forms().discard_form(&form_id(&asked.id)?, &person)?;
    Ok(Nothing {})
}

pub(crate) fn form_submit(desk: &Desk, asked: &FormRequest) -> Result<Submitted, Failure> {
    let (open, person) = desk.member()?;
    let record = open.forms().submit_form(&form_id(&asked.id)?, &person, desk.surroundings())?;
    Ok(Submitted { record: record.to_string() })
}
