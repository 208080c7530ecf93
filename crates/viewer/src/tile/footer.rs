//! The line below a picture: which frame it is, and what is not as it should be about it.

use egui::{Align, Layout, Rect, RichText, Ui, UiBuilder, pos2, vec2};
use reelscope_media::{SyncKind, Track};
use reelscope_player::{Shown, ShownFrame, ShownState};
use reelscope_render::Channel;
use reelscope_store::{LogTime, StreamView, TimelineKind};

use crate::picture_choice::channel_name;
use crate::theme::{MARGIN, Palette};
use crate::tiles::Scene;
use crate::timecode::{grouped, time_text};
use crate::view_id::ViewId;
use crate::zoom::{Stage, Zoom};

/// Which frame this is.
pub(super) fn footer_line(
    ui: &mut Ui,
    scene: &Scene<'_>,
    (id, stream): (ViewId, &StreamView<'_>),
    rect: Rect,
    stage: &Stage,
    zoom: &Zoom,
) {
    let palette = Palette::of(ui.visuals());
    let Some(view) = scene.session.view(id) else {
        return;
    };
    let builder = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(f32::from(MARGIN), 0.0)))
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        ui.set_clip_rect(rect.intersect(ui.clip_rect()));
        let shown = view.shown.as_ref();
        let frame = shown.and_then(|shown| shown.frame.as_ref());
        let Some((shown, frame)) = shown.zip(frame) else {
            ui.label(RichText::new("no picture").color(palette.weak));
            return;
        };
        let track = stream.track;
        let track = scene
            .session
            .track_of(stream, scene.time_in(id))
            .unwrap_or(track);
        if let Some(number) = track.samples.frame_number(frame.sample) {
            let number = track.samples.dropped() + number;
            ui.label(RichText::new(format!("#{number}")).monospace());
        }
        // Of a video that is referred to, the time in it.
        let kind = match stream.timeline {
            Some(timeline) if !stream.refers() => timeline.kind,
            _ => TimelineKind::Duration,
        };
        let time = LogTime(track.nanos(frame.pts));
        if !stream.is_static() {
            ui.label(
                RichText::new(time_text(kind, time))
                    .monospace()
                    .color(palette.weak),
            );
        }
        let sync = track.samples.get(frame.sample).map(|sample| sample.sync);
        if sync.is_some_and(|sync| sync != SyncKind::None) && ui.available_width() > 180.0 {
            ui.label(RichText::new("keyframe").small().color(palette.weak));
        }
        values(ui, scene, id, stream);
        chosen(ui, scene, id);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some(text) = honesty(track, shown, frame) {
                ui.label(RichText::new(text).color(palette.warning));
            } else if let Some(text) = outside(scene, id, stream) {
                ui.label(RichText::new(text).color(palette.weak));
            } else if let Some(text) = age(scene, id, stream, time) {
                ui.label(RichText::new(text).color(palette.weak))
                    .on_hover_text(
                        "There is a gap here: this frame is longer on screen than others",
                    );
            } else if ui.available_width() > 60.0 {
                let percent = (zoom.scale(stage) * 100.0).round();
                ui.label(
                    RichText::new(format!("{percent} %"))
                        .small()
                        .color(palette.weak),
                )
                .on_hover_text("Size of the picture on screen");
            }
        });
    });
    let line = [
        pos2(rect.left(), rect.top()),
        pos2(rect.right(), rect.top()),
    ];
    ui.painter().line_segment(line, (1.0, palette.line));
}

/// The range of values on screen, where values are not colours.
fn values(ui: &mut Ui, scene: &Scene<'_>, id: ViewId, stream: &StreamView<'_>) {
    let look = scene.session.look_in(id, stream, scene.time_in(id));
    let Some(values) = scene.paint.values(id, &look) else {
        return;
    };
    if ui.available_width() < 140.0 {
        return;
    }
    let palette = Palette::of(ui.visuals());
    let range = if values.shown.automatic {
        "The range of values shown, that of this picture. The inspector changes it."
    } else {
        "The range of values shown, as chosen in the inspector."
    };
    let text = RichText::new(values.shown.map.to_string()).monospace();
    ui.label(text.color(palette.weak)).on_hover_text(range);
}

/// In what way the picture is not shown as it is, by the person's choice.
fn chosen(ui: &mut Ui, scene: &Scene<'_>, id: ViewId) {
    let palette = Palette::of(ui.visuals());
    let choice = scene.session.picture(id);
    let channel = (choice.channel != Channel::All).then(|| channel_name(choice.channel).to_owned());
    let clipping = choice.marks_clipping.then(|| "clipping".to_owned());
    for (text, hint) in [
        (
            channel,
            "The channel that is shown. The menu Picture has the others.",
        ),
        (
            choice.exposure.text(),
            "Exposure, in stops: E brighter, Shift+E darker, Alt+E as it is",
        ),
        (clipping, "What the display cannot show is marked"),
        (
            shift_text(scene.session.timeline_kind(), scene.session.offset(id)),
            "So much later than it was logged: ; and ’ shift it by a frame",
        ),
        (
            (scene.session.pinned() == Some(id)).then(|| "pinned".to_owned()),
            "“Align here” shows the pinned frame of this tile at the playhead",
        ),
    ] {
        if let Some(text) = text.filter(|_| ui.available_width() > 100.0) {
            ui.label(RichText::new(text).color(palette.accent))
                .on_hover_text(hint);
        }
    }
}

