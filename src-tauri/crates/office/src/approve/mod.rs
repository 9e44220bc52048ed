//! Approve: sign what waits, append it, publish.
//!
//! Batches of [`BATCH`](crate::submit::BATCH) records: each is checked and
//! signed over all cores, judged by the ledger rules one by one, and appended
//! with its records' new states and a signed checkpoint in one transaction.
//! What `done` was told is on disk.

mod publish;
mod waiting;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::mpsc::{self, Receiver, Sender};

use rayon::prelude::*;
use yinxin_record::key::{Signer as _, Verifier};
use yinxin_record::roster::Member;
use yinxin_record::rules::{self, View as _};
use yinxin_record::statement::{Anchor, Claims, MAX_BYTES, Statement};
use yinxin_record::{Digest, Id};

use crate::content;
use crate::duty::Duty;
use crate::erase::overwrite_freed;
use crate::error::{OfficeError, Result};
use crate::inbox::Seen;
use crate::keyring::HostKeys;
use crate::office::{Office, check_head};
use crate::people::Unlocked;
use crate::state::LedgerView;
use crate::submit::AHEAD;
use crate::surroundings::Surroundings;
use publish::publish;
use waiting::{Reader, Waiting};

/// What is to be approved.
#[derive(Debug, Clone, Copy)]
pub enum Selection<'a> {
    /// Everything that waits.
    All,
    /// What waits of these records.
    Records(&'a [Id]),
    /// These drafts and no others, as somebody has seen them.
    Seen(&'a [Seen]),
}

/// What became of an approval.
#[derive(Debug, Default)]
pub struct Approval {
    /// Records whose act is published, in ledger order.
    pub published: Vec<Id>,
    /// Records whose act was refused, and why; nothing of them has changed.
    pub refused: Vec<(Id, OfficeError)>,
    /// Why it ended early, if it did; what is listed above holds.
    pub failed: Option<OfficeError>,
}

impl Approval {
    /// The same, for whom only the whole will do.
    ///
    /// # Errors
    /// Why it ended early, or the first refusal; what is published stays so.
    pub fn whole(mut self) -> Result<Self> {
        match self.failed.take().or_else(|| self.refused.drain(..).next().map(|(_, error)| error)) {
            Some(error) => Err(error),
            None => Ok(self),
        }
    }
}

/// A completed entry.
struct Completed {
    no: i64,
    record: Id,
    statement: Statement,
    leaf: Digest,
    content: i64,
}

impl AsRef<[u8]> for Completed {
    fn as_ref(&self) -> &[u8] {
        self.statement.bytes()
    }
}

type Checked = std::result::Result<Completed, (Id, OfficeError)>;

/// What every approval of a batch has in common.
struct Signing<'a> {
    origin: String,
    anchor: Anchor,
    /// The key of everybody in the roster, decompressed once.
    drafters: HashMap<Digest, Verifier>,
    approver: &'a Unlocked,
    iat: u64,
}

impl Office {
    /// Approves and publishes. `done` hears, after each batch is on disk, how
    /// many are published and how many refused so far, and says whether to go on.
    ///
    /// # Errors
    /// What the store may fail with before anything came of it; later, that is
    /// in [`Approval::failed`], and earlier batches stay published. What one
    /// record is refused for is in [`Approval::refused`].
    pub fn approve(
        &mut self,
        selection: Selection<'_>,
        approver: &Unlocked,
        host: &HostKeys,
        surroundings: &dyn Surroundings,
        done: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
    ) -> Result<Approval> {
        self.must_be_for(approver, Duty::Approve)?;
        let mut approval = Approval::default();
        let mut reader = Reader::new(selection);
        let signing = self.signing(approver, surroundings)?;
        let (ledger, origin) = (self.ledger, &self.origin);
        let (db, keys) = (&mut self.db, &self.content_keys);
        // The workers check and sign ahead while this thread reads, writes and
        // waits for the disk.
        let ended = rayon::in_place_scope(|scope| -> Result<()> {
            let (to_check, unchecked) = mpsc::sync_channel(AHEAD);
            let (ready, checked) = mpsc::channel();
            let signing = &signing;
            scope.spawn(move |_| signing.check_all(unchecked, &ready));
            let mut under_way = 0;
            loop {
                while under_way < AHEAD {
                    let batch = reader.next(db, keys)?;
                    if batch.is_empty() || to_check.send(batch).is_err() {
                        break;
                    }
                    under_way += 1;
                }
                let Some(batch) = (under_way > 0).then(|| checked.recv().ok()).flatten() else {
                    return Ok(());
                };
                under_way -= 1;
                let (published, refused) = publish(db, ledger, origin, batch, host)?;
                approval.published.extend(published);
                approval.refused.extend(refused);
                if done(approval.published.len(), approval.refused.len()).is_break() {
                    return Ok(());
                }
            }
        });
        // The keys of what was erased go once its act is on disk.
        content::destroy_dropped(&mut self.db, &mut self.content_keys);
        let _ = overwrite_freed(&self.db, &self.content_keys);
        if let Err(error) = ended {
            if approval.published.is_empty() && approval.refused.is_empty() {
                return Err(error);
            }
            approval.failed = Some(error);
        }
        for id in reader.absent {
            approval.refused.push((id, self.why_nothing_waits(&id)));
        }
        approval.refused.extend(reader.replaced.into_iter().map(|id| (id, OfficeError::AnotherDraft(id))));
        if matches!(selection, Selection::All) {
            // What another program published meanwhile is no refusal.
            approval.refused.retain(|(_, error)| !matches!(error, OfficeError::NothingWaits(_)));
        }
        Ok(approval)
    }

