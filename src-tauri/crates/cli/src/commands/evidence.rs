//! Take an evidence file apart for other tools.

use std::fs;

use serde_json::json;
use yinxin_evidence::Evidence;
use yinxin_evidence::file::MAX_BYTES;

use crate::Context;
use crate::answer::Answer;
use crate::args::Unpack;
use crate::failure::Failure;
use crate::files;

/// `evidence unpack`.
pub(super) fn unpack(args: &Unpack, context: &Context) -> Result<Answer, Failure> {
    let bytes = files::read_beginning(&args.file, MAX_BYTES as u64)?;
    let evidence = Evidence::parse(&bytes).map_err(|error| Failure::of(&error))?;
    let parts = yinxin_evidence::unpack(&evidence).map_err(|error| Failure::of(&error))?;
    fs::create_dir_all(&args.out).map_err(Failure::file(&args.out))?;
    for (name, bytes) in &parts {
        files::replace(&args.out.join(name), bytes, |there| there == bytes)?;
    }
    let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
    let out = args.out.display().to_string();
    let said = [("n", names.len().to_string()), ("out", out.clone()), ("names", names.join(" "))];
    Ok(Answer::done(context.locale.say("unpacked", &said), json!({"out": out, "files": names})))
}
