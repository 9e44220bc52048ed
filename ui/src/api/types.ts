// Written by `cargo run -p yinxin-commands --example types`; do not edit.

export type ActingView = { 
/**
 * Seconds since 1970.
 */
from: number, 
/**
 * Seconds since 1970.
 */
until: number, };

export type AnswerTake = { 
/**
 * Whose answer it is to be: the name in the invitation.
 */
name: string, 
/**
 * The answer's file.
 */
file: string, 
/**
 * What the person read over the telephone, as it was typed.
 */
digits: string, };

export type ApproveRequest = { 
/**
 * What was seen.
 */
items: Array<DraftSeen>, 
/**
 * Opens the host's keys, where they do not open by themselves.
 */
host_passphrase: string | null, };

export type Approved = { 
/**
 * How many records are registered now.
 */
published: number, 
/**
 * What was refused, and why; nothing of it has changed.
 */
refused: Array<Refused>, 
/**
 * How many were left because the job was cancelled or failed.
 */
left: number, 
/**
 * Why it ended early; what is said above holds.
 */
failed: Failure | null, };

export type AsOfView = { 
/**
 * The size of the ledger.
 */
size: number, 
/**
 * When that was: seconds since 1970, if anybody says.
 */
time: number | null, 
/**
 * `checkpoint`, `claim` or `ledger`.
 */
by: string, };

export type Asking = "admit" | "rotate" | "readmit";

export type AuditView = { 
/**
 * When it ended: seconds since 1970.
 */
time: number, 
/**
 * How many entries were read.
 */
entries: number, 
/**
 * The root recomputed from them, in hex.
 */
root: string, 
/**
 * How many damages there are.
 */
found: number, 
/**
 * The first of them.
 */
damages: Array<DamageView>, };

export type ChangeConfirm = { 
/**
 * The digests of the proposals, in hex.
 */
drafts: Array<string>, 
/**
 * Opens the host's keys, where they do not open by themselves.
 */
host_passphrase: string | null, };

export type ChangeConfirmed = { 
/**
 * Who they are now.
 */
people: Array<PersonView>, 
/**
 * How many drafts came back because their drafter may not sign them any more.
 */
returned: number, };

export type ChangeDrop = { 
/**
 * The digests of the proposals, in hex.
 */
drafts: Array<string>, };

export type ChangePropose = { 
/**
 * The member's id; `null` for somebody new.
 */
person: string | null, 
/**
 * Name; unique within the office.
 */
name: string, 
/**
 * Post.
 */
post: string | null, 
/**
 * Roles, as words.
 */
roles: Array<string>, 
/**
 * When the person also approves, for somebody who is away.
 */
acting: ActingView | null, 
/**
 * Whether the person may sign nothing for now.
 */
suspended: boolean, 
/**
 * Protects a new key, made at this desk; `null` keeps the one there is.
 */
passphrase: string | null, };

export type ChangeView = { 
/**
 * Who the person is now; `null` for somebody new.
 */
before: PersonView | null, 
/**
 * Who the person would be; its `position` says nothing.
 */
after: PersonView, 
/**
 * The admin who proposed it.
 */
proposer: string, 
/**
 * Whether that is whoever sits at the desk, who cannot confirm it.
 */
own: boolean, 
/**
 * Since when it waits: seconds since 1970.
 */
proposed: number, 
/**
 * The digest of the proposal that is shown, in hex: confirming names it, so
 * that what is signed is what was seen.
 */
draft: string, 
/**
 * Whether the person has changed otherwise meanwhile, so that it cannot be
 * confirmed any more.
 */
overtaken: boolean, 
/**
 * The digits of the answer that the key came with: what the person read over
 * the telephone.
 */
digits: string | null, 
/**
 * What is the same of all that was proposed, and is confirmed, as one step.
 */
together: string | null, };

export type ChangedPage = { 
/**
 * These.
 */
rows: Array<ChangedView>, 
/**
 * How many there are on all pages.
 */
total: number, 
/**
 * Where the next page begins, if there is one.
 */
next: number | null, };

export type ChangedView = { 
/**
 * The row in the file.
 */
row: number, 
/**
 * The record's id.
 */
record: string, 
/**
 * What differs.
 */
differences: Array<Difference>, 
/**
 * Whether something of the record waits already, so that it is left out.
 */
waits: boolean, };

export type Changes = { 
/**
 * They.
 */
changes: Array<ChangeView>, };

export type ClosedOffice = { 
/**
 * What to open it by.
 */
id: string, 
/**
 * Its folder.
 */
folder: string, 
/**
 * Why it cannot be opened.
 */
failure: Failure, };

export type DamageView = { 
/**
 * The entry that it concerns, if it is about one.
 */
position: number | null, 
/**
 * Which text.
 */
code: string, 
/**
 * What the text may mention.
 */
args: { [key in string]: string }, };

export type Difference = { 
/**
 * The field.
 */
field: string, 
/**
 * Its value now.
 */
now: string, 
/**
 * Its value in the file.
 */
file: string, };

export type DraftSeen = { 
/**
 * The record's id.
 */
record: string, 
/**
 * The digest of the draft, in hex.
 */
draft: string, };

export type EraseRequest = { 
/**
 * The record's id.
 */
record: string, 
/**
 * Why.
 */
reason: string, };

export type ErrorSheet = { 
/**
 * Which plan.
 */
plan: number, 
/**
 * What stands above the column of problems.
 */
heading: string, 
/**
 * What is wrong with each row, in words.
 */
notes: { [key in number]: string }, };

