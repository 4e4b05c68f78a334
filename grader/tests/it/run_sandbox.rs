//! What a hostile handler comes to: each names its end, and none gets what it wants.
//!
//! The same handlers are tried without one layer of the sandbox, to see that they would
//! get it: a probe that never succeeds shows nothing.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use course::catalogue::Limits;
use grader::compile::{Compiled, Program, compile};
use grader::intake::Sources;
use grader::launch::{Confinement, Launcher, launch};
use runner::end::End as Told;
use runner::serve::STATUS_BYTES;
use sandbox::tier::{Layer, offered};
use verdict::bounded::{self, Bounds};
use verdict::end::End;
use verdict::received::read_channel;
use verdict::run::Run;
use vmsim::handlers::Hole;

use crate::workspace::{KIT, TIGHT};

/// Two writes to memory that nobody touched before: two calls of `demand_zero`.
const TRACE: &str =
    "mmap 1 0x10000000 16K rw private anon\nwrite 1 0x10000000 =7\nwrite 1 0x10001000 =8\n";

/// The page that the trace begins with.
const FIRST_PAGE: usize = 0x10000;

/// A submission whose `demand_zero` does this.
fn handler(body: &str) -> Hostile {
    whole_file(&format!(
        "pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {{\n{body}\n}}"
    ))
}

/// The right `demand_zero`, after a statement.
fn harmless_but(statement: &str) -> Hostile {
    handler(&format!("{statement}\n{RIGHT}"))
}

const RIGHT: &str = "let rights = k.vma(fault.page).rights(); let frame = k.alloc()?;
    k.zero(&frame); let old = k.map(fault.page, frame, rights).shoot_down(k);
    k.put_old(old); Ok(())";

/// A submission whose lab2.rs is the skeleton's, but for `demand_zero`.
fn whole_file(text: &str) -> Hostile {
    let others = "pub fn zero_page(_: &mut Kernel, _: &PageFault) -> Repaired { todo!() }
        pub fn unmap_page(_: &mut Kernel, _: Page) { todo!() }";
    let lab2 = format!("use vmsim::prelude::*;\n{text}\n{others}\n");
    compiled(Sources {
        files: vec![("lab2.rs", lab2)],
        ..Sources::default()
    })
}

fn compiled(sources: Sources) -> Hostile {
    match compile(&KIT, &sources) {
        Ok(Compiled::Program(program)) => Hostile {
            program: Rc::new(program),
            trace: TRACE.to_owned(),
            limits: TIGHT,
            confinement: Confinement::REQUIRED,
        },
        other => panic!("it does not compile: {other:?}"),
    }
}

/// A program, and how it is run.
struct Hostile {
    program: Rc<Program>,
    trace: String,
    limits: Limits,
    confinement: Confinement,
}

impl Hostile {
    /// Leaves layers of the sandbox out.
    fn without(mut self, layers: &[Layer]) -> Self {
        self.confinement.without = layers.to_vec();
        self
    }

    fn run(&self) -> Run {
        let Hostile {
            program,
            trace,
            limits,
            confinement,
        } = self;
        launch(
            program,
            &[Hole::DemandZero],
            trace.as_bytes(),
            *limits,
            confinement,
        )
        .unwrap_or_else(|error| panic!("{error}"))
    }

    /// The run ends so.
    fn ends_as(&self, end: End) -> Run {
        let run = self.run();
        assert_eq!(run.end, end, "{}", run.message);
        run
    }

    /// The program is started once, and these runs of it end so.
    fn end_one_after_another(&self, traces: &[&str], ends: &[End]) {
        let mut launcher = Launcher::new(&self.program, &self.confinement);
        let ended = traces.iter().map(|trace| {
            let run = launcher.launch(&[Hole::DemandZero], trace.as_bytes(), self.limits);
            run.unwrap_or_else(|error| panic!("{error}")).end
        });
        assert_eq!(ended.collect::<Vec<_>>(), ends);
    }

    /// The run ends so, and these words are said of it.
    fn ends_as_and_says(&self, end: End, words: &str) {
        let run = self.ends_as(end);
        assert!(run.message.contains(words), "{}", run.message);
    }
}

