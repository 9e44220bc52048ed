//! Forms (草稿): values that a drafter is typing, kept as they are typed.
//!
//! Nothing here is signed or checked; a form becomes a submission, and is gone,
//! when its drafter submits it. Only that drafter sees it. What is typed is
//! sealed like any contents: every saving under a fresh key, because a key seals
//! once, and the key before is destroyed (`destroying.sql`).

use std::collections::BTreeMap;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use rusqlite::{OptionalExtension as _, Row, params};
use yinxin_record::Id;
use yinxin_record::validate::{Cell, Problem, Validator, cells_of};
use zeroize::Zeroizing;

use crate::browse::{self, by_record_key};
use crate::content::{self, ContentKey};
use crate::draft::{TemplateInUse, record_key};
use crate::duty::Duty;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::people::Unlocked;
use crate::submit::{Submission, seconds};
use crate::surroundings::{Surroundings, random};

/// What is typed, by field.
pub type Typed = BTreeMap<String, String>;

/// The most bytes of everything that is typed into one form.
const MAX_TYPED: usize = 1 << 20;
/// The most forms that one drafter has begun.
const MAX_FORMS: usize = 500;

/// A form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Which.
    pub id: Id,
    /// The template's name.
    pub template: String,
    /// The record that it changes; `None` for a new one.
    pub record: Option<Id>,
    /// What is typed.
    pub cells: Typed,
    /// What the record says now; empty for a new one.
    pub before: Typed,
    /// When it was last kept: seconds since 1970.
    pub saved: u64,
    /// Which saving this is: later ones have greater numbers.
    pub revision: u64,
    /// Whether it cannot be read, so that it can only be discarded.
    pub damaged: bool,
}

/// A row of `form`.
struct Stored {
    id: Id,
    template: String,
    record: Option<Vec<u8>>,
    /// Every saving has a new one, greater than all before: also the revision.
    key_no: i64,
    sealed: Vec<u8>,
    saved: i64,
}

const COLUMNS: &str = "id, template, record, key_no, sealed, saved";

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        id: Id(row.get(0)?),
        template: row.get(1)?,
        record: row.get(2)?,
        key_no: row.get(3)?,
        sealed: row.get(4)?,
        saved: row.get(5)?,
    })
}

impl Office {
    /// The forms that a drafter has begun, the latest first. One that cannot be
    /// read is among them, and says so.
    ///
    /// # Errors
    /// What reading may fail with.
    pub fn forms(&self, drafter: &Unlocked) -> Result<Vec<Form>> {
        let sql = format!("SELECT {COLUMNS} FROM form WHERE drafter = ?1 ORDER BY saved DESC, rowid DESC");
        let rows: Vec<Stored> = self
            .db
            .prepare_cached(&sql)?
            .query_map([drafter.person.id.0], stored)?
            .collect::<rusqlite::Result<_>>()?;
        rows.into_iter().map(|row| self.opened_or_damaged(row)).collect()
    }

