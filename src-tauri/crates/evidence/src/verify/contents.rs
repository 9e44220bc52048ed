//! What the statement says: its template, its fields, the disclosures.

use std::collections::BTreeSet;

use yinxin_record::disclosure::Disclosure;

use super::case::Case;
use super::{Made, faults_or};
use crate::code::Code;
use crate::report::Remark;

/// The template is the one that the act names.
pub(super) fn template(case: &Case<'_>) -> Made {
    let (content, template) = (case.content()?, case.template()?);
    let mut faults = Vec::new();
    if case.template_digest() != content.template {
        faults.push(Remark::failed(Code::TemplateDiffers, &[]));
    }
    if template.name != content.kind {
        faults.push(Remark::failed(Code::TemplateName, &[&content.kind, &template.name]));
    }
    Ok(faults_or(faults, Remark::passed(Code::TemplateMatches, &[&template.name, &template.version])))
}

/// The act has every open field, no other, one digest for every committed field,
/// and asks for a reviewer where the template does.
pub(super) fn fields(case: &Case<'_>) -> Made {
    let (content, template) = (case.content()?, case.template()?);
    let expected: BTreeSet<&str> = template.open_fields().map(|field| field.key.as_str()).collect();
    let present: BTreeSet<&str> = content.open.keys().map(String::as_str).collect();
    let mut faults = Vec::new();
    if expected != present {
        let differing: Vec<&str> = expected.symmetric_difference(&present).copied().collect();
        faults.push(Remark::failed(Code::OpenFieldsDiffer, &[&differing.join(" ")]));
    }
    let (have, need) = (content.digests.len(), template.committed_fields().count());
    if have != need {
        faults.push(Remark::failed(Code::DigestsCount, &[&have, &need]));
    }
    if content.review != template.review {
        faults.push(Remark::failed(Code::ReviewDiffers, &[]));
    }
    Ok(faults_or(faults, Remark::passed(Code::FieldsMatch, &[&present.len(), &need])))
}

/// Every disclosure is one that the act commits to, of a committed field, and
/// the only one of it.
pub(super) fn disclosures(case: &Case<'_>) -> Made {
    let (content, template, disclosures) = (case.content()?, case.template()?, case.disclosures()?);
    let committed: BTreeSet<&str> = template.committed_fields().map(|field| field.key.as_str()).collect();
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for disclosure in disclosures {
        let Disclosure { key, .. } = disclosure;
        if content.digests.binary_search(&disclosure.digest()).is_err() {
            faults.push(Remark::failed(Code::DisclosureNotInAct, &[key]));
        }
        if !committed.contains(key.as_str()) {
            faults.push(Remark::failed(Code::DisclosureNoField, &[key]));
        }
        if !seen.insert(key) {
            faults.push(Remark::failed(Code::DisclosureTwice, &[key]));
        }
    }
    Ok(faults_or(faults, Remark::passed(Code::DisclosuresMatch, &[&disclosures.len()])))
}
