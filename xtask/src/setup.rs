//! The system packages that building, running and testing need: which are missing, and how they get
//! onto the machine. Debian and Ubuntu are served where that needs no password; others get a line to
//! type.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{shell, venv};

/// What a package is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Compiling.
    Build,
    /// Starting the viewer and decoding every codec.
    Run,
    /// A screen where there is none.
    Screen,
    /// Logging as other people's programs do.
    Log,
}

/// All purposes.
pub(crate) const ALL: &[Purpose] = &[Purpose::Build, Purpose::Run, Purpose::Screen, Purpose::Log];

/// How it shows that something is there.
#[derive(Clone, Copy)]
enum Sign {
    /// A program in `PATH`, whatever package it came from.
    Program(&'static str),
    /// The system's list of packages.
    Package,
    /// A Python that can make virtual environments.
    Python,
}

/// A thing that has to be on the machine. An empty name: that system needs no package for it.
struct Need {
    purpose: Purpose,
    sign: Sign,
    apt: &'static str,
    dnf: &'static str,
    pacman: &'static str,
    brew: &'static str,
}

/// Wayland, X11 and Vulkan are loaded at run time, so their development packages are not in here.
const NEEDS: &[Need] = &[
    // Assembles the AV1 decoder's fast paths; only x86-64 has any that need it.
    need(
        Purpose::Build,
        Sign::Program("nasm"),
        "nasm",
        "nasm",
        "nasm",
        "nasm",
    ),
    // Decodes H.264, H.265, VP8 and VP9.
    need(
        Purpose::Run,
        Sign::Program("ffmpeg"),
        "ffmpeg",
        "ffmpeg-free",
        "ffmpeg",
        "ffmpeg",
    ),
    // Vulkan in software where there is no GPU.
    need(
        Purpose::Run,
        Sign::Package,
        "mesa-vulkan-drivers",
        "mesa-vulkan-drivers",
        "vulkan-swrast",
        "",
    ),
    need(
        Purpose::Run,
        Sign::Package,
        "libvulkan1",
        "vulkan-loader",
        "vulkan-icd-loader",
        "",
    ),
    need(
        Purpose::Run,
        Sign::Package,
        "libwayland-client0",
        "libwayland-client",
        "wayland",
        "",
    ),
    need(
        Purpose::Run,
        Sign::Package,
        "libxkbcommon-x11-0",
        "libxkbcommon-x11",
        "libxkbcommon-x11",
        "",
    ),
    need(
        Purpose::Run,
        Sign::Package,
        "libx11-xcb1",
        "libX11-xcb",
        "libx11",
        "",
    ),
    need(
        Purpose::Run,
        Sign::Package,
        "libxcursor1",
        "libXcursor",
        "libxcursor",
        "",
    ),
    need(Purpose::Run, Sign::Package, "libxi6", "libXi", "libxi", ""),
    need(
        Purpose::Screen,
        Sign::Program("xvfb-run"),
        "xvfb",
        "xorg-x11-server-Xvfb",
        "xorg-server-xvfb",
        "",
    ),
    need(
        Purpose::Screen,
        Sign::Program("xauth"),
        "xauth",
        "xorg-x11-xauth",
        "xorg-xauth",
        "",
    ),
    need(
        Purpose::Log,
        Sign::Python,
        "python3-venv",
        "python3",
        "python",
        "python3",
    ),
];

const fn need(
    purpose: Purpose,
    sign: Sign,
    apt: &'static str,
    dnf: &'static str,
    pacman: &'static str,
    brew: &'static str,
) -> Need {
    Need {
        purpose,
        sign,
        apt,
        dnf,
        pacman,
        brew,
    }
}

/// Sees to it that everything for these purposes is there.
///
/// # Errors
/// If something is missing and cannot be installed without asking a person; the error says what
/// and gives the line to type.
pub(crate) fn run(purposes: &[Purpose]) -> Result<()> {
    let wanted: Vec<&Need> = NEEDS
        .iter()
        .filter(|need| purposes.contains(&need.purpose))
        .filter(|need| need.purpose != Purpose::Build || cfg!(target_arch = "x86_64"))
        .filter(|need| need.purpose != Purpose::Screen || cfg!(target_os = "linux"))
        .collect();
    let debian = shell::succeeds(Command::new("dpkg-query").arg("--version"));
    let missing: Vec<&Need> = wanted
        .iter()
        .copied()
        .filter(|need| !is_present(need, debian))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if debian && let Some(prefix) = root_prefix() {
        return install(prefix, &missing);
    }
    bail!(
        "some system packages are missing: {}\nInstall them with the line for your system, then run this again:\n{}",
        names(&missing, if debian { |need| need.apt } else { Need::name }),
        lines(if debian { &missing } else { &wanted }),
    );
}

impl Need {
    /// Its name where nobody knows the system's packages; empty for libraries.
    fn name(&self) -> &'static str {
        match self.sign {
            Sign::Program(program) => program,
            Sign::Package => "",
            Sign::Python => "python3",
        }
    }
}

