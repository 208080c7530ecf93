//! One window for all launches: what this one was asked for goes to the window that is open, if there
//! is one on this screen.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use reelscope_ingest::{Offer, handover_address};
use reelscope_viewer::Link;

/// Name of the program's own folder in those of the system.
const NAME: &str = "reelscope";

/// Where the window on this screen listens for other launches; `None` if there is no place for that.
pub(crate) fn address() -> Option<PathBuf> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let folder = runtime.filter(|folder| folder.is_absolute());
    let folder = folder.map(|folder| folder.join(NAME)).or_else(cache_folder);
    Some(address_in(&folder?, &|name| std::env::var_os(name)))
}

fn address_in(folder: &Path, variable: &impl Fn(&str) -> Option<OsString>) -> PathBuf {
    let names = ["WAYLAND_DISPLAY", "DISPLAY"];
    let screen = names.into_iter().find_map(variable).unwrap_or_default();
    handover_address(folder, &screen.to_string_lossy())
}

/// Where what can be made again is kept.
pub(crate) fn cache_folder() -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.cache_dir().join(NAME))
}

/// Hands a link to the window that is open. False if this launch is to open its own.
pub(crate) fn hand_over(address: &Path, link: &Link) -> bool {
    let mut link = link.clone();
    for path in &mut link.paths {
        // The window was started elsewhere.
        match std::path::absolute(&path) {
            Ok(absolute) => *path = absolute,
            Err(_) => return false,
        }
    }
    match reelscope_ingest::offer(address, &link.to_string()) {
        Offer::Taken => {
            eprintln!("reelscope: opened in the running window");
            true
        }
        Offer::Nobody => false,
        Offer::Unanswered => {
            eprintln!("reelscope: the running window does not answer; this is another one");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_screen_has_a_window_of_its_own() {
        let folder = Path::new("/run/user/1000/reelscope");
        let of = |variables: &[(&str, &str)]| {
            address_in(folder, &|name| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| OsString::from(value))
            })
        };
        let (first, second) = (of(&[("DISPLAY", ":0")]), of(&[("DISPLAY", ":1")]));
        assert_ne!(first, second);
        let both = [("DISPLAY", ":0"), ("WAYLAND_DISPLAY", "wayland-0")];
        assert_ne!(of(&both), first);
        assert_eq!(first.parent(), Some(folder));
    }
}
