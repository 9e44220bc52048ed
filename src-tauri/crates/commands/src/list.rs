// The commands, each declared once:
//
//     name(Request) -> Response, who may ask (anyone, whoever is unlocked, or
//     whoever may do that duty), [what it may fail with besides ALWAYS];
//
// This file holds nothing but the list, because the desktop includes it under
// other macros: to bind every command, and for the names of its permissions.

commands! {
    hello(Nothing) -> Greeting, Anyone, [];
    settings_save(Settings) -> Settings, Anyone, [SETTINGS];
    key_folder(Nothing) -> KeyFolderView, Anyone, [];
    key_folder_choose(KeyFolderChoose) -> KeyFolderView, Anyone, [KEY_FOLDER];

    office_create(OfficeCreate) -> OfficeEntry, Anyone, [FOUNDING];
    office_open(OfficeOpen) -> OfficeEntry, Anyone, [];
    practice_build(Nothing) -> JobView, Anyone, [LONG];
    practice_people(Nothing) -> PracticePeople, Anyone, [];

    people(Nothing) -> People, Anyone, [];
    people_add(PeopleAdd) -> PersonView, Anyone, [FOUNDING, PASSPHRASE];
    invitations(Nothing) -> Invitations, Anyone, [];
    invite(Invite) -> Invited, InvitePeople, [CHANGE, INVITATION];
    founding_invite(FoundingInvite) -> Invited, Anyone, [FOUNDING, PASSPHRASE, INVITATION];
    invitation_withdraw(InvitationWithdraw) -> Nothing, InvitePeople, [INVITATION];
    founding_withdraw(FoundingWithdraw) -> Nothing, Anyone, [FOUNDING, PASSPHRASE, INVITATION];
    answer_take(AnswerTake) -> Nothing, InvitePeople, [FILES, CHANGE, INVITATION];
    founding_take(FoundingTake) -> Nothing, Anyone, [FILES, FOUNDING, PASSPHRASE, INVITATION];
    invitation_read(InvitationRead) -> InvitationView, Anyone, [FILES, INVITATION];
    invitation_accept(InvitationAccept) -> InvitationAccepted, Anyone, [FILES, STRENGTH, PASSPHRASE, INVITATION, KEY_FOLDER];
    people_lost(PeopleLost) -> Changes, ProposePeople, [CHANGE];
    changes(Nothing) -> Changes, Member, [];
    change_propose(ChangePropose) -> ChangeView, ProposePeople, [CHANGE, STRENGTH];
    change_confirm(ChangeConfirm) -> ChangeConfirmed, ConfirmPeople, [CHANGE, PASSPHRASE];
    change_drop(ChangeDrop) -> Nothing, DropPeople, [CHANGE];
    passphrase_judge(PassphraseJudge) -> PassphraseJudged, Anyone, [];
    passphrase_change(PassphraseChange) -> Nothing, ChangePassphrase, [PASSPHRASE, STRENGTH, KEY_FOLDER];
    unlock(Unlock) -> SessionView, Anyone, [PASSPHRASE, KEY_FOLDER];
    lock(Nothing) -> Nothing, Anyone, [];
    here(Here) -> Presence, Anyone, [];

    recovery(Nothing) -> RecoveryView, Anyone, [];
    recovery_make(RecoveryMake) -> FileRef, Anyone, [PASSPHRASE];
    recovery_check(RecoveryCheck) -> RecoveryView, Anyone, [FILES, RECOVERY];
    recovery_use(RecoveryUse) -> RecoveryView, Anyone, [FILES, RECOVERY, PASSPHRASE, STRENGTH];

    realm(Nothing) -> RealmView, Anyone, [];
    realm_request(RealmRequest) -> RealmRequested, AskRegister, [PASSPHRASE, REALM];
    realm_join(RealmJoin) -> RealmJoined, JoinRealm, [FILES, POLICY, PASSPHRASE, REALM];
    officer_request(OfficerRequest) -> RealmRequested, Anyone, [STRENGTH, PASSPHRASE, REALM, OFFICER, KEY_FOLDER];
    officer_take(OfficerTake) -> OfficerTaken, Anyone, [FILES, PASSPHRASE, REALM, OFFICER];
    register(Nothing) -> RegisterView, Anyone, [REALM];
    register_propose(RegisterPropose) -> RegisterView, ProposeOffice, [FILES, REALM, OFFICER];
    register_suspend(RegisterSuspend) -> RegisterView, ProposeOffice, [FILES, REALM];
    register_confirm(RegisterConfirm) -> RegisterView, ConfirmOffice, [PASSPHRASE, REALM];
    register_drop(RegisterDrop) -> Nothing, DropOffice, [REALM];
    register_answer(RegisterAnswer) -> FileRef, Anyone, [REALM];
    register_warrant(RegisterAnswer) -> FileRef, Anyone, [REALM, OFFICER];

    overview(Nothing) -> Overview, Anyone, [];
    templates(Nothing) -> Templates, Anyone, [];

    records(RecordsRequest) -> RecordPage, Member, [RECORD];
    record(RecordRequest) -> RecordDetails, Member, [RECORD];

    forms(Nothing) -> Forms, Draft, [];
    form(FormRequest) -> FormView, Draft, [FORM];
    form_begin(FormBegin) -> FormView, Draft, [RECORD, FORM];
    form_save(FormSave) -> FormSaved, Draft, [FORM];
    form_discard(FormRequest) -> Nothing, Draft, [FORM];
    form_submit(FormRequest) -> Submitted, Draft, [RECORD, FORM];
    withdraw(WithdrawRequest) -> Nothing, Withdraw, [RECORD];
    erase(EraseRequest) -> Nothing, Erase, [RECORD];
    take_back(RecordRequest) -> Nothing, TakeBack, [RECORD];

    waiting(WaitingRequest) -> WaitingPage, Member, [RECORD];
    review_all(Nothing) -> WaitingAll, Review, [];
    review(ReviewRequest) -> JobView, Review, [LONG];
    waiting_all(Nothing) -> WaitingAll, Approve, [];
    approve(ApproveRequest) -> JobView, Approve, [PASSPHRASE, LONG];
    return_to_drafter(ReturnRequest) -> Nothing, Return, [RECORD];

    import_plan(ImportPlan) -> JobView, Draft, [FILES, LONG];
    import_new(PlanRows) -> NewPage, Draft, [IMPORT];
    import_changed(PlanRows) -> ChangedPage, Draft, [IMPORT];
    import_problems(PlanRows) -> ProblemPage, Draft, [IMPORT];
    import_submit(ImportSubmit) -> JobView, Draft, [IMPORT, LONG];
    import_error_sheet(ErrorSheet) -> FileRef, Draft, [IMPORT, FILES];

    export(ExportRequest) -> FileRef, Member, [RECORD, EXPORT];
    policy(Nothing) -> FileRef, Anyone, [REALM];
    verify(VerifyRequest) -> VerifyReport, Anyone, [FILES, POLICY];

    audit(Nothing) -> JobView, Anyone, [LONG];
    job(JobRequest) -> JobView, Anyone, [JOB];
    job_cancel(JobRequest) -> JobView, Anyone, [JOB];
}
