//! Nasty texts, and what becomes of them in each place that they may end up in, as
//! other readers see it.

use std::io::Write;

use grader::report::page::page;
use grader::report::sink::{csv, html, json, markdown, terminal, visible, workflow, xml};
use maud::html as markup;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use scraper::{Html, Selector};

/// Texts that bite where they are not expected.
pub const NASTY: [&str; 31] = [
    "",
    " ",
    "plain",
    "\u{1b}[2J\u{1b}]0;title\u{7}",
    "\u{9b}31m and \u{90}device\u{9c}",
    "\r\nsection_start:0:x\r\u{1b}[0K",
    "user\u{202e}gpj.exe",
    "a\u{2066}b\u{200b}c\u{feff}d\u{ad}e",
    "\u{e0041}\u{fe0f}\u{3164}\u{ffff}\u{fffe}\u{0}",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "::error file=x.rs::pwned",
    " \t::set-output name=a::b",
    "\u{3000}::stop-commands::x",
    "a\n::add-mask::a\r::warning::b\u{2028}::error::c",
    "x ##[error]y ##vso[task.complete]z ###[group] ##teamcity[a]",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</style></title><svg onload=x>",
    "]]> &amp; <!-- --> <?xml?> <!DOCTYPE a>",
    "=HYPERLINK(\"http://x\")",
    "+1 -1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "ada;=cmd|' /C calc'!A0",
    "\"=1\"|＝1",
    "![x](http://x/y.png) [a](javascript:x) <http://x> https://x.org www.x.org",
    "@everyone #12 owner/repo#3 deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
    "``` ```` `\n````\n# heading\n| a | b |\n~~~",
    "`a` \\| b | c \\",
];

/// No letter of a text hides, and each line break is one of ours.
fn is_plain(text: &str, breaks: usize) -> bool {
    let hidden = |letter: char| letter != '\n' && visible::hides(letter);
    !text.chars().any(hidden) && text.matches('\n').count() == breaks
}

/// No line of a text is a command of a CI system, read as its own code reads it.
fn has_no_command(text: &str) -> bool {
    let is_v1 = |line: &str| {
        ["##[", "##vso[", "##teamcity["]
            .iter()
            .any(|start| line.contains(start))
    };
    !text
        .split(['\n', '\r'])
        .any(|line| line.trim_start().starts_with("::") || is_v1(line))
}

#[test]
fn what_hides_is_written_out() {
    let cases = [
        ("ada lovelace", "ada lovelace"),
        ("Zoë Ångström 中文 עברית", "Zoë Ångström 中文 עברית"),
        ("user\u{202e}gpj.exe", "user\\u{202e}gpj.exe"),
        ("\u{1b}[31m", "\\u{1b}[31m"),
        ("a\nb\tc", "a\\u{a}b\\u{9}c"),
        ("x\u{9b}2J", "x\\u{9b}2J"),
        ("\u{ffff}\u{e0041}", "\\u{ffff}\\u{e0041}"),
        ("::error::x", "\\u{3a}:error::x"),
        ("  ::error::x", "  \\u{3a}:error::x"),
        ("at lab1.rs::x", "at lab1.rs::x"),
        ("a ##[error]", "a #\\u{23}[error]"),
        ("###vso[x]", "##\\u{23}vso[x]"),
        ("## 12", "## 12"),
    ];
    for (text, expected) in cases {
        assert_eq!(visible::line(text), expected);
    }
    let marks = format!("e{}", "\u{301}".repeat(6));
    let shown = format!("e{}\\u{{301}}\\u{{301}}", "\u{301}".repeat(4));
    assert_eq!(visible::line(&marks), shown);
    assert_eq!(visible::lines("a\r\n::b\rc"), "a\n\\u{3a}:b\\u{d}c");
}

#[test]
fn a_terminal_gets_bounded_lines_behind_a_bar() {
    assert_eq!(terminal::cell("abcdef", 4), "abc…");
    assert_eq!(terminal::cell("abcd", 4), "abcd");
    let long = terminal::line(&"x".repeat(1007));
    assert!(long.ends_with("x… and 7 more letters"));
    let quoted = terminal::quoted("::a\nb\n\nc\nd", 3);
    assert_eq!(quoted, ["| \\u{3a}:a", "| b", "| ", "… and 2 more lines"]);
    assert_eq!(terminal::quoted("", 3), [""; 0]);
}

#[test]
fn a_spreadsheet_computes_nothing() {
    let cases = [
        ("ada", "ada"),
        ("7 of 9", "7 of 9"),
        ("=1+1", "'=1+1"),
        ("  =1", "  '=1"),
        ("-5", "'-5"),
        ("＠x", "'＠x"),
        ("\t=1", "'\\u{9}=1"),
        ("ada;=1", "ada;'=1"),
        ("ada;\"=1", "ada;\"'=1"),
        ("a-b", "a-b"),
        ("::error::x", "\\u{3a}:error::x"),
    ];
    for (text, expected) in cases {
        assert_eq!(csv::cell(text), expected);
    }
}

