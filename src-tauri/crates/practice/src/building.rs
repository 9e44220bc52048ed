//! A folder in which something is built, out of sight until it is whole.

use std::fs;
use std::path::{Path, PathBuf};

use yinxin_office::{OfficeError, Surroundings};
use yinxin_record::Id;

use crate::error::{PracticeError, Result};

/// A folder beside the place that is to be filled: on the same file system, so
/// that it can be renamed there. Dropped before that, it is removed with all
/// that is in it, also if something panics. A power failure leaves it behind
/// under its hidden name, `.yinxin-…`.
#[derive(Debug)]
pub(crate) struct Building {
    path: PathBuf,
    place: PathBuf,
}

impl Building {
    /// Starts building what is to be at `place`, which must not be there or be
    /// an empty folder.
    pub fn start(place: &Path, surroundings: &dyn Surroundings) -> Result<Self> {
        refuse_taken(place)?;
        let place = std::path::absolute(place).map_err(PracticeError::file(place))?;
        let parent = place.parent().unwrap_or(&place);
        fs::create_dir_all(parent).map_err(PracticeError::file(parent))?;
        let mut name = [0; 16];
        surroundings.fill(&mut name);
        let path = parent.join(format!(".yinxin-{}", Id(name)));
        create_private(&path)?;
        Ok(Self { path, place })
    }

    /// Where to build.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives what is built its place. What appeared there meanwhile stays, and
    /// the building does not.
    pub fn finish(self) -> Result<()> {
        if self.place.exists() {
            refuse_taken(&self.place)?;
            fs::remove_dir(&self.place).map_err(PracticeError::file(&self.place))?;
        }
        fs::rename(&self.path, &self.place).map_err(PracticeError::file(&self.place))
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        // After `finish` there is nothing by this name. Else it is best effort:
        // what failed is told, whether or not this succeeds.
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn refuse_taken(place: &Path) -> Result<()> {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    let taken = match place.read_dir() {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == NotFound => false,
        Err(error) if error.kind() == NotADirectory => true,
        Err(error) => return Err(PracticeError::file(place)(error)),
    };
    if taken { Err(OfficeError::FolderTaken(place.to_owned()).into()) } else { Ok(()) }
}

/// Makes a folder that only this user may enter: it holds keys that open by
/// themselves.
fn create_private(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(PracticeError::file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Numb;

    impl Surroundings for Numb {
        fn now(&self) -> u64 {
            0
        }

        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(1);
        }
    }

    #[test]
    fn an_empty_folder_is_filled() {
        let parent = tempfile::tempdir().unwrap();
        let place = parent.path().join("place");
        fs::create_dir(&place).unwrap();
        let building = Building::start(&place, &Numb).unwrap();
        fs::write(building.path().join("file"), "").unwrap();
        building.finish().unwrap();
        assert!(place.join("file").is_file());
        assert_eq!(parent.path().read_dir().unwrap().count(), 1);
    }

    #[test]
    fn what_appeared_meanwhile_stays_and_the_building_does_not() {
        let parent = tempfile::tempdir().unwrap();
        let place = parent.path().join("place");
        let building = Building::start(&place, &Numb).unwrap();
        fs::create_dir(&place).unwrap();
        fs::write(place.join("somebody's"), "").unwrap();
        let finished = building.finish();
        assert!(matches!(finished, Err(PracticeError::Office(OfficeError::FolderTaken(_)))));
        assert!(place.join("somebody's").is_file());
        assert_eq!(parent.path().read_dir().unwrap().count(), 1);
    }
}
