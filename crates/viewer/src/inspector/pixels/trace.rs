//! Counts as pictures: waveforms and the vectorscope are drawn from small textures, made once for each
//! measurement.

use egui::{Color32, ColorImage, TextureHandle, TextureOptions, Ui};
use reelscope_render::{SCOPE_LEVELS, ScopeChannel, Scopes};

use super::Choice;

/// The least that is seen of what occurs at all.
const FAINTEST: f32 = 0.22;

/// The channels of a parade, from the left, and the colours of their traces.
const PARADE: [(ScopeChannel, [u8; 3]); 3] = [
    (ScopeChannel::Red, [255, 90, 84]),
    (ScopeChannel::Green, [80, 224, 110]),
    (ScopeChannel::Blue, [96, 150, 255]),
];
const LUMA: (ScopeChannel, [u8; 3]) = (ScopeChannel::Luma, [222, 228, 235]);

/// The textures in use.
#[derive(Default)]
pub(super) struct Traces {
    /// What they were made of.
    of: Option<(u64, Choice)>,
    /// One for luma, or three.
    pub(super) waveforms: Vec<TextureHandle>,
    pub(super) vectors: Option<TextureHandle>,
}

impl Traces {
    /// Makes the textures anew if the measurement or the choice is another one.
    pub(super) fn update(&mut self, ui: &Ui, (number, scopes, choice): (u64, &Scopes, Choice)) {
        if self.of == Some((number, choice)) {
            return;
        }
        self.of = Some((number, choice));
        let load = |name: &str, image| {
            let options = TextureOptions::LINEAR;
            ui.ctx().load_texture(name, image, options)
        };
        let channels: &[_] = if choice.parade { &PARADE } else { &[LUMA] };
        let waveforms = channels
            .iter()
            .map(|(channel, color)| load("waveform", waveform(scopes, *channel, *color)));
        self.waveforms = waveforms.collect();
        self.vectors = Some(load("vectorscope", vectors(scopes)));
    }
}

/// How brightly a share of a column's pixels is drawn.
fn brightness(count: u32, most: f32) -> f32 {
    if count == 0 {
        return 0.0;
    }
    let share = (count as f32).ln_1p() / most.max(1.0).ln_1p();
    FAINTEST + (1.0 - FAINTEST) * share.min(1.0)
}

/// Columns of the region from the left, levels from the bottom.
fn waveform(scopes: &Scopes, channel: ScopeChannel, color: [u8; 3]) -> ColorImage {
    let columns = scopes.columns.max(1);
    let mut pixels = vec![Color32::TRANSPARENT; columns * SCOPE_LEVELS];
    // A level that a quarter of a column has is drawn in full.
    let most = scopes.pixels() as f32 / columns as f32 / 4.0;
    for column in 0..columns {
        let levels = scopes.waveform(channel, column).iter().enumerate();
        for (level, count) in levels.filter(|(_, count)| **count > 0) {
            let row = SCOPE_LEVELS - 1 - level;
            if let Some(pixel) = pixels.get_mut(row * columns + column) {
                *pixel = lit(color, brightness(*count, most));
            }
        }
    }
    ColorImage::new([columns, SCOPE_LEVELS], pixels)
}

/// Cb from the left, Cr from the bottom, each point in its own hue.
fn vectors(scopes: &Scopes) -> ColorImage {
    let mut pixels = vec![Color32::TRANSPARENT; SCOPE_LEVELS * SCOPE_LEVELS];
    let counts = scopes.vectorscope();
    let most = scopes.pixels() as f32 / 64.0;
    for (index, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let (cb, cr) = (index % SCOPE_LEVELS, index / SCOPE_LEVELS);
        let row = SCOPE_LEVELS - 1 - cr;
        if let Some(pixel) = pixels.get_mut(row * SCOPE_LEVELS + cb) {
            *pixel = lit(hue(cb, cr), brightness(*count, most));
        }
    }
    ColorImage::new([SCOPE_LEVELS; 2], pixels)
}

fn lit([red, green, blue]: [u8; 3], brightness: f32) -> Color32 {
    Color32::from_rgb(red, green, blue).gamma_multiply(brightness)
}

/// A light colour of the hue at a place of the vectorscope: by the matrix of BT.709, which is near
/// enough to tell hues apart.
fn hue(cb: usize, cr: usize) -> [u8; 3] {
    let chroma = |level: usize| (level as f32 - 128.0) / 224.0;
    let (cb, cr) = (chroma(cb), chroma(cr));
    let luma = 0.62;
    [
        luma + 1.5748 * cr,
        luma - 0.1873 * cb - 0.4681 * cr,
        luma + 1.8556 * cb,
    ]
    .map(|value| (value.clamp(0.0, 1.0) * 255.0) as u8)
}