export type ExportRequest = { 
/**
 * The record's id.
 */
record: string, 
/**
 * Which version; none for the current one.
 */
version: number | null, 
/**
 * The committed fields to show; none for all.
 */
disclose: Array<string> | null, };

export type Failure = { 
/**
 * Which text.
 */
code: string, 
/**
 * What the text may mention.
 */
args: { [key in string]: string }, 
/**
 * Where values were refused: everything that is wrong with them.
 */
problems: Array<ProblemView>, };

export type FieldView = { 
/**
 * Its key.
 */
key: string, 
/**
 * What people call it.
 */
label: LabelView, 
/**
 * `string`, `integer`, `number`, `boolean` or `date`.
 */
kind: string, 
/**
 * Whether it is a long text of several lines.
 */
long: boolean, 
/**
 * Whether it may not be empty.
 */
required: boolean, 
/**
 * The most characters.
 */
max_length: number | null, 
/**
 * The values to choose from.
 */
one_of: Array<string> | null, 
/**
 * `L` general, `P` personal, `S` sensitive, `B` business.
 */
class: string, 
/**
 * `unconditional`, `conditional` or `withheld`.
 */
sharing: string, 
/**
 * Whether its value stands in the ledger, in every office's copy, for ever.
 */
open: boolean, 
/**
 * The value that a new form begins with.
 */
default: string | null, };

export type FileKind = "sheet" | "evidence" | "policy" | "picture" | "invitation" | "answer" | "request" | "register_answer" | "warrant";

export type FileRef = { 
/**
 * Stands for the file; worth nothing outside this run.
 */
token: string, 
/**
 * Its name, without folders.
 */
name: string, 
/**
 * Its bytes.
 */
size: number, };

export type FindingView = { 
/**
 * `authenticity`, `integrity`, `usability` or `security`.
 */
group: string, 
/**
 * Which check made it.
 */
check: string, 
/**
 * `passed`, `failed`, `undecided` or `noted`.
 */
outcome: string, 
/**
 * Which text.
 */
code: string, 
/**
 * What the text may mention.
 */
args: { [key in string]: string }, };

export type FolderRef = { 
/**
 * Stands for the folder; worth nothing outside this run.
 */
token: string, 
/**
 * Where it is.
 */
folder: string, 
/**
 * How many keys are in it.
 */
keys: number, 
/**
 * Whether it is made when it is chosen.
 */
new: boolean, };

export type FormBegin = { 
/**
 * The template's name.
 */
template: string, 
/**
 * The record to change; none for a new one.
 */
record: string | null, };

export type FormRequest = { 
/**
 * Which form.
 */
id: string, };

export type FormSave = { 
/**
 * Which form.
 */
id: string, 
/**
 * What is typed, by field.
 */
cells: { [key in string]: string }, 
/**
 * The saving that it was typed into; if it is missing, whatever is kept is
 * replaced.
 */
revision?: number, };

export type FormSaved = { 
/**
 * When: seconds since 1970.
 */
saved: number, 
/**
 * Which saving this is.
 */
revision: number, 
/**
 * What is wrong with the values as they are.
 */
problems: Array<ProblemView>, };

export type FormView = { 
/**
 * Which.
 */
id: string, 
/**
 * The template's name.
 */
template: string, 
/**
 * The record that it changes; none for a new one.
 */
record: string | null, 
/**
 * What is typed, by field.
 */
cells: { [key in string]: string }, 
/**
 * What stands in the record now, by field; empty for a new one.
 */
before: { [key in string]: string }, 
/**
 * When it was last kept: seconds since 1970.
 */
saved: number, 
/**
 * Which saving this is.
 */
revision: number, 
/**
 * What is wrong with the values as they are.
 */
problems: Array<ProblemView>, 
/**
 * Whether it cannot be read, so that it can only be dropped.
 */
damaged: boolean, };

export type Forms = { 
/**
 * They.
 */
forms: Array<FormView>, };

export type FoundingInvite = { 
/**
 * Whom.
 */
invite: Invite, 
/**
 * Opens the founding key.
 */
host_passphrase: string, };

export type FoundingTake = { 
/**
 * Which.
 */
answer: AnswerTake, 
/**
 * Opens the founding key.
 */
host_passphrase: string, };

export type FoundingWithdraw = { 
/**
 * Its nonce, in hex.
 */
nonce: string, 
/**
 * Opens the founding key.
 */
host_passphrase: string, };

export type Greeting = { 
/**
 * The version of the program.
 */
version: string, 
/**
 * How the window is shown.
 */
settings: Settings, 
/**
 * The offices that are here.
 */
offices: Array<OfficeEntry>, 
/**
 * Those that are here, too, but cannot be opened.
 */
closed: Array<ClosedOffice>, 
/**
 * The one that is open.
 */
office: OfficeEntry | null, 
/**
 * Tells this sitting from others: it changes with the office and with the person.
 */
sitting: number, 
/**
 * Whose key is unlocked.
 */
session: SessionView | null, 
/**
 * After how many idle minutes the desk locked itself, if that is why
 * nobody's is.
 */
idle: number | null, 
/**
 * Jobs that run.
 */
jobs: Array<JobView>, 
/**
 * Evidence that the system asked to be opened.
 */
opened: Array<FileRef>, };

export type Here = { 
/**
 * Whether a key or the pointer was moved since this was last asked.
 */
active: boolean, };

export type ImportPlan = { 
/**
 * The file's token.
 */
file: string, 
/**
 * The template's name.
 */
template: string, };