    /// How many forms a drafter has begun.
    ///
    /// # Errors
    /// What reading may fail with.
    pub fn count_forms(&self, drafter: &Unlocked) -> Result<usize> {
        let mine = "SELECT count(*) FROM form WHERE drafter = ?1";
        let count: i64 = self.db.query_row(mine, [drafter.person.id.0], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// One form of a drafter.
    ///
    /// # Errors
    /// [`OfficeError::NoSuchForm`] and what reading may fail with.
    pub fn form(&self, id: &Id, drafter: &Unlocked) -> Result<Form> {
        self.opened(self.stored_form(id, drafter)?)
    }

    /// Begins a form for a new record, or to change one. A form that the drafter
    /// has begun for the same record is gone on with.
    ///
    /// # Errors
    /// [`OfficeError::UnknownTemplate`], [`OfficeError::NoSuchRecord`],
    /// [`OfficeError::WaitsAlready`], [`OfficeError::Withdrawn`],
    /// [`OfficeError::FormTooLarge`] if there are too many.
    pub fn begin_form(
        &mut self,
        template: &str,
        record: Option<&Id>,
        drafter: &Unlocked,
        surroundings: &dyn Surroundings,
    ) -> Result<Form> {
        self.must_be_for(drafter, Duty::Draft)?;
        let in_use = TemplateInUse::builtin(template)?;
        let cells = match record {
            None => defaults(&in_use),
            Some(record) => {
                if let Some(begun) = self.begun(record, drafter)? {
                    return Ok(begun);
                }
                let row = self.editable(record)?;
                typed(&cells_of(&self.latest_values(&row)?))
            }
        };
        if self.count_forms(drafter)? >= MAX_FORMS {
            return Err(OfficeError::FormTooLarge);
        }
        let id = Id(random(surroundings));
        let (sealed, key) = seal(id, &cells, surroundings)?;
        let key_no = content::store_key(&mut self.content_keys, &key)?;
        self.db.execute(
            "INSERT INTO form (id, template, record, drafter, key_no, sealed, saved)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                id.0,
                template,
                record.map(|record| record.0),
                drafter.person.id.0,
                key_no,
                sealed,
                seconds(surroundings.now())
            ],
        )?;
        self.form(&id, drafter)
    }

    /// Keeps what is typed. `based_on` is the revision that it was typed into; if
    /// another was kept since, by another window, that one stays.
    ///
    /// # Errors
    /// [`OfficeError::NoSuchForm`], [`OfficeError::FormChanged`],
    /// [`OfficeError::FormTooLarge`] and what writing may fail with; what was
    /// kept before is still there then.
    pub fn save_form(
        &mut self,
        id: &Id,
        cells: &Typed,
        based_on: Option<u64>,
        drafter: &Unlocked,
        surroundings: &dyn Surroundings,
    ) -> Result<Form> {
        self.must_be_for(drafter, Duty::Draft)?;
        let before = self.stored_form(id, drafter)?;
        if based_on.is_some_and(|revision| revision != unsigned(before.key_no)) {
            return Err(OfficeError::FormChanged(*id));
        }
        let (sealed, key) = seal(*id, cells, surroundings)?;
        // The key comes first: sealed contents without it would be lost.
        let key_no = content::store_key(&mut self.content_keys, &key)?;
        // Between reading and writing another window may have kept its own.
        let kept = self.db.execute(
            "UPDATE form SET key_no = ?2, sealed = ?3, saved = ?4
             WHERE id = ?1 AND (?5 IS NULL OR key_no = ?5)",
            params![id.0, key_no, sealed, seconds(surroundings.now()), based_on.map(|_| before.key_no)],
        )?;
        if kept == 0 {
            content::drop_key(&self.db, key_no)?;
        }
        content::destroy_dropped(&mut self.db, &mut self.content_keys);
        let form = self.form(id, drafter)?;
        if kept == 0 { Err(OfficeError::FormChanged(*id)) } else { Ok(form) }
    }

    /// Drops a form.
    ///
    /// # Errors
    /// [`OfficeError::NoSuchForm`] and what writing may fail with.
    pub fn discard_form(&mut self, id: &Id, drafter: &Unlocked) -> Result<()> {
        self.must_be_for(drafter, Duty::Draft)?;
        let mine = "DELETE FROM form WHERE id = ?1 AND drafter = ?2";
        if self.db.execute(mine, params![id.0, drafter.person.id.0])? == 0 {
            return Err(OfficeError::NoSuchForm(id.to_string()));
        }
        content::destroy_dropped(&mut self.db, &mut self.content_keys);
        Ok(())
    }

    /// Everything that is wrong with what is typed.
    ///
    /// # Errors
    /// [`OfficeError::UnknownTemplate`].
    pub fn problems_of(&self, form: &Form) -> Result<Vec<Problem>> {
        let template = TemplateInUse::builtin(&form.template)?;
        let validator = Validator::new(&template.template).map_err(|_| OfficeError::Damaged("template"))?;
        Ok(validator.check(1, &cells(&form.cells)).err().unwrap_or_default())
    }

    /// Signs what is typed and submits it; the form is gone. Gives the record.
    ///
    /// # Errors
    /// [`OfficeError::NoSuchForm`], [`OfficeError::Values`],
    /// [`OfficeError::AlreadyThere`], and for a record that is there what
    /// [`Office::amend`] may fail with.
    pub fn submit_form(
        &mut self,
        id: &Id,
        drafter: &Unlocked,
        surroundings: &dyn Surroundings,
    ) -> Result<Id> {
        self.must_be_for(drafter, Duty::Draft)?;
        let form = self.form(id, drafter)?;
        let template = TemplateInUse::builtin(&form.template)?;
        let validator = Validator::new(&template.template).map_err(|_| OfficeError::Damaged("template"))?;
        let values = validator.check(1, &cells(&form.cells)).map_err(OfficeError::Values)?;
        let submission = match form.record {
            None => {
                let key = record_key(&template.template, &values);
                if let Some(other) = by_record_key(&self.db, &key)? {
                    return Err(OfficeError::AlreadyThere(other.id));
                }
                Submission::New(&values)
            }
            Some(record) => {
                let row = self.editable(&record)?;
                if values == self.latest_values(&row)? && !self.is_returned(&record)? {
                    return Err(OfficeError::NothingChanges(record));
                }
                Submission::Amended(record, &values)
            }
        };
        let go_on = &mut |_| std::ops::ControlFlow::Continue(());
        let submitted = self.submit_all(&template, &[submission], drafter, surroundings, go_on)?;
        let record = submitted.only()?;
        self.discard_form(id, drafter)?;
        Ok(record)
    }

    fn is_returned(&self, record: &Id) -> Result<bool> {
        Ok(self.db.query_row(
            "SELECT EXISTS (SELECT 1 FROM submission s JOIN record r ON r.no = s.record
             WHERE r.id = ?1 AND s.state = 'returned')",
            [record.0],
            |row| row.get(0),
        )?)
    }

