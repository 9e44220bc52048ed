//! The saved state of one ledger without an office round it: no people at a desk, no
//! signatures, no contents. Tests hold the view that the office judges by against
//! other views with it; the programs are built without it.

use std::path::Path;

use rusqlite::Connection;
use yinxin_ledger::store::{self, LedgerId};
use yinxin_ledger::tree;
use yinxin_record::Id;
use yinxin_record::origin::Origin;
use yinxin_record::roster::Roster;
use yinxin_record::rules::{
    self, Decision, Delta, MemberState, OfficeState, RecordState, RuleError, View as _, Violation,
};
use yinxin_record::statement::Statement;

use crate::approve::store_record_act;
use crate::database;
use crate::error::Result;
use crate::people::store_said;
use crate::register::store_delta;
use crate::state::{LedgerView, store_record_state};
use crate::state_of::StateOf;

/// A ledger in a database in memory, and the tables that its rules read.
pub struct SavedLedger {
    db: Connection,
    ledger: LedgerId,
    origin: Origin,
}

/// What the ledger rules read of people, of a record and of an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedState {
    /// Who is not suspended.
    pub roster: Roster,
    /// What is known of the person with the id that was asked for.
    pub member: Option<MemberState>,
    /// Of the record.
    pub record: Option<RecordState>,
    /// Of the office.
    pub office: Option<OfficeState>,
    /// The number of the latest policy.
    pub policy: u64,
}

impl SavedLedger {
    /// A ledger without entries.
    ///
    /// # Errors
    /// What writing may fail with.
    pub fn create(origin: &Origin) -> Result<Self> {
        let db = database::create_database(Path::new(":memory:"))?;
        let ledger = store::create_ledger(&db, &origin.to_string(), "")?;
        StateOf::save(&db, ledger, &store::head(&db, ledger)?)?;
        Ok(Self { db, ledger, origin: origin.clone() })
    }

    /// What the ledger rules say of an entry.
    ///
    /// # Errors
    /// As the store fails.
    pub fn judge(&self, statement: &Statement) -> Result<Result<Decision, Violation>> {
        let view = LedgerView::load(&self.db, self.ledger, &self.origin)?;
        match rules::apply(&view, statement, tree::leaf_hash(statement.bytes())) {
            Ok(decision) => Ok(Ok(decision)),
            Err(RuleError::Violation(violation)) => Ok(Err(violation)),
            Err(RuleError::View(error)) => Err(error),
        }
    }

    /// Appends an entry and stores what it changes, as the office does.
    ///
    /// # Errors
    /// What writing may fail with.
    pub fn append(&mut self, statement: &Statement, decision: Option<&Decision>) -> Result<()> {
        let transaction = self.db.transaction()?;
        let before = store::head(&transaction, self.ledger)?;
        let head = store::append(&transaction, self.ledger, &before, &[statement.bytes()])?;
        StateOf::save(&transaction, self.ledger, &head)?;
        if let Some(decision) = decision {
            store_decision(&transaction, statement, decision, before.size)?;
        }
        Ok(transaction.commit()?)
    }

    /// What is saved of everything with this id.
    ///
    /// # Errors
    /// As the store fails.
    pub fn state(&self, id: &Id) -> Result<SavedState> {
        let view = LedgerView::load(&self.db, self.ledger, &self.origin)?;
        Ok(SavedState {
            roster: view.roster().clone(),
            member: view.member(id)?,
            record: view.record(id)?,
            office: view.office(id)?,
            policy: view.policy_number()?,
        })
    }
}

fn store_decision(db: &Connection, statement: &Statement, decision: &Decision, position: u64) -> Result<()> {
    let content = |id: &Id| -> Result<i64> {
        db.prepare_cached("INSERT INTO content (subject, key_no, sealed) VALUES (?1, 0, x'')")?
            .execute([id.0])?;
        Ok(db.last_insert_rowid())
    };
    match &decision.delta {
        Delta::Founded(_) => Ok(()),
        Delta::Member(id, state) => {
            store_said(db, id, position, state, decision.signers.len() > 1, content(id)?)
        }
        Delta::Record(id, state) => {
            db.prepare_cached(
                "INSERT OR IGNORE INTO record (id, template, record_key) VALUES (?1, '', x'')",
            )?
            .execute([id.0])?;
            let no = db.query_row("SELECT no FROM record WHERE id = ?1", [id.0], |row| row.get(0))?;
            store_record_state(db, no, state)?;
            store_record_act(db, no, position, &statement.act, content(id)?)
        }
        delta @ (Delta::Office(..) | Delta::Policy(_) | Delta::Appointed(..)) => {
            store_delta(db, delta, position)
        }
    }
}