fn is_present(need: &Need, debian: bool) -> bool {
    match need.sign {
        Sign::Program(program) => return in_path(program),
        Sign::Python => return venv::base().is_some(),
        // No common way to ask; the viewer itself says so if a library cannot be loaded.
        Sign::Package if !debian => return true,
        Sign::Package => {}
    }
    let query = ["-W", "-f", "${db:Status-Status}", need.apt];
    shell::capture(Command::new("dpkg-query").args(query))
        .is_ok_and(|status| status.starts_with(b"installed"))
}

fn in_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| {
        ["", ".exe"]
            .iter()
            .any(|end| folder.join(format!("{program}{end}")).is_file())
    })
}

/// What to put before a command to run it as root without a password; `None` if that is not ours.
fn root_prefix() -> Option<&'static [&'static str]> {
    let user = shell::capture(Command::new("id").arg("-u")).ok()?;
    if user.trim_ascii() == b"0" {
        return Some(&[]);
    }
    shell::succeeds(Command::new("sudo").args(["-n", "true"])).then_some(&["sudo", "-n"])
}

fn install(prefix: &[&str], missing: &[&Need]) -> Result<()> {
    let apt = |args: &[&str]| {
        let mut words = prefix.to_vec();
        words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        words.extend(args);
        let mut command = Command::new(words.remove(0));
        command.args(words);
        shell::run(&mut command)
    };
    // An outdated list of packages can still be good enough, so a failure here decides nothing.
    if let Err(error) = apt(&["update", "-q"]) {
        eprintln!("{error:#}");
    }
    let mut args = vec!["install", "-q", "-y", "--no-install-recommends"];
    args.extend(missing.iter().map(|need| need.apt));
    apt(&args)
}

fn names(needs: &[&Need], name: fn(&Need) -> &'static str) -> String {
    let names: Vec<&str> = needs
        .iter()
        .map(|need| name(need))
        .filter(|name| !name.is_empty())
        .collect();
    names.join(" ")
}

fn lines(needs: &[&Need]) -> String {
    format!(
        "  Debian, Ubuntu   sudo apt-get install {}\n  \
           Fedora           sudo dnf install {}\n  \
           Arch             sudo pacman -S {}\n  \
           macOS            brew install {}",
        names(needs, |need| need.apt),
        names(needs, |need| need.dnf),
        names(needs, |need| need.pacman),
        names(needs, |need| need.brew),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_gets_a_line_with_its_own_package_names() {
        let all: Vec<&Need> = NEEDS.iter().collect();
        let text = lines(&all);
        assert!(
            text.contains("sudo apt-get install nasm ffmpeg mesa-vulkan-drivers"),
            "{text}"
        );
        assert!(text.contains("sudo dnf install nasm ffmpeg-free"), "{text}");
        assert!(
            text.contains("sudo pacman -S nasm ffmpeg vulkan-swrast"),
            "{text}"
        );
        assert!(text.ends_with("brew install nasm ffmpeg python3"), "{text}");
    }
}