    fn begun(&self, record: &Id, drafter: &Unlocked) -> Result<Option<Form>> {
        let sql = format!("SELECT {COLUMNS} FROM form WHERE record = ?1 AND drafter = ?2");
        let row = self.db.query_row(&sql, params![record.0, drafter.person.id.0], stored).optional()?;
        row.map(|row| self.opened(row)).transpose()
    }

    fn stored_form(&self, id: &Id, drafter: &Unlocked) -> Result<Stored> {
        let sql = format!("SELECT {COLUMNS} FROM form WHERE id = ?1 AND drafter = ?2");
        let row = self.db.query_row(&sql, params![id.0, drafter.person.id.0], stored).optional()?;
        row.ok_or_else(|| OfficeError::NoSuchForm(id.to_string()))
    }

    /// The record that a form changes; `None` if it was taken back meanwhile, so
    /// that what is typed is for a new one.
    fn still_there(&self, record: &[u8]) -> Result<Option<browse::Stored>> {
        let record = Id::from_slice(record).ok_or(OfficeError::Damaged("a form"))?;
        match self.stored(&record) {
            Err(OfficeError::NoSuchRecord(_)) => Ok(None),
            other => other.map(Some),
        }
    }

    fn opened_or_damaged(&self, row: Stored) -> Result<Form> {
        let known = Form {
            id: row.id,
            template: row.template.clone(),
            record: row.record.as_deref().and_then(Id::from_slice),
            cells: Typed::new(),
            before: Typed::new(),
            saved: unsigned(row.saved),
            revision: unsigned(row.key_no),
            damaged: true,
        };
        match self.opened(row) {
            Err(OfficeError::Damaged(_)) => Ok(known),
            other => other,
        }
    }

    fn opened(&self, row: Stored) -> Result<Form> {
        let damaged = || OfficeError::Damaged("a form");
        let key = content::load_key(&self.content_keys, row.key_no)?;
        let plain = cipher(&key).decrypt(&Nonce::default(), Payload { msg: &row.sealed, aad: &row.id.0 });
        let plain = Zeroizing::new(plain.map_err(|_| damaged())?);
        let record = row.record.as_deref().map(|record| self.still_there(record)).transpose()?.flatten();
        let before = match &record {
            Some(record) => typed(&cells_of(&self.latest_values(record)?)),
            None => Typed::new(),
        };
        Ok(Form {
            id: row.id,
            template: row.template,
            record: record.map(|record| record.id),
            cells: serde_json::from_slice(&plain).map_err(|_| damaged())?,
            before,
            saved: unsigned(row.saved),
            revision: unsigned(row.key_no),
            damaged: false,
        })
    }
}

fn seal(id: Id, cells: &Typed, surroundings: &dyn Surroundings) -> Result<(Vec<u8>, ContentKey)> {
    let plain = Zeroizing::new(serde_json::to_vec(cells).map_err(|_| OfficeError::FormTooLarge)?);
    if plain.len() > MAX_TYPED {
        return Err(OfficeError::FormTooLarge);
    }
    let key = Zeroizing::new(random(surroundings));
    let sealed = cipher(&key).encrypt(&Nonce::default(), Payload { msg: &plain, aad: &id.0 });
    Ok((sealed.map_err(|_| OfficeError::FormTooLarge)?, key))
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

fn cipher(key: &ContentKey) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&Key::from(**key))
}

fn defaults(template: &TemplateInUse) -> Typed {
    let fields = template.template.fields.iter();
    fields.filter_map(|field| Some((field.key.clone(), field.default.clone()?))).collect()
}

fn cells(typed: &Typed) -> BTreeMap<String, Cell> {
    let cell = |text: &String| if text.is_empty() { Cell::Empty } else { Cell::Text(text.clone()) };
    typed.iter().map(|(key, text)| (key.clone(), cell(text))).collect()
}

/// Cells as they would be typed.
fn typed(cells: &BTreeMap<String, Cell>) -> Typed {
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Bool(flag) => flag.to_string(),
        Cell::Empty => String::new(),
    };
    cells.iter().map(|(key, cell)| (key.clone(), text(cell))).collect()
}
