//! What can be said of the frame on screen, its sample and its stream. No layout in here.

use reelscope_media::{Sample, SampleData, SampleId, SyncKind};
use reelscope_player::{FrameCache, ShownFrame, ShownState};
use reelscope_store::{LogTime, Recording, StreamView, TimelineKind};

use super::{COLOUR, FRAME, Row, SAMPLE, Section, hdr, rhythm};
use crate::session::{View, codec_title};
use crate::summary::{frame_rate_millihertz, frame_rate_text};
use crate::timecode::{bytes_text, clock_text, day_text, grouped, time_text};
use crate::values::{LoggedLook, StreamLook, Values};
use crate::view_id::ViewId;

/// What the inspector looks at.
pub(crate) struct Subject<'a> {
    pub(crate) recording: &'a Recording,
    pub(crate) stream: StreamView<'a>,
    /// The name of the view.
    pub(crate) id: ViewId,
    pub(crate) view: &'a View,
    pub(crate) cache: &'a FrameCache,
    /// How the picture is drawn besides.
    pub(crate) look: StreamLook,
    /// The values that it is shown with, if those are not colours.
    pub(crate) values: Option<Values>,
}

/// The sample of the frame on screen, or of the one that is awaited.
pub(super) fn current(subject: &Subject<'_>) -> Option<SampleId> {
    let shown = subject.view.shown.as_ref()?;
    let frame = shown.frame.as_ref().map(|frame| frame.sample);
    frame.or(shown.wanted)
}

/// All that can be said of the frame on screen.
pub(super) fn frame_sections(subject: &Subject<'_>) -> Vec<Section> {
    let shown = subject.view.shown.as_ref();
    let frame = shown.and_then(|shown| shown.frame.as_ref());
    let sample = current(subject).and_then(|id| Some((id, subject.stream.track.samples.get(id)?)));
    let mut sections = Vec::new();
    if let Some((id, sample)) = sample {
        sections.push(frame_section(subject, id, sample));
        sections.push(sample_section(subject, id, sample));
    }
    if let Some(frame) = frame {
        sections.push(picture_section(subject, frame));
        sections.push(color_section(subject));
    }
    sections
}

/// All that can be said of its stream.
pub(super) fn stream_sections(subject: &Subject<'_>) -> Vec<Section> {
    let mut sections = vec![stream_section(subject)];
    sections.extend(rhythm::sections(subject));
    sections.push(file_section(subject));
    sections
}

fn row(name: &'static str, value: impl Into<String>, hint: &'static str) -> Row {
    Row::new(name, value, hint)
}

fn frame_section(subject: &Subject<'_>, id: SampleId, sample: &Sample) -> Section {
    let track = &subject.stream.track;
    // Counted from the very first frame, also where the first ones had to go.
    let dropped = track.samples.dropped();
    let count = dropped + track.samples.shown().len();
    let mut rows = Vec::new();
    if let Some(number) = track.samples.frame_number(id) {
        let number = dropped + number;
        rows.push(
            row(
                "Number",
                format!("#{number} of {}", grouped(count as i64)),
                "Number in presentation order, from 0",
            )
            .raw(format!("#{number}")),
        );
    }
    if dropped > 0 {
        rows.push(
            row(
                "Dropped",
                format!("the first {}", grouped(dropped as i64)),
                "Frames that had to go for the memory limit",
            )
            .raw(dropped.to_string()),
        );
    }
    let nanos = track.nanos(sample.pts);
    let kind = kind(subject);
    let time = LogTime(nanos);
    let text = match day_text(kind, time) {
        Some(day) => format!("{} {}", day.trim_end_matches(" UTC"), time_text(kind, time)),
        None => time_text(kind, time),
    };
    rows.push(
        row("Time", text, "Time on the timeline, UTC if it has a date").raw(nanos.to_string()),
    );
    let is_counted = kind == TimelineKind::Sequence;
    rows.extend((!is_counted).then(|| {
        row(
            "PTS",
            format!("{} ns", grouped(nanos)),
            "Presentation time in nanoseconds",
        )
        .raw(nanos.to_string())
    }));
    let is_logged = subject.stream.kind.is_some() && !subject.stream.refers();
    rows.extend((!is_logged).then(|| {
        ticks(
            "PTS ticks",
            sample.pts.0,
            subject,
            "Presentation time in ticks of the track",
        )
    }));
    if sample.duration > 0 {
        let nanos = track.timescale.to_nanos(i64::from(sample.duration));
        rows.push(
            row(
                "Duration",
                format!("{} ns", grouped(nanos)),
                "How long the frame is shown",
            )
            .raw(nanos.to_string()),
        );
    }
    rows.push(state_row(subject));
    Section { title: FRAME, rows }
}