export type ImportSubmit = { 
/**
 * Which plan.
 */
plan: number, 
/**
 * Whether rows that are there with other values are submitted as amendments.
 */
amend: boolean, };

export type Imported = { 
/**
 * New records that wait now.
 */
submitted: number, 
/**
 * Amendments that wait now.
 */
amended: number, 
/**
 * Rows that somebody else submitted meanwhile.
 */
meanwhile: number, 
/**
 * Rows that were refused, because their record has changed since the plan.
 */
refused: number, 
/**
 * The first 1,000 of them, and why.
 */
refusals: Array<RowRefused>, 
/**
 * Rows that were left because the job was cancelled or failed.
 */
left: number, 
/**
 * Why it ended early; what is counted above is done.
 */
failed: Failure | null, };

export type InvitationAccept = { 
/**
 * Its file.
 */
file: string, 
/**
 * Protects the key.
 */
passphrase: string, };

export type InvitationAccepted = { 
/**
 * What is to reach the admin.
 */
file: FileRef, 
/**
 * What the person reads over the telephone.
 */
digits: string, 
/**
 * Where the key is.
 */
key_file: string, 
/**
 * Whether that is the folder of the office that is open.
 */
here: boolean, 
/**
 * Whether that is a folder that was chosen for keys of one's own.
 */
chosen: boolean, };

export type InvitationRead = { 
/**
 * Its file.
 */
file: string, };

export type InvitationView = { 
/**
 * What the office knows it by, in hex.
 */
nonce: string, 
/**
 * The ledger of the office.
 */
origin: string, 
/**
 * What the office is called.
 */
office: string, 
/**
 * The person's name.
 */
name: string, 
/**
 * Post.
 */
post: string | null, 
/**
 * Roles, as words.
 */
roles: Array<string>, 
/**
 * Until when it stands: seconds since 1970.
 */
expires: number, };

export type InvitationWithdraw = { 
/**
 * Its nonce, in hex.
 */
nonce: string, };

export type Invitations = { 
/**
 * They.
 */
invitations: Array<StandingView>, };

export type Invite = { 
/**
 * The id of somebody who is there and is to have a new key; `null` for
 * somebody new.
 */
person: string | null, 
/**
 * Name; unique within the office.
 */
name: string, 
/**
 * Post.
 */
post: string | null, 
/**
 * Roles, as words.
 */
roles: Array<string>, 
/**
 * For how many days it stands.
 */
days: number, };

export type Invited = { 
/**
 * What it says.
 */
invitation: InvitationView, 
/**
 * What is to reach the person.
 */
file: FileRef, };

export type JobKind = "practice" | "plan" | "import" | "review" | "approve" | "audit";

export type JobRequest = { 
/**
 * Which.
 */
id: number, };

export type JobResult = { "kind": "practice" } | { "kind": "plan", "is": PlanView } | { "kind": "import", "is": Imported } | { "kind": "review", "is": Reviewed } | { "kind": "approve", "is": Approved } | { "kind": "audit", "is": AuditView };

export type JobState = "running" | "done" | "failed" | "cancelled";

export type JobView = { 
/**
 * Which.
 */
id: number, 
/**
 * What it does.
 */
kind: JobKind, 
/**
 * Where it stands.
 */
state: JobState, 
/**
 * How much is done.
 */
done: number, 
/**
 * Of how much, if that is known.
 */
total: number | null, 
/**
 * When it began: seconds since 1970.
 */
started: number, 
/**
 * Why it failed.
 */
failure: Failure | null, 
/**
 * What it came to; also of a cancelled job and of one that failed when a
 * part was done, unless half of it would mislead.
 */
result: JobResult | null, };

export type KeyFolderChoose = { 
/**
 * Which, by [`FolderRef::token`]; `null` for the usual one.
 */
folder: string | null, };

export type KeyFolderView = { 
/**
 * Where it is.
 */
folder: string, 
/**
 * Where the usual one is, in the home folder.
 */
usual: string, 
/**
 * Whether it was chosen; else it is the usual one.
 */
chosen: boolean, 
/**
 * Whether a folder that was chosen is there now.
 */
there: boolean, 
/**
 * What may be chosen.
 */
offered: Array<FolderRef>, };

export type LabelView = { 
/**
 * Chinese.
 */
zh: string, 
/**
 * English.
 */
en: string, };

export type NewPage = { 
/**
 * These, by field.
 */
rows: Array<{ [key in string]: ShownValue }>, 
/**
 * How many there are on all pages.
 */
total: number, 
/**
 * Where the next page begins, if there is one.
 */
next: number | null, };

export type Nothing = Record<symbol, never>;

export type OfficeChange = { 
/**
 * What confirming and dropping names: the digest of what the first admin
 * signed, in hex.
 */
draft: string, 
/**
 * How the register knows the office now, if it does.
 */
before: RegisteredView | null, 
/**
 * How it would.
 */
after: RegisteredView, 
/**
 * Whether its host has other keys with it.
 */
new_keys: boolean, 
/**
 * Its people, if it has shown them.
 */
people: Array<PresentedView> | null, 
/**
 * Whom it would appoint, if that is all that it says.
 */
officer: OfficerView | null, 
/**
 * The twenty digits of what it has shown.
 */
digits: string | null, 
/**
 * The number of the policy that follows, if it is another one.
 */
policy: number | null, 
/**
 * Who proposed it.
 */
proposer: string, 
/**
 * Whether that was whoever sits here.
 */
own: boolean, 
/**
 * When: seconds since 1970.
 */
proposed: number, };