/// How much a view is shifted: `"+40 ms"`, `"−3"`.
pub(crate) fn shift_text(kind: TimelineKind, offset: i64) -> Option<String> {
    let sign = match offset {
        0 => return None,
        1.. => "+",
        _ => "−",
    };
    let size = offset.unsigned_abs();
    Some(match kind {
        TimelineKind::Sequence => format!("{sign}{size}"),
        TimelineKind::Duration | TimelineKind::Timestamp => {
            let micros = size / 1_000;
            match micros % 1_000 {
                0 => format!("{sign}{} ms", micros / 1_000),
                rest => format!("{sign}{}.{rest:03} ms", micros / 1_000),
            }
        }
    })
}

/// What is not as it should be with the frame on screen: `"≈ −8 frames · preview"`.
fn honesty(track: &Track, shown: &Shown, frame: &ShownFrame) -> Option<String> {
    let distance = distance_text(track, shown, frame);
    let reduced = match (frame.reduced, &distance) {
        (false, _) => None,
        (true, None) => Some("≈ preview".to_owned()),
        (true, Some(_)) => Some("preview".to_owned()),
    };
    let missing = match (&shown.state, shown.wanted) {
        (ShownState::Absent(_), Some(wanted)) => {
            let number = track.samples.frame_number(wanted);
            let number = number.map(|number| track.samples.dropped() + number);
            number.map(|number| format!("#{number} has no picture"))
        }
        _ => None,
    };
    let thinned = shown
        .every
        .filter(|every| *every > 1)
        .map(|every| format!("every {} frame", ordinal(every)));
    let words: Vec<String> = [distance, reduced, missing, thinned]
        .into_iter()
        .flatten()
        .collect();
    (!words.is_empty()).then(|| words.join(" · "))
}

/// How far the frame on screen is from the wanted one: `"≈ −8 frames"`.
fn distance_text(track: &Track, shown: &Shown, frame: &ShownFrame) -> Option<String> {
    if matches!(shown.state, ShownState::Exact) {
        return None;
    }
    let number = |id| track.samples.frame_number(id);
    frames_off(number(shown.wanted?)?, number(frame.sample)?)
}

/// How far a frame is from the wanted one, by their numbers: `"≈ −8 frames"`.
pub(crate) fn frames_off(wanted: usize, here: usize) -> Option<String> {
    let signed = |number| i64::try_from(number).unwrap_or(i64::MAX);
    let distance = signed(here) - signed(wanted);
    let sign = match distance {
        0 => return None,
        1.. => "+",
        _ => "",
    };
    let plural = if distance.abs() == 1 { "" } else { "s" };
    Some(format!("≈ {sign}{} frame{plural}", grouped(distance)))
}

/// `"4th"`.
fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// Says that the playhead is not within the stream.
fn outside(scene: &Scene<'_>, id: ViewId, stream: &StreamView<'_>) -> Option<&'static str> {
    let (start, end) = stream.extent()?;
    let time = scene.time_in(id);
    if time < start {
        Some("starts later")
    } else if time >= end {
        Some("has ended")
    } else {
        None
    }
}

/// How long ago the frame on screen was new, where that is long for this stream.
fn age(scene: &Scene<'_>, id: ViewId, stream: &StreamView<'_>, shown: LogTime) -> Option<String> {
    if stream.is_static() || stream.refers() {
        return None;
    }
    let usual = scene.session.view(id)?.summary.usual_distance()?;
    let usual = stream.track.timescale.to_nanos(usual);
    let age = scene.time_in(id).0.saturating_sub(shown.0);
    age_text(stream.timeline?.kind, age, usual)
}

/// `"0.58 s ago"`; nothing for what is no older than two frames.
fn age_text(kind: TimelineKind, age: i64, usual: i64) -> Option<String> {
    (age > usual.saturating_mul(2)).then(|| match kind {
        TimelineKind::Sequence => format!("{} steps ago", grouped(age)),
        TimelineKind::Duration | TimelineKind::Timestamp => {
            format!("{:.2} s ago", age as f64 / 1e9)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_to_the_wanted_frame_has_a_sign() {
        assert_eq!(frames_off(20, 12).as_deref(), Some("≈ −8 frames"));
        assert_eq!(frames_off(20, 21).as_deref(), Some("≈ +1 frame"));
        assert_eq!(frames_off(20, 20), None);
    }

    #[test]
    fn old_frames_say_so() {
        let time = TimelineKind::Duration;
        assert_eq!(age_text(time, 80_000_000, 40_000_000), None);
        let old = age_text(time, 581_000_000, 40_000_000);
        assert_eq!(old.as_deref(), Some("0.58 s ago"));
        let counted = age_text(TimelineKind::Sequence, 1_200, 1);
        assert_eq!(counted.as_deref(), Some("1 200 steps ago"));
    }

    #[test]
    fn ordinals_end_as_they_are_spoken() {
        let texts = [2, 3, 4, 11, 12, 13, 21, 22, 103, 111].map(ordinal);
        let expected = [
            "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "103rd", "111th",
        ];
        assert_eq!(texts, expected);
    }
}
