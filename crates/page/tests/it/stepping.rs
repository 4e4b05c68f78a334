//! Forward and back, through events and through the steps of a fault.

use browser::shown::show;

use crate::films::{film, page};

fn cow() -> Vec<u8> {
    page(&film("fork-write").text())
}

#[test]
fn a_page_opens_at_the_first_fault() {
    show(&cow(), "", |page| {
        page.hear("Line 3: write 1 0x10000000 =7. minor demand-zero.");
        assert_eq!(page.count(".steps li"), 7);
    });
}

#[test]
fn the_right_arrow_goes_through_seven_steps_and_on_to_the_next_event() {
    show(&cow(), "", |page| {
        for (number, title) in [
            (1, "the MMU detects"),
            (2, "the exception is raised"),
            (3, "the kernel takes control"),
            (4, "the kernel investigates"),
            (5, "the kernel acts"),
            (6, "the page table is updated"),
            (7, "the process resumes"),
        ] {
            page.press("ArrowRight");
            page.hear(&format!("Step {number} of 7, {title}"));
        }
        page.press("ArrowRight");
        page.hear("Line 4:");
        page.press("ArrowLeft");
        page.hear("Step 7 of 7");
    });
}

#[test]
fn the_entry_changes_in_the_sixth_step_and_not_before() {
    show(&cow(), "#line=8&step=5", |page| {
        page.hear("Step 5 of 7");
        assert_eq!(page.count(".picture .page.current.read-only"), 1);
        assert_eq!(page.count(".picture .frame.shared"), 1);
        page.push("next step");
        page.hear("Step 6 of 7");
        assert_eq!(page.count(".picture .page.current.writable.changed"), 1);
        assert_eq!(page.count(".picture .frame.shared"), 0);
        page.push("previous step");
        page.hear("Step 5 of 7");
        assert_eq!(page.count(".picture .frame.shared"), 1);
    });
}

#[test]
fn two_arrows_lead_into_a_frame_that_fork_shares() {
    show(&cow(), "#line=5", |page| {
        page.hear("Line 5: fork 1 2");
        assert_eq!(page.count(".picture .arrow.read-only"), 2);
        assert_eq!(page.count(".picture .page.read-only .lock"), 2);
        assert!(page.text(".picture .frame.shared").contains("2×"));
    });
}

#[test]
fn a_second_fault_of_one_access_has_seven_steps_of_its_own() {
    let across = page(&film("across-pages").text());
    show(&across, "", |page| {
        page.hear("then");
        assert_eq!(page.count(".steps li"), 14);
        for _ in 0..8 {
            page.press("ArrowRight");
        }
        page.hear("Step 1 of 7");
        page.wait("location.hash.endsWith('&fault=2&step=1')");
    });
}

#[test]
fn whoever_goes_there_and_back_sees_the_same_memory() {
    let film = film("three-need-the-slot");
    show(&page(&film.text()), "#line=15", |page| {
        page.hear("Line 15");
        let there = page.eval("document.querySelector('.picture').outerHTML");
        page.press("Home");
        page.hear("Line 2:");
        page.press("End");
        page.hear("Line 15");
        assert_eq!(
            page.eval("document.querySelector('.picture').outerHTML"),
            there
        );
        let owners = film.state_after(film.scenes.len());
        assert_eq!(page.count(".picture .slot"), owners.slots.len());
    });
}

#[test]
fn up_down_n_and_d_go_from_event_to_event() {
    let tlb = page(&film("on-four-cpus").text());
    show(&tlb, "#line=5", |page| {
        page.hear("Line 5: write 1 0x50000000 =1");
        page.press("ArrowDown");
        page.hear("Line 6:");
        page.press("ArrowUp");
        page.hear("Line 5:");
        page.press("d");
        page.hear("Line 10: write 1 0x50001000 =5 @1. segv accerr.");
        page.press("n");
        page.hear("Line 11:");
        page.push("previous fault");
        page.hear("Line 10:");
    });
}

#[test]
fn the_list_and_the_timeline_jump() {
    show(&cow(), "", |page| {
        page.hear("Line 3");
        page.eval("document.getElementById('event-6').click()");
        page.hear("Line 8: write 2 0x10000000 =8. minor copy-on-write.");
        page.wait("document.querySelector('#event-6').getAttribute('aria-selected') === 'true'");
        page.eval(
            "(() => { const svg = document.querySelector('.timeline svg');
               const box = svg.getBoundingClientRect();
               svg.dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: box.left + 4 }));
             })()",
        );
        page.hear("Line 2: mmap");
    });
}
