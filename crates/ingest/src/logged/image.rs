//! `Image`, `DepthImage`, `SegmentationImage`: values as they are, with a format that may have come
//! long before.

use std::sync::Arc;

use bytes::Bytes;
use reelscope_media::{CodecConfig, Presentation, RawFormat, StreamFacts, SyncKind, Visibility};
use reelscope_store::{Content, LoggedSample, StreamKind};
use reelscope_wire as wire;
use wire::component;

use super::{Archetype, Entity, emptied, numbered};

pub(super) const ARCHETYPE: Archetype = Archetype {
    waits: |entity, chunk| {
        KINDS.iter().enumerate().any(|(at, kind)| {
            let said = entity.images.said.get(at) == Some(&true);
            let logged = |name: &str| chunk.column(name).is_some();
            !said && logged(kind.values) && !logged(kind.format)
        })
    },
    read: |entity, chunk, content| {
        for (at, kind) in KINDS.iter().enumerate() {
            read(entity, chunk, at, kind, content);
        }
    },
};

/// The archetypes and their components.
struct Kind {
    kind: StreamKind,
    values: &'static str,
    format: &'static str,
    meter: Option<&'static str>,
}

const KINDS: &[Kind] = &[
    Kind {
        kind: StreamKind::Image,
        values: component::IMAGE_BUFFER,
        format: component::IMAGE_FORMAT,
        meter: None,
    },
    Kind {
        kind: StreamKind::DepthImage,
        values: component::DEPTH_IMAGE_BUFFER,
        format: component::DEPTH_IMAGE_FORMAT,
        meter: Some("DepthImage:meter"),
    },
    Kind {
        kind: StreamKind::SegmentationImage,
        values: component::SEGMENTATION_IMAGE_BUFFER,
        format: component::SEGMENTATION_IMAGE_FORMAT,
        meter: None,
    },
];

#[derive(Default)]
pub(crate) struct State {
    /// Of each kind.
    formats: [Option<Known>; KINDS.len()],
    /// Whether a format came at all.
    said: [bool; KINDS.len()],
    meter: Option<f32>,
}

impl State {
    /// True if nothing was learnt yet.
    pub(super) fn is_blank(&self) -> bool {
        !self.said.contains(&true) && self.meter.is_none()
    }
}

struct Known {
    format: RawFormat,
    config: Arc<CodecConfig>,
    facts: Arc<StreamFacts>,
    /// True until a sample has told the facts.
    is_new: bool,
}

fn read(
    entity: &mut Entity,
    chunk: &wire::Chunk,
    at: usize,
    kind: &Kind,
    content: &mut Vec<Content>,
) {
    let (values, formats) = (chunk.column(kind.values), chunk.column(kind.format));
    let meters = kind.meter.and_then(|name| chunk.column(name));
    let mut samples = Vec::new();
    for (row, number) in numbered(chunk) {
        if let Some(format) = formats.and_then(|column| column.image_format(row)) {
            note_format(entity, at, format);
        }
        if let Some(meter) = meters.and_then(|column| column.f32(row)) {
            entity.images.meter = Some(meter);
        }
        let Some(data) = values.and_then(|column| column.blob(row)) else {
            continue;
        };
        let presentation = match kind.kind {
            StreamKind::DepthImage => Presentation::Depth {
                meter: entity.images.meter,
            },
            StreamKind::SegmentationImage => Presentation::Segmentation,
            _ => Presentation::Picture,
        };
        samples.extend(sample(entity, at, number, data, presentation));
    }
    if !samples.is_empty() {
        content.push(Content::Samples(kind.kind, samples));
    }
    let ends = values.map(|column| emptied(column, chunk));
    if let Some(ends) = ends.filter(|ends| !ends.is_empty()) {
        content.push(Content::Ends(kind.kind, ends));
    }
}

fn note_format(entity: &mut Entity, at: usize, stated: wire::ImageFormat) {
    if let Some(said) = entity.images.said.get_mut(at) {
        *said = true;
    }
    let format = RawFormat::from_numbers(
        stated.width,
        stated.height,
        stated.pixel_format,
        stated.color_model,
        stated.channel_datatype,
    );
    let known = match format {
        Ok(format) => {
            let slot = entity.images.formats.get(at).and_then(Option::as_ref);
            if slot.is_some_and(|known| known.format == format) {
                return;
            }
            Some(Known {
                format,
                config: Arc::new(format.config()),
                facts: Arc::new(StreamFacts {
                    width: format.width,
                    height: format.height,
                    format: Some(format.frame_format()),
                    color: format.color(),
                    ..StreamFacts::default()
                }),
                is_new: true,
            })
        }
        Err(error) => {
            entity.tell(error.to_string());
            None
        }
    };
    if let Some(slot) = entity.images.formats.get_mut(at) {
        *slot = known;
    }
}

fn sample(
    entity: &mut Entity,
    at: usize,
    row: u32,
    data: Bytes,
    presentation: Presentation,
) -> Option<LoggedSample> {
    let Some(known) = entity.images.formats.get_mut(at).and_then(Option::as_mut) else {
        entity.tell("pictures without a format cannot be shown".to_owned());
        return None;
    };
    let facts = std::mem::take(&mut known.is_new).then(|| known.facts.clone());
    Some(LoggedSample {
        row,
        sync: SyncKind::Closed,
        visibility: Visibility::Shown,
        config: known.config.clone(),
        data,
        facts,
        presentation,
    })
}
