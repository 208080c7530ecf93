//! The `reelscope` command: the viewer by default, and headless commands for scripts.

mod at;
mod bench;
mod file_dialogs;
mod frames;
mod handover;
mod info;
mod memory;
mod picture;
mod query;
mod record;
mod recording;
mod remux;
mod videos;
mod view;

use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use reelscope_decode::HwAccel;

use crate::at::At;
use crate::memory::MemoryLimit;

/// Desktop viewer for video logs: the exact frame, in the right colours, at once.
#[derive(Debug, Parser)]
#[command(name = "reelscope", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    view: ViewArgs,

    /// The ffmpeg program to use instead of the one in REELSCOPE_FFMPEG or on PATH.
    #[arg(long, global = true, value_name = "PATH")]
    ffmpeg: Option<PathBuf>,

    /// Hardware that decodes: none, auto, or a name that `ffmpeg -hwaccels` lists [default: none; in
    /// the viewer, what its settings say].
    #[arg(long, global = true, value_name = "none|auto|NAME")]
    hwaccel: Option<HwAccel>,
}

#[derive(Args, Debug)]
struct ViewArgs {
    /// Video files and recordings (.rrd) to open side by side; also links (reelscope://open?…).
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Where to put the playhead: 1.5s, 1500ms, #45 (frame number), 00:01:02.5.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<At>,

    /// Open a window of its own. Otherwise files go to the window that is open on this screen, unless
    /// this command line says how a window is to be (memory, port, FFmpeg).
    #[arg(long)]
    new_window: bool,

    /// Wait until every tile shows its exact frame (and up to 3 s for thumbnails), save what the
    /// window shows as PNG, and exit.
    #[arg(long, value_name = "OUT.png")]
    screenshot: Option<PathBuf>,

    /// The port that programs log to; 0 for any that is free [default: 9876; with --screenshot, none].
    #[arg(long, value_name = "N")]
    port: Option<u16>,

    /// The address that programs log to [default: this computer alone]. There is no authentication.
    #[arg(long, value_name = "ADDR")]
    bind: Option<IpAddr>,

    /// Do not listen for programs that log.
    #[arg(long, conflicts_with_all = ["port", "bind"])]
    no_listen: bool,

    /// Memory that the viewer may take, such as 4GiB, 512MB or 50% [default: what the settings say, else
    /// 75% of the computer's]. Beyond it the oldest of what was logged goes.
    #[arg(long, value_name = "SIZE")]
    memory_limit: Option<MemoryLimit>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what is in a video file (tracks, formats, colours, times) or in a recording (entities,
    /// components, timelines, video).
    Info {
        /// The file: a video or a recording (.rrd).
        file: PathBuf,
        /// Print one JSON object instead of text.
        #[arg(long)]
        json: bool,
    },
    /// Decode frames: list their checksums, or save one as a picture.
    Frames(frames::FramesArgs),
    /// Write what programs log to a recording file, until Ctrl-C.
    Record(record::RecordArgs),
    /// Save video as an MP4 file without encoding it anew.
    Remux(remux::RemuxArgs),
    /// Ask a recording (.rrd) what was logged: a table as Arrow, Parquet, CSV or JSON.
    Query(query::QueryArgs),
    /// Measure how fast the player shows what is wanted, and hold it against the bare decoder; or
    /// (`bench ingest`, `bench log`) how fast rows are taken in, and logged.
    Bench(bench::BenchArgs),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let engines = reelscope_read::Engines {
        ffmpeg: cli.ffmpeg,
        hwaccel: cli.hwaccel,
    };
    let result = match cli.command {
        Some(Command::Info { file, json }) => info::run(&file, json),
        Some(Command::Frames(args)) => frames::run(&args, engines),
        Some(Command::Record(args)) => record::run(&args),
        Some(Command::Remux(args)) => remux::run(&args),
        Some(Command::Query(args)) => query::run(&args),
        Some(Command::Bench(args)) => bench::run(&args, engines),
        None => view::run(cli.view, engines),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("reelscope: {}", in_words(&error));
            ExitCode::FAILURE
        }
    }
}

/// An error and its causes, each said once: some say that of their cause themselves.
fn in_words(error: &anyhow::Error) -> String {
    let mut words = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if words.is_empty() {
            words = cause;
        } else if !words.contains(&cause) {
            words = format!("{words}: {cause}");
        }
    }
    words
}

/// True if whoever read our output has gone: no reason to complain.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_picture_needs_a_time_and_a_place() {
        assert!(Cli::try_parse_from(["reelscope", "frames", "a.mp4", "--at", "1s"]).is_err());
        assert!(Cli::try_parse_from(["reelscope", "frames", "a.mp4"]).is_err());
        assert!(
            Cli::try_parse_from(["reelscope", "frames", "a.mp4", "--at", "-1s", "-o", "b"]).is_ok()
        );
        assert!(Cli::try_parse_from(["reelscope", "a.mp4", "b.mp4", "--at", "#3"]).is_ok());
    }

    #[test]
    fn who_listens_says_where_and_who_does_not_says_nothing() {
        let parse = |args: &[&str]| Cli::try_parse_from([&["reelscope"], args].concat());
        let cli = parse(&["--port", "0", "--bind", "::1", "--memory-limit", "50%"]).unwrap();
        assert_eq!(cli.view.port, Some(0));
        assert_eq!(cli.view.memory_limit, Some(MemoryLimit::Percent(50.0)));
        assert!(parse(&["--no-listen", "--port", "1"]).is_err());
        assert!(parse(&["record"]).is_err());
        assert!(parse(&["record", "-o", "a.rrd", "--bind", "localhost"]).is_err());
    }

    #[test]
    fn hardware_is_named_for_any_command_that_decodes() {
        let hwaccel = |name| {
            let cli =
                Cli::try_parse_from(["reelscope", "frames", "a.mp4", "--md5", "--hwaccel", name]);
            cli.ok().and_then(|cli| cli.hwaccel)
        };
        assert_eq!(hwaccel("auto"), Some(HwAccel::Auto));
        assert_eq!(hwaccel("vaapi"), Some(HwAccel::Named("vaapi".to_owned())));
        assert_eq!(hwaccel("no such thing"), None);
    }
}