export type OfficeCreate = { 
/**
 * The realm (a city).
 */
realm: string, 
/**
 * The office's name.
 */
name: string, 
/**
 * Its 统一社会信用代码.
 */
code: string, 
/**
 * Protects the founding key and the host's keys.
 */
passphrase: string, 
/**
 * Whether the host signs without a passphrase from now on.
 */
unattended: boolean, 
/**
 * Whether it is the register of the realm, which this office keeps.
 */
register: boolean, };

export type OfficeEntry = { 
/**
 * What to open it by.
 */
id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its 统一社会信用代码.
 */
code: string, 
/**
 * The origin of its ledger.
 */
origin: string, 
/**
 * Whether it is for practice (演练).
 */
practice: boolean, 
/**
 * Whether it is the register of a realm, which holds no records.
 */
register: boolean, 
/**
 * Whether its host signs without a passphrase.
 */
unattended: boolean, 
/**
 * Its folder.
 */
folder: string, };

export type OfficeOpen = { 
/**
 * Which, by [`OfficeEntry::id`].
 */
id: string, };

export type OfficerRequest = { 
/**
 * The name: of somebody in the office, or of somebody new.
 */
name: string, 
/**
 * The post.
 */
post: string | null, 
/**
 * The role, as a word.
 */
role: string, 
/**
 * Protects the new key, or opens the own one.
 */
passphrase: string, 
/**
 * Whether it is a key that the person has, in the folder for keys of one's own.
 */
own: boolean, 
/**
 * The code of the office that lends this person, if one does.
 */
lender: string | null, };

export type OfficerTake = { 
/**
 * The warrant's file.
 */
warrant: string, 
/**
 * Opens the key of whoever was appointed.
 */
passphrase: string, 
/**
 * Opens the host's keys, unless they unlock unattended.
 */
host_passphrase: string | null, };

export type OfficerTaken = { 
/**
 * Who it is now.
 */
person: PersonView, 
/**
 * How many drafts of this person came back.
 */
returned: number, };

export type OfficerView = { 
/**
 * Who.
 */
person: PresentedView, 
/**
 * Whether the office has this person already, with another key or role.
 */
known: boolean, 
/**
 * The code of the office that lends this person, if one does.
 */
lender: string | null, };

export type Overview = { 
/**
 * Entries of the ledger.
 */
entries: number, 
/**
 * Records in force.
 */
published: number, 
/**
 * Records withdrawn.
 */
withdrawn: number, 
/**
 * How many drafts wait for an approver.
 */
waiting: number, 
/**
 * Since when the oldest of them waits: seconds since 1970.
 */
oldest: number | null, 
/**
 * How many drafts wait for a reviewer.
 */
to_review: number, 
/**
 * Since when the oldest of them waits: seconds since 1970.
 */
oldest_to_review: number | null, 
/**
 * How many came back to whoever sits at the desk.
 */
returned: number, 
/**
 * The first of them.
 */
returned_to_me: Array<RecordRow>, 
/**
 * How many drafts of whoever sits at the desk wait for a reviewer or approver.
 */
submitted: number, 
/**
 * The first of them.
 */
submitted_by_me: Array<RecordRow>, 
/**
 * How many forms whoever sits at the desk has begun.
 */
forms: number, 
/**
 * The newest records, for whoever sits at the desk.
 */
recent: Array<RecordRow>, 
/**
 * What the last audit found.
 */
audit: AuditView | null, 
/**
 * This machine's clock: seconds since 1970.
 */
now: number, 
/**
 * The latest time that somebody has signed with, by his own clock; a clock
 * far behind it is wrong.
 */
latest_signed: number | null, 
/**
 * If the register has suspended the office, how many entries of the ledger count.
 */
suspended: number | null, };

export type PassphraseChange = { 
/**
 * The host's, not one's own.
 */
host: boolean, 
/**
 * What opens the key now.
 */
old: string, 
/**
 * What opens it from now on.
 */
new: string, };

export type PassphraseJudge = { 
/**
 * What is typed so far.
 */
passphrase: string, 
/**
 * Names that everybody connects with it: the person's, or that of an office
 * that is to be founded. The open office's need not be said.
 */
names: Array<string>, };

export type PassphraseJudged = { 
/**
 * Why not.
 */
refused: Failure | null, };

export type PendingView = { 
/**
 * `publish`, `amend` or `withdraw`.
 */
act: string, 
/**
 * The version that it would make, or withdraw.
 */
version: number, 
/**
 * Who drafted it.
 */
drafter: string, 
/**
 * Since when it waits: seconds since 1970.
 */
submitted: number, 
/**
 * Why, if it is a withdrawal.
 */
reason: string | null, 
/**
 * Who reviewed it.
 */
review: ReviewView | null, 
/**
 * Who returned it, when and why.
 */
returned: ReturnedView | null, 
/**
 * Why it cannot be signed as it is, if people have changed since it was: a
 * code of the ledger rules.
 */
stale: string | null, };

export type People = { 
/**
 * They.
 */
people: Array<PersonView>, 
/**
 * Whether the founding key can still admit somebody: until people have
 * signed something.
 */
founding: boolean, };

export type PeopleAdd = { 
/**
 * Name; unique within the office.
 */
name: string, 
/**
 * Post.
 */
post: string | null, 
/**
 * Roles, as words.
 */
roles: Array<string>, 
/**
 * Protects the person's key.
 */
passphrase: string, 
/**
 * Opens the founding key.
 */
host_passphrase: string, };

