//! The practice city (演练城市).

use serde::Serialize;
use ts_rs::TS;

use crate::desk::Desk;
use crate::failure::Failure;
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

pub(crate) fn practice_build(desk: &Desk, _: &Nothing) -> Result<JobView, Failure> {
    let (city, surroundings) = (desk.home().practice(), desk.shared_surroundings());
    desk.jobs().start(JobKind::Practice, desk.surroundings().now(), move |progress| {
        let report = &mut |_, done: usize, total: usize| progress.so_far(done, Some(total));
        yinxin_practice::build(&city, &*surroundings, report).map_err(|error| Failure::of(&error))?;
        Ok(JobResult::Practice)
    })
}

pub(crate) fn practice_people(desk: &Desk, _: &Nothing) -> Result<PracticePeople, Failure> {
    let open = desk.open_office()?;
    let slug = open.entry.id.strip_prefix("practice/").filter(|_| open.entry.practice);
    let people = slug.and_then(yinxin_practice::people_of).unwrap_or_default();
    let person = |person: &yinxin_practice::PracticePerson| PracticePerson {
        name: person.name.to_owned(),
        passphrase: person.passphrase.to_owned(),
    };
    Ok(PracticePeople { people: people.iter().map(person).collect() })
}
