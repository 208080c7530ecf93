//! How an FFmpeg process is started: what it is for, and the arguments that follow from that.

use super::{preview, restamp};
use crate::Role;

/// How a process decodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setup {
    /// Threads of the decoder.
    pub(super) threads: usize,
    /// True to have frames put in order by the limits of the standard instead of by what the
    /// stream has shown so far.
    pub(super) strict_order: bool,
    /// What the frames are for.
    pub(super) role: Role,
    /// True if hardware may decode, where it is there.
    pub(super) uses_hardware: bool,
}

/// FFmpeg's arguments: a live Matroska stream in, every frame as it was decoded out, with the time
/// of its sample.
pub(super) fn arguments(setup: Setup, hardware: Option<&str>) -> Vec<String> {
    let threads = setup.threads.to_string();
    let mut filters = restamp::filter();
    let time_base = format!("1:{}", restamp::TICKS);
    let mut arguments = vec![
        "-hide_banner",
        "-nostdin",
        "-nostats",
        "-loglevel",
        "level+error",
    ];
    // Start at once: everything that would be looked for is known or comes with the samples.
    arguments.extend([
        "-probesize",
        "32",
        "-analyzeduration",
        "0",
        "-fpsprobesize",
        "0",
    ]);
    arguments.extend([
        "-fflags",
        "+nofillin",
        "-noautorotate",
        "-threads",
        &threads,
    ]);
    if let Some(hardware) = hardware {
        arguments.extend(["-hwaccel", hardware]);
    }
    match setup.role {
        Role::Seek => {}
        // Several frames at once would hold each one back until the next samples come.
        Role::Live => arguments.extend(["-thread_type", "slice"]),
        // Nobody can see the difference in so few pixels, and they are less to move.
        Role::Idle => {
            arguments.extend(["-skip_loop_filter", "all"]);
            filters.push_str(&preview::filter());
        }
    }
    if setup.strict_order {
        arguments.extend(["-strict", "1"]);
    }
    arguments.extend([
        "-f", "matroska", "-i", "pipe:0", "-map", "0:v:0", "-an", "-sn", "-dn",
    ]);
    // Neither the size nor the number nor the pixels of the frames may be changed.
    arguments.extend(["-autoscale", "0", "-fps_mode", "passthrough", "-copyts"]);
    arguments.extend(["-vf", &filters, "-enc_time_base", &time_base]);
    // More threads would hold back a frame each, and there is nothing to encode.
    arguments.extend(["-c:v", "rawvideo", "-threads", "1"]);
    // Each frame is to leave whole, at once; a seek index of the output would only grow.
    arguments.extend([
        "-flush_packets",
        "1",
        "-write_index",
        "0",
        "-f",
        "nut",
        "pipe:1",
    ]);
    arguments.into_iter().map(str::to_owned).collect()
}