export type PeopleLost = { 
/**
 * The members' ids.
 */
people: Array<string>, };

export type PersonView = { 
/**
 * The member's id.
 */
id: string, 
/**
 * Name.
 */
name: string, 
/**
 * Post.
 */
post: string | null, 
/**
 * Roles, as words.
 */
roles: Array<string>, 
/**
 * When the person also approves, for somebody who is away.
 */
acting: ActingView | null, 
/**
 * Whether the person may sign nothing for now.
 */
suspended: boolean, 
/**
 * Position of the latest act about the person in the ledger.
 */
position: number, 
/**
 * The thumbprint of the person's key, in hex.
 */
key: string, 
/**
 * Whether the realm's register appointed the person.
 */
appointed: boolean, 
/**
 * The code of the office that lends the person, if one does.
 */
lender: string | null, };

export type PlanRows = { 
/**
 * Which plan.
 */
plan: number, 
/**
 * Where the page before ended.
 */
after: number | null, 
/**
 * At most this many, up to 1,000.
 */
limit: number, };

export type PlanView = { 
/**
 * Which plan.
 */
plan: number, 
/**
 * The file's name.
 */
file: string, 
/**
 * The template's name.
 */
template: string, 
/**
 * How many rows it has.
 */
rows: number, 
/**
 * How many records are new.
 */
new: number, 
/**
 * How many rows are there already with the same values, or withdrawn.
 */
present: number, 
/**
 * Rows whose record is withdrawn, and stays so.
 */
withdrawn: number, 
/**
 * How many rows are there with other values.
 */
changed: number, 
/**
 * How many of them can be submitted: nothing of their record waits already.
 */
amendable: number, 
/**
 * How many rows are refused.
 */
refused: number, 
/**
 * How many problems there are with them.
 */
problems: number, 
/**
 * Columns that no field takes.
 */
ignored: Array<string>, 
/**
 * Fields without a column that take their default, and the value.
 */
defaulted: { [key in string]: string }, 
/**
 * How the text was encoded; none for a workbook.
 */
encoding: string | null, };

export type PracticePeople = { 
/**
 * Empty for any other office.
 */
people: Array<PracticePerson>, };

export type PracticePerson = { 
/**
 * Name.
 */
name: string, 
/**
 * What opens the person's key: no secret.
 */
passphrase: string, };

export type Presence = { 
/**
 * Whether a key is unlocked.
 */
seated: boolean, 
/**
 * After how many idle minutes the desk locked itself, if that is how the
 * last sitting ended.
 */
idle: number | null, };

export type PresentedView = { 
/**
 * Name, if it was shown.
 */
name: string | null, 
/**
 * Post.
 */
post: string | null, 
/**
 * Roles, as words.
 */
roles: Array<string>, 
/**
 * The thumbprint of the person's key, in hex.
 */
key: string, };

export type ProblemPage = { 
/**
 * These.
 */
rows: Array<ProblemView>, 
/**
 * How many there are on all pages.
 */
total: number, 
/**
 * Where the next page begins, if there is one.
 */
next: number | null, };

export type ProblemView = { 
/**
 * The row, where the values come from a sheet.
 */
row: number, 
/**
 * The field's key, if it is about one.
 */
field: string | null, 
/**
 * Which text.
 */
code: string, 
/**
 * What the text may mention.
 */
args: { [key in string]: string }, };

export type ProvedSignerView = { 
/**
 * `draft`, `review` or `approve`.
 */
purpose: string, 
/**
 * The name, if it was disclosed.
 */
name: string | null, 
/**
 * The post, if it was disclosed.
 */
post: string | null, 
/**
 * When, by the signer's clock: seconds since 1970.
 */
time: number, };

export type ProvedValueView = { 
/**
 * The field's key.
 */
key: string, 
/**
 * Its name.
 */
label: LabelView, 
/**
 * `text`, `int`, `bool` or `null`.
 */
kind: string, 
/**
 * The value in words; empty for `null`.
 */
value: string, 
/**
 * Whether it stands in the ledger itself.
 */
open: boolean, };

export type ProvedView = { 
/**
 * The ledger.
 */
origin: string, 
/**
 * Whether that is a ledger for practice (演练).
 */
practice: boolean, 
/**
 * The office's name.
 */
office: string, 
/**
 * Its 统一社会信用代码.
 */
office_code: string, 
/**
 * The record's id.
 */
record: string, 
/**
 * Which version.
 */
version: number, 
/**
 * What people call the template.
 */
label: LabelView, 
/**
 * Open and disclosed values, in the template's order.
 */
values: Array<ProvedValueView>, 
/**
 * How many committed fields are not disclosed.
 */
withheld: number, 
/**
 * Who signed, the drafter first.
 */
signers: Array<ProvedSignerView>, 
/**
 * Where in the ledger.
 */
position: number, 
/**
 * The leaf hash, in hex.
 */
leaf: string, 
/**
 * The checkpoint's size.
 */
size: number, 
/**
 * The checkpoint's root, in hex.
 */
root: string, 
/**
 * Witnesses whose cosignatures hold.
 */
witnesses: Array<WitnessView>, 
/**
 * As of when.
 */
as_of: AsOfView, };

export type RealmJoin = { 
/**
 * The answer's file.
 */
answer: string, 
/**
 * The policy's file.
 */
policy: string, 
/**
 * Opens the host's keys, if the answer replaces them.
 */
host_passphrase: string | null, };

