//! A second launch hands what it was asked for to the window that is open already, through a socket
//! in a folder that only this person can enter. Knows nothing of what is handed over: one line of
//! text.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use crossbeam_channel::{Sender, bounded};

#[cfg(unix)]
mod unix;
#[cfg(unix)]
use unix as system;

#[cfg(not(unix))]
mod none;
#[cfg(not(unix))]
use none as system;

pub(crate) use system::Reception;

/// What a message starts with. The number is raised when an older window would misunderstand.
const GREETING: &str = "reelscope-handover 1 ";
/// The most bytes of a message: the paths of more files than anybody opens at once.
const MOST_BYTES: usize = 1 << 20;
/// How long the second launch waits for the window.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long the window has to look at a message, and whoever sends one to say it all. Together they
/// are shorter than the second launch waits.
const LOOK: Duration = Duration::from_millis(1_200);
const LISTEN: Duration = Duration::from_millis(500);

/// Answers.
const TAKEN: &str = "taken";
const BUSY: &str = "busy";
const REFUSED: &str = "refused";

/// What became of what was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// A window has taken it.
    Taken,
    /// No window is open.
    Nobody,
    /// A window is open and does not answer, or does not understand.
    Unanswered,
}

/// Hands a text to the window that listens at an address. Takes two seconds at most.
pub fn offer(address: &Path, text: &str) -> Offer {
    let (address, text) = (address.to_owned(), text.to_owned());
    let (sender, answer) = bounded(1);
    let ask = move || {
        let _late = sender.send(system::offer(&address, &text));
    };
    // On a thread: connecting to a window that hangs has no time limit of its own.
    let asked = std::thread::Builder::new()
        .name("handover".into())
        .spawn(ask);
    match asked {
        Ok(_) => answer.recv_timeout(PATIENCE).unwrap_or(Offer::Unanswered),
        Err(_) => Offer::Nobody,
    }
}

/// Whether a message was looked at in time.
const WAITING: u8 = 0;
const LOOKED_AT: u8 = 1;
const GIVEN_UP: u8 = 2;

/// What another launch handed over.
#[derive(Debug)]
pub struct HandedOver {
    text: String,
    state: Arc<AtomicU8>,
    looked: Sender<()>,
}

impl HandedOver {
    /// The text, and the other launch is told that it was taken. `None` if that has given up: it
    /// does itself what it was asked for.
    pub fn take(self) -> Option<String> {
        let in_time = self
            .state
            .compare_exchange(WAITING, LOOKED_AT, Ordering::AcqRel, Ordering::Acquire)
            .is_ok();
        let _gone = self.looked.try_send(());
        in_time.then_some(self.text)
    }
}

/// Hands a message to the window and waits until it has looked. Returns what to answer.
#[cfg_attr(not(unix), expect(dead_code, reason = "nobody listens there"))]
fn received(line: &str, deliver: &dyn Fn(HandedOver) -> bool) -> &'static str {
    let Some(text) = line.strip_prefix(GREETING) else {
        return REFUSED;
    };
    let (looked, seen) = bounded(1);
    let state = Arc::new(AtomicU8::new(WAITING));
    let handed_over = HandedOver {
        text: text.to_owned(),
        state: state.clone(),
        looked,
    };
    if !deliver(handed_over) {
        return BUSY;
    }
    let _late = seen.recv_timeout(LOOK);
    let late = state.compare_exchange(WAITING, GIVEN_UP, Ordering::AcqRel, Ordering::Acquire);
    if late.is_ok() { BUSY } else { TAKEN }
}

/// Where a window listens, below a folder: one for each screen, because a window on another one is
/// out of sight.
pub fn handover_address(folder: &Path, screen: &str) -> PathBuf {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let screen: String = screen.chars().take(40).map(plain).collect();
    folder.join(format!("window{screen}.sock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_was_given_up_is_not_taken_later() {
        let (sender, kept) = bounded(1);
        let answer = received("reelscope-handover 1 a", &|it| sender.send(it).is_ok());
        assert_eq!(answer, BUSY);
        assert_eq!(kept.recv().unwrap().take(), None);
    }

    #[test]
    fn another_version_is_refused() {
        let nothing = |_| -> bool { panic!("that was not understood") };
        for line in ["", "reelscope-handover 2 a", "GET / HTTP/1.1"] {
            assert_eq!(received(line, &nothing), REFUSED, "{line}");
        }
    }

    #[test]
    fn an_address_holds_no_part_of_a_path() {
        let folder = Path::new("/run/user/1000/reelscope");
        let address = handover_address(folder, "../etc/:0");
        assert_eq!(address.parent(), Some(folder));
    }
}