    fn signing<'a>(&self, approver: &'a Unlocked, surroundings: &dyn Surroundings) -> Result<Signing<'a>> {
        let view = LedgerView::load(&self.db, self.ledger, &self.origin)?;
        check_head(&self.db, self.ledger, &self.origin)?;
        let prepared = |member: &Member| Some((member.key.thumbprint(), member.key.verifier().ok()?));
        Ok(Signing {
            origin: self.origin.to_string(),
            anchor: view.anchor()?,
            drafters: view.roster().iter().filter_map(|(_, member)| prepared(member)).collect(),
            approver,
            iat: surroundings.now(),
        })
    }

    fn why_nothing_waits(&self, id: &Id) -> OfficeError {
        self.stored(id).err().unwrap_or(OfficeError::NothingWaits(*id))
    }
}

impl Signing<'_> {
    /// Checks and signs what comes until no more does.
    fn check_all(&self, unchecked: Receiver<Vec<Waiting>>, ready: &Sender<Vec<Checked>>) {
        for batch in unchecked {
            // Nobody receives any more once publishing has failed.
            if ready.send(self.check(batch)).is_err() {
                return;
            }
        }
    }

    /// Checks and signs a batch over all cores, in order.
    fn check(&self, batch: Vec<Waiting>) -> Vec<Checked> {
        let one = |waiting: Waiting| {
            let record = waiting.record;
            self.check_one(&waiting).map_err(|error| (record, error))
        };
        batch.into_par_iter().map(one).collect()
    }

    /// Before signing, everything that is signed is recomputed from what is
    /// stored: form, drafter's signature, digests of the contents.
    fn check_one(&self, waiting: &Waiting) -> Result<Completed> {
        let damaged = |what| OfficeError::Damaged(what);
        let pending = Statement::parse_pending(&waiting.draft).map_err(|_| damaged("a stored draft"))?;
        if pending.subject() != waiting.record || pending.outermost().header.claims.iss != self.origin {
            return Err(damaged("a stored draft is about something else"));
        }
        let (record, draft) = (waiting.record, &waiting.draft);
        if !content::holds(record, draft, &waiting.sealed, &waiting.key, pending.act.digests()) {
            return Err(damaged("contents are not those that were signed"));
        }
        let kid = pending.outermost().header.kid;
        if kid == self.approver.key.public_key().thumbprint() {
            return Err(rules::Violation::SamePerson.into());
        }
        let drafter = self.drafters.get(&kid).ok_or(rules::Violation::NotInRoster)?;
        pending.outermost().verify_with(drafter).map_err(|_| damaged("the drafter's signature"))?;
        let claims = Claims { iss: self.origin.clone(), sub: waiting.record, iat: self.iat };
        let statement = pending.approved(claims, self.anchor, &self.approver.key)?;
        if statement.bytes().len() > MAX_BYTES {
            return Err(OfficeError::TooLarge);
        }
        let leaf = yinxin_ledger::tree::leaf_hash(statement.bytes());
        Ok(Completed { no: waiting.no, record, statement, leaf, content: waiting.content })
    }
}
