//! What is in a recording: its entities with all their components, what of them is video, and its
//! timelines.

use std::io::Write;
use std::path::Path;

use reelscope_media::SyncKind;
use reelscope_store::{
    Entity, EntityPath, Recording, RecordingId, StreamId, StreamKind, Timeline, TimelineKind,
};
use serde::Serialize;

use crate::recording::{Loaded, escaped, load};

/// The JSON object. Field names are part of the command's interface.
#[derive(Debug, Serialize)]
struct FileInfo {
    path: String,
    container: &'static str,
    recordings: Vec<RecordingInfo>,
    warnings: Vec<String>,
}

#[derive(Debug, Serialize)]
struct RecordingInfo {
    application_id: String,
    recording_id: String,
    sdk: Option<String>,
    source: String,
    entities: Vec<EntityInfo>,
    timelines: Vec<TimelineInfo>,
}

#[derive(Debug, Serialize)]
struct EntityInfo {
    path: String,
    rows: u64,
    static_rows: u64,
    components: Vec<ComponentInfo>,
    video: Option<VideoInfo>,
}

#[derive(Debug, Serialize)]
struct ComponentInfo {
    name: String,
    archetype: Option<String>,
    /// What kind of value it is; of custom ones how they are kept.
    #[serde(rename = "type")]
    value_type: String,
    rows: u64,
    /// Whether it is part of a stream.
    #[serde(skip)]
    is_video: bool,
}