/// Cells that a spreadsheet makes of a row, whatever separator it goes by.
fn cells(row: &str, separator: char) -> Vec<String> {
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(separator).expect("ASCII"))
        .from_reader(row.as_bytes());
    let rows = reader.records().map(|row| row.expect("a row of CSV"));
    rows.flat_map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

fn is_formula(cell: &str) -> bool {
    let cell = cell.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '"');
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

fn check_csv(text: &str) {
    let mut table = ::csv::Writer::from_writer(Vec::new());
    let row = [&csv::cell(text), "1"];
    table.write_record(row).expect("a vector takes it");
    let table = table.into_inner().expect("a vector takes it");
    let table = String::from_utf8(table).expect("text");
    assert!(is_plain(&table, 1) && has_no_command(&table), "{table:?}");
    assert_eq!(cells(&table, ','), row, "{table:?}");
    for separator in [',', ';', '\t', '|'] {
        let formula = cells(&table, separator)
            .into_iter()
            .find(|cell| is_formula(cell));
        assert_eq!(formula, None, "{separator:?} in {table:?}");
    }
}

fn check_terminal(text: &str) {
    for shown in [terminal::line(text), terminal::cell(text, 40)] {
        assert!(is_plain(&shown, 0) && has_no_command(&shown), "{shown:?}");
    }
    let quoted = terminal::quoted(text, 5);
    assert!(quoted.len() <= 6);
    for line in quoted {
        assert!(is_plain(&line, 0) && has_no_command(&line), "{line:?}");
    }
}

fn check_xml(text: &str) {
    let (attribute, body) = (xml::attribute(text), xml::body(text));
    let mut report = quick_junit::Report::new(&*attribute);
    let mut status = quick_junit::TestCaseStatus::non_success(quick_junit::NonSuccessKind::Failure);
    status.set_description(&*body);
    let mut suite = quick_junit::TestSuite::new(&*attribute);
    suite.add_test_case(quick_junit::TestCase::new(&*attribute, status));
    report.add_test_suite(suite);
    let written = report.to_string().expect("XML");
    assert!(has_no_command(&written), "{written}");
    let read = roxmltree::Document::parse(&written).expect("XML");
    let of = |name: &str| {
        let mut elements = read.descendants().filter(|e| e.has_tag_name(name));
        elements.next().expect("an element")
    };
    assert_eq!(of("testcase").attribute("name"), Some(&*attribute));
    assert_eq!(of("failure").text().unwrap_or_default(), body);
    assert_eq!(
        read.root_element()
            .descendants()
            .filter(|e| e.is_element())
            .count(),
        4
    );
}

fn check_html(text: &str) {
    let body = markup! { p title=(text) { (text) } };
    let written = page(text, "p { color: red }", &body);
    assert!(is_plain(&written, written.matches('\n').count()));
    let read = Html::parse_document(&written);
    let select = |what: &str| {
        let selector = Selector::parse(what).expect("a selector");
        let found: Vec<_> = read.select(&selector).map(|e| e.html()).collect();
        found
    };
    assert_eq!(select("body *").len(), 1, "{written}");
    assert_eq!(select("head *").len(), 7, "{written}");
    let selector = Selector::parse("p").expect("a selector");
    let shown = read.select(&selector).next().expect("a paragraph");
    let plain = |text: &str| html::visible(text).replace('\r', "\\u{d}");
    assert_eq!(shown.text().collect::<String>(), plain(text));
    assert_eq!(shown.attr("title"), Some(&*plain(text)));
}

/// What Markdown makes of a text: its code, and what there is besides.
fn rendered(markdown: &str) -> (Vec<String>, Vec<String>) {
    let (mut code, mut besides) = (Vec::new(), Vec::new());
    let mut in_block = false;
    for event in Parser::new_ext(markdown, Options::all()) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => {
                in_block = true;
                code.push(String::new());
            }
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_block = false,
            Event::Text(text) if in_block => code.last_mut().expect("a block").push_str(&text),
            Event::Code(text) => code.push(text.into_string()),
            Event::Text(text) => besides.push(text.into_string()),
            Event::Start(Tag::Paragraph | Tag::Table(_) | Tag::TableHead | Tag::TableRow)
            | Event::Start(Tag::TableCell | Tag::Heading { .. })
            | Event::End(_) => {}
            other => besides.push(format!("{other:?}")),
        }
    }
    (code, besides)
}

