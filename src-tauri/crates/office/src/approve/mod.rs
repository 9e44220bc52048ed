//! Approve: sign what waits, append it, publish.
//!
//! Batches of [`BATCH`](crate::submit::BATCH) records: each is checked and
//! signed over all cores, judged by the ledger rules one by one, and appended
//! with its records' new states and a signed checkpoint in one transaction.
//! What `done` was told is on disk.

mod publish;

use std::ops::ControlFlow;
use std::sync::mpsc::{self, Receiver, Sender};

use rayon::prelude::*;
use yinxin_record::rules::View as _;
use yinxin_record::statement::{Anchor, MAX_BYTES, Statement};
use yinxin_record::{Digest, Id};

use crate::content;
use crate::countersign::Countersigning;
use crate::duty::Duty;
use crate::erase::overwrite_freed;
use crate::error::{OfficeError, Result};
use crate::keyring::HostKeys;
use crate::office::Office;
use crate::people::Unlocked;
use crate::queue::{Reader, Selection, Waiting};
use crate::state::LedgerView;
use crate::step::Step;
use crate::submit::AHEAD;
use crate::surroundings::Surroundings;
use publish::publish;
#[cfg(feature = "saved-ledger")]
pub(crate) use publish::store_record_act;

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
    anchor: Anchor,
    countersigning: Countersigning<'a>,
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
        let mut reader = Reader::new(Step::Approve, selection);
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
        self.add_missing(reader, &mut approval.refused);
        Ok(approval)
    }

    fn signing<'a>(&self, approver: &'a Unlocked, surroundings: &dyn Surroundings) -> Result<Signing<'a>> {
        let view = LedgerView::load(&self.db, self.ledger, &self.origin)?;
        let place = (&self.db, self.ledger, &self.origin);
        let countersigning = Countersigning::new(place, view.roster(), approver, surroundings)?;
        Ok(Signing { anchor: view.anchor()?, countersigning })
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

    fn check_one(&self, waiting: &Waiting) -> Result<Completed> {
        let pending = self.countersigning.check(waiting)?;
        let (record, signer) = (waiting.record, &self.countersigning.signer.key);
        let statement = pending.approved(self.countersigning.claims(record), self.anchor, signer)?;
        if statement.bytes().len() > MAX_BYTES {
            return Err(OfficeError::TooLarge);
        }
        let leaf = yinxin_ledger::tree::leaf_hash(statement.bytes());
        Ok(Completed { no: waiting.no, record, statement, leaf, content: waiting.content })
    }
}
