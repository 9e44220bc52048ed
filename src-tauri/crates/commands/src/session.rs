//! Whose key is unlocked at the desk.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::OfficeError;
use yinxin_office::people::Unlocked;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::failure::Failure;
use crate::office::Nothing;
use crate::people::Secret;

/// A person at the desk; the key is wiped when the session ends.
pub(crate) struct Session {
    pub(crate) person: Arc<Unlocked>,
}

impl Session {
    pub(crate) fn new(person: Unlocked) -> Self {
        Self { person: Arc::new(person) }
    }
}

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

    fn wrong(&mut self, name: &str, now: u64) {
        let wrong = self.0.entry(name.to_owned()).or_default();
        wrong.count = wrong.count.saturating_add(1);
        wrong.since = now;
    }

    fn right(&mut self, name: &str) {
        self.0.remove(name);
    }
}

pub(crate) fn unlock(desk: &Desk, asked: &Unlock) -> Result<SessionView, Failure> {
    let open = desk.open_office()?;
    let who = format!("{} {}", open.entry.origin, asked.name);
    let wait = desk.tries().wait(&who, desk.surroundings().now());
    if wait > 0 {
        return Err(DeskError::WaitAfterWrong { seconds: wait }.into());
    }
    let unlocked = open.read().sign_in(&asked.name, &asked.passphrase.passphrase());
    match unlocked {
        Ok(person) => {
            desk.tries().right(&who);
            desk.begin_session(person);
            desk.session_view().ok_or_else(|| DeskError::Locked.into())
        }
        Err(error) => {
            if matches!(error, OfficeError::WrongPassphrase { .. }) {
                desk.tries().wrong(&who, desk.surroundings().now());
            }
            Err(error.into())
        }
    }
}

pub(crate) fn lock(desk: &Desk, _: &Nothing) -> Result<Nothing, Failure> {
    desk.end_session();
    Ok(Nothing {})
}

impl Desk {
    pub(crate) fn session_view(&self) -> Option<SessionView> {
        let session = self.session();
        let person = &session.as_ref()?.person.person;
        Some(SessionView {
            name: person.name.clone(),
            post: person.post.clone(),
            roles: person.member.roles.iter().map(|role| role.as_str().to_owned()).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_with_wrong_tries_and_ends_with_a_right_one() {
        let mut tries = Tries::default();
        for _ in 0..2 {
            tries.wrong("a", 100);
        }
        assert_eq!(tries.wait("a", 100), 0);
        tries.wrong("a", 100);
        assert_eq!((tries.wait("a", 100), tries.wait("a", 103), tries.wait("a", 105)), (5, 2, 0));
        tries.wrong("a", 110);
        assert_eq!(tries.wait("a", 110), 10);
        for _ in 0..100 {
            tries.wrong("a", 200);
        }
        assert_eq!(tries.wait("a", 200), 300);
        assert_eq!(tries.wait("b", 200), 0);
        // The clock was set back.
        assert_eq!(tries.wait("a", 50), 0);
        tries.right("a");
        assert_eq!(tries.wait("a", 200), 0);
    }
}
