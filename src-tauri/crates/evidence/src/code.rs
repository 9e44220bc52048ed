//! The stable codes of findings. Every finding is made from one of these, so
//! the list is complete; `locales/*.json` explains each.

/// Declares the codes once: the variant, its text, the names of its arguments.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal [$($arg:literal),*];)*) => {
        /// What a finding says.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// The stable text.
            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The names of the arguments, in their order.
            pub(crate) const fn arg_names(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($arg),*],)* }
            }
        }

        const CODES: &[&str] = &[$($text),*];
        const CODES_AND_ARGS: &[(&str, &[&str])] = &[$(($text, &[$($arg),*])),*];
    };
}

codes! {
    /// A check could not be made because a part that it needs is unreadable or missing.
    NotChecked = "finding_not_checked" ["needs"];

    // format
    FormatRead = "finding_format_read" [];
    NotEvidence = "finding_not_evidence" [];
    OtherVersion = "finding_other_version" ["found"];
    FileUnreadable = "finding_file_unreadable" ["detail"];
    PartUnreadable = "finding_part_unreadable" ["part", "number", "detail"];
    StatementOtherAct = "finding_statement_other_act" ["act"];
    EntryUnexpected = "finding_entry_unexpected" ["position"];

    // template
    TemplateMatches = "finding_template_matches" ["name", "version"];
    TemplateDiffers = "finding_template_differs" [];
    TemplateName = "finding_template_name" ["kind", "name"];

    // fields
    FieldsMatch = "finding_fields_match" ["open", "committed"];
    OpenFieldsDiffer = "finding_open_fields_differ" ["keys"];
    DigestsCount = "finding_digests_count" ["have", "need"];
    ReviewDiffers = "finding_review_differs" [];

    // disclosures
    DisclosuresMatch = "finding_disclosures_match" ["count"];
    DisclosureNotInAct = "finding_disclosure_not_in_act" ["key"];
    DisclosureNoField = "finding_disclosure_no_field" ["key"];
    DisclosureTwice = "finding_disclosure_twice" ["key"];

    // inclusion
    Included = "finding_included" ["position", "size"];
    NotIncluded = "finding_not_included" ["position"];
    BaseImpossible = "finding_base_impossible" ["position"];

    // checkpoint
    CheckpointHolds = "finding_checkpoint_holds" ["origin", "size"];
    CheckpointBroken = "finding_checkpoint_broken" ["detail"];
    OtherLedger = "finding_other_ledger" ["position", "origin"];

    // genesis
    GenesisHolds = "finding_genesis_holds" ["name", "code"];
    GenesisMissing = "finding_genesis_missing" [];
    GenesisBroken = "finding_genesis_broken" ["violation"];
    GenesisOrigin = "finding_genesis_origin" ["origin"];
    GenesisMisplaced = "finding_genesis_misplaced" ["position"];
    LogKeyDiffers = "finding_log_key_differs" ["by"];

    // roster
    RosterMatches = "finding_roster_matches" ["people"];
    RosterDiffers = "finding_roster_differs" [];

    // signers
    SignersHold = "finding_signers_hold" ["count"];
    SignersViolate = "finding_signers_violate" ["violation"];

    // admission
    AdmissionsHold = "finding_admissions_hold" ["count"];
    AdmittedByOneKey = "finding_admitted_by_one_key" [];
    PeopleCompared = "finding_people_compared" [];
    MemberMissing = "finding_member_missing" ["member"];
    MemberOrder = "finding_member_order" ["member"];
    MemberSuspended = "finding_member_suspended" ["member"];
    MemberLate = "finding_member_late" ["member"];
    MemberViolates = "finding_member_violates" ["member", "violation"];
    MemberDiffers = "finding_member_differs" ["member"];
    MemberAppointed = "finding_member_appointed" ["member"];
    MemberLent = "finding_member_lent" ["member", "lender"];
    WarrantUnproved = "finding_warrant_unproved" ["member", "register"];
    PersonOfNobody = "finding_person_of_nobody" ["key"];
    PersonTwice = "finding_person_twice" ["member", "key"];
    NameWithheld = "finding_name_withheld" ["member"];

    // signatures
    SignaturesHold = "finding_signatures_hold" ["count"];
    SignatureBroken = "finding_signature_broken" ["purpose"];

    // receipt
    ReceiptHolds = "finding_receipt_holds" [];
    ReceiptBroken = "finding_receipt_broken" ["detail"];

    // realm
    RealmHolds = "finding_realm_holds" ["name", "version"];
    RealmUnproved = "finding_realm_unproved" ["name", "version"];
    RealmSuspended = "finding_realm_suspended" ["size"];
    RealmSucceeded = "finding_realm_succeeded" ["codes"];
    RealmOtherRegister = "finding_realm_other_register" ["origin"];
    RealmOtherOffice = "finding_realm_other_office" ["name", "code"];
    RealmOtherHistory = "finding_realm_other_history" ["size"];
    RealmNotIncluded = "finding_realm_not_included" ["position"];
    RealmRosterDiffers = "finding_realm_roster_differs" ["of"];
    RealmViolates = "finding_realm_violates" ["violation"];
    RealmSignatureBroken = "finding_realm_signature_broken" ["purpose"];

    // trust
    TrustedByRegister = "finding_trusted_by_register" ["number", "register"];
    RegisterUnsigned = "finding_register_unsigned" ["register"];
    AdmissionAbsent = "finding_admission_absent" ["register"];
    WithinCutOff = "finding_within_cut_off" ["position", "size"];
    BeyondCutOff = "finding_beyond_cut_off" ["position", "size"];
    CutOffUnproved = "finding_cut_off_unproved" ["position", "size"];
    CutOffContradicts = "finding_cut_off_contradicts" ["size"];
    LogKeyRetired = "finding_log_key_retired" [];
    TrustedByPolicy = "finding_trusted_by_policy" ["number"];
    TrustedByLedgers = "finding_trusted_by_ledgers" [];
    NoPolicy = "finding_no_policy" [];
    LogUnknown = "finding_log_unknown" ["origin"];

    // witnesses
    QuorumMet = "finding_quorum_met" ["have", "need"];
    QuorumBelow = "finding_quorum_below" ["have", "need"];
    RegisterQuorumMet = "finding_register_quorum_met" ["have", "need"];
    RegisterQuorumBelow = "finding_register_quorum_below" ["have", "need"];
    WitnessesNotNeeded = "finding_witnesses_not_needed" [];
    WitnessesUnknown = "finding_witnesses_unknown" [];
    Witnessed = "finding_witnessed" ["name", "time"];
    OwnWitness = "finding_own_witness" ["name"];
    CosignatureBroken = "finding_cosignature_broken" ["name"];
    SignedAfterWitnessed = "finding_signed_after_witnessed" ["purpose", "seconds"];

    // status
    NothingContradicts = "finding_nothing_contradicts" [];
    StatusAbsent = "finding_status_absent" [];
    StatusHolds = "finding_status_holds" ["size", "time", "version"];
    StatusBroken = "finding_status_broken" [];
    StatusOtherLedger = "finding_status_other_ledger" ["origin"];
    StatusOtherRecord = "finding_status_other_record" ["record"];
    StatusTooOld = "finding_status_too_old" ["size"];
    StatusContradicts = "finding_status_contradicts" ["position"];
    StatusOtherRoot = "finding_status_other_root" ["size"];
    LaterViolates = "finding_later_violates" ["position", "violation"];
    LaterSignatureBroken = "finding_later_signature_broken" ["position", "purpose"];
    LaterNotLater = "finding_later_not_later" ["position"];
    LaterUnknown = "finding_later_unknown" ["size"];

    // status and ledger
    Superseded = "finding_superseded" ["by", "version"];
    Withdrawn = "finding_withdrawn" ["by", "version"];
    Erased = "finding_erased" ["by", "version"];

    // ledger
    LedgerNotHeld = "finding_ledger_not_held" ["origin"];
    LedgerAgrees = "finding_ledger_agrees" ["size"];
    LedgerContradicts = "finding_ledger_contradicts" ["size"];
    LedgerBehind = "finding_ledger_behind" ["have", "need"];
    LedgerSilent = "finding_ledger_silent" ["size"];
    LedgerOtherBase = "finding_ledger_other_base" ["size"];
    LedgerNoEffect = "finding_ledger_no_effect" ["position"];
    LedgerUnreadable = "finding_ledger_unreadable" [];
}

/// Every code that a finding can have, for comparison with the locale files.
#[must_use]
pub fn finding_codes() -> &'static [&'static str] {
    CODES
}

/// Every code with the names of its arguments, which its text may mention.
#[must_use]
pub fn finding_args() -> &'static [(&'static str, &'static [&'static str])] {
    CODES_AND_ARGS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_snake_case() {
        let unique: std::collections::BTreeSet<_> = finding_codes().iter().collect();
        assert_eq!(unique.len(), finding_codes().len());
        let plain = |code: &&str| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        assert!(finding_codes().iter().all(plain));
        assert_eq!(finding_args().len(), finding_codes().len());
    }
}
