//! Templates: what a form asks for.

use serde::Serialize;
use ts_rs::TS;
use yinxin_record::template::{self, Class, Field, Format, Keep, Kind, Sharing, Template};

use crate::desk::Desk;
use crate::evidence::LabelView;
use crate::failure::Failure;
use crate::office::Nothing;

/// The templates that come with the program.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Templates {
    /// They.
    pub templates: Vec<TemplateView>,
}

/// A template.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TemplateView {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: LabelView,
    /// Whether a reviewer signs before the approver.
    pub review: bool,
    /// The fields that name the same thing twice.
    pub record_key: Vec<String>,
    /// In the order in which people fill them.
    pub fields: Vec<FieldView>,
}

/// A field.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FieldView {
    /// Its key.
    pub key: String,
    /// What people call it.
    pub label: LabelView,
    /// `string`, `integer`, `number`, `boolean` or `date`.
    pub kind: String,
    /// Whether it is a long text of several lines.
    pub long: bool,
    /// Whether it may not be empty.
    pub required: bool,
    /// The most characters.
    pub max_length: Option<u32>,
    /// The values to choose from.
    pub one_of: Option<Vec<String>>,
    /// `L` general, `P` personal, `S` sensitive, `B` business.
    pub class: String,
    /// `unconditional`, `conditional` or `withheld`.
    pub sharing: String,
    /// Whether its value stands in the ledger, in every office's copy, for ever.
    pub open: bool,
    /// The value that a new form begins with.
    pub default: Option<String>,
}

impl From<&Field> for FieldView {
    fn from(field: &Field) -> Self {
        let kind = match field.kind {
            Kind::String => "string",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Boolean => "boolean",
            Kind::Date => "date",
        };
        let class = match field.class {
            Class::General => "L",
            Class::Personal => "P",
            Class::Sensitive => "S",
            Class::Business => "B",
        };
        let sharing = match field.sharing {
            Sharing::Unconditional => "unconditional",
            Sharing::Conditional => "conditional",
            Sharing::Withheld => "withheld",
        };
        Self {
            key: field.key.clone(),
            label: LabelView { zh: field.label.zh.clone(), en: field.label.en.clone() },
            kind: kind.to_owned(),
            long: field.format == Some(Format::Text),
            required: field.constraints.required,
            max_length: field.constraints.max_length,
            one_of: field.constraints.one_of.clone(),
            class: class.to_owned(),
            sharing: sharing.to_owned(),
            open: field.keep == Keep::Open,
            default: field.default.clone(),
        }
    }
}

impl From<&Template> for TemplateView {
    fn from(template: &Template) -> Self {
        Self {
            name: template.name.clone(),
            label: LabelView { zh: template.label.zh.clone(), en: template.label.en.clone() },
            review: template.review,
            record_key: template.record_key.clone(),
            fields: template.fields.iter().map(FieldView::from).collect(),
        }
    }
}

pub(crate) fn templates(_: &Desk, _: &Nothing) -> Result<Templates, Failure> {
    let known = template::BUILTIN.iter().filter_map(|(name, _)| template::builtin(name));
    Ok(Templates { templates: known.map(|template| TemplateView::from(&template)).collect() })
}
