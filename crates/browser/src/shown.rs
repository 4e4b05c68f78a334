//! A page in a browser, and what a reader can do with it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use headless_chrome::protocol::cdp::types::Event;
use headless_chrome::protocol::cdp::{Emulation, Log, Network, Page, Runtime};
use headless_chrome::types::PrintToPdfOptions;
use headless_chrome::{Browser, LaunchOptions, Tab};
use tempfile::TempDir;

/// How long a page may take to come to what is waited for, in milliseconds.
const DEADLINE_MS: u64 = 20_000;

/// A page is there when its live region says something; one without scripts, when it is
/// read.
const READY: &str = "document.querySelector('#live')?.textContent
    || document.body?.dataset.done
    || (document.readyState === 'complete' && document.scripts.length === 0)";

/// A screen and what its owner prefers.
#[derive(Clone, Copy)]
pub struct Screen {
    /// Its width, in pixels.
    pub width: u32,
    /// Its height, in pixels.
    pub height: u32,
    /// `light` or `dark`.
    pub scheme: &'static str,
}

/// A desktop.
pub const DESKTOP: Screen = Screen {
    width: 1280,
    height: 900,
    scheme: "light",
};

/// A phone.
pub const PHONE: Screen = Screen {
    width: 360,
    height: 740,
    scheme: "light",
};

impl Screen {
    /// The same for somebody who likes it dark.
    #[must_use]
    pub fn dark(self) -> Self {
        Self {
            scheme: "dark",
            ..self
        }
    }
}

/// A page in a browser.
pub struct Shown {
    tab: Arc<Tab>,
    troubles: Arc<Mutex<Vec<String>>>,
    url: String,
    _browser: Browser,
}

/// Shows a page on a desktop, does something with it, and asserts that the browser had
/// nothing to complain about.
///
/// # Panics
///
/// If it had, or `act` does.
pub fn show(page: &[u8], hash: &str, act: impl FnOnce(&Shown)) {
    show_on(DESKTOP, page, hash, act);
}

/// The same on another screen.
///
/// # Panics
///
/// As [`show`].
pub fn show_on(screen: Screen, page: &[u8], hash: &str, act: impl FnOnce(&Shown)) {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("page.html");
    std::fs::write(&file, page).expect("a file in it");
    show_file(screen, &file, hash, act);
}

/// The same for a file with others in its folder that it may lead to.
///
/// # Panics
///
/// As [`show`].
pub fn show_file(screen: Screen, file: &Path, hash: &str, act: impl FnOnce(&Shown)) {
    let Some(shown) = Shown::open(screen, file, hash) else {
        return;
    };
    act(&shown);
    let troubles = shown.troubles.lock().expect("no test panics in it");
    assert!(troubles.is_empty(), "the browser complains: {troubles:#?}");
}

/// Whether there is a browser to show pages in.
pub fn is_there() -> bool {
    chromium().is_some()
}

/// Chromium, where it is installed.
fn chromium() -> Option<PathBuf> {
    let found = headless_chrome::browser::default_executable().ok();
    let is_required = std::env::var_os("FAULTLINE_BROWSER").is_some_and(|it| it == "required");
    match found {
        None if is_required => panic!("FAULTLINE_BROWSER=required, and there is no chromium"),
        None => {
            eprintln!("skipped: there is no chromium (Debian: apt-get install chromium)");
            None
        }
        Some(path) => Some(path),
    }
}

impl Shown {
    fn open(screen: Screen, file: &Path, hash: &str) -> Option<Self> {
        let path = chromium()?;
        let options = LaunchOptions::default_builder()
            .path(Some(path))
            // As root there is no sandbox, and the page is ours.
            .sandbox(false)
            .window_size(Some((screen.width, screen.height)))
            .idle_browser_timeout(Duration::from_secs(120))
            .args(vec![OsStr::new("--disable-dev-shm-usage")])
            .build()
            .expect("options");
        let browser = Browser::new(options).expect("chromium starts");
        let tab = browser.new_tab().expect("a tab");
        let url = format!("file://{}{hash}", file.display());
        let troubles = watch(&tab, &url);
        let shown = Self {
            tab,
            troubles,
            url,
            _browser: browser,
        };
        shown.prefer(screen);
        shown.tab.navigate_to(&shown.url).expect("it navigates");
        shown.wait(READY);
        Some(shown)
    }

    fn prefer(&self, screen: Screen) {
        let scheme = Emulation::MediaFeature {
            name: "prefers-color-scheme".to_owned(),
            value: screen.scheme.to_owned(),
        };
        let media = Emulation::SetEmulatedMedia {
            media: None,
            features: Some(vec![scheme]),
        };
        self.tab.call_method(media).expect("a scheme");
        let metrics = Emulation::SetDeviceMetricsOverride {
            width: screen.width,
            height: screen.height,
            device_scale_factor: 1.0,
            mobile: screen.width < 500,
            scale: None,
            screen_width: None,
            screen_height: None,
            position_x: None,
            position_y: None,
            dont_set_visible_size: None,
            screen_orientation: None,
            viewport: None,
            display_feature: None,
            device_posture: None,
        };
        self.tab.call_method(metrics).expect("a size");
    }

