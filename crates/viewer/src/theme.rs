//! Colours, sizes and type of the window, for dark and light surroundings.

use egui::style::ScrollAnimation;
use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, TextStyle, Theme, Visuals};

use crate::settings::Settings;

/// Height of a row in lists and panels.
pub(crate) const ROW: f32 = 22.0;
/// Side of a small button with an icon.
pub(crate) const BUTTON: f32 = 26.0;
/// Space between things that belong together.
pub(crate) const GAP: f32 = 6.0;
/// Space around the content of a panel.
pub(crate) const MARGIN: i8 = 10;

/// The colours of one theme, named by their use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Palette {
    /// Panels.
    pub(crate) surface: Color32,
    /// Cards, menus and buttons on panels.
    pub(crate) raised: Color32,
    /// Around pictures, and fields to type in.
    pub(crate) sunken: Color32,
    /// Lines between panels.
    pub(crate) line: Color32,
    /// Text.
    pub(crate) text: Color32,
    /// Labels and secondary text.
    pub(crate) weak: Color32,
    /// What is there but off.
    pub(crate) faint: Color32,
    /// Selection and focus.
    pub(crate) accent: Color32,
    /// Behind what is selected.
    pub(crate) accent_fill: Color32,
    /// The playhead.
    pub(crate) playhead: Color32,
    /// Decoded frames at hand.
    pub(crate) cached: Color32,
    /// Bars of the timeline's lanes.
    pub(crate) lane: Color32,
    /// Bar of the focused lane.
    pub(crate) lane_focused: Color32,
    /// Keyframe ticks.
    pub(crate) keyframe: Color32,
    /// Warnings, and approximate frames.
    pub(crate) warning: Color32,
    /// Errors.
    pub(crate) error: Color32,
}

const DARK: Palette = Palette {
    surface: Color32::from_rgb(0x1b, 0x1d, 0x21),
    raised: Color32::from_rgb(0x2a, 0x2d, 0x33),
    sunken: Color32::from_rgb(0x0f, 0x10, 0x12),
    line: Color32::from_rgb(0x31, 0x35, 0x3c),
    text: Color32::from_rgb(0xdf, 0xe2, 0xe7),
    weak: Color32::from_rgb(0x9a, 0xa1, 0xad),
    faint: Color32::from_rgb(0x5e, 0x65, 0x70),
    accent: Color32::from_rgb(0x62, 0xa8, 0xff),
    accent_fill: Color32::from_rgb(0x24, 0x3d, 0x5c),
    playhead: Color32::from_rgb(0xff, 0xb4, 0x54),
    cached: Color32::from_rgb(0x3f, 0xb0, 0x88),
    lane: Color32::from_rgb(0x2f, 0x38, 0x45),
    lane_focused: Color32::from_rgb(0x37, 0x4d, 0x6a),
    keyframe: Color32::from_rgb(0xb4, 0xc4, 0xd8),
    warning: Color32::from_rgb(0xff, 0xc2, 0x66),
    error: Color32::from_rgb(0xff, 0x7b, 0x7b),
};

const LIGHT: Palette = Palette {
    surface: Color32::from_rgb(0xf5, 0xf6, 0xf8),
    raised: Color32::from_rgb(0xe6, 0xe8, 0xec),
    sunken: Color32::from_rgb(0xd6, 0xd9, 0xde),
    line: Color32::from_rgb(0xcd, 0xd1, 0xd7),
    text: Color32::from_rgb(0x1c, 0x1f, 0x24),
    weak: Color32::from_rgb(0x55, 0x5d, 0x69),
    faint: Color32::from_rgb(0x9a, 0xa0, 0xaa),
    accent: Color32::from_rgb(0x12, 0x62, 0xc4),
    accent_fill: Color32::from_rgb(0xcb, 0xdf, 0xf8),
    playhead: Color32::from_rgb(0xc2, 0x5b, 0x00),
    cached: Color32::from_rgb(0x1f, 0x96, 0x6b),
    lane: Color32::from_rgb(0xd3, 0xda, 0xe3),
    lane_focused: Color32::from_rgb(0xb3, 0xcd, 0xee),
    keyframe: Color32::from_rgb(0x3d, 0x52, 0x6e),
    warning: Color32::from_rgb(0x94, 0x5a, 0x00),
    error: Color32::from_rgb(0xb4, 0x23, 0x2a),
};

impl Palette {
    /// The colours that go with the visuals in force.
    pub(crate) fn of(visuals: &Visuals) -> Self {
        if visuals.dark_mode { DARK } else { LIGHT }
    }
}

