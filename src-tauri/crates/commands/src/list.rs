// The commands, each declared once:
//
//     name(Request) -> Response, who may ask, [what it may fail with besides ALWAYS];
//
// This file holds nothing but the list, because the desktop includes it under
// other macros: to bind every command, and for the names of its permissions.

commands! {
    hello(Nothing) -> Greeting, Anyone, [];
    settings_save(Settings) -> Settings, Anyone, [SETTINGS];

    office_create(OfficeCreate) -> OfficeEntry, Anyone, [FOUNDING];
    office_open(OfficeOpen) -> OfficeEntry, Anyone, [];
    practice_build(Nothing) -> JobView, Anyone, [LONG];
    practice_people(Nothing) -> PracticePeople, Anyone, [];

    people(Nothing) -> People, Anyone, [];
    people_add(PeopleAdd) -> PersonView, Anyone, [FOUNDING, PASSPHRASE];
    changes(Nothing) -> Changes, Member, [];
    change_propose(ChangePropose) -> ChangeView, Admin, [CHANGE, STRENGTH];
    change_confirm(ChangeConfirm) -> ChangeConfirmed, Admin, [CHANGE, PASSPHRASE];
    change_drop(ChangeDrop) -> Nothing, Admin, [CHANGE];
    passphrase_judge(PassphraseJudge) -> PassphraseJudged, Anyone, [];
    passphrase_change(PassphraseChange) -> Nothing, Member, [PASSPHRASE, STRENGTH];
    unlock(Unlock) -> SessionView, Anyone, [PASSPHRASE];
    lock(Nothing) -> Nothing, Anyone, [];
    here(Here) -> Presence, Anyone, [];

    recovery(Nothing) -> RecoveryView, Anyone, [];
    recovery_make(RecoveryMake) -> FileRef, Anyone, [PASSPHRASE];
    recovery_check(RecoveryCheck) -> RecoveryView, Anyone, [FILES, RECOVERY];

    overview(Nothing) -> Overview, Anyone, [];
    templates(Nothing) -> Templates, Anyone, [];

    records(RecordsRequest) -> RecordPage, Member, [RECORD];
    record(RecordRequest) -> RecordDetails, Member, [RECORD];

    forms(Nothing) -> Forms, Drafter, [];
    form(FormRequest) -> FormView, Drafter, [FORM];
    form_begin(FormBegin) -> FormView, Drafter, [RECORD, FORM];
    form_save(FormSave) -> FormSaved, Drafter, [FORM];
    form_discard(FormRequest) -> Nothing, Drafter, [FORM];
    form_submit(FormRequest) -> Submitted, Drafter, [RECORD, FORM];
    withdraw(WithdrawRequest) -> Nothing, Drafter, [RECORD];
    erase(EraseRequest) -> Nothing, Drafter, [RECORD];
    take_back(RecordRequest) -> Nothing, Drafter, [RECORD];

    waiting(WaitingRequest) -> WaitingPage, Member, [RECORD];
    waiting_all(Nothing) -> WaitingAll, Approver, [];
    approve(ApproveRequest) -> JobView, Approver, [PASSPHRASE, LONG];
    return_to_drafter(ReturnRequest) -> Nothing, Approver, [RECORD];

    import_plan(ImportPlan) -> JobView, Drafter, [FILES, LONG];
    import_new(PlanRows) -> NewPage, Drafter, [IMPORT];
    import_changed(PlanRows) -> ChangedPage, Drafter, [IMPORT];
    import_problems(PlanRows) -> ProblemPage, Drafter, [IMPORT];
    import_submit(ImportSubmit) -> JobView, Drafter, [IMPORT, LONG];
    import_error_sheet(ErrorSheet) -> FileRef, Drafter, [IMPORT, FILES];

    export(ExportRequest) -> FileRef, Member, [RECORD, EXPORT];
    policy(Nothing) -> FileRef, Anyone, [];
    verify(VerifyRequest) -> VerifyReport, Anyone, [FILES, POLICY];

    audit(Nothing) -> JobView, Anyone, [LONG];
    job(JobRequest) -> JobView, Anyone, [JOB];
    job_cancel(JobRequest) -> JobView, Anyone, [JOB];
}
