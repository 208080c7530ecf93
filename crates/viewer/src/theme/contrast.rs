//! Both themes are readable: WCAG 2.2, success criteria 1.4.3 (text, 4.5 to 1) and 1.4.11 (graphics,
//! 3 to 1).

use egui::Color32;

use super::{DARK, LIGHT, Palette};

/// Relative luminance as WCAG defines it, from 0 to 1.
fn luminance(color: Color32) -> f64 {
    let [red, green, blue] = [color.r(), color.g(), color.b()].map(|value| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The contrast of two colours, from 1 to 21.
fn contrast(one: Color32, other: Color32) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

type Named = (&'static str, Color32);

fn assert_readable(theme: &str, on_top: &[Named], grounds: &[Named], least: f64) {
    for (name, color) in on_top {
        for (ground_name, ground) in grounds {
            let found = contrast(*color, *ground);
            assert!(
                found >= least,
                "{theme}: {name} on {ground_name} has {found:.2}, not {least}"
            );
        }
    }
}

fn check(theme: &str, palette: &Palette) {
    let panels = [("surface", palette.surface), ("raised", palette.raised)];
    let chosen = [("accent_fill", palette.accent_fill)];
    let lanes = [
        ("lane", palette.lane),
        ("lane_focused", palette.lane_focused),
    ];
    let sunken = [("sunken", palette.sunken)];
    let hovered = [("line", palette.line)];
    let words = [
        ("text", palette.text),
        ("weak", palette.weak),
        ("accent", palette.accent),
        ("warning", palette.warning),
        ("error", palette.error),
    ];
    assert_readable(theme, &words, &panels, 4.5);
    assert_readable(theme, &words, &chosen, 4.5);
    assert_readable(theme, &words[..2], &sunken, 4.5);
    assert_readable(theme, &words[..2], &hovered, 4.5);
    assert_readable(theme, &words[..1], &lanes, 4.5);
    let good = [("cached", palette.cached)];
    assert_readable(theme, &good, &panels, 4.5);
    let signs = [
        ("playhead", palette.playhead),
        ("keyframe", palette.keyframe),
        ("cached", palette.cached),
        ("accent", palette.accent),
        ("error", palette.error),
    ];
    for grounds in [&panels[..], &lanes, &sunken] {
        assert_readable(theme, &signs, grounds, 3.0);
    }
    // What is off must still be found.
    let off = [("faint", palette.faint)];
    assert_readable(theme, &off, &panels[..1], 3.0);
}

#[test]
fn text_and_signs_stand_out_in_both_themes() {
    check("dark", &DARK);
    check("light", &LIGHT);
}

#[test]
fn contrast_is_that_of_wcag() {
    assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 1e-9);
    // #767676 on white is the lightest grey that passes, as WebAIM lists it: 4.54.
    let grey = contrast(Color32::from_rgb(0x76, 0x76, 0x76), Color32::WHITE);
    assert!((grey - 4.54).abs() < 0.01, "{grey}");
}
