//! The developer commands of reelscope: `cargo xtask <command>`. Nothing of the product lives here.

mod clips;
mod colour_pictures;
mod demo;
mod demo_video;
mod fuzz;
mod guide;
mod hwaccel_samples;
mod sdk;
mod setup;
mod shell;
mod test;
mod venv;
mod wheel;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Developer commands of reelscope.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the viewer and open it on the demo video; without a display, leave a screenshot
    Demo,
    /// Run everything that has to pass: format, lints, tests, documentation
    Test,
    /// Install the system packages that building, running and testing need
    Setup,
    /// Make the Python environments with the stock SDKs that the tests log from
    Sdk,
    /// Build the Python package as a wheel with the viewer in it, and say where it is
    Wheel {
        /// How it is compiled: release, dev
        #[arg(long, default_value = "release")]
        profile: String,
        /// Install it into this new environment as well, with what the tests need
        #[arg(long, value_name = "FOLDER")]
        into: Option<PathBuf>,
    },
    /// Make the test clips and their truth anew with FFmpeg
    Clips {
        /// Change nothing: hold the committed truth against the FFmpeg of this machine
        #[arg(long)]
        check: bool,
        /// Only the clips whose file name contains this
        #[arg(default_value = "")]
        filter: String,
    },
    /// Try the readers of recordings and messages with wrong bytes
    Fuzz {
        /// How long, for each target
        #[arg(long, default_value_t = 60, value_name = "NUMBER")]
        seconds: u64,
    },
    /// Make the samples anew with which hardware decoders are put to the test
    HwaccelSamples,
    /// Make the pictures of docs/colour.md anew, in assets/colour
    ColourPictures,
    /// Make the pictures of docs/guide anew, in assets/guide, and the moving one of the README
    Guide {
        /// The viewer that is shown, instead of one that is built first
        #[arg(long, value_name = "PATH")]
        viewer: Option<PathBuf>,
        /// Only the pictures whose name contains this
        #[arg(default_value = "")]
        filter: String,
    },
    /// Make assets/demo.mp4 anew
    DemoVideo {
        /// Write this one frame as a picture instead of the whole video
        #[arg(long, value_name = "NUMBER")]
        still: Option<u32>,
    },
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Demo => demo::run(),
        Command::Test => test::run(),
        Command::Setup => setup::run(setup::ALL),
        Command::Sdk => sdk::run(),
        Command::Wheel { profile, into } => wheel::run(&profile, into.as_deref()),
        Command::Clips {
            check: true,
            filter,
        } => clips::check(&filter),
        Command::Clips {
            check: false,
            filter,
        } => clips::make(&filter),
        Command::Fuzz { seconds } => fuzz::run(seconds),
        Command::ColourPictures => colour_pictures::make(),
        Command::Guide { viewer, filter } => guide::run(viewer, &filter),
        Command::HwaccelSamples => hwaccel_samples::make(),
        Command::DemoVideo { still } => demo_video::run(still),
    }
}
