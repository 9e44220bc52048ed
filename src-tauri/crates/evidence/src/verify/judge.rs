//! From findings to the one word.

use super::CHECKS;
use crate::code::Code;
use crate::report::{Check, Finding, Outcome, Verdict};

/// The verdict that these findings make. What is shown is what is judged:
/// nothing else is looked at.
pub(super) fn judge(findings: &[Finding]) -> Verdict {
    let any = |outcome| findings.iter().any(|finding| finding.outcome == outcome);
    if any(Outcome::Failed) {
        return Verdict::Altered;
    }
    if any(Outcome::Undecided) || !mandatory().all(|check| has_passed(findings, check)) {
        return Verdict::Undetermined;
    }
    let noted = |code: Code| findings.iter().any(|finding| finding.code == code.as_str());
    if noted(Code::Withdrawn) || noted(Code::Erased) {
        Verdict::Withdrawn
    } else if noted(Code::Superseded) {
        Verdict::Superseded
    } else {
        Verdict::Genuine
    }
}

/// Whether the contents are proved, given that the log is what it says: every
/// check but trust and witnesses has passed, and none has failed.
pub(super) fn is_proved(findings: &[Finding]) -> bool {
    let outside = |check: &Check| matches!(check, Check::Trust | Check::Witnesses);
    let failed = findings.iter().any(|finding| finding.outcome == Outcome::Failed);
    !failed && mandatory().filter(|check| !outside(check)).all(|check| has_passed(findings, check))
}

fn mandatory() -> impl Iterator<Item = Check> {
    std::iter::once(Check::Format).chain(CHECKS.into_iter().map(|(check, _)| check))
}

fn has_passed(findings: &[Finding], check: Check) -> bool {
    let mut of_check = findings.iter().filter(|finding| finding.check == check.as_str()).peekable();
    let settled = |finding: &Finding| matches!(finding.outcome, Outcome::Passed | Outcome::Noted);
    let mut passed = false;
    of_check.all(|finding| {
        passed |= finding.outcome == Outcome::Passed;
        settled(finding)
    }) && passed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Remark;

    fn all_passed() -> Vec<Finding> {
        mandatory().map(|check| Remark::passed(Code::FormatRead, &[]).of(check)).collect()
    }

    #[test]
    fn genuine_needs_every_check_to_have_passed() {
        assert_eq!(judge(&all_passed()), Verdict::Genuine);
        for i in 0..all_passed().len() {
            let mut without = all_passed();
            without.remove(i);
            assert_eq!(judge(&without), Verdict::Undetermined);
            for (outcome, verdict) in [
                (Outcome::Noted, Verdict::Undetermined),
                (Outcome::Undecided, Verdict::Undetermined),
                (Outcome::Failed, Verdict::Altered),
            ] {
                let mut other = all_passed();
                other[i].outcome = outcome;
                assert_eq!(judge(&other), verdict);
            }
        }
        assert_eq!(judge(&[]), Verdict::Undetermined);
    }

    #[test]
    fn withdrawn_is_worse_than_superseded_and_neither_hides_a_fault() {
        let noted = |code, by: &str| Remark::noted(code, &[&by, &2]).of(Check::Status);
        let mut findings = all_passed();
        findings.push(noted(Code::Superseded, "claim"));
        assert_eq!(judge(&findings), Verdict::Superseded);
        findings.push(noted(Code::Withdrawn, "entry"));
        assert_eq!(judge(&findings), Verdict::Withdrawn);
        findings.push(Remark::undecided(Code::NoPolicy, &[]).of(Check::Trust));
        assert_eq!(judge(&findings), Verdict::Undetermined);
        assert!(is_proved(&findings));
        findings.push(Remark::failed(Code::ReceiptBroken, &[&"x"]).of(Check::Receipt));
        assert_eq!(judge(&findings), Verdict::Altered);
        assert!(!is_proved(&findings));
    }
}
