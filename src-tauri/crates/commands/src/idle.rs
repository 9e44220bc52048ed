//! A desk that nobody uses locks itself.
//!
//! What a person asks for counts as use, and so do keys and movements that the
//! page reports ([`Here`]); what pages ask for by themselves does not. The key
//! leaves the memory whether or not a page is open: a thread of its own looks.
//! Jobs that were begun go on, as after locking by hand.

use std::sync::{Arc, Mutex, Weak};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::{Desk, Sitting, held};
use crate::failure::Failure;

/// What pages ask for by themselves, again and again.
const BY_THEMSELVES: [&str; 5] = ["hello", "overview", "templates", "job", "here"];

/// How often the thread looks.
const LOOK: Duration = Duration::from_secs(2);

/// Asks whether somebody still sits here.
#[derive(Debug, Deserialize, TS)]
pub struct Here {
    /// Whether a key or the pointer was moved since this was last asked.
    pub active: bool,
}

/// Whether somebody sits here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct Presence {
    /// Whether a key is unlocked.
    pub seated: bool,
    /// After how many idle minutes the desk locked itself, if that is how the
    /// last sitting ended.
    pub idle: Option<u16>,
}

/// Since when nobody has used a desk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Idleness(u64);

impl Idleness {
    /// It is used now.
    pub(crate) fn since(now: u64) -> Self {
        Self(now)
    }

    /// Whether that is `minutes` ago. Seconds since 1970; a clock that went back
    /// begins anew.
    fn is_over(&mut self, now: u64, minutes: u16) -> bool {
        let Some(passed) = now.checked_sub(self.0) else {
            *self = Self(now);
            return false;
        };
        passed >= u64::from(minutes) * 60
    }
}

impl Sitting {
    fn end_if_idle(&mut self, now: u64, minutes: u16) {
        if self.person.is_some() && self.used.is_over(now, minutes) {
            self.change(self.office.clone(), None, now);
            self.idle = Some(minutes);
        }
    }
}

impl Desk {
    /// Before a command: locks what was idle for too long, and notes use.
    pub(crate) fn notice(&self, command: &str) {
        self.lock_if_idle();
        if !BY_THEMSELVES.contains(&command) {
            self.use_now();
        }
    }

    pub(crate) fn lock_if_idle(&self) {
        let now = self.surroundings().now();
        let mut sitting = held(self.sitting_lock());
        if sitting.person.is_some() {
            sitting.end_if_idle(now, self.settings().lock_after);
        }
    }

    fn use_now(&self) {
        held(self.sitting_lock()).used = Idleness::since(self.surroundings().now());
    }

    /// Looks from time to time until the sitting of this number ends.
    pub(crate) fn watch(&self, number: u64) {
        let sitting: Weak<Mutex<Sitting>> = Arc::downgrade(self.sitting_lock());
        let (surroundings, home) = (self.shared_surroundings(), self.home().clone());
        thread::spawn(move || {
            loop {
                thread::sleep(LOOK);
                let Some(sitting) = sitting.upgrade() else { return };
                let minutes = crate::settings::Settings::read(&home.settings()).lock_after;
                let mut sitting = held(&sitting);
                sitting.end_if_idle(surroundings.now(), minutes);
                if sitting.number != number {
                    return;
                }
            }
        });
    }
}

