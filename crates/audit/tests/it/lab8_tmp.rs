use audit::trial::expose;
use grader::catalogue::Visibility;
use mutants::Mutant;
#[test]
fn kills8() {
    let papers = super::papers();
    for m in Mutant::all().iter().filter(|m| m.lab() == 8) {
        let mut h = vec![];
        let mut p = 0;
        for paper in papers.iter().filter(|p| p.lab == 8) {
            let mut shown = false;
            for &hole in m.holes.iter().filter(|h| paper.holes.contains(h)) {
                if let Some(e) = expose(m, &[hole], &paper.trace, &paper.key).unwrap() {
                    shown = true;
                    let _ = e;
                }
            }
            if shown {
                if paper.visibility == Visibility::Hidden {
                    h.push(paper.name.clone())
                } else {
                    p += 1
                }
            }
        }
        println!(
            "{:6} {:30} hidden {:2} public {:2} {}",
            m.id,
            m.name,
            h.len(),
            p,
            if h.len() < 5 {
                h.join(" ")
            } else {
                String::new()
            }
        );
    }
}