/// What the times of the stream's track mean.
pub(super) fn kind(subject: &Subject<'_>) -> TimelineKind {
    match subject.stream.timeline {
        Some(timeline) if !subject.stream.refers() => timeline.kind,
        _ => TimelineKind::Duration,
    }
}

fn ticks(name: &'static str, ticks: i64, subject: &Subject<'_>, hint: &'static str) -> Row {
    let scale = subject.stream.track.timescale.ticks_per_second();
    row(name, format!("{} / {scale}", grouped(ticks)), hint).raw(ticks.to_string())
}

fn state_row(subject: &Subject<'_>) -> Row {
    const HINT: &str = "Whether this is the frame that belongs to the playhead";
    let Some(shown) = &subject.view.shown else {
        return row("Shown", "–", HINT);
    };
    let (text, alert) = match &shown.state {
        ShownState::Exact => ("exact", false),
        ShownState::Pending if shown.frame.as_ref().is_some_and(|frame| frame.reduced) => {
            ("preview, decoding", true)
        }
        ShownState::Pending if shown.frame.is_some() => ("nearest, decoding", true),
        ShownState::Pending => ("decoding", true),
        ShownState::Absent(_) => ("nearest, none here", true),
        ShownState::Failed(_) => ("decoding failed", true),
        ShownState::Empty => ("nothing", true),
    };
    row("Shown", text, HINT).alert(alert)
}

fn sample_section(subject: &Subject<'_>, id: SampleId, sample: &Sample) -> Section {
    let samples = &subject.stream.track.samples;
    let mut rows = vec![row(
        "Sync",
        sync_text(sample.sync),
        "Whether decoding can start at this sample",
    )];
    if subject.stream.kind.is_none() {
        rows.push(ticks(
            "DTS ticks",
            sample.dts.0,
            subject,
            "Decode time in ticks of the track",
        ));
    }
    if let Some(position) = samples.decode_position(id) {
        rows.push(row(
            "Decode order",
            format!("#{position} of {}", grouped(samples.positions().end as i64)),
            "Position in decode order, from 0",
        ));
        if let Some(gop) = samples.gop_of(id) {
            rows.push(row(
                "GOP",
                format!(
                    "#{} of {} · #{} of {}",
                    gop.number,
                    samples.gop_count(),
                    position - gop.samples.start,
                    gop.samples.len()
                ),
                "Group of pictures, and the position of the sample in it in decode order, both from 0",
            ));
        }
    }
    let len = sample.data.len();
    rows.push(
        row(
            "Size",
            format!("{} B", grouped(len as i64)),
            "Bytes of the access unit",
        )
        .raw(len.to_string()),
    );
    if let SampleData::Range { offset, .. } = sample.data {
        let shown = i64::try_from(offset).unwrap_or(i64::MAX);
        rows.push(
            row(
                "Offset",
                format!("{} B", grouped(shown)),
                "Where its bytes start in the file",
            )
            .raw(offset.to_string()),
        );
    }
    Section {
        title: SAMPLE,
        rows,
    }
}

fn sync_text(sync: SyncKind) -> String {
    match sync {
        SyncKind::None => "no".to_owned(),
        SyncKind::Closed => "keyframe, closed GOP".to_owned(),
        SyncKind::Open => "keyframe, open GOP".to_owned(),
        SyncKind::Recovery(frames) => format!("recovery after {frames}"),
        SyncKind::Stated => "keyframe by container".to_owned(),
    }
}

fn picture_section(subject: &Subject<'_>, shown: &ShownFrame) -> Section {
    let frame = &shown.frame;
    let format = frame.format();
    let track = &subject.stream.track;
    let in_hand = (frame.width(), frame.height());
    let (width, height) = match subject.view.picture_size(track) {
        Some(size) if shown.reduced => size,
        _ => in_hand,
    };
    let mut rows = vec![
        row(
            "Size",
            format!("{width}×{height}"),
            "Pixels as decoded, after cropping",
        ),
        row(
            "Pixel format",
            format.name(),
            "Planes as decoded, by FFmpeg’s name",
        ),
        row(
            "Bit depth",
            format!("{} bit", format.depth),
            "Bits per value",
        )
        .raw(format.depth.to_string()),
    ];
    let display = track
        .geometry
        .display_size(width, height, track.facts.pixel_aspect);
    if display != (width, height) {
        rows.push(row(
            "Shown as",
            format!("{}×{}", display.0, display.1),
            "In square pixels, upright",
        ));
    }
    let orientation = track.geometry.orientation;
    if orientation.degrees() != 0 || orientation.mirrored {
        let mirrored = if orientation.mirrored {
            ", mirrored"
        } else {
            ""
        };
        rows.push(row(
            "Rotation",
            format!("{}°{mirrored}", orientation.degrees()),
            "Clockwise, by the container",
        ));
    }
    if track.facts.interlaced {
        let mut row = row(
            "Scan",
            "interlaced",
            "Coded as fields; decoded frames are shown as they are, both fields at once",
        );
        row.note = Some("frames as decoded");
        rows.push(row);
    }
    rows.extend(logged_rows(subject.look.logged));
    rows.push(
        row(
            "In memory",
            bytes_text(frame.byte_size() as u64),
            "Memory that this frame takes",
        )
        .raw(frame.byte_size().to_string()),
    );
    Section {
        title: "Picture",
        rows,
    }
}

