//! What the program and the processes it starts take of the machine: processor time and memory.

#[cfg_attr(target_os = "linux", path = "usage/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "usage/other.rs")]
mod system;

use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use serde::Serialize;

/// How often memory is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Looks after which new processes are looked for: that costs more than to look at known ones.
const SEARCH_EVERY: usize = 5;

/// Processor time in seconds, in user and kernel mode.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Cpu {
    /// Of this process.
    pub(super) own_s: f64,
    /// Of all processes that it started, those that have ended included.
    pub(super) children_s: f64,
}

/// The most memory in use at a time, in bytes of resident pages.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct PeakMemory {
    /// Of this process.
    pub(super) own_bytes: u64,
    /// Of this process and all that it started, together.
    pub(super) with_children_bytes: u64,
}

/// Watches what is used until it is stopped.
pub(super) struct Watch {
    /// Dropped to end the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<Option<PeakMemory>>>,
    before: Option<Cpu>,
}

impl Watch {
    /// Starts to watch. Where no thread can be had, memory is not watched.
    pub(super) fn start() -> Self {
        let (stop, stopped) = bounded::<()>(0);
        let look = move || {
            let mut peak = None;
            let mut family = Vec::new();
            for look in 0_usize.. {
                if look % SEARCH_EVERY == 0 {
                    family = system::descendants();
                }
                peak = system::memory(&family).map(|now| higher(peak.unwrap_or_default(), now));
                if stopped.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Disconnected) {
                    break;
                }
            }
            peak
        };
        Self {
            stop: Some(stop),
            thread: std::thread::Builder::new()
                .name("memory watch".to_owned())
                .spawn(look)
                .ok(),
            before: system::cpu(),
        }
    }

    /// What was used since the start; `None` where the system does not tell.
    pub(super) fn finish(mut self) -> (Option<Cpu>, Option<PeakMemory>) {
        let cpu = system::cpu().zip(self.before).map(|(now, before)| Cpu {
            own_s: now.own_s - before.own_s,
            children_s: now.children_s - before.children_s,
        });
        (cpu, self.end())
    }

    fn end(&mut self) -> Option<PeakMemory> {
        drop(self.stop.take());
        self.thread.take()?.join().ok().flatten()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.end();
    }
}

/// Processor time in seconds of all processes that this one started, up to now, and the resident bytes
/// of those that run; `None` where the system does not tell.
pub(super) fn children() -> Option<(f64, u64)> {
    let memory = system::memory(&system::descendants())?;
    let resident = memory.with_children_bytes.saturating_sub(memory.own_bytes);
    Some((system::cpu()?.children_s, resident))
}

/// Asks all processes that this one started, and that those started, to end.
pub(super) fn end_children() {
    #[cfg(target_os = "linux")]
    for pid in system::descendants() {
        if let Some(pid) = rustix::process::Pid::from_raw(pid.cast_signed()) {
            let _gone = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
    }
}

fn higher(one: PeakMemory, other: PeakMemory) -> PeakMemory {
    PeakMemory {
        own_bytes: one.own_bytes.max(other.own_bytes),
        with_children_bytes: one.with_children_bytes.max(other.with_children_bytes),
    }
}
