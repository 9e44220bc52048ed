//! Files in and out: the system's dialogs are opened here, files are read and
//! written here, and the page gets tokens.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use tauri::{State, WebviewWindow};
use tauri_plugin_dialog::{DialogExt as _, FilePath};
use yinxin_commands::{Desk, Failure, FileKind, FileRef, FolderRef, OutgoingFile};
use yinxin_office::OfficeError;
use yinxin_office::whole_file::{self, Readers};

use crate::bindings::answered;
use crate::seat::Seat;

/// The most files that are taken in at once; the desk remembers somewhat more.
pub const MOST: usize = 200;

/// How many names are tried beside one that is taken.
const NAMES: u32 = 10_000;

/// Where files are saved without asking, if anywhere.
#[derive(Clone)]
pub struct Saving(Option<Arc<Path>>);

impl Saving {
    pub fn to(folder: Option<PathBuf>) -> Self {
        Self(folder.map(Arc::from))
    }
}

/// What became of a file that was to be saved.
#[derive(Debug, Serialize)]
pub struct Saved {
    saved: bool,
    #[serde(rename = "where")]
    place: Option<String>,
}

/// Files that were chosen or dropped.
#[derive(Debug, Clone, Serialize)]
pub struct Picked {
    pub files: Vec<FileRef>,
    /// How many there were; of too many only the first are taken in.
    pub given: usize,
}

/// Lets a person choose files of one kind.
#[tauri::command]
pub async fn pick_file(
    window: WebviewWindow,
    seat: State<'_, Seat>,
    kind: FileKind,
    multiple: bool,
) -> Result<Picked, Failure> {
    answered(seat.desk()?, move |desk| {
        let ends = kind.extensions();
        let shown: Vec<String> = ends.iter().map(|end| format!("*.{end}")).collect();
        let dialog = window.dialog().file().set_parent(&window).add_filter(shown.join(", "), ends);
        let chosen = if multiple {
            dialog.blocking_pick_files().unwrap_or_default()
        } else {
            dialog.blocking_pick_file().into_iter().collect()
        };
        let given = chosen.len();
        let first = chosen.into_iter().take(MOST).filter_map(path_of);
        let taken = first.map(|path| desk.files().take(&path, kind));
        Ok(Picked { files: taken.collect::<Result<_, _>>()?, given })
    })
    .await
}

/// Lets a person choose the folder for keys of their own. Nothing is chosen yet:
/// the page gives the token back.
#[tauri::command]
pub async fn pick_folder(window: WebviewWindow, seat: State<'_, Seat>) -> Result<Option<FolderRef>, Failure> {
    answered(seat.desk()?, move |desk| {
        let chosen = window.dialog().file().set_parent(&window).blocking_pick_folder();
        let offered = chosen.and_then(path_of).map(|folder| desk.offer_key_folder(&folder));
        Ok(offered.transpose()?)
    })
    .await
}

/// Saves a file that a command made: where a person says, or in the folder of
/// `--out`. A file is written as a whole, and never into the data folder.
#[tauri::command]
pub async fn save_file(
    window: WebviewWindow,
    seat: State<'_, Seat>,
    saving: State<'_, Saving>,
    token: String,
) -> Result<Saved, Failure> {
    let saving = saving.inner().clone();
    answered(seat.desk()?, move |desk| {
        let file = desk.files().outgoing(&token)?;
        let place = match &saving.0 {
            Some(folder) => Some(free_place(folder, &file.name)?),
            None => asked_place(&window, &file.name),
        };
        place.map_or(Ok(Saved { saved: false, place: None }), |place| saved(desk, &file, &place))
    })
    .await
}

fn asked_place(window: &WebviewWindow, name: &str) -> Option<PathBuf> {
    let dialog = window.dialog().file().set_parent(window).set_file_name(name);
    let place = dialog.blocking_save_file().and_then(path_of)?;
    // A person who left the ending out still means this kind of file.
    Some(match (place.extension(), Path::new(name).extension()) {
        (None, Some(end)) => place.with_extension(end),
        _ => place,
    })
}

fn path_of(chosen: FilePath) -> Option<PathBuf> {
    chosen.into_path().ok()
}

fn saved(desk: &Desk, file: &OutgoingFile, place: &Path) -> Result<Saved, Failure> {
    check_outside(place, desk.home().path())?;
    whole_file::write(place, &file.bytes, Readers::Usual).map_err(|source| failed(place, source))?;
    Ok(Saved { saved: true, place: Some(place.display().to_string()) })
}

fn failed(path: &Path, source: std::io::Error) -> Failure {
    OfficeError::File { path: path.to_owned(), source }.into()
}

