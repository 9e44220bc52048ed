//! What an office gives to others: policy, verifier key, tiles.

use serde_json::json;

use crate::Context;
use crate::answer::Answer;
use crate::args::{Folder, Out};
use crate::failure::Failure;
use crate::files;
use crate::progress::Progress;

/// `policy`.
pub(super) fn policy(args: &Out, context: &Context) -> Result<Answer, Failure> {
    let (policy, origin) =
        super::reading(&args.data, |office| Ok((office.policy()?, office.origin().to_string())))?;
    files::check_outside(&args.out, &args.data)?;
    files::replace(&args.out, policy.to_text().as_bytes(), |there| there.starts_with(b"# yinxin-policy "))?;
    let out = args.out.display().to_string();
    let said = [("number", policy.number.to_string()), ("out", out.clone())];
    let json = json!({"out": out, "number": policy.number, "origin": origin});
    Ok(Answer::done(context.locale.say("policy_written", &said), json))
}

/// `vkey`.
pub(super) fn vkey(args: &Folder, _context: &Context) -> Result<Answer, Failure> {
    let (vkey, origin) =
        super::reading(&args.data, |office| Ok((office.vkey()?.to_string(), office.origin().to_string())))?;
    let json = json!({"origin": origin, "vkey": vkey});
    Ok(Answer::done(vkey, json))
}

/// `tiles`.
pub(super) fn tiles(args: &Out, context: &Context) -> Result<Answer, Failure> {
    let (size, origin) = super::reading(&args.data, |office| {
        files::check_outside(&args.out, &args.data)?;
        let mut progress = Progress::now_and_then(context, "tiles_so_far");
        let size = office.write_tiles(&args.out, &mut |done, of| progress.at(done, of))?;
        Ok((size, office.origin().to_string()))
    })?;
    let out = args.out.display().to_string();
    let said = [("n", size.to_string()), ("out", out.clone())];
    let json = json!({"out": out, "size": size, "origin": origin});
    Ok(Answer::done(context.locale.say("tiles_written", &said), json))
}
