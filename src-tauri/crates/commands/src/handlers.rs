//! Every command's handler, under the command's name.

pub(crate) use crate::approval::{
    approve, erase, return_to_drafter, take_back, waiting, waiting_all, withdraw,
};
pub(crate) use crate::audit::audit;
pub(crate) use crate::changes::{change_confirm, change_drop, change_propose, changes, people_lost};
pub(crate) use crate::evidence::{export, policy, verify};
pub(crate) use crate::form::{form, form_begin, form_discard, form_save, form_submit, forms};
pub(crate) use crate::idle::here;
pub(crate) use crate::import::{
    import_changed, import_error_sheet, import_new, import_plan, import_problems, import_submit,
};
pub(crate) use crate::invitations::{
    answer_take, founding_invite, founding_take, founding_withdraw, invitation_accept, invitation_read,
    invitation_withdraw, invitations, invite,
};
pub(crate) use crate::job::{job, job_cancel};
pub(crate) use crate::key_folder::{key_folder, key_folder_choose};
pub(crate) use crate::office::{hello, office_create, office_open};
pub(crate) use crate::officer::{officer_request, officer_take};
pub(crate) use crate::overview::overview;
pub(crate) use crate::passphrase::{passphrase_change, passphrase_judge};
pub(crate) use crate::people::{people, people_add};
pub(crate) use crate::practice::{practice_build, practice_people};
pub(crate) use crate::realm::{realm, realm_join, realm_request};
pub(crate) use crate::records::{record, records};
pub(crate) use crate::recovery::{recovery, recovery_check, recovery_make, recovery_use};
pub(crate) use crate::register::{
    register, register_answer, register_confirm, register_drop, register_propose, register_suspend,
    register_warrant,
};
pub(crate) use crate::review::{review, review_all};
pub(crate) use crate::session::{lock, unlock};
pub(crate) use crate::settings::settings_save;
pub(crate) use crate::template::templates;