/// What is stated of the pictures' brightness; the colours themselves are laid out in `color`.
fn color_section(subject: &Subject<'_>) -> Section {
    Section {
        title: COLOUR,
        rows: hdr::rows(&subject.look.hdr).collect(),
    }
}

fn stream_section(subject: &Subject<'_>) -> Section {
    let track = &subject.stream.track;
    let mut rows = vec![row(
        "Codec",
        codec_title(track),
        "How the samples are coded",
    )];
    if let Some(profile) = &track.facts.profile {
        rows.push(row("Profile", profile, "Which tools of the codec are used"));
    }
    rows.push(row(
        "Codec string",
        &track.codec_string,
        "As RFC 6381 writes it",
    ));
    match subject.stream.kind {
        Some(kind) => rows.push(row("Archetype", kind.name(), "What it was logged as")),
        None => rows.push(row(
            "Track",
            track.id.to_string(),
            "The container’s number for it",
        )),
    }
    let is_counted = kind(subject) == TimelineKind::Sequence;
    if let Some(rate) = frame_rate_millihertz(track).filter(|_| !is_counted) {
        let variable = subject.view.summary.spacing().is_variable();
        rows.push(row(
            "Frame rate",
            format!(
                "{}{}",
                frame_rate_text(rate),
                if variable { ", variable" } else { "" }
            ),
            "Mean over all frames",
        ));
    }
    if let Some((start, end)) = subject.stream.extent().filter(|_| !is_counted) {
        let length = end.0.saturating_sub(start.0);
        rows.push(row(
            "Length",
            clock_text(length),
            "From the first frame to the end of the last",
        ));
        rows.push(rate_row(subject.view.summary.bytes(), length));
    }
    if let Some(engine) = subject.view.engine() {
        rows.push(row("Decoder", engine, "What decodes this stream"));
    }
    if let Some(note) = subject.view.engine_note() {
        rows.push(row("Hardware", note, "Why no hardware decodes this stream"));
    }
    let cached = subject.cache.times(subject.view.key()).count();
    rows.push(
        row(
            "Frames at hand",
            grouped(cached as i64),
            "Decoded frames kept in memory",
        )
        .raw(cached.to_string()),
    );
    Section {
        title: "Stream",
        rows,
    }
}

fn logged_rows(logged: LoggedLook) -> impl Iterator<Item = Row> {
    let opacity = logged.opacity.map(|opacity| {
        let hint = "Logged: from 0, invisible, to 1";
        row("Opacity", opacity.to_string(), hint)
    });
    let draw_order = logged.draw_order.map(|order| {
        let hint = "Logged: greater is nearer where pictures lie upon each other";
        row("Draw order", order.to_string(), hint)
    });
    opacity.into_iter().chain(draw_order)
}

fn rate_row(bytes: u64, nanos: i64) -> Row {
    row(
        "Bit rate",
        bit_rate_text(bytes, nanos),
        "Mean over all samples",
    )
}

/// So many bytes in so many nanoseconds, as people write it.
pub(super) fn bit_rate_text(bytes: u64, nanos: i64) -> String {
    let nanos = u128::try_from(nanos).unwrap_or(0).max(1);
    let kilobits = u128::from(bytes) * 8 * 1_000_000 / nanos;
    if kilobits >= 10_000 {
        format!("{}.{} Mbit/s", kilobits / 1_000, kilobits % 1_000 / 100)
    } else {
        format!("{kilobits} kbit/s")
    }
}

fn file_section(subject: &Subject<'_>) -> Section {
    if subject.recording.is_logged() {
        return Section {
            title: "Recording",
            rows: vec![
                row(
                    "Program",
                    &subject.recording.name,
                    "The application id of the program that logged",
                ),
                row("Run", &subject.recording.run, "The id of this recording"),
                row("Source", &subject.recording.origin, "Where it came from"),
                row(
                    "Entity",
                    format!("/{}", subject.stream.entity.as_str()),
                    "Where it was logged",
                ),
            ],
        };
    }
    Section {
        title: "File",
        rows: vec![
            row("Name", &subject.recording.name, "File name"),
            row("Path", &subject.recording.origin, "Where the file is"),
            row("Container", &subject.recording.kind, "Format of the file"),
        ],
    }
}
