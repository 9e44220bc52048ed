//! The city: built as a whole, and described again later.

use std::fs;
use std::path::{Path, PathBuf};

use yinxin_office::Surroundings;

use crate::building::Building;
use crate::communities;
use crate::desk::Desk;
use crate::error::{PracticeError, Result};
use crate::offices::OFFICES;
use crate::people::PracticePerson;
use crate::step::Step;
use crate::works::Works;

/// What stands in the folder for whoever comes upon it.
const ABOUT: &str = "演练城市，由“印信”建立，只供学习和练习，没有任何效力。
社区名录是真实的公开数据；人名、口令、部门代码、变更和理由都是示例。
口令是公开的：这里不要放真实的内容。

A practice city made by Yinxin, for learning; nothing in it has any effect.
The list of communities is real public data; persons, passphrases, codes of
offices, changes and reasons are samples. The passphrases are public: put
nothing real in here.
";

/// A practice city on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct City {
    /// Its offices.
    pub offices: Vec<PracticeOffice>,
}

/// One of its offices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeOffice {
    /// The name of its folder.
    pub slug: &'static str,
    /// The office's name.
    pub name: &'static str,
    /// Its data folder.
    pub folder: PathBuf,
    /// Its people, with their public passphrases.
    pub people: &'static [PracticePerson],
}

impl City {
    /// The city that is, or would be, in `folder`; nothing is read.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        let office = |declared: &crate::offices::Declared| PracticeOffice {
            slug: declared.slug,
            name: declared.name,
            folder: folder.join(declared.slug),
            people: declared.people,
        };
        Self { offices: OFFICES.iter().map(office).collect() }
    }
}

/// Builds a practice city in the folder `city`, which must not be there or be
/// empty; it appears there whole or not at all. `progress` hears the step, and
/// how much of how much of it is done.
///
/// # Errors
/// [`OfficeError::FolderTaken`](yinxin_office::OfficeError::FolderTaken) within
/// [`PracticeError::Office`], and what writing may fail with.
pub fn build(
    city: &Path,
    surroundings: &dyn Surroundings,
    progress: &mut dyn FnMut(Step, usize, usize),
) -> Result<City> {
    let building = Building::start(city, surroundings)?;
    // The offices are closed when this returns: an open one cannot be moved
    // everywhere.
    furnish(building.path(), surroundings, progress)?;
    building.finish()?;
    Ok(City::at(city))
}

/// Does everything that is in a city when it is done.
fn furnish(
    folder: &Path,
    surroundings: &dyn Surroundings,
    progress: &mut dyn FnMut(Step, usize, usize),
) -> Result<()> {
    let about = folder.join("README.txt");
    fs::write(&about, ABOUT).map_err(PracticeError::file(&about))?;
    let mut desks = found(folder, surroundings, &mut |done, total| progress(Step::Found, done, total))?;
    submit(&mut desks, &mut |done, total| progress(Step::Submit, done, total))?;
    publish(&mut desks, &mut |done, total| progress(Step::Publish, done, total))?;
    change(&mut desks, &mut |done, total| progress(Step::Change, done, total))
}

/// An office and what is to be done there.
type Busy<'w> = (Desk<'w>, &'static Works);

/// Hears how much of how much is done.
type Done<'a> = &'a mut dyn FnMut(usize, usize);

fn found<'w>(folder: &Path, world: &'w dyn Surroundings, done: Done<'_>) -> Result<Vec<Busy<'w>>> {
    let mut desks = Vec::with_capacity(OFFICES.len());
    done(0, OFFICES.len());
    for declared in &OFFICES {
        desks.push((Desk::found(folder, declared, world)?, declared.works));
        done(desks.len(), OFFICES.len());
    }
    Ok(desks)
}

fn submit(desks: &mut [Busy<'_>], done: Done<'_>) -> Result<()> {
    let total = records(desks);
    let mut before = 0;
    done(0, total);
    for (desk, works) in desks {
        desk.import(&communities::sheet(works.first), &mut |submitted| done(before + submitted, total))?;
        before += communities::count(works.first);
    }
    Ok(())
}

fn publish(desks: &mut [Busy<'_>], done: Done<'_>) -> Result<()> {
    let total = records(desks);
    let mut before = 0;
    done(0, total);
    for (desk, works) in desks {
        desk.publish_import(&mut |published| done(before + published, total))?;
        before += communities::count(works.first);
    }
    Ok(())
}

fn records(desks: &[Busy<'_>]) -> usize {
    desks.iter().map(|(_, works)| communities::count(works.first)).sum()
}

fn change(desks: &mut [Busy<'_>], done: Done<'_>) -> Result<()> {
    let total = desks.iter().map(|(_, works)| works.changes()).sum();
    let mut so_far = 0;
    done(0, total);
    for (desk, works) in desks {
        change_in(desk, works, &mut || {
            so_far += 1;
            done(so_far, total);
        })?;
    }
    Ok(())
}

/// What is to be published comes first, so that nothing else is published with
/// it.
fn change_in(desk: &mut Desk<'_>, works: &Works, one_more: &mut dyn FnMut()) -> Result<()> {
    for change in works.published {
        desk.submit(*change)?;
        one_more();
    }
    desk.inform(works.information.published, one_more)?;
    desk.review()?;
    desk.publish_changes()?;
    desk.inform(works.information.to_approve, one_more)?;
    desk.review()?;
    desk.inform(works.information.to_review, one_more)?;
    for (change, reason) in works.returned {
        desk.submit(*change)?;
        desk.send_back(change.code(), reason)?;
        one_more();
    }
    for change in works.waiting {
        desk.submit(*change)?;
        one_more();
    }
    for (name, post) in works.posts {
        desk.propose_post(name, post)?;
        one_more();
    }
    Ok(())
}
