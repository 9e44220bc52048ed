//! The founding key admits people, until people sign.

use std::collections::BTreeSet;

use rusqlite::{Transaction, TransactionBehavior};
use yinxin_record::Id;
use yinxin_record::act::{Act, Membership};
use yinxin_record::disclosure::{Disclosure, sorted_digests};
use yinxin_record::invitation::Invitation;
use yinxin_record::key::{PublicKey, SecretKey, Signer as _};
use yinxin_record::roster::{Member, Role, may_be_held_together};
use yinxin_record::rules::{Delta, Violation};
use yinxin_record::statement::{Claims, sign_alone};
use zeroize::Zeroizing;

use super::answer::Answered;
use super::said::{name_and_post, store_said};
use super::{Person, check_name};
use crate::content;
use crate::error::{OfficeError, Result};
use crate::keyring::{self, HostKeys, Locking, Passphrase};
use crate::office::{Office, append_entry};
use crate::state::LedgerView;
use crate::strength;
use crate::surroundings::{Surroundings, random};

/// Who is to be admitted.
#[derive(Debug)]
pub struct Admission<'a> {
    /// The person's name; unique within the office.
    pub name: &'a str,
    /// The person's post.
    pub post: Option<&'a str>,
    /// What the person may do.
    pub roles: BTreeSet<Role>,
    /// Protects the person's key.
    pub passphrase: &'a Passphrase,
    /// Protects founding and host keys.
    pub host_passphrase: &'a Passphrase,
    /// How the key file is made.
    pub locking: Locking,
}

/// Who is admitted, with which key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Admitted<'a> {
    id: Id,
    key: PublicKey,
    name: &'a str,
    post: Option<&'a str>,
    roles: &'a BTreeSet<Role>,
}

impl<'a> Admitted<'a> {
    /// Whoever was invited, with the key that they have made.
    pub(super) fn of(invitation: &'a Invitation, key: PublicKey) -> Self {
        let Invitation { member, name, post, roles, .. } = invitation;
        Self { id: *member, key, name, post: post.as_deref(), roles }
    }
}

impl Office {
    /// Admits a person, signed by the founding key: possible until people have
    /// signed something.
    ///
    /// # Errors
    /// [`OfficeError::NameTaken`], [`OfficeError::RolesTogether`],
    /// [`OfficeError::WeakPassphrase`], [`OfficeError::FoundingOver`],
    /// [`OfficeError::WrongPassphrase`] and what writing may fail with.
    pub fn admit(&mut self, admission: &Admission<'_>, surroundings: &dyn Surroundings) -> Result<Person> {
        self.check_admission(admission)?;
        let (founder, host) = rayon::join(
            || keyring::read_key(&self.folder.founding_key(), "founding", admission.host_passphrase, "host"),
            || keyring::read_host_keys(&self.folder, Some(admission.host_passphrase)),
        );
        let (founder, host) = (founder?, host?);
        let id = Id(random(surroundings));
        let key = SecretKey::from_seed(&random(surroundings));
        // The key file comes first: an entry without its key would be a person
        // who can never sign; a key without its entry is only a spare file.
        let path = self.folder.person_key(&id);
        keyring::write_key(&path, "person", &key, admission.passphrase, admission.locking)?;
        let Admission { name, post, roles, .. } = admission;
        let admitted = Admitted { id, key: key.public_key(), name, post: *post, roles };
        let added = self.add_person(&admitted, &founder, &host, None, surroundings);
        // Where the database failed, the entry may be there all the same.
        if added.as_ref().is_err_and(|error| !matches!(error, OfficeError::Database(_))) {
            // Best effort: what failed is told, whether or not this succeeds.
            let _ = std::fs::remove_file(&path);
        }
        added
    }

    fn check_admission(&self, admission: &Admission<'_>) -> Result<()> {
        check_name(admission.name)?;
        admission.post.map_or(Ok(()), check_name)?;
        if !may_be_held_together(&admission.roles) {
            return Err(OfficeError::RolesTogether);
        }
        let names = [admission.name, &self.genesis()?.name];
        strength::check(admission.passphrase, &names, admission.locking)?;
        self.check_name_is_free(admission.name, None)
    }

    /// Appends the member act and stores what it commits to, in one transaction.
    pub(super) fn add_person(
        &mut self,
        admitted: &Admitted<'_>,
        founder: &SecretKey,
        host: &HostKeys,
        answered: Option<Answered<'_>>,
        surroundings: &dyn Surroundings,
    ) -> Result<Person> {
        let Admitted { id, key, name, post, roles } = *admitted;
        let disclosures = name_and_post(name, post, surroundings);
        let encoded = disclosures.iter().map(Disclosure::to_bytes).collect();
        let member = Member::new(key, roles.clone());
        let digests = sorted_digests(&disclosures);
        let act = Act::Member(Membership { member, suspended: false, digests, follows: None, warrant: None });
        let claims = Claims { iss: self.origin.to_string(), sub: id, iat: surroundings.now() };
        let transaction = Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate)?;
        // Another program may have admitted somebody of this name meanwhile.
        self.check_name_is_free(name, None)?;
        let anchor = LedgerView::load(&transaction, self.ledger, &self.origin)?.anchor()?;
        let entry = sign_alone(&act, claims, anchor, founder)?;
        let sealed = content::seal(id, &entry, encoded, Zeroizing::new(random(surroundings)))?;
        let key_no = content::store_keys(&mut self.content_keys, [&sealed])?[0];
        let appended = append_entry(&transaction, self.ledger, &self.origin, entry, host);
        let (delta, position) = appended.map_err(founding_over)?;
        let Delta::Member(_, state) = delta else { return Err(OfficeError::Damaged("a member act")) };
        let content = content::store_set(&transaction, &sealed, key_no)?;
        store_said(&transaction, &id, position, &state, false, content)?;
        answered.map_or(Ok(()), |answered| answered.end(&transaction))?;
        transaction.commit()?;
        self.person_with(&id)
    }
}

fn founding_over(error: OfficeError) -> OfficeError {
    match error {
        OfficeError::Rule(Violation::FoundingOver) => OfficeError::FoundingOver,
        other => other,
    }
}