#[derive(Debug, Serialize)]
struct VideoInfo {
    archetype: &'static str,
    codec: &'static str,
    width: u32,
    height: u32,
    samples: usize,
    keyframes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

#[derive(Debug, Serialize)]
struct TimelineInfo {
    name: String,
    kind: &'static str,
    min: i64,
    max: i64,
    rows: u64,
}

/// Prints what is in a recording file.
pub(super) fn run(path: &Path, json: bool) -> anyhow::Result<()> {
    let mut loaded = load(path)?;
    let ids = loaded.recordings.clone();
    let info = FileInfo {
        path: path.display().to_string(),
        container: "rrd",
        recordings: ids
            .into_iter()
            .filter_map(|id| recording(&mut loaded, id))
            .collect(),
        warnings: loaded.warnings.iter().map(ToString::to_string).collect(),
    };
    super::print(&info, json, |out| write_text(out, &info))
}

fn recording(loaded: &mut Loaded, id: RecordingId) -> Option<RecordingInfo> {
    let streams = loaded.store.recording(id)?.streams.iter();
    let streams: Vec<(StreamId, EntityPath)> =
        streams.map(|it| (it.id, it.entity.clone())).collect();
    let mut videos = Vec::new();
    for (stream, path) in streams {
        videos.extend(video(loaded, id, stream).map(|video| (path, video)));
    }
    // What refers to a video stands behind the video itself.
    videos.sort_by_key(|(_, video)| video.archetype == StreamKind::VideoFrameReference.name());
    let recording = loaded.store.recording(id)?;
    let mut sources = loaded.sources.iter();
    let source = sources.find(|(of, _)| *of == id).map(|(_, source)| source);
    let entities = recording.entities().map(|(path, entity)| {
        let video = videos.iter().position(|(of, _)| of == path);
        let video = video.map(|at| videos.remove(at).1);
        entity_info(path, entity, video)
    });
    Some(RecordingInfo {
        application_id: recording.name.clone(),
        recording_id: recording.run.clone(),
        sdk: source.and_then(|source| source.sdk.clone()),
        source: source.map_or_else(String::new, |source| source.program.clone()),
        entities: entities.collect(),
        timelines: timelines(recording),
    })
}

fn timelines(recording: &Recording) -> Vec<TimelineInfo> {
    // Not logged: what a video has by itself.
    let own = Timeline::video_time();
    let timelines = recording.timelines().filter(|(it, _)| **it != own);
    let info = timelines.map(|(timeline, facts)| TimelineInfo {
        name: timeline.name.to_string(),
        kind: match timeline.kind {
            TimelineKind::Sequence => "sequence",
            TimelineKind::Duration => "duration",
            TimelineKind::Timestamp => "timestamp",
        },
        min: facts.extent.0.0,
        max: facts.extent.1.0,
        rows: facts.rows,
    });
    info.collect()
}

fn entity_info(path: &EntityPath, entity: &Entity, video: Option<VideoInfo>) -> EntityInfo {
    let is_video = |archetype: Option<&str>| {
        let name = archetype.and_then(|archetype| archetype.rsplit('.').next());
        video.is_some() && name.is_some_and(|name| VIDEO.iter().any(|kind| kind.name() == name))
    };
    let components = entity.components().map(|(component, rows)| {
        let value_type = component.component_type.as_ref();
        ComponentInfo {
            name: component.name.to_string(),
            archetype: component.archetype.as_ref().map(ToString::to_string),
            value_type: value_type.unwrap_or(&component.data_type).to_string(),
            rows,
            is_video: is_video(component.archetype.as_deref()),
        }
    });
    EntityInfo {
        path: escaped(path),
        rows: entity.rows,
        static_rows: entity.static_rows,
        components: components.collect(),
        video,
    }
}

/// All archetypes that are shown.
const VIDEO: [StreamKind; 8] = [
    StreamKind::VideoStream,
    StreamKind::AssetVideo,
    StreamKind::VideoFrameReference,
    StreamKind::EncodedImage,
    StreamKind::Image,
    StreamKind::DepthImage,
    StreamKind::EncodedDepthImage,
    StreamKind::SegmentationImage,
];

/// What a stream shows, on the timeline on which it shows most.
fn video(loaded: &mut Loaded, id: RecordingId, stream: StreamId) -> Option<VideoInfo> {
    let timelines = loaded.timelines_of(id, stream);
    let most = timelines.into_iter().max_by_key(|(_, moments)| *moments);
    if let (Some((timeline, _)), Some(recording)) = (most, loaded.store.recording_mut(id)) {
        recording.choose_timeline(&timeline.name);
    }
    let (_, view) = loaded.store.stream(stream)?;
    let track = view.stream().whole_video().unwrap_or(view.track);
    let samples = &track.samples;
    let keyframes = samples.in_presentation_order().iter();
    let keyframes = keyframes.filter(|id| {
        let sample = samples.get(**id);
        sample.is_some_and(|sample| sample.sync != SyncKind::None)
    });
    Some(VideoInfo {
        archetype: view.kind.map_or("", StreamKind::name),
        codec: track.codec.name(),
        width: track.facts.width,
        height: track.facts.height,
        samples: if view.refers() {
            view.moments()
        } else {
            samples.len()
        },
        keyframes: keyframes.count(),
        problem: view.problem().map(ToOwned::to_owned),
    })
}

/// A name on one line: what would break or colour it is written as an escape.
fn shown(name: &str) -> String {
    let escape = |letter: char| -> String {
        if letter.is_control() {
            letter.escape_default().collect()
        } else {
            letter.into()
        }
    };
    name.chars().map(escape).collect()
}

fn write_text(out: &mut dyn Write, info: &FileInfo) -> std::io::Result<()> {
    writeln!(out, "{} ({})", info.path, info.container)?;
    for recording in &info.recordings {
        let sdk = recording.sdk.as_deref().unwrap_or("of unknown version");
        let source = match recording.source.as_str() {
            "" => "an unknown program",
            source => source,
        };
        writeln!(
            out,
            "recording {} of {} (from {}, SDK {sdk})",
            shown(&recording.recording_id),
            shown(&recording.application_id),
            shown(source)
        )?;
        for timeline in &recording.timelines {
            writeln!(
                out,
                "  timeline {} ({}): {} to {}, {} rows",
                shown(&timeline.name),
                timeline.kind,
                timeline.min,
                timeline.max,
                timeline.rows
            )?;
        }
        for entity in &recording.entities {
            write_entity(out, entity)?;
        }
    }
    for warning in &info.warnings {
        writeln!(out, "warning: {}", shown(warning))?;
    }
    Ok(())
}

fn write_entity(out: &mut dyn Write, entity: &EntityInfo) -> std::io::Result<()> {
    writeln!(
        out,
        "  {}: {} rows, {} static",
        shown(&entity.path),
        entity.rows,
        entity.static_rows
    )?;
    if let Some(video) = &entity.video {
        writeln!(
            out,
            "    {} {} {}×{}: {} samples, {} keyframes",
            video.archetype, video.codec, video.width, video.height, video.samples, video.keyframes
        )?;
        if let Some(problem) = &video.problem {
            writeln!(out, "    cannot be shown: {problem}")?;
        }
    }
    for component in &entity.components {
        writeln!(
            out,
            "    {} ({}): {} rows{}",
            shown(&component.name),
            shown(&component.value_type),
            component.rows,
            if component.is_video {
                ""
            } else {
                ", not a video component"
            }
        )?;
    }
    Ok(())
}
