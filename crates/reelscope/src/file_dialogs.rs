//! The system's file dialogs, and whether it has any.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crossbeam_channel::{Receiver, Sender, bounded};
use reelscope_decode::Wake;
use reelscope_viewer::{Choice, Dialogs};

/// Dialogs whose answers nobody has taken yet.
const ANSWERS: usize = 8;

/// The system's file dialogs. Each one waits on a thread of its own, which ends with the dialog.
pub(crate) struct FileDialogs {
    sender: Sender<(Choice, Vec<PathBuf>)>,
    answers: Receiver<(Choice, Vec<PathBuf>)>,
}

impl Default for FileDialogs {
    fn default() -> Self {
        let (sender, answers) = bounded(ANSWERS);
        Self { sender, answers }
    }
}

impl Dialogs for FileDialogs {
    fn can_choose(&self) -> bool {
        // Everywhere else dialogs are part of the system.
        let is_optional = cfg!(all(unix, not(target_os = "macos")));
        !is_optional || has_dialogs(&|name| std::env::var_os(name), &|path| path.exists())
    }

    fn choose(&mut self, choice: Choice, wake: Wake) {
        // The dialog is made here because some systems allow that on the main thread only.
        let dialog = rfd::AsyncFileDialog::new();
        let asked = choice.clone();
        let answer = async move {
            match asked {
                Choice::VideoFiles => {
                    let dialog = dialog.set_title("Open video files");
                    dialog.pick_files().await.unwrap_or_default()
                }
                Choice::FfmpegProgram => {
                    let dialog = dialog.set_title("Choose the ffmpeg program");
                    dialog.pick_file().await.into_iter().collect()
                }
                Choice::SaveSession(name) => {
                    let dialog = dialog
                        .set_title("Save the session")
                        .set_file_name(name)
                        .add_filter("Sessions", &["reel"]);
                    dialog.save_file().await.into_iter().collect()
                }
                Choice::Locate(lost) => {
                    let name = lost.file_name().unwrap_or_default().to_string_lossy();
                    let dialog = dialog.set_title(format!("Where is {name} now?"));
                    dialog.pick_file().await.into_iter().collect()
                }
                Choice::SaveFrame(name) => {
                    let dialog = dialog
                        .set_title("Save the frame")
                        .set_file_name(name)
                        .add_filter("Pictures", &["png"]);
                    dialog.save_file().await.into_iter().collect()
                }
                Choice::FramesFolder => {
                    let dialog = dialog.set_title("Choose a folder for the frames");
                    dialog.pick_folder().await.into_iter().collect()
                }
                Choice::SaveRecording(name) => {
                    let dialog = dialog
                        .set_title("Save the recording")
                        .set_file_name(name)
                        .add_filter("Recordings", &["rrd"]);
                    dialog.save_file().await.into_iter().collect()
                }
            }
        };
        let (sender, answered) = (self.sender.clone(), choice.clone());
        let wait = move || {
            let files = pollster::block_on(answer);
            let paths = files.iter().map(|file| file.path().to_owned()).collect();
            // A full queue means that the window has stopped listening.
            let _unheard = sender.try_send((answered, paths));
            wake();
        };
        let spawned = std::thread::Builder::new()
            .name("file dialog".to_owned())
            .spawn(wait);
        if spawned.is_err() {
            let _unheard = self.sender.try_send((choice, Vec::new()));
        }
    }

    fn try_answer(&mut self) -> Option<(Choice, Vec<PathBuf>)> {
        self.answers.try_recv().ok()
    }
}

/// True if a free desktop can show a file dialog: through the portal on the session bus (XDG Desktop
/// Portal, D-Bus specification "Message Bus Starting Services"), or else with zenity. A dialog that
/// cannot be shown and one that was cancelled give the same answer, so this is asked before.
fn has_dialogs(
    variable: &impl Fn(&str) -> Option<OsString>,
    exists: &impl Fn(&Path) -> bool,
) -> bool {
    const PORTAL: &str = "dbus-1/services/org.freedesktop.portal.Desktop.service";
    let folders = |name: &str, default: &str| -> Vec<PathBuf> {
        let list = variable(name).filter(|list| !list.is_empty());
        std::env::split_paths(&list.unwrap_or_else(|| default.into())).collect()
    };
    let zenity = folders("PATH", "")
        .iter()
        .any(|folder| exists(&folder.join("zenity")));
    let runtime = variable("XDG_RUNTIME_DIR").map(PathBuf::from);
    let bus = variable("DBUS_SESSION_BUS_ADDRESS").is_some_and(|address| !address.is_empty())
        || runtime.is_some_and(|runtime| exists(&runtime.join("bus")));
    let home = variable("XDG_DATA_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(variable("HOME")?).join(".local/share")));
    let mut shares = home
        .into_iter()
        .chain(folders("XDG_DATA_DIRS", "/usr/local/share:/usr/share"));
    let portal = shares.any(|share| exists(&share.join(PORTAL)))
        // Sandboxes reach the one outside.
        || exists(Path::new("/.flatpak-info"));
    zenity || (bus && portal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(variables: &[(&str, &str)], files: &[&str]) -> bool {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        };
        has_dialogs(&variable, &|path| {
            files.iter().any(|file| path == Path::new(file))
        })
    }

    #[test]
    fn a_bare_system_has_no_file_dialog() {
        assert!(!has(&[], &[]));
        assert!(!has(&[("PATH", "/usr/bin")], &["/usr/bin/ffmpeg"]));
        // A session without a portal, and a portal without a session.
        assert!(!has(
            &[("XDG_RUNTIME_DIR", "/run/user/0")],
            &["/run/user/0/bus"]
        ));
        let portal = "/usr/share/dbus-1/services/org.freedesktop.portal.Desktop.service";
        assert!(!has(&[], &[portal]));
    }

    #[test]
    fn the_portal_or_zenity_shows_one() {
        let portal = "/usr/share/dbus-1/services/org.freedesktop.portal.Desktop.service";
        assert!(has(
            &[("DBUS_SESSION_BUS_ADDRESS", "unix:path=/bus")],
            &[portal]
        ));
        let runtime = ("XDG_RUNTIME_DIR", "/run/user/0");
        assert!(has(&[runtime], &["/run/user/0/bus", portal]));
        assert!(has(&[("PATH", "/bin:/usr/bin")], &["/usr/bin/zenity"]));
    }
}
