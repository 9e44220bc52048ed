//! Whose key is unlocked at the desk.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::OfficeError;
use yinxin_office::people::Person;
use yinxin_record::roster::Role;

use crate::desk::{Desk, OpenOffice};
use crate::error::DeskError;
use crate::failure::Failure;
use crate::office::Nothing;
use crate::people::Secret;

/// Unlock a person's key.
#[derive(Debug, Deserialize, TS)]
pub struct Unlock {
    /// The person's name.
    pub name: String,
    /// The person's passphrase.
    #[ts(as = "String")]
    pub passphrase: Secret,
}

/// Who is at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SessionView {
    /// Name.
    pub name: String,
    /// Post.
    pub post: Option<String>,
    /// Roles, as words.
    pub roles: Vec<String>,
}

/// Wrong passphrases since the last right one, by person.
#[derive(Debug, Default)]
pub(crate) struct Tries(HashMap<String, Wrong>);

#[derive(Debug, Default, Clone, Copy)]
struct Wrong {
    count: u32,
    since: u64,
}

/// Whose passphrase it is that opens the host's keys; no person can be called so.
pub(crate) const HOST: &str = "\u{0}host";

/// Wrong passphrases that cost no waiting.
const FREE_TRIES: u32 = 3;
/// The longest wait, in seconds.
const LONGEST_WAIT: u64 = 300;

impl Tries {
    /// How many seconds the person has to wait before the next try. Every wrong
    /// one after the third doubles it: 5, 10, 20 … 300.
    pub(crate) fn wait(&self, name: &str, now: u64) -> u64 {
        let Some(wrong) = self.0.get(name).filter(|wrong| wrong.count >= FREE_TRIES) else { return 0 };
        let doubled = 5_u64.checked_shl(wrong.count - FREE_TRIES).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
        // A clock that went back must not lock anybody out for longer.
        let passed = now.checked_sub(wrong.since).unwrap_or(doubled);
        doubled.saturating_sub(passed)
    }

    /// Counts a try as wrong before it is known to be: those that come at the
    /// same time must not all be free.
    fn begin(&mut self, name: &str, now: u64) {
        let wrong = self.0.entry(name.to_owned()).or_default();
        wrong.count = wrong.count.saturating_add(1);
        wrong.since = now;
    }

    /// It was right.
    fn right(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// It failed for another reason than the passphrase.
    fn take_back(&mut self, name: &str) {
        if let Some(wrong) = self.0.get_mut(name) {
            wrong.count = wrong.count.saturating_sub(1);
        }
    }
}

impl Desk {
    /// Tries a passphrase; wrong ones cost time. `whose` tells one from another
    /// within an office.
    pub(crate) fn try_passphrase<T>(
        &self,
        office: &OpenOffice,
        whose: &str,
        attempt: impl FnOnce() -> Result<T, OfficeError>,
    ) -> Result<T, Failure> {
        let (who, now) = (format!("{} {whose}", office.entry.origin), self.surroundings().now());
        {
            let mut tries = self.tries();
            let seconds = tries.wait(&who, now);
            if seconds > 0 {
                return Err(DeskError::WaitAfterWrong { seconds }.into());
            }
            tries.begin(&who, now);
        }
        let tried = attempt();
        match &tried {
            Ok(_) => self.tries().right(&who),
            Err(OfficeError::WrongPassphrase { .. }) => {}
            Err(_) => self.tries().take_back(&who),
        }
        tried.map_err(Failure::from)
    }
}

pub(crate) fn unlock(desk: &Desk, asked: &Unlock) -> Result<SessionView, Failure> {
    let open = desk.open_office()?;
    let office = open.read_aside()?;
    let (keys, passphrase) = (desk.own_folder_of(&asked.name, &office)?, asked.passphrase.passphrase());
    let person = desk.try_passphrase(&open, &asked.name, || {
        office.sign_in_from(&asked.name, &passphrase, keys.as_deref())
    })?;
    let view = SessionView::of(&person.person, desk.surroundings().now());
    desk.sit_down(&open, person)?;
    Ok(view)
}

pub(crate) fn lock(desk: &Desk, _: &Nothing) -> Result<Nothing, Failure> {
    desk.end_session();
    Ok(Nothing {})
}

impl SessionView {
    /// Whoever acts as approver now holds that role for the page.
    fn of(person: &Person, now: u64) -> Self {
        let acts = person.member.acting.is_some_and(|acting| acting.covers(now));
        let acting = acts.then_some(Role::Approver);
        let roles: BTreeSet<Role> = person.member.roles.iter().copied().chain(acting).collect();
        Self {
            name: person.name.clone(),
            post: person.post.clone(),
            roles: roles.into_iter().map(|role| role.as_str().to_owned()).collect(),
        }
    }
}

impl Desk {
    pub(crate) fn session_view(&self) -> Option<SessionView> {
        let (office, unlocked) = self.member().ok()?;
        let person = office.read().person_now(&unlocked).ok()?;
        (!person.suspended).then(|| SessionView::of(&person, self.surroundings().now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_with_wrong_tries_and_ends_with_a_right_one() {
        let mut tries = Tries::default();
        for _ in 0..2 {
            tries.begin("a", 100);
        }
        assert_eq!(tries.wait("a", 100), 0);
        tries.begin("a", 100);
        assert_eq!((tries.wait("a", 100), tries.wait("a", 103), tries.wait("a", 105)), (5, 2, 0));
        tries.begin("a", 110);
        assert_eq!(tries.wait("a", 110), 10);
        for _ in 0..100 {
            tries.begin("a", 200);
        }
        assert_eq!(tries.wait("a", 200), 300);
        assert_eq!(tries.wait("b", 200), 0);
        // The clock was set back.
        assert_eq!(tries.wait("a", 50), 0);
        tries.right("a");
        assert_eq!(tries.wait("a", 200), 0);
    }
}
