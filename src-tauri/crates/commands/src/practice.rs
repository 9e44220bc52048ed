//! The practice city (演练城市).

use serde::Serialize;
use ts_rs::TS;
use yinxin_office::Surroundings;
use yinxin_practice::{City, PracticeError};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::home::Home;
use crate::job::{JobKind, JobResult, JobView};
use crate::office::Nothing;

/// The people of an office that is for practice, with their public passphrases.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PracticePeople {
    /// Empty for any other office.
    pub people: Vec<PracticePerson>,
}

/// One of them.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PracticePerson {
    /// Name.
    pub name: String,
    /// What opens the person's key: no secret.
    pub passphrase: String,
}

/// Builds the practice city of a home; `progress` hears, step by step, how much
/// of how much is done.
///
/// # Errors
/// As [`yinxin_practice::build`].
pub fn build_practice(
    home: &Home,
    surroundings: &dyn Surroundings,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<City, PracticeError> {
    yinxin_practice::build(&home.practice(), surroundings, &mut |_, done, total| progress(done, total))
}

pub(crate) fn practice_build(desk: &Desk, _: &Nothing) -> Result<JobView, Failure> {
    let (home, surroundings) = (desk.home().clone(), desk.shared_surroundings());
    desk.start(JobKind::Practice, None, move |progress| {
        let report = &mut |done, total| progress.so_far(done, Some(total));
        build_practice(&home, &*surroundings, report).map_err(|error| Failure::of(&error))?;
        Ok(JobResult::Practice)
    })
}

pub(crate) fn practice_people(desk: &Desk, _: &Nothing) -> Result<PracticePeople, Failure> {
    let open = desk.open_office()?;
    // By its ledger, not its folder: an office of the city may be opened by itself.
    let origin = open.read().origin().clone();
    let people = yinxin_practice::people_at(&origin).unwrap_or_default();
    let person = |person: &yinxin_practice::PracticePerson| PracticePerson {
        name: person.name.to_owned(),
        passphrase: person.passphrase.to_owned(),
    };
    Ok(PracticePeople { people: people.iter().map(person).collect() })
}