export type RealmJoined = { 
/**
 * What the register says of the office.
 */
standing: StandingInRealm, 
/**
 * Whether the host has new keys since.
 */
replaced: boolean, };

export type RealmRequest = { 
/**
 * Opens the host's keys, if they are to be replaced.
 */
host_passphrase: string | null, };

export type RealmRequested = { 
/**
 * What is to reach the register.
 */
file: FileRef, 
/**
 * What is read to its admins over the telephone.
 */
digits: string, };

export type RealmView = { 
/**
 * Whether there is a system admin and a security admin, who are needed to ask.
 */
admins: boolean, 
/**
 * What the register said, as far as it was taken in.
 */
standing: StandingInRealm | null, };

export type RecordDetails = { 
/**
 * As in a list.
 */
row: RecordRow, 
/**
 * Who may sign next what waits, by name; but for who has signed it already.
 */
waits_for: Array<string>, 
/**
 * Every act on it in the ledger, oldest first.
 */
versions: Array<VersionView>, 
/**
 * How many entries the ledger has.
 */
size: number, 
/**
 * The root over them, in hex.
 */
root: string, 
/**
 * The origin of the ledger.
 */
origin: string, };

export type RecordPage = { 
/**
 * How many there are on all pages.
 */
total: number, 
/**
 * These.
 */
records: Array<RecordRow>, 
/**
 * Where the next page begins, if there is one.
 */
next: string | null, };

export type RecordRequest = { 
/**
 * The record's id.
 */
id: string, };

export type RecordRow = { 
/**
 * The record's id.
 */
id: string, 
/**
 * The template's name.
 */
template: string, 
/**
 * `in_review`, `submitted`, `returned`, `published` or `withdrawn`.
 */
state: RecordState, 
/**
 * The current version; 0 before the first is registered.
 */
version: number, 
/**
 * The latest values, also of what waits.
 */
values: { [key in string]: ShownValue }, 
/**
 * The registered values where what waits or came back differs from them;
 * else empty.
 */
in_force: { [key in string]: ShownValue }, 
/**
 * Whether the values cannot be read: an audit tells more.
 */
damaged: boolean, 
/**
 * Whether the contents are erased, so that only open values are left.
 */
erased: boolean, 
/**
 * What waits or came back.
 */
pending: PendingView | null, };

export type RecordState = "in_review" | "submitted" | "returned" | "published" | "withdrawn";

export type RecordsRequest = { 
/**
 * Words to find in the latest values.
 */
text: string | null, 
/**
 * `in_review`, `submitted`, `returned`, `published` or `withdrawn`.
 */
state: string | null, 
/**
 * Where the page before ended.
 */
after: string | null, 
/**
 * At most this many, up to 500.
 */
limit: number, };

export type RecoveryCheck = { "picture": string } | { "code": string };

export type RecoveryMake = { 
/**
 * Opens the keys that it is for.
 */
host_passphrase: string, };

export type RecoveryUse = { 
/**
 * What the sheet holds.
 */
sheet: RecoveryCheck, 
/**
 * Protects the founding key and the host's keys from now on.
 */
passphrase: string, };

export type RecoveryView = { 
/**
 * `not_made`, `made` or `checked`.
 */
state: string, 
/**
 * When it was made, or read back: seconds since 1970.
 */
at: number | null, 
/**
 * Whether something is still to be done: never in a practice office.
 */
needed: boolean, };

export type Refused = { 
/**
 * The record's id.
 */
record: string, 
/**
 * Why.
 */
failure: Failure, };

export type RegisterAnswer = { 
/**
 * Its code.
 */
code: string, };

export type RegisterConfirm = { 
/**
 * [`OfficeChange::draft`].
 */
draft: string, 
/**
 * Opens the host's keys, unless they unlock unattended.
 */
host_passphrase: string | null, };

export type RegisterDrop = { 
/**
 * [`OfficeChange::draft`].
 */
draft: string, };

export type RegisterPropose = { 
/**
 * The request's file.
 */
request: string, 
/**
 * What it is taken for; a request for an officer says so itself.
 */
asking: Asking, };

export type RegisterSuspend = { 
/**
 * Its code.
 */
code: string, 
/**
 * The codes of the offices that follow it, if it ends.
 */
successors: Array<string>, 
/**
 * What it has shown, if that is more than the register knows: a request's file.
 */
request: string | null, };

export type RegisterView = { 
/**
 * Its offices, by code.
 */
offices: Array<RegisteredView>, 
/**
 * What waits for the other admin.
 */
change: OfficeChange | null, 
/**
 * The number of its latest policy, once there is one.
 */
policy: number | null, };

export type RegisteredView = { 
/**
 * Name.
 */
name: string, 
/**
 * 统一社会信用代码.
 */
code: string, 
/**
 * How it stands.
 */
standing: StandingInRealm, 
/**
 * Whether the register has appointed somebody there.
 */
appointed: boolean, };

export type ReturnRequest = { 
/**
 * The record's id.
 */
record: string, 
/**
 * The digest of the draft that was seen, in hex; if it is missing, whatever
 * waits is returned.
 */
draft?: string, 
/**
 * Why.
 */
reason: string, };

export type ReturnedView = { 
/**
 * Who; empty if it came back by itself, because people have changed.
 */
by: string, 
/**
 * When: seconds since 1970.
 */
at: number, 
/**
 * Why; empty if it came back by itself.
 */
reason: string, };

export type ReviewRequest = { 
/**
 * What was seen.
 */
items: Array<DraftSeen>, };