/// Gives the context both themes.
pub(crate) fn install(ctx: &egui::Context) {
    // There are commands for it.
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
    for (theme, palette) in [(Theme::Dark, DARK), (Theme::Light, LIGHT)] {
        ctx.style_mut_of(theme, |style| dress(style, &palette));
    }
}

/// Brings the window in line with what the person chose of its looks.
pub(crate) fn apply(ctx: &egui::Context, settings: &Settings) {
    ctx.set_theme(settings.theme);
    ctx.set_zoom_factor(settings.ui_scale.factor());
    let usual = egui::Style::default();
    let (time, scrolling) = if settings.reduced_motion {
        (0.0, ScrollAnimation::none())
    } else {
        (usual.animation_time, usual.scroll_animation)
    };
    ctx.all_styles_mut(|style| {
        style.animation_time = time;
        style.scroll_animation = scrolling;
    });
}

fn dress(style: &mut egui::Style, palette: &Palette) {
    let sizes = [
        (TextStyle::Small, 11.0, FontFamily::Proportional),
        (TextStyle::Body, 13.0, FontFamily::Proportional),
        (TextStyle::Button, 13.0, FontFamily::Proportional),
        (TextStyle::Heading, 17.0, FontFamily::Proportional),
        (TextStyle::Monospace, 12.0, FontFamily::Monospace),
    ];
    for (text_style, size, family) in sizes {
        style
            .text_styles
            .insert(text_style, FontId::new(size, family));
    }
    style.spacing.item_spacing = egui::vec2(GAP, 4.0);
    style.spacing.button_padding = egui::vec2(10.0, 4.0);
    style.spacing.menu_margin = Margin::same(6);
    style.spacing.window_margin = Margin::same(16);
    style.spacing.interact_size.y = ROW;
    style.spacing.scroll.floating = true;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.4;
    dress_visuals(&mut style.visuals, palette);
}

fn dress_visuals(visuals: &mut Visuals, palette: &Palette) {
    visuals.panel_fill = palette.surface;
    visuals.window_fill = palette.surface;
    visuals.window_stroke = Stroke::new(1.0, palette.line);
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(6);
    visuals.extreme_bg_color = palette.sunken;
    visuals.faint_bg_color = palette.raised.gamma_multiply(0.4);
    visuals.hyperlink_color = palette.accent;
    visuals.warn_fg_color = palette.warning;
    visuals.error_fg_color = palette.error;
    visuals.weak_text_color = Some(palette.weak);
    visuals.selection.bg_fill = palette.accent_fill;
    visuals.selection.stroke = Stroke::new(1.0, palette.accent);
    if !visuals.dark_mode {
        visuals.text_edit_bg_color = Some(Color32::WHITE);
    }
    let widgets = &mut visuals.widgets;
    widgets.noninteractive.bg_fill = palette.surface;
    widgets.noninteractive.weak_bg_fill = palette.surface;
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, palette.line);
    widgets.noninteractive.fg_stroke = Stroke::new(1.0, palette.text);
    widgets.inactive.bg_fill = palette.raised;
    widgets.inactive.weak_bg_fill = palette.raised;
    widgets.inactive.bg_stroke = Stroke::NONE;
    widgets.inactive.fg_stroke = Stroke::new(1.0, palette.text);
    widgets.hovered.bg_fill = palette.line;
    widgets.hovered.weak_bg_fill = palette.line;
    widgets.hovered.bg_stroke = Stroke::new(1.0, palette.faint);
    widgets.hovered.fg_stroke = Stroke::new(1.0, palette.text);
    widgets.active.bg_fill = palette.accent_fill;
    widgets.active.weak_bg_fill = palette.accent_fill;
    widgets.active.bg_stroke = Stroke::new(1.0, palette.accent);
    widgets.active.fg_stroke = Stroke::new(1.0, palette.text);
    widgets.open.bg_fill = palette.raised;
    widgets.open.weak_bg_fill = palette.raised;
    widgets.open.bg_stroke = Stroke::NONE;
    widgets.open.fg_stroke = Stroke::new(1.0, palette.text);
    for widget in [
        &mut widgets.noninteractive,
        &mut widgets.inactive,
        &mut widgets.hovered,
        &mut widgets.active,
        &mut widgets.open,
    ] {
        widget.corner_radius = CornerRadius::same(4);
        widget.expansion = 0.0;
    }
}