/// One submission that does something else for each page, because a compilation takes
/// longer than a run: the statement of page `n` is that of the `n`th case.
fn cases<T: Copy>(cases: &[(&'static str, T)]) -> Vec<(Hostile, &'static str, T)> {
    let arms = cases.iter().enumerate().map(|(page, (statement, _))| {
        let page = FIRST_PAGE + page;
        format!("{page} => {{ {statement} }}\n")
    });
    let arms: String = arms.collect();
    let all = harmless_but(&format!("match fault.page.vpn.0 {{ {arms} _ => {{}} }}"));
    let program = all.program;
    let of_page = |(page, &(statement, expected)): (usize, &(&'static str, T))| {
        let addr = (FIRST_PAGE + page) << 12;
        let hostile = Hostile {
            program: Rc::clone(&program),
            trace: format!("mmap 1 {addr:#x} 4K rw private anon\nwrite 1 {addr:#x} =7\n"),
            limits: TIGHT,
            confinement: Confinement::REQUIRED,
        };
        (hostile, statement, expected)
    };
    cases.iter().enumerate().map(of_page).collect()
}

/// A handler that tells what came of an expression, by a panic.
fn probe(expression: &str) -> Hostile {
    handler(&format!(
        "let _ = (k, fault); panic!(\"probe: {{:?}}\", {expression})"
    ))
}

#[test]
fn a_right_handler_passes_and_all_layers_are_told() {
    let run = harmless_but("").ends_as(End::Passed);
    let tier = run.tier.expect("it ran");
    assert_eq!(tier.lacks(), []);
    assert_eq!(tier, offered(), "the machine offers what a run gets");
}

#[test]
fn what_std_does_with_memory_is_allowed() {
    harmless_but(
        "use std::collections::{BTreeMap, HashMap};
        let words: HashMap<u32, String> = (0..1000).map(|n| (n, n.to_string())).collect();
        let sorted: BTreeMap<_, _> = words.iter().collect();
        let mut bytes = vec![1u8; 40 << 20]; bytes.resize(50 << 20, 2); drop(bytes);
        let small: Vec<Box<[u8; 4096]>> = (0..2000).map(|_| Box::new([3; 4096])).collect();
        drop(small);
        let none = Vec::<u8>::new().try_reserve(1 << 40);
        assert!(none.is_err() && sorted.len() == 1000);
        let lock = std::sync::Mutex::new(1); *lock.lock().unwrap() += 1;
        std::sync::Condvar::new().notify_all();
        let _ = std::time::Instant::now().elapsed();
        println!(\"printed\"); eprintln!(\"as well\");",
    )
    .ends_as(End::Passed);
}

#[test]
fn whatever_leaves_the_process_is_a_forbidden_call() {
    let statements = [
        "let _ = std::fs::read(\"/etc/passwd\");",
        "let _ = std::fs::metadata(\"/etc/passwd\");",
        "let _ = std::fs::write(\"here\", \"x\");",
        "let _ = std::env::current_dir();",
        "let _ = std::env::set_current_dir(\"/\");",
        "let _ = std::env::current_exe();",
        "let _ = std::net::TcpStream::connect(\"127.0.0.1:1\");",
        "let _ = std::net::UdpSocket::bind(\"127.0.0.1:0\");",
        "let _ = std::os::unix::net::UnixStream::pair();",
        "let _ = std::process::Command::new(\"/bin/sh\").spawn();",
        "std::thread::spawn(|| ());",
        "std::thread::sleep(std::time::Duration::from_millis(1));",
        "std::thread::park();",
        "std::thread::yield_now();",
        "let _ = std::io::stdin().read_line(&mut String::new());",
        "let _ = std::io::pipe();",
        "let lock = std::sync::Mutex::new(1); let (_a, _b) = (lock.lock(), lock.lock());",
        "let (_keep, never) = std::sync::mpsc::channel::<()>(); let _ = never.recv();",
        "let _ = std::io::IsTerminal::is_terminal(&std::io::stdout());",
        "let _ = std::thread::available_parallelism();",
    ];
    for (hostile, statement, ()) in cases(&statements.map(|statement| (statement, ()))) {
        let run = hostile.run();
        assert_eq!(run.end, End::ForbiddenCall, "{statement}: {}", run.message);
    }
}

#[test]
fn a_handler_sees_nothing_of_the_grader() {
    probe("std::env::args().collect::<Vec<_>>()")
        .ends_as_and_says(End::Panicked, "probe: [\"submission\"]");
    probe("std::env::vars().count()").ends_as_and_says(End::Panicked, "probe: 0");
}

#[test]
fn every_way_to_stop_has_its_name() {
    let all = [
        ("std::process::exit(0);", End::Failed, "ended before the end"),
        ("std::process::exit(70);", End::Failed, "ended before the end"),
        ("std::process::abort();", End::Panicked, "killed by signal 6"),
        ("loop {}", End::TimeLimit, "s o"),
        ("loop { println!(\"flood\"); }", End::OutputLimit, "printed"),
        ("loop { eprint!(\"flood\"); }", End::OutputLimit, "printed"),
        ("println!(\"{}\", \"x\".repeat(1 << 20));", End::OutputLimit, "printed"),
        ("loop { std::mem::forget(vec![1u8; 1 << 20]); }", End::MemoryLimit, "128 MiB"),
        ("loop { std::mem::forget(std::hint::black_box(Box::new([1u8; 100]))); }", End::MemoryLimit, "128 MiB"),
        ("let _ = vec![0u8; 1 << 40];", End::MemoryLimit, "128 MiB"),
        (
            "fn down(n: u64) -> u64 { if n == 0 { 0 } else { down(n - 1) + std::hint::black_box(n) } }
             println!(\"{}\", down(u64::MAX));",
            End::Panicked,
            "the stack overflowed",
        ),
        ("panic!();", End::Panicked, "explicit panic"),
        ("std::panic::panic_any(7);", End::Panicked, ""),
        ("todo!(\"later\");", End::NotWritten, "later"),
    ];
    let all = all.map(|(statement, end, words)| (statement, (end, words)));
    for (hostile, statement, (end, words)) in cases(&all) {
        let run = hostile.run();
        assert_eq!(run.end, end, "{statement}: {}", run.message);
        assert!(run.message.contains(words), "{statement}: {}", run.message);
    }
}

#[test]
fn panics_that_are_caught_forged_or_doubled_gain_nothing() {
    let all = [
        ("let _ = std::panic::catch_unwind(|| panic!(\"caught\"));", End::Passed),
        ("std::panic::set_hook(Box::new(|_| ())); panic!();", End::Panicked),
        ("std::panic::set_hook(Box::new(|_| std::process::exit(0))); panic!();", End::Failed),
        (
            "std::panic::set_hook(Box::new(|_| loop { println!(\"{}\", \"x\".repeat(999)) })); panic!();",
            End::OutputLimit,
        ),
        ("std::panic::resume_unwind(Box::new(\"out of the blue\"));", End::Panicked),
        (
            "#[track_caller] fn here() -> &'static std::panic::Location<'static> {
                std::panic::Location::caller() }
             std::panic::panic_any(vmsim::kernel::KernelBug { message: \"=== end\".into(), location: here() });",
            End::Failed,
        ),
        (
            "struct Again; impl Drop for Again { fn drop(&mut self) { panic!(\"again\") } }
             let _again = Again; panic!(\"first\");",
            End::Panicked,
        ),
        (
            "struct Again; impl Drop for Again { fn drop(&mut self) { panic!(\"again\") } }
             std::panic::panic_any(Again);",
            End::Panicked,
        ),
        ("panic!(\"{}\", \"x\".repeat(40 << 20));", End::Panicked),
        ("panic!(\"a\\n=== end  3 {{}}\\n\");", End::Panicked),
    ];
    for (hostile, statement, end) in cases(&all) {
        let run = hostile.run();
        assert_eq!(run.end, end, "{statement}: {}", run.message);
        assert!(run.message.len() < 5 << 10, "{statement}");
    }
}

#[test]
fn printed_frames_are_no_frames() {
    let run = harmless_but(
        "println!(\"=== sandbox  {{}}\"); eprintln!(\"=== end  3 {{\\\"end\\\":\\\"finished\\\"}}\");
         std::process::exit(0);",
    )
    .ends_as(End::Failed);
    assert!(!run.told);
}

#[test]
fn what_a_handler_remembers_is_forgotten_with_its_process() {
    let counting = whole_file(&format!(
        "static CALLS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
         pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {{
            let before = CALLS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            assert!(before < 2, \"the third call\");
            {RIGHT}
         }}"
    ));
    counting.end_one_after_another(&[TRACE; 3], &[End::Passed; 3]);
}

/// One process is forked for each run; what one run comes to, no other meets.
#[test]
fn whatever_a_run_comes_to_the_next_one_is_as_ever() {
    let cases = cases(&[
        ("", End::Passed),
        ("std::process::abort();", End::Panicked),
        ("", End::Passed),
        ("panic!(\"told\");", End::Panicked),
        ("std::process::exit(0);", End::Failed),
        ("loop { std::hint::spin_loop(); }", End::TimeLimit),
        ("", End::Passed),
        ("loop { println!(\"{:64}\", 0); }", End::OutputLimit),
        (
            "let _ = std::fs::read(\"/etc/passwd\");",
            End::ForbiddenCall,
        ),
        ("print!(\"unread\");", End::Passed),
        (
            "std::hint::black_box(vec![1u8; 200 << 20]);",
            End::MemoryLimit,
        ),
        ("", End::Passed),
    ]);
    let traces: Vec<&str> = cases.iter().map(|(it, ..)| it.trace.as_str()).collect();
    let ends: Vec<End> = cases.iter().map(|(.., end)| *end).collect();
    cases[0].0.end_one_after_another(&traces, &ends);
}

/// The program that forks is not the student's to run in: a destructor of theirs would, if
/// it dropped what it has.
#[test]
fn nothing_of_the_students_runs_in_the_process_that_forks() {
    let dropped = whole_file(&format!(
        "impl Drop for crate::Submission {{ fn drop(&mut self) {{
            eprintln!(\"dropped\"); std::process::abort(); }} }}
         pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {{ {RIGHT} }}"
    ));
    let socket = UnixStream::pair().expect("sockets");
    let server = Command::new(&dropped.program.path)
        .stdin(OwnedFd::from(socket.1))
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut asking = socket.0;
    let hello = format!(
        " --serve --sandbox required --parent {}\n",
        std::process::id()
    );
    asking.write_all(hello.as_bytes()).expect("it listens");
    asking
        .read_exact(&mut [0; STATUS_BYTES])
        .expect("it is ready");
    drop(asking);
    let ended = server.wait_with_output().expect("it ends");
    assert!(ended.status.success(), "{}", ended.status);
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}

#[test]
fn static_data_beyond_all_limits_is_a_memory_limit() {
    // What the compiler has room for, a run that may use less has not.
    let mut hostile = whole_file(&format!(
        "static LARGE: std::sync::Mutex<[u8; 48 << 20]> = std::sync::Mutex::new([0; 48 << 20]);
         pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {{
            LARGE.lock().unwrap()[fault.page.vpn.0 as usize] = 1; {RIGHT} }}"
    ));
    hostile.limits.memory_mib = 32;
    hostile.ends_as(End::MemoryLimit);
}

/// What a program is linked around has all that a source may use.
#[test]
fn a_handler_may_use_whatever_std_has() {
    harmless_but(
        "let n = fault.page.vpn.0; let wide = u128::from(n) * u128::from(n);
         assert_eq!(wide / u128::from(n) % 7, u128::from(n) % 7);
         let angle = (n as f64).sin().powf(2.0) + (n as f64).cos().powi(2);
         assert!((angle - 1.0).abs() < 1e-9 && (n as f32).ln().exp().is_finite());
         assert_eq!((\"1.5\".parse::<f64>(), \"12\".parse::<u8>()), (Ok(1.5), Ok(12)));
         let mut lines: Vec<String> = (0..40).map(|n| format!(\"{n:>5.1?} {n:#x} {n:e}\")).collect();
         lines.sort_by(|a, b| b.chars().rev().cmp(a.chars().rev()));
         let text = lines.join(\"\\n\"); assert!(text.to_uppercase().contains('X'));
         let chars: std::collections::BTreeMap<char, usize> = text.chars().map(|c| (c, 1)).collect();
         let heap: std::collections::BinaryHeap<_> = chars.into_iter().collect();
         assert!(heap.into_sorted_vec().len() > 10);
         let shared = std::sync::Arc::new(std::sync::RwLock::new(std::path::PathBuf::from(\"a/b\")));
         assert!(shared.read().unwrap().file_name().is_some());",
    )
    .ends_as(End::Passed);
}

/// `policy::Own` is made by code of the student's, too.
#[test]
fn nothing_of_the_students_runs_before_the_sandbox() {
    let policy = "use vmsim::prelude::*; use vmsim::replacement::Policy;
        pub struct Own {}
        impl Default for Own { fn default() -> Self {
            println!(\"{:?}\", std::fs::read(\"/etc/passwd\")); std::process::exit(3) } }
        impl Policy for Own { fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
            k.advance_clock() } }";
    let hostile = compiled(Sources {
        policy: Some(policy.to_owned()),
        ..Sources::default()
    });
    // It is not asked, so it is not made.
    hostile.ends_as(End::NotWritten);
    let run = grader::launch::launch_policy(
        &hostile.program,
        TRACE.as_bytes(),
        TIGHT,
        &Confinement::REQUIRED,
    );
    assert_eq!(run.expect("it starts").end, End::ForbiddenCall);
}

#[test]
fn without_seccomp_landlock_still_hides_every_file() {
    use Layer::{Landlock, Limits, Seccomp, User};

    let reads = "std::fs::read(\"/etc/passwd\").map(|bytes| bytes.len())";
    probe(reads)
        .without(&[Seccomp, Landlock])
        .ends_as_and_says(End::Panicked, "probe: Ok(");
    probe(reads)
        .without(&[Seccomp, Limits, User])
        .ends_as_and_says(End::Panicked, "PermissionDenied");
}

#[test]
fn without_landlock_seccomp_still_hides_every_file() {
    harmless_but("let _ = std::fs::read(\"/etc/passwd\");")
        .without(&[Layer::Landlock])
        .ends_as(End::ForbiddenCall);
}

#[test]
fn only_seccomp_hides_that_a_file_is_there() {
    let asks = "std::fs::metadata(\"/etc/passwd\").is_ok()";
    probe(asks)
        .without(&[Layer::Seccomp])
        .ends_as_and_says(End::Panicked, "probe: true");
    probe(asks).ends_as(End::ForbiddenCall);
}

#[test]
fn only_limits_keep_a_handler_from_much_memory() {
    let takes = "vec![1u8; 200 << 20].len()";
    probe(takes)
        .without(&[Layer::Limits])
        .ends_as_and_says(End::Panicked, "probe: 209715200");
    probe(takes).ends_as(End::MemoryLimit);
}

#[test]
fn only_limits_keep_an_unconfined_handler_from_writing_files() {
    use Layer::{Landlock, Limits, Seccomp};

    let writes = "{ let at = std::env::temp_dir().join(format!(\"probe-{}\", std::process::id()));
        let written = std::fs::write(&at, \"x\"); let _ = std::fs::remove_file(at); written }";
    probe(writes)
        .without(&[Seccomp, Landlock, Limits])
        .ends_as_and_says(End::Panicked, "probe: Ok(())");
    probe(writes)
        .without(&[Seccomp, Landlock])
        .ends_as_and_says(End::Panicked, "killed by signal 25");
}

#[test]
fn a_handler_of_roots_is_somebody_else() {
    use Layer::{Landlock, Seccomp, User};

    let asks = "std::fs::read_to_string(\"/proc/self/status\").map(|status| {
        let lines = status.lines().map(str::to_owned);
        lines.filter(|line| line.starts_with(\"Uid\") || line.starts_with(\"CapEff\")
            || line.starts_with(\"Groups\")).collect::<Vec<_>>().join(\";\").replace('\\t', \" \") })";
    let seen = |hostile: Hostile| hostile.ends_as(End::Panicked).message;
    let confined = seen(probe(asks).without(&[Seccomp, Landlock]));
    assert!(confined.contains("CapEff: 0000000000000000"), "{confined}");
    let is_root = seen(probe(asks).without(&[Seccomp, Landlock, User])).contains("Uid: 0 ");
    assert!(!confined.contains("Uid: 0 "), "{confined}");
    assert_eq!(
        is_root,
        confined.contains("Uid: 60") || confined.contains("Uid: 61")
    );
}

#[test]
fn no_descriptor_but_the_channel_and_the_capture_is_open() {
    use Layer::{Landlock, Limits, Seccomp};

    // The fourth is the channel, the fifth the folder that is being listed.
    probe(
        "std::fs::read_dir(\"/proc/self/fd\").map(|names| { let mut names: Vec<_> =
            names.map(|name| name.unwrap().file_name()).collect(); names.sort(); names })",
    )
    .without(&[Seccomp, Landlock, Limits])
    .ends_as_and_says(
        End::Panicked,
        "probe: Ok([\"0\", \"1\", \"2\", \"3\", \"4\"])",
    );
}

#[test]
fn a_process_that_is_left_behind_is_killed_or_not_waited_for() {
    use Layer::{Landlock, Limits, Seccomp, User};

    let all = [Seccomp, Landlock, Limits, User];
    for starts in ["", "setsid "] {
        // It keeps the pipes open; the grader is not to wait for it.
        let run = harmless_but(&format!(
            "std::process::Command::new(\"/bin/sh\").args([\"-c\", \"{starts}sleep 5 &\"])
                .spawn().unwrap().wait().unwrap();"
        ))
        .without(&all)
        .run();
        assert_eq!(run.end, End::Passed, "{}", run.message);
    }
}

#[test]
fn a_run_dies_with_whoever_started_it() {
    let hostile = harmless_but(
        "let start = std::time::Instant::now();
         while start.elapsed() < std::time::Duration::from_secs(3) {}",
    );
    let mut shell = Command::new("/bin/sh")
        .args([
            "-c",
            "{ echo \"secret --sandbox required --graft demand_zero --parent $$\"; echo \"$1\"; } | \"$0\"",
        ])
        .arg(&hostile.program.path)
        .arg(TRACE)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell");
    let mut channel = BufReader::new(shell.stdout.take().expect("a pipe"));
    let mut told = String::new();
    channel.read_line(&mut told).expect("the first frame");
    shell
        .kill()
        .and_then(|()| shell.wait())
        .expect("it was alive");
    // The channel is closed when nobody can write to it any more. A run that goes on tells
    // its end first.
    channel.read_to_string(&mut told).expect("text");
    let received = read_channel(told.as_bytes(), "secret");
    assert!(received.tier.is_some() && received.end.is_none(), "{told}");
}

#[test]
fn a_parent_that_is_dead_leaves_no_run() {
    let hostile = harmless_but("");
    let header = "secret --sandbox required --parent 1\n";
    let input = [header, TRACE].concat();
    let bounds = Bounds {
        wall: Duration::from_secs(10),
        stdout_bytes: 1 << 20,
        stderr_bytes: 1 << 10,
    };
    let mut command = Command::new(&hostile.program.path);
    let ended = bounded::run(&mut command, input.as_bytes(), bounds).expect("it starts");
    let received = read_channel(&ended.stdout, "secret");
    assert!(received.tier.is_none() && received.records.is_empty());
    match received.end {
        Some(Told::NotConfined { message }) => assert!(message.contains("is dead"), "{message}"),
        other => panic!("{other:?}"),
    }
}

/// Every byte of a channel's content, cut off and changed.
#[test]
fn a_channel_that_was_tampered_with_tells_no_end() {
    let whole = "=== sandbox s3cret {\"limits\":true,\"user\":true,\"landlock\":6,\"seccomp\":true}\n\
        \u{20}  1 read 1 0x1000 | K hit | V | G | S | I | T | C\n\
        === end s3cret 2 {\"end\":\"finished\"}\n";
    let told = |bytes: &[u8]| read_channel(bytes, "s3cret").end.is_some();
    assert!(told(whole.as_bytes()));
    assert!(!told(whole.replace("s3cret 2", "s3cret 1").as_bytes()));
    assert!(!told(whole.replace("s3cret", "secret").as_bytes()));
    assert!(!told([whole, "more\n"].concat().as_bytes()));
    assert!(!told([whole, whole].concat().as_bytes()));
    for length in 0..whole.len() - 2 {
        assert!(!told(&whole.as_bytes()[..length]), "{length}");
    }
    for at in 0..whole.len() {
        let mut bytes = whole.as_bytes().to_vec();
        bytes[at] = 0xff;
        read_channel(&bytes, "s3cret");
    }
}