fn check_markdown(text: &str) {
    let line = visible::line(text).replace('|', "\\u{7c}");
    let inline = markdown::inline(text);
    assert!(
        is_plain(&inline, 0) && has_no_command(&inline),
        "{inline:?}"
    );
    let expected = match line.trim().is_empty() {
        true => " ",
        false => &*line,
    };
    let (code, besides) = rendered(&inline);
    assert_eq!(
        (code, besides),
        (vec![expected.to_owned()], vec![]),
        "{inline:?}"
    );
    let table = format!("| a | b |\n|---|--:|\n| {inline} | 1 |\n");
    let (code, besides) = rendered(&table);
    let heads = ["a", "b", "1"].map(str::to_owned);
    assert_eq!(
        (code, besides),
        (vec![expected.to_owned()], heads.to_vec()),
        "{table:?}"
    );
    let block = markdown::fenced(text);
    assert!(has_no_command(&block), "{block:?}");
    let (code, besides) = rendered(&format!("{block}\nend\n"));
    let body = visible::lines(text) + "\n";
    assert_eq!(
        (code, besides),
        (vec![body], vec!["end".to_owned()]),
        "{block:?}"
    );
}

fn check_workflow(text: &str) {
    let (property, data) = (workflow::property(text), workflow::data(text));
    assert!(is_plain(&property, 0) && is_plain(&data, 0));
    assert!(!property.contains([':', ',']), "{property}");
    let command = format!("::error title={property}::{data}");
    // As `actions/runner` reads it (`ActionCommand.cs`).
    let rest = command.strip_prefix("::").expect("a command");
    let (head, said) = rest.split_once("::").expect("an end of the command");
    let (name, properties) = head.split_once(' ').expect("properties");
    let properties: Vec<&str> = properties.split(',').collect();
    assert_eq!((name, properties.len()), ("error", 1));
    let said = said
        .replace("%0D", "\r")
        .replace("%0A", "\n")
        .replace("%25", "%");
    assert_eq!(said, visible::lines(text));
}

fn check_json(text: &str) {
    for written in [
        json::line(&text).expect("JSON"),
        json::pretty(&[text]).expect("JSON"),
    ] {
        assert!(
            is_plain(&written, written.matches('\n').count()),
            "{written:?}"
        );
        assert!(has_no_command(&written), "{written:?}");
    }
    let line = json::line(&text).expect("JSON");
    assert_eq!(line.matches('\n').count(), 1);
    let read: String = serde_json::from_str(&line).expect("JSON");
    assert_eq!(read, text);
}

fn check(text: &str) {
    check_terminal(text);
    check_csv(text);
    check_xml(text);
    check_html(text);
    check_markdown(text);
    check_workflow(text);
    check_json(text);
}

#[test]
fn no_nasty_text_bites_anywhere() {
    for text in NASTY {
        check(text);
    }
}

/// Text that is likely to be made of what means something somewhere.
fn texts() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(NASTY.to_vec()).prop_map(str::to_owned);
    let letters = "[`~<>&\"'#|;,:=+@%{}\\[\\]()!*_ \\\\\n\r\t\u{1b}\u{202e}a-]{0,12}";
    prop::collection::vec(prop_oneof![nasty, letters, any::<String>()], 0..4)
        .prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn no_text_bites_anywhere(text in texts()) {
        check(&text);
    }

    #[test]
    fn what_is_shown_is_shown_again_as_it_is(text in texts()) {
        let shown = visible::lines(&text);
        prop_assert_eq!(visible::lines(&shown), shown);
    }
}

#[test]
fn every_letter_that_there_is_hides_or_is_seen() {
    let controls = ('\0'..=char::MAX).filter(|letter| letter.is_control());
    assert!(controls.into_iter().all(visible::hides));
    for seen in [
        'a', ' ', '~', 'é', 'ß', '中', 'ק', 'ع', 'ํ', '😀', '\u{fffd}', '\u{301}',
    ] {
        assert!(!visible::hides(seen), "{seen:?}");
    }
}

#[test]
fn a_page_loads_nothing_but_its_own_style() {
    let written = page("title", "p { color: red }", &markup! { p { "x" } });
    let read = Html::parse_document(&written);
    let select = |what: &str| {
        let selector = Selector::parse(what).expect("a selector");
        read.select(&selector).next().expect("an element")
    };
    let style: String = select("style").text().collect();
    let policy = select("meta[http-equiv=Content-Security-Policy]").attr("content");
    assert_eq!(policy, Some(&*html::policy(&style, None)));
    let policy = policy.unwrap_or_default();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
    assert!(!policy.contains("unsafe"));
}

#[test]
fn text_that_is_stopped_is_between_two_equal_words() {
    let stopped = |text: &str| {
        let mut log = Vec::new();
        workflow::while_stopped(&mut log, |log| write!(log, "{text}")).expect("random numbers");
        String::from_utf8(log).expect("text")
    };
    let log = stopped("::error::x\n");
    let lines: Vec<&str> = log.lines().collect();
    let token = lines[0].strip_prefix("::stop-commands::").expect("a token");
    assert_eq!(token.len(), 32);
    assert_eq!(lines[1..], ["::error::x", &*format!("::{token}::")]);
    assert_ne!(stopped("x\n"), stopped("x\n"));
}