pub(crate) fn here(desk: &Desk, asked: &Here) -> Result<Presence, Failure> {
    if asked.active {
        desk.use_now();
    }
    let sitting = held(desk.sitting_lock());
    Ok(Presence { seated: sitting.person.is_some(), idle: sitting.idle })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Instant;

    use serde_json::{Value, json};
    use tempfile::TempDir;
    use yinxin_office::Surroundings;

    use super::*;
    use crate::{Home, Machine};

    /// A clock that stands where it is put.
    struct Clock(AtomicU64);

    impl Surroundings for Clock {
        fn now(&self) -> u64 {
            self.0.load(Ordering::SeqCst)
        }

        fn fill(&self, bytes: &mut [u8]) {
            Machine.fill(bytes);
        }
    }

    const START: u64 = 1_795_000_000;

    struct Seated {
        _folder: TempDir,
        desk: Desk,
        clock: Arc<Clock>,
    }

    impl Seated {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let clock = Arc::new(Clock(AtomicU64::new(START)));
            let home = Home::new(folder.path());
            crate::build_practice(&home, &*clock, &mut |_, _| ()).unwrap();
            let desk = Desk::new(home, clock.clone()).unwrap();
            let seated = Self { _folder: folder, desk, clock };
            seated.ask("office_open", &json!({"id": "practice/data-bureau"}));
            seated.unlock();
            seated
        }

        fn ask(&self, command: &str, request: &Value) -> Value {
            let answer = self.desk.call(command, request.to_string().as_bytes());
            answer
                .map_or_else(|failure| json!(failure.code), |answer| serde_json::from_slice(&answer).unwrap())
        }

        fn unlock(&self) {
            self.ask("unlock", &json!({"name": "周八示例", "passphrase": "practice-zhouba"}));
        }

        fn at(&self, seconds: u64) {
            self.clock.0.store(START + seconds, Ordering::SeqCst);
        }

        fn sits(&self) -> bool {
            self.ask("forms", &json!({})) != "locked"
        }
    }

    #[test]
    fn a_desk_that_nobody_uses_locks_itself_and_says_why() {
        let seated = Seated::new();
        seated.at(599);
        assert!(seated.sits());
        seated.at(599 + 600);
        let greeting = seated.ask("hello", &json!({}));
        assert_eq!((&greeting["session"], &greeting["idle"]), (&Value::Null, &json!(10)));
        assert!(!seated.sits());
        assert_eq!(seated.ask("here", &json!({"active": true})), json!({"seated": false, "idle": 10}));
        seated.unlock();
        assert!(seated.sits());
        assert_eq!(seated.ask("here", &json!({"active": false})), json!({"seated": true, "idle": null}));
        seated.ask("lock", &json!({}));
        assert_eq!(seated.ask("hello", &json!({}))["idle"], Value::Null);
    }

    #[test]
    fn what_pages_ask_for_by_themselves_is_no_use_and_a_moved_pointer_is() {
        let seated = Seated::new();
        for minute in 1..10 {
            seated.at(minute * 60);
            for polled in ["hello", "overview", "templates"] {
                seated.ask(polled, &json!({}));
            }
            seated.ask("job", &json!({"id": "0"}));
            seated.ask("here", &json!({"active": false}));
        }
        seated.at(600);
        assert_eq!(seated.ask("here", &json!({"active": false}))["seated"], false);
        seated.unlock();
        for minute in 11..40 {
            seated.at(minute * 60);
            assert_eq!(seated.ask("here", &json!({"active": true}))["seated"], true);
        }
    }

    #[test]
    fn after_how_long_is_set_and_never_is_not_offered() {
        let seated = Seated::new();
        let save = |minutes: u16| {
            let settings = json!({"language": "en", "zoom": 100, "theme": "dark", "lock_after": minutes});
            seated.ask("settings_save", &settings)
        };
        for impossible in [0, 1, 60, u16::MAX] {
            assert_eq!(save(impossible), "bad_settings");
        }
        save(5);
        seated.at(300);
        assert!(!seated.sits());
        save(30);
        seated.unlock();
        seated.at(300 + 1_799);
        assert!(seated.sits());
    }

    #[test]
    fn a_clock_that_goes_back_begins_anew() {
        let mut idle = Idleness::since(1_000);
        assert!(!idle.is_over(1_599, 10));
        assert!(idle.is_over(1_600, 10));
        assert!(!idle.is_over(400, 10));
        assert!(!idle.is_over(999, 10));
        assert!(idle.is_over(1_000, 10));
    }

    #[test]
    fn the_key_leaves_the_memory_when_nobody_asks_anything() {
        let seated = Seated::new();
        seated.at(600);
        let began = Instant::now();
        while held(seated.desk.sitting_lock()).person.is_some() {
            assert!(began.elapsed() < Duration::from_secs(30));
            thread::sleep(Duration::from_millis(50));
        }
    }
}
