//! What processes use, from Linux' `/proc` (proc(5)).

use std::collections::BTreeMap;
use std::path::Path;

use super::{Cpu, PeakMemory};

/// What `/proc/PID/stat` says of a process.
struct Stat {
    parent: u32,
    /// Clock ticks that it was at work.
    ticks: u64,
    /// Clock ticks of its children that have ended and were waited for.
    reaped_ticks: u64,
}

/// All processes that this one started, and those that they started.
pub(super) fn descendants() -> Vec<u32> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    for process in entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()) {
        if let Some(stat) = stat(process) {
            children.entry(stat.parent).or_default().push(process);
        }
    }
    let mut family = children.remove(&std::process::id()).unwrap_or_default();
    let mut seen = 0;
    while let Some(process) = family.get(seen) {
        let of_it = children.remove(process).unwrap_or_default();
        family.extend(of_it);
        seen += 1;
    }
    family
}

/// Memory in use now by this process and the given ones.
pub(super) fn memory(family: &[u32]) -> Option<PeakMemory> {
    let own_bytes = resident(std::process::id())?;
    let others = family.iter().filter_map(|process| resident(*process));
    Some(PeakMemory {
        own_bytes,
        with_children_bytes: own_bytes + others.sum::<u64>(),
    })
}

/// Processor time so far.
pub(super) fn cpu() -> Option<Cpu> {
    let own = stat(std::process::id())?;
    let alive = descendants();
    let alive = alive.into_iter().filter_map(stat);
    let children = own.reaped_ticks + alive.map(|it| it.ticks + it.reaped_ticks).sum::<u64>();
    let seconds = |ticks: u64| ticks as f64 / rustix::param::clock_ticks_per_second() as f64;
    Some(Cpu {
        own_s: seconds(own.ticks),
        children_s: seconds(children),
    })
}

fn stat(process: u32) -> Option<Stat> {
    let text = std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("stat"));
    parse_stat(&text.ok()?)
}

fn parse_stat(text: &str) -> Option<Stat> {
    // The name comes second, in parentheses, and may have any characters. The state follows.
    let (_, rest) = text.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some(Stat {
        parent: u32::try_from(number(1)?).ok()?,
        ticks: number(11)? + number(12)?,
        reaped_ticks: number(13)? + number(14)?,
    })
}

/// Bytes of resident pages.
fn resident(process: u32) -> Option<u64> {
    let path = Path::new("/proc").join(process.to_string()).join("statm");
    let text = std::fs::read_to_string(path).ok()?;
    let pages: u64 = text.split_ascii_whitespace().nth(1)?.parse().ok()?;
    pages.checked_mul(rustix::param::page_size() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_and_spaces_does_not_shift_the_fields() {
        // proc(5): pid, comm, state, ppid, …, utime is field 14, stime 15, cutime 16, cstime 17.
        let text = "42 (a) b) R 7 42 42 0 -1 4194304 100 0 0 0 11 12 13 14 20 0 1 0 5000 1 1";
        let stat = parse_stat(text).unwrap();
        assert_eq!((stat.parent, stat.ticks, stat.reaped_ticks), (7, 23, 27));
    }

    #[test]
    fn a_child_is_found_as_long_as_it_lives() {
        let mut child = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .unwrap();
        assert!(descendants().contains(&child.id()));
        let memory = memory(&[child.id()]).unwrap();
        assert!(memory.with_children_bytes > memory.own_bytes);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!descendants().contains(&child.id()));
    }
}
