//! The words of a worksheet, in the languages of Moodle.
//!
//! Moodle finds its columns by their headers, in the language of whoever uploads the sheet.
//! The words are those of Moodle's language packs (`recordid`, `hiddenuser`,
//! `lastmodifiedgrade`, `maxgrade` and `gradecanbechanged` in assign.php, `gradenoun`,
//! `email`, `idnumber`, `username`, `fullnameuser`, `yes` and `no` in moodle.php,
//! `pluginname` in assignfeedback_comments.php, `decsep` in langconfig.php). Teachers may
//! see other words where a site has changed them: options name the columns then.

use crate::number::Decimal;

/// The words of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// Its code in Moodle.
    pub code: &'static str,
    /// The column of `Participant 12`.
    pub identifier: &'static str,
    /// The column of the points.
    pub grade: &'static str,
    /// The column of the maximum.
    pub maximum: &'static str,
    /// The column that says when Moodle's grade was last changed.
    pub modified: &'static str,
    /// The column that says whether it can be.
    pub changeable: &'static str,
    /// The column of what the student is told.
    pub comments: &'static str,
    /// Columns of addresses.
    pub email: &'static str,
    /// Of the school's numbers.
    pub id_number: &'static str,
    /// Of accounts.
    pub username: &'static str,
    /// Of names.
    pub full_name: &'static str,
    /// What `changeable` says of a grade that cannot be changed.
    pub no: &'static str,
    /// Its decimal sign.
    pub decimal: Decimal,
}

macro_rules! languages {
    ($($code:literal: $id:literal, $grade:literal, $max:literal, $modified:literal, $can:literal,
        $comments:literal, $email:literal, $number:literal, $user:literal, $name:literal,
        $no:literal, $decimal:ident;)*) => {
        /// All languages of which the words are known.
        pub const LANGUAGES: &[Language] = &[$(Language {
            code: $code,
            identifier: $id,
            grade: $grade,
            maximum: $max,
            modified: $modified,
            changeable: $can,
            comments: $comments,
            email: $email,
            id_number: $number,
            username: $user,
            full_name: $name,
            no: $no,
            decimal: Decimal::$decimal,
        }),*];
    };
}

languages! {
    "en": "Identifier", "Grade", "Maximum Grade", "Last modified (grade)", "Grade can be changed",
        "Feedback comments", "Email address", "ID number", "Username", "Full name", "No", Point;
    "de": "ID", "Bewertung", "Bestwertung", "Zuletzt geändert (Bewertung)",
        "Bewertung kann geändert werden", "Feedback als Kommentar", "E-Mail-Adresse",
        "ID-Nummer", "Anmeldename", "Vollständiger Name", "Nein", Comma;
    "fr": "Identifiant", "Note", "Note maximale", "Dernière modification (note)",
        "La note peut être modifiée", "Feedback par commentaires", "Adresse de courriel",
        "Numéro d’identification", "Nom d’utilisateur", "Nom complet", "Non", Comma;
    "es": "Identificador", "Calificación", "Calificación máxima",
        "Última modificación (calificación)", "La calificación puede ser cambiada",
        "Comentarios de retroalimentación", "Dirección de correo", "Número de ID",
        "Nombre de usuario", "Nombre completo", "No", Comma;
    "nl": "Identificatie", "Cijfer", "Maximaal cijfer", "Laatst gewijzigd (beoordeling)",
        "Het cijfer kan gewijzigd worden", "Feedback tekstvak", "E-mailadres", "Nummer (ID)",
        "Gebruikersnaam", "Volledige naam", "Nee", Comma;
    "it": "Identificativo", "Valutazione", "Valutazione massima", "Ultima modifica (valutazione)",
        "La valutazione può essere cambiata", "Commenti", "Indirizzo email",
        "Codice identificativo", "Username", "Nome", "No", Comma;
    "pt": "Identificador", "Avaliação", "Nota máxima", "Última atualização (avaliação)",
        "A nota pode ser alterada.", "Comentários de feedback", "E-mail",
        "Número de identificação (ID)", "Nome de utilizador", "Nome completo", "Não", Comma;
    "ca": "Identificador", "Qualificació", "Qualificació màxima",
        "Darrera modificació (qualificació)", "Es pot canviar la qualificació",
        "Comentaris de retroacció.", "Adreça electrònica", "Número ID", "Nom d'usuari",
        "Nom complet", "No", Comma;
    "sv": "Identifierare", "Betyg", "Maxbetyg", "Senast modifierat (betyg)", "Betyg kan ändras",
        "Återkopplingskommentarer", "E-postadress", "ID nummer", "Användarnamn",
        "Fullständigt namn", "Nej", Comma;
    "ru": "Идентификатор", "Оценка", "Максимальная оценка", "Последнее изменение (оценка)",
        "Оценка может быть изменена", "Отзыв в виде комментария", "Адрес электронной почты",
        "Индивидуальный номер", "Логин", "Полное имя", "Нет", Comma;
    "tr": "Tanımlayıcı", "Not", "Enyüksek not", "Son düzenleme (not)", "Not değiştirilebilir",
        "Geri bildirim yorumları", "E-posta adresi", "ID numarası", "Kullanıcı adı", "Tam adı",
        "Hayır", Comma;
    "ja": "ID", "評点", "最大評点", "最終更新日時 (評定)", "評点変更可", "フィードバックコメント",
        "メールアドレス", "IDナンバ", "ユーザ名", "フルネーム", "No", Point;
}

/// The language whose three words that Moodle looks for are all headers.
pub fn of(headers: &[&str]) -> Option<Language> {
    let is_there = |word: &str| headers.contains(&word);
    let speaks = |language: &&Language| {
        [language.identifier, language.grade, language.modified]
            .into_iter()
            .all(is_there)
    };
    LANGUAGES.iter().find(speaks).copied()
}