export type ReviewView = { 
/**
 * Who.
 */
by: string, 
/**
 * When: seconds since 1970.
 */
at: number, };

export type Reviewed = { 
/**
 * How many wait for approval now.
 */
reviewed: number, 
/**
 * What was refused, and why; nothing of it has changed.
 */
refused: Array<Refused>, 
/**
 * How many were left because the job was cancelled or failed.
 */
left: number, 
/**
 * Why it ended early; what is said above holds.
 */
failed: Failure | null, };

export type RowRefused = { 
/**
 * The row in the file.
 */
row: number, 
/**
 * Why.
 */
failure: Failure, };

export type SessionView = { 
/**
 * Name.
 */
name: string, 
/**
 * Post.
 */
post: string | null, 
/**
 * Roles, as words.
 */
roles: Array<string>, };

export type Settings = { 
/**
 * `zh-CN` or `en`.
 */
language: string, 
/**
 * 80 to 200 per cent.
 */
zoom: number, 
/**
 * `light`, `dark` or `system`.
 */
theme: string, 
/**
 * After how many idle minutes the desk locks itself: 5, 10 or 30.
 */
lock_after: number, };

export type ShownValue = string | boolean | null;

export type SignedView = { 
/**
 * `draft`, `review`, `approve`.
 */
purpose: string, 
/**
 * Name.
 */
name: string, 
/**
 * Post.
 */
post: string | null, 
/**
 * When, by the signer's clock: seconds since 1970.
 */
claimed: number, };

export type StandingInRealm = { 
/**
 * How many acts of the register are about the office.
 */
version: number, 
/**
 * Whether nothing beyond `size` counts.
 */
suspended: boolean, 
/**
 * The codes of the offices that follow it.
 */
successors: Array<string>, 
/**
 * How many entries of its ledger the register has seen.
 */
size: number, };

export type StandingView = { 
/**
 * What it says.
 */
invitation: InvitationView, 
/**
 * Whether the person is in the office already and is to have a new key.
 */
known: boolean, 
/**
 * Which admin made it; `null` if the founding key did.
 */
inviter: string | null, 
/**
 * How often the digits may be typed still.
 */
tries_left: number, 
/**
 * Whether its time is over.
 */
expired: boolean, };

export type StepView = "review" | "approve";

export type Submitted = { 
/**
 * The record.
 */
record: string, };

export type TemplateView = { 
/**
 * Its name.
 */
name: string, 
/**
 * What people call it.
 */
label: LabelView, 
/**
 * Whether a reviewer signs before the approver.
 */
review: boolean, 
/**
 * The fields that name the same thing twice.
 */
record_key: Array<string>, 
/**
 * In the order in which people fill them.
 */
fields: Array<FieldView>, };

export type Templates = { 
/**
 * They.
 */
templates: Array<TemplateView>, };

export type Unlock = { 
/**
 * The person's name.
 */
name: string, 
/**
 * The person's passphrase.
 */
passphrase: string, };

export type VerifyReport = { 
/**
 * The file's name.
 */
file: string, 
/**
 * `genuine`, `superseded`, `withdrawn`, `undetermined` or `altered`.
 */
verdict: string, 
/**
 * Every finding.
 */
findings: Array<FindingView>, 
/**
 * What is proved, if anything.
 */
proved: ProvedView | null, };

export type VerifyRequest = { 
/**
 * The file's token.
 */
file: string, 
/**
 * A policy's token.
 */
policy: string | null, 
/**
 * Whether to use what the ledgers here know.
 */
own_ledgers: boolean, };

export type VersionView = { 
/**
 * `publish`, `amend` or `withdraw`.
 */
act: string, 
/**
 * The version that it made or withdrew.
 */
version: number, 
/**
 * Position in the ledger.
 */
position: number, 
/**
 * Leaf hash, in hex.
 */
leaf: string, 
/**
 * The values; of a withdrawal the reason.
 */
values: { [key in string]: ShownValue }, 
/**
 * The signatures, the drafter's first.
 */
signed: Array<SignedView>, };

export type WaitingAll = { 
/**
 * The oldest first.
 */
items: Array<DraftSeen>, 
/**
 * How many more wait that the same person has signed before.
 */
own: number, };

export type WaitingPage = { 
/**
 * How many there are on all pages.
 */
total: number, 
/**
 * These.
 */
waiting: Array<WaitingView>, 
/**
 * Where the next page begins, if there is one.
 */
next: string | null, };

export type WaitingRequest = { 
/**
 * Where the page before ended.
 */
after: string | null, 
/**
 * At most this many, up to 500.
 */
limit: number, 
/**
 * Only what waits for this signature; if it is missing, whatever waits.
 */
step?: StepView, };

export type WaitingView = { 
/**
 * The record's id.
 */
record: string, 
/**
 * The digest of the draft that is shown, with its review where there is one,
 * in hex: signing names it, so that what is signed is what was seen.
 */
draft: string, 
/**
 * The template's name.
 */
template: string, 
/**
 * `publish`, `amend` or `withdraw`.
 */
act: string, 
/**
 * The version that it would make, or withdraw.
 */
version: number, 
/**
 * Who drafted it.
 */
drafter: string, 
/**
 * Whether that is whoever sits at the desk, who cannot review or approve it.
 */
own: boolean, 
/**
 * Whose signature it waits for.
 */
step: StepView, 
/**
 * Who reviewed it.
 */
review: ReviewView | null, 
/**
 * Whether that is whoever sits at the desk, who cannot approve it.
 */
own_review: boolean, 
/**
 * Since when it waits: seconds since 1970.
 */
submitted: number, 
/**
 * The values that it says; of a withdrawal those that are in force.
 */
values: { [key in string]: ShownValue }, 
/**
 * The values in force that it changes; empty if there are none.
 */
before: { [key in string]: ShownValue }, 
/**
 * Why, if it is a withdrawal.
 */
reason: string | null, 
/**
 * Whether its contents cannot be read or its drafter is nobody of the
 * office, so that it cannot be approved.
 */
damaged: boolean, 
/**
 * Why the last approval of it had no effect, if people had changed meanwhile:
 * a code of the ledger rules.
 */
stale: string | null, };