/// Refuses a place inside the data folder: what stands there is the office's.
fn check_outside(place: &Path, data: &Path) -> Result<(), Failure> {
    let data = data.canonicalize().map_err(|source| failed(data, source))?;
    // Of a path that is not there yet, the part that is.
    let there = place.ancestors().find_map(|part| part.canonicalize().ok());
    if there.is_none_or(|there| !there.starts_with(&data)) {
        return Ok(());
    }
    let args = BTreeMap::from([("path".to_owned(), place.display().to_string())]);
    Err(Failure { code: "inside_data_folder".to_owned(), args, problems: Vec::new() })
}

/// A place in `folder` where nothing is: nobody is asked whether to replace.
fn free_place(folder: &Path, name: &str) -> Result<PathBuf, Failure> {
    fs::create_dir_all(folder).map_err(|source| failed(folder, source))?;
    // Nothing but a name, whatever it was made from.
    let name = Path::new(name).file_name().unwrap_or(OsStr::new("yinxin"));
    let numbered = (2..NAMES).map(|number| folder.join(with_number(name, number)));
    let mut places = std::iter::once(folder.join(name)).chain(numbered);
    let free = places.find(|place| place.symlink_metadata().is_err());
    free.ok_or_else(|| failed(&folder.join(name), std::io::ErrorKind::AlreadyExists.into()))
}

/// `甲.yinxin` and 2: `甲 (2).yinxin`.
fn with_number(name: &OsStr, number: u32) -> OsString {
    let path = Path::new(name);
    let mut numbered = path.file_stem().unwrap_or_default().to_owned();
    numbered.push(format!(" ({number})"));
    if let Some(end) = path.extension() {
        numbered.push(".");
        numbered.push(end);
    }
    numbered
}

/// The first of what was dropped, with their kinds: a policy before the evidence
/// that is verified by it.
pub fn first(paths: Vec<PathBuf>) -> Vec<(PathBuf, FileKind)> {
    let mut all: Vec<_> = paths.into_iter().map(|path| (kind_of(&path), path)).collect();
    all.sort_by_key(|(kind, _)| *kind != FileKind::Policy);
    all.into_iter().take(MOST).map(|(kind, path)| (path, kind)).collect()
}

/// Says that of so many files only the first are taken in.
pub fn too_many(given: usize) -> Option<Failure> {
    let args = BTreeMap::from([("n".to_owned(), given.to_string()), ("max".to_owned(), MOST.to_string())]);
    (given > MOST).then(|| Failure { code: "too_many_files".to_owned(), args, problems: Vec::new() })
}

/// What kind a dropped file is, by its name, as in a browser; its contents are
/// judged later.
fn kind_of(path: &Path) -> FileKind {
    let end = path.extension().map(|end| end.to_string_lossy().to_ascii_lowercase());
    let is = |kind: FileKind| end.as_deref().is_some_and(|end| kind.extensions().contains(&end));
    let known = [FileKind::Sheet, FileKind::Policy].into_iter().find(|kind| is(*kind));
    known.unwrap_or(FileKind::Evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_saved_into_the_data_folder() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        for inside in ["data/x", "data/no/such/x"] {
            let refused = check_outside(&folder.path().join(inside), &data).unwrap_err();
            assert_eq!(refused.code, "inside_data_folder", "{inside}");
        }
        check_outside(&folder.path().join("data.yinxin"), &data).unwrap();
    }

    #[test]
    fn without_asking_nothing_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let mut names = Vec::new();
        for _ in 0..3 {
            let place = free_place(&folder.path().join("out"), "甲.yinxin").unwrap();
            fs::write(&place, b"").unwrap();
            names.push(place.file_name().unwrap().to_string_lossy().into_owned());
        }
        assert_eq!(names, ["甲.yinxin", "甲 (2).yinxin", "甲 (3).yinxin"]);
        let inside = free_place(folder.path(), "../../x").unwrap();
        assert_eq!(inside, folder.path().join("x"));
    }

    #[test]
    fn kinds_go_by_the_name() {
        let kinds = ["a.CSV", "b.xlsx", "c.policy", "d.yinxin", "e"].map(|name| kind_of(Path::new(name)));
        use FileKind::{Evidence, Policy, Sheet};
        assert_eq!(kinds, [Sheet, Sheet, Policy, Evidence, Evidence]);
    }

    #[test]
    fn of_too_many_files_the_first_are_taken_and_the_policy() {
        let mut paths: Vec<PathBuf> = (0..=MOST).map(|n| format!("{n}.yinxin").into()).collect();
        assert_eq!(first(paths[..3].to_vec()).len(), 3);
        paths.push("信任文件.txt".into());
        let taken = first(paths);
        assert_eq!(taken.len(), MOST);
        assert_eq!(taken[0], ("信任文件.txt".into(), FileKind::Policy));
        assert_eq!(taken[1].0, Path::new("0.yinxin"));
        assert!(too_many(MOST).is_none());
        assert_eq!(too_many(MOST + 1).unwrap().args["n"], "201");
    }
}
