//! Later acts on the record that the file itself holds.
//!
//! ```text
//! statement (version 2)  →  amend (version 3)  →  withdraw (version 3)
//! ```
//!
//! They must be in order as far as can be seen without what lies between; then
//! they end or replace the statement's version. They never strengthen it.

use yinxin_record::act::Act;
use yinxin_record::coded::Coded;
use yinxin_record::roster::Roster;
use yinxin_record::rules::{RecordState, Violation};
use yinxin_record::statement::Statement;

use super::Missing;
use super::case::{Case, Entry};
use super::members::Members;
use super::people::{broken_layers, may_sign};
use crate::code::Code;
use crate::report::Remark;

/// How the record stood after each act that the file holds, by position; the
/// statement is the first.
pub(super) struct History {
    states: Vec<(u64, RecordState)>,
    pub(super) faults: Vec<Remark>,
}

impl History {
    /// Reads and checks the later acts.
    pub(super) fn of(case: &Case<'_>) -> Result<Self, Missing> {
        let (index, state, record) = (case.proof()?.index, case.state()?, case.statement()?.subject());
        let mut history = Self { states: vec![(index, state)], faults: Vec::new() };
        for entry in &case.entries {
            let Some(statement) = &entry.statement else { continue };
            let about_people = matches!(statement.act, Act::Genesis(_) | Act::Member(_));
            if !about_people && statement.subject() == record {
                history.add(case, entry, statement)?;
            }
        }
        Ok(history)
    }

    fn add(&mut self, case: &Case<'_>, entry: &Entry<'_>, statement: &Statement) -> Result<(), Missing> {
        let position = entry.position;
        let (before, current) = self.last();
        if position <= before {
            self.faults.push(Remark::failed(Code::LaterNotLater, &[&position]));
            return Ok(());
        }
        let roster = Members::of(case).roster_before(position);
        for purpose in broken_layers(statement, &roster) {
            self.faults.push(Remark::failed(Code::LaterSignatureBroken, &[&position, &purpose]));
        }
        let allowed = signed_by_people(statement, &roster)?.and_then(|()| follow(&current, statement, entry));
        match allowed {
            Ok(state) => self.states.push((position, state)),
            Err(v) => self.faults.push(Remark::failed(Code::LaterViolates, &[&position, &v.code()])),
        }
        Ok(())
    }

    /// The last state and where it was made.
    fn last(&self) -> (u64, RecordState) {
        self.states[self.states.len() - 1]
    }

    /// How the record stands as far as the file goes.
    pub(super) fn current(&self) -> RecordState {
        self.last().1
    }

    /// The last state within the first `size` entries, and its position.
    pub(super) fn within(&self, size: u64) -> Option<(u64, RecordState)> {
        self.states.iter().copied().take_while(|(position, _)| *position < size).last()
    }

    /// The first state beyond the first `size` entries, and its position.
    pub(super) fn beyond(&self, size: u64) -> Option<(u64, RecordState)> {
        self.states.iter().copied().find(|(position, _)| *position >= size)
    }
}

/// People signed who might, at that place in the ledger. Of its whole roster the
/// file knows those whose member acts it has.
fn signed_by_people(statement: &Statement, roster: &Roster) -> Result<Result<(), Violation>, Missing> {
    let anchor = statement.outermost().header.anchor.as_ref().ok_or(Missing("entries"))?;
    Ok(may_sign(statement, anchor, roster))
}

/// The state that a later act makes of `current`; versions between may be
/// missing from the file.
fn follow(current: &RecordState, statement: &Statement, entry: &Entry<'_>) -> Result<RecordState, Violation> {
    let (successor, withdrawn, erased) = match &statement.act {
        Act::Amend(_, successor) => (successor, false, false),
        Act::Withdraw { of, .. } => (of, true, false),
        Act::Erase { of, .. } => (of, true, true),
        Act::Publish(_)
        | Act::Genesis(_)
        | Act::Member(_)
        | Act::Office(_)
        | Act::Policy(_)
        | Act::Appoint(_) => return Err(Violation::Taken),
    };
    if current.erased {
        return Err(Violation::Erased);
    }
    if current.withdrawn && !erased {
        return Err(Violation::Withdrawn);
    }
    let next = if withdrawn { current.version } else { current.version.saturating_add(1) };
    // A withdrawal that the file does not have may lie before an erasure.
    let follows_directly = successor.version == next && (!erased || current.withdrawn);
    if successor.version < next || (follows_directly && successor.previous != current.leaf) {
        return Err(Violation::NotCurrent);
    }
    Ok(RecordState { version: successor.version, leaf: entry.leaf, withdrawn, erased })
}

/// Whether a record that stood so may stand so later.
pub(super) fn may_become(earlier: &RecordState, later: &RecordState) -> bool {
    if earlier == later {
        return true;
    }
    let onwards = later.version > earlier.version || (later.version == earlier.version && later.withdrawn);
    let open = !earlier.withdrawn || (later.erased && !earlier.erased && later.version == earlier.version);
    open && onwards && earlier.leaf != later.leaf
}

/// That the record no longer stands as `ours` says, if so; `by` says who knows.
pub(super) fn changed(ours: &RecordState, now: &RecordState, by: &str) -> Option<Remark> {
    if now.erased {
        Some(Remark::noted(Code::Erased, &[&by, &now.version]))
    } else if now.withdrawn {
        Some(Remark::noted(Code::Withdrawn, &[&by, &now.version]))
    } else if now.version > ours.version {
        Some(Remark::noted(Code::Superseded, &[&by, &now.version]))
    } else {
        None
    }
}
