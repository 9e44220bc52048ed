//! The practice city, as the window makes it.

use serde_json::json;
use yinxin_commands::{Home, build_practice};

use crate::Context;
use crate::answer::Answer;
use crate::args::Folder;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::world::Machine;

/// `practice`.
pub(super) fn build(args: &Folder, context: &Context) -> Result<Answer, Failure> {
    let mut progress = Progress::now_and_then(context, "practice_so_far");
    let report = &mut |done, total| progress.at(done as u64, total as u64);
    let city = build_practice(&Home::new(&args.data), &Machine(context), report)
        .map_err(|error| Failure::of(&error))?;
    drop(progress);
    let at = args.data.display().to_string();
    let names = city.offices.iter().map(|office| office.name).collect::<Vec<_>>();
    let text = context.locale.say("practice_built", &[("path", at), ("offices", names.join("、"))]);
    let offices = city.offices.iter().map(|office| json!({"name": office.name, "data": office.folder}));
    Ok(Answer::done(text, json!({"offices": offices.collect::<Vec<_>>()})))
}
