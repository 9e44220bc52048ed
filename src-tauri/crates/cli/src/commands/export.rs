//! Export evidence.

use serde_json::json;
use yinxin_evidence::{Evidence, FileError};
use yinxin_office::keyring::HostKeys;
use yinxin_office::{Office, OfficeError};

use crate::Context;
use crate::answer::{Answer, DONE};
use crate::args::Export;
use crate::failure::Failure;
use crate::world::Machine;
use crate::{files, secret};

/// `export`.
pub(super) fn export(args: &Export, context: &Context) -> Result<Answer, Failure> {
    let fields = args.disclose.as_ref().map(|fields| {
        let named = fields.iter().map(|field| field.trim().to_owned());
        named.filter(|field| !field.is_empty()).collect::<Vec<_>>()
    });
    let exported = super::reading(&args.data, |office| {
        let host = host(office, args, context)?;
        Ok(office.export(&args.id, args.version, fields.as_deref(), host.as_ref(), &Machine(context))?)
    })?;
    files::check_outside(&args.out, &args.data)?;
    files::replace(&args.out, &exported.bytes, |there| {
        !matches!(Evidence::parse(there), Err(FileError::NotEvidence))
    })?;
    let out = args.out.display().to_string();
    let (shown, of) = exported.disclosed;
    let said = [
        ("out", out.clone()),
        ("version", exported.version.to_string()),
        ("shown", shown.to_string()),
        ("of", of.to_string()),
    ];
    let status = if exported.has_status { "export_with_status" } else { "export_without_status" };
    let text = [
        context.locale.say("exported", &said),
        context.locale.say(status, &[]),
        context.locale.say("export_is_final", &[]),
    ];
    let json = json!({
        "out": out,
        "id": args.id.to_string(),
        "version": exported.version,
        "bytes": exported.bytes.len(),
        "disclosed": shown,
        "committed": of,
        "status": exported.has_status,
    });
    Ok(Answer { code: DONE, text: text.into(), json })
}

/// The host's keys, if they can be had: they add the status claim.
fn host(office: &Office, args: &Export, context: &Context) -> Result<Option<HostKeys>, Failure> {
    let passphrase = secret::read_optional(args.host_passphrase_file.as_deref())?;
    if passphrase.is_none() && !office.is_unattended() {
        return Ok(None);
    }
    match office.unlock_host(passphrase.as_ref()) {
        // On a disc or in a copy every file is open to others: that is told, and
        // the file goes without the claim that needs the keys.
        Err(exposed @ OfficeError::Exposed(_)) if passphrase.is_none() => {
            Failure::from(exposed).print_to_stderr(context);
            Ok(None)
        }
        unlocked => Ok(Some(unlocked?)),
    }
}