    /// What an expression of JavaScript comes to, as text.
    pub fn eval(&self, expression: &str) -> String {
        let wrapped = format!("(async () => String(await ({expression})))()");
        let told = self.tab.evaluate(&wrapped, true).expect(expression);
        let value = told.value.unwrap_or_default();
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an expression is true, frame by frame.
    pub fn wait(&self, condition: &str) {
        let expression = format!(
            "new Promise((yes) => {{
               const start = performance.now();
               const look = () => {{
                 if ({condition}) yes(\"seen\");
                 else if (performance.now() - start > {DEADLINE_MS}) yes(\"late\");
                 else requestAnimationFrame(look);
               }};
               look();
             }})"
        );
        let seen = self.eval(&expression);
        let said = "document.querySelector('#live')?.textContent ?? document.body.textContent";
        assert_eq!(
            seen,
            "seen",
            "{condition}; the page says: {}",
            self.eval(said)
        );
    }

    /// Waits until the live region says something with these words.
    pub fn hear(&self, words: &str) {
        let words = serde_json::to_string(words).expect("a string");
        self.wait(&format!(
            "document.querySelector('#live')?.textContent.includes({words})"
        ));
    }

    /// Presses a key.
    pub fn press(&self, key: &str) {
        self.tab.press_key(key).expect(key);
    }

    /// Types a text where the focus is.
    pub fn type_text(&self, text: &str) {
        self.tab.type_str(text).expect(text);
    }

    /// Presses the button with this name.
    pub fn push(&self, button: &str) {
        let selector = format!("button[aria-label='{button}']");
        let found = self.tab.wait_for_element(&selector).expect(button);
        found.click().expect(button);
    }

    /// The text of the first element that a selector finds.
    pub fn text(&self, selector: &str) -> String {
        let selector = serde_json::to_string(selector).expect("a string");
        self.eval(&format!("document.querySelector({selector}).innerText ?? document.querySelector({selector}).textContent"))
    }

    /// How many elements a selector finds.
    pub fn count(&self, selector: &str) -> usize {
        let selector = serde_json::to_string(selector).expect("a string");
        let number = self.eval(&format!("document.querySelectorAll({selector}).length"));
        number.parse().expect("a number")
    }

    /// The page on paper: A4, with backgrounds, as most printers are set.
    pub fn pdf(&self) -> Vec<u8> {
        let options = PrintToPdfOptions {
            prefer_css_page_size: Some(true),
            print_background: Some(true),
            paper_width: Some(8.27),
            paper_height: Some(11.69),
            ..PrintToPdfOptions::default()
        };
        self.tab.print_to_pdf(Some(options)).expect("it prints")
    }

    /// What a reader sees, as PNG.
    pub fn picture(&self) -> Vec<u8> {
        let format = Page::CaptureScreenshotFormatOption::Png;
        let taken = self.tab.capture_screenshot(format, None, None, true);
        taken.expect("a picture")
    }
}

/// Notes whatever a browser could complain about, from before the page is there.
fn watch(tab: &Arc<Tab>, url: &str) -> Arc<Mutex<Vec<String>>> {
    let troubles = Arc::new(Mutex::new(Vec::new()));
    let (noted, own) = (Arc::clone(&troubles), url.to_owned());
    let listener = move |event: &Event| {
        if let Some(trouble) = trouble(event, &own) {
            noted.lock().expect("nothing panics in it").push(trouble);
        }
    };
    tab.add_event_listener(Arc::new(listener))
        .expect("it listens");
    tab.enable_log().expect("a log");
    tab.enable_runtime().expect("a runtime");
    tab.call_method(Network::Enable {
        max_total_buffer_size: None,
        max_resource_buffer_size: None,
        max_post_data_size: None,
        report_direct_socket_traffic: None,
        enable_durable_messages: None,
    })
    .expect("a network to watch");
    troubles
}

fn trouble(event: &Event, own: &str) -> Option<String> {
    match event {
        Event::LogEntryAdded(told) => {
            let entry = &told.params.entry;
            let is_grave = matches!(
                entry.level,
                Log::LogEntryLevel::Warning | Log::LogEntryLevel::Error
            );
            is_grave.then(|| format!("log: {}", entry.text))
        }
        Event::RuntimeConsoleAPICalled(told) => {
            use Runtime::ConsoleAPICalledEventTypeOption as Type;
            let is_grave = matches!(told.params.Type, Type::Warning | Type::Error | Type::Assert);
            is_grave.then(|| format!("console: {:?}", told.params.args))
        }
        Event::RuntimeExceptionThrown(told) => {
            Some(format!("exception: {:?}", told.params.exception_details))
        }
        Event::NetworkRequestWillBeSent(told) => {
            let asked = &told.params.request.url;
            let folder = own.rsplit_once('/').map_or(own, |(folder, _)| folder);
            let leads = told.params.Type == Some(Network::ResourceType::Document);
            (!leads || !asked.starts_with(folder)).then(|| format!("request: {asked}"))
        }
        _ => None,
    }
}