export type WithdrawRequest = { 
/**
 * The record's id.
 */
record: string, 
/**
 * Why.
 */
reason: string, };

export type WitnessView = { 
/**
 * Its name in the policy.
 */
name: string, 
/**
 * When it saw the checkpoint: seconds since 1970.
 */
time: number, };

export interface Commands {
  hello: { request: Nothing; response: Greeting };
  settings_save: { request: Settings; response: Settings };
  key_folder: { request: Nothing; response: KeyFolderView };
  key_folder_choose: { request: KeyFolderChoose; response: KeyFolderView };
  office_create: { request: OfficeCreate; response: OfficeEntry };
  office_open: { request: OfficeOpen; response: OfficeEntry };
  practice_build: { request: Nothing; response: JobView };
  practice_people: { request: Nothing; response: PracticePeople };
  people: { request: Nothing; response: People };
  people_add: { request: PeopleAdd; response: PersonView };
  invitations: { request: Nothing; response: Invitations };
  invite: { request: Invite; response: Invited };
  founding_invite: { request: FoundingInvite; response: Invited };
  invitation_withdraw: { request: InvitationWithdraw; response: Nothing };
  founding_withdraw: { request: FoundingWithdraw; response: Nothing };
  answer_take: { request: AnswerTake; response: Nothing };
  founding_take: { request: FoundingTake; response: Nothing };
  invitation_read: { request: InvitationRead; response: InvitationView };
  invitation_accept: { request: InvitationAccept; response: InvitationAccepted };
  people_lost: { request: PeopleLost; response: Changes };
  changes: { request: Nothing; response: Changes };
  change_propose: { request: ChangePropose; response: ChangeView };
  change_confirm: { request: ChangeConfirm; response: ChangeConfirmed };
  change_drop: { request: ChangeDrop; response: Nothing };
  passphrase_judge: { request: PassphraseJudge; response: PassphraseJudged };
  passphrase_change: { request: PassphraseChange; response: Nothing };
  unlock: { request: Unlock; response: SessionView };
  lock: { request: Nothing; response: Nothing };
  here: { request: Here; response: Presence };
  recovery: { request: Nothing; response: RecoveryView };
  recovery_make: { request: RecoveryMake; response: FileRef };
  recovery_check: { request: RecoveryCheck; response: RecoveryView };
  recovery_use: { request: RecoveryUse; response: RecoveryView };
  realm: { request: Nothing; response: RealmView };
  realm_request: { request: RealmRequest; response: RealmRequested };
  realm_join: { request: RealmJoin; response: RealmJoined };
  officer_request: { request: OfficerRequest; response: RealmRequested };
  officer_take: { request: OfficerTake; response: OfficerTaken };
  register: { request: Nothing; response: RegisterView };
  register_propose: { request: RegisterPropose; response: RegisterView };
  register_suspend: { request: RegisterSuspend; response: RegisterView };
  register_confirm: { request: RegisterConfirm; response: RegisterView };
  register_drop: { request: RegisterDrop; response: Nothing };
  register_answer: { request: RegisterAnswer; response: FileRef };
  register_warrant: { request: RegisterAnswer; response: FileRef };
  overview: { request: Nothing; response: Overview };
  templates: { request: Nothing; response: Templates };
  records: { request: RecordsRequest; response: RecordPage };
  record: { request: RecordRequest; response: RecordDetails };
  forms: { request: Nothing; response: Forms };
  form: { request: FormRequest; response: FormView };
  form_begin: { request: FormBegin; response: FormView };
  form_save: { request: FormSave; response: FormSaved };
  form_discard: { request: FormRequest; response: Nothing };
  form_submit: { request: FormRequest; response: Submitted };
  withdraw: { request: WithdrawRequest; response: Nothing };
  erase: { request: EraseRequest; response: Nothing };
  take_back: { request: RecordRequest; response: Nothing };
  waiting: { request: WaitingRequest; response: WaitingPage };
  review_all: { request: Nothing; response: WaitingAll };
  review: { request: ReviewRequest; response: JobView };
  waiting_all: { request: Nothing; response: WaitingAll };
  approve: { request: ApproveRequest; response: JobView };
  return_to_drafter: { request: ReturnRequest; response: Nothing };
  import_plan: { request: ImportPlan; response: JobView };
  import_new: { request: PlanRows; response: NewPage };
  import_changed: { request: PlanRows; response: ChangedPage };
  import_problems: { request: PlanRows; response: ProblemPage };
  import_submit: { request: ImportSubmit; response: JobView };
  import_error_sheet: { request: ErrorSheet; response: FileRef };
  export: { request: ExportRequest; response: FileRef };
  policy: { request: Nothing; response: FileRef };
  verify: { request: VerifyRequest; response: VerifyReport };
  audit: { request: Nothing; response: JobView };
  job: { request: JobRequest; response: JobView };
  job_cancel: { request: JobRequest; response: JobView };
}
