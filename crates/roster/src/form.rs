//! `class.toml` as it is written.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use crate::class::AttemptRule;
use crate::late::MarkedLate;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClassForm {
    pub course: String,
    pub roster: Option<PathBuf>,
    #[serde(default)]
    pub attempt: AttemptRule,
    pub timezone: Option<Spanned<String>>,
    pub late: Option<Spanned<LateForm>>,
    #[serde(default)]
    pub extension: Vec<ExtensionForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LateForm {
    pub due: Option<Spanned<Datetime>>,
    pub grace: Option<Spanned<String>>,
    #[serde(default)]
    pub slip_days: u32,
    pub per_day: Spanned<String>,
    pub closes: Option<Spanned<String>>,
    #[serde(default)]
    pub marked_late: MarkedLate,
    #[serde(default)]
    pub lab: BTreeMap<Spanned<String>, LabForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LabForm {
    pub due: Spanned<Datetime>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExtensionForm {
    pub student: Spanned<String>,
    pub until: Spanned<Datetime>,
    pub because: String,
    pub lab: Option<u8>,
}
