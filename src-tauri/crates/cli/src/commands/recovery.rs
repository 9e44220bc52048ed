//! The recovery sheet: made, read back, used.

use std::path::Path;

use serde_json::json;
use yinxin_office::keyring::Locking;
use yinxin_office::recovery::{self, ReadBack, Recovery, RecoveryCode, RecoveryError};
use yinxin_office::whole_file::{self, Readers};
use yinxin_office::{Office, OfficeError};

use super::to_write;
use crate::Context;
use crate::answer::Answer;
use crate::args::{RecoveryCheck, RecoveryMake, RecoveryUse, SheetOrCode};
use crate::failure::{CliError, Failure};
use crate::world::Machine;
use crate::{files, secret};

/// `keys recovery make`.
pub(super) fn make(args: &RecoveryMake, context: &Context) -> Result<Answer, Failure> {
    let office = to_write(&args.data, context)?;
    files::check_outside(&args.out, &args.data)?;
    if args.out.symlink_metadata().is_ok() {
        return Err(CliError::OtherFileThere { path: args.out.clone() }.into());
    }
    let passphrase = secret::read(&args.host_passphrase_file)?;
    let page = office.make_recovery(&passphrase, Locking::default(), &Machine(context))?;
    whole_file::write(&args.out, page.as_bytes(), Readers::Owner).map_err(Failure::file(&args.out))?;
    let out = args.out.display().to_string();
    let texts = [
        context.locale.say("recovery_made", &[("out", out.clone())]),
        context.locale.say("recovery_made_next", &[]),
    ];
    Ok(Answer::done(texts.join("\n"), json!({"out": out, "recovery": "made"})))
}

/// `keys recovery check`.
pub(super) fn check(args: &RecoveryCheck, context: &Context) -> Result<Answer, Failure> {
    let office = to_write(&args.data, context)?;
    office.check_recovery(&read_back(&args.from)?, &Machine(context))?;
    Ok(Answer::done(context.locale.say("recovery_checked", &[]), json!({"recovery": "checked"})))
}

/// `keys recovery use`.
pub(super) fn use_sheet(args: &RecoveryUse, context: &Context) -> Result<Answer, Failure> {
    let office = to_write(&args.data, context)?;
    let given = read_back(&args.from)?;
    office.use_recovery(&given, &secret::read(&args.new_passphrase_file)?, Locking::default())?;
    Ok(Answer::done(context.locale.say("recovery_used", &[]), json!({"changed": "host"})))
}

/// What is still to be done about the sheet of this office; a practice office
/// needs none.
pub(super) fn reminder(office: &Office, context: &Context) -> Result<Option<String>, Failure> {
    let key = match office.recovery()? {
        _ if office.origin().is_practice() => return Ok(None),
        Recovery::NotMade => "recovery_to_make",
        Recovery::Made(_) => "recovery_to_check",
        Recovery::Checked(_) => return Ok(None),
    };
    Ok(Some(context.locale.say(key, &[])))
}

fn read_back(from: &SheetOrCode) -> Result<ReadBack, Failure> {
    match (&from.sheet, &from.code_file) {
        (Some(picture), _) => Ok(ReadBack::Sheet(read_picture(picture)?)),
        (None, Some(file)) => {
            let typed = secret::read_line(file)?;
            Ok(ReadBack::Code(RecoveryCode::parse(&typed).map_err(OfficeError::from)?))
        }
        (None, None) => Err(Failure::of(&RecoveryError::NoQrCode)),
    }
}

fn read_picture(path: &Path) -> Result<recovery::Sheet, Failure> {
    let bytes = files::read(path, recovery::MAX_FILE)?;
    Ok(recovery::read_picture(&bytes).map_err(OfficeError::from)?)
}
