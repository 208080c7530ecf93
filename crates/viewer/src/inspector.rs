//! The panel on the right: exactly which frame of which file this is, and what lies around and in it.
//! What is said of frame and stream comes from `facts`; here it is laid out, and every value copies on
//! a click. The other tabs have files of their own.

mod bitstream;
mod color;
mod facts;
mod gop;
mod hdr;
mod pictures;
mod readings;
mod samples;
mod tabs;
mod values;

use egui::{Align, FontId, Layout, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::command::{Command, Commands};
use crate::theme::{MARGIN, Palette};
use crate::widgets::{elided, line_galley, paint_line};

use reelscope_decode::Wake;
use reelscope_media::SampleId;
use reelscope_store::LogTime;

pub(crate) use facts::Subject;
use facts::{current, frame_sections, stream_sections};
use gop::GopTab;
use readings::Readings;
use samples::SamplesTab;
pub use tabs::InspectorTab;

/// Width of the names of values.
const NAMES: f32 = 92.0;
const ROW: f32 = 20.0;
/// The section that says which frame it is.
const FRAME: &str = "Frame";
/// The section about colours.
const COLOUR: &str = "Colour";

/// Facts of one kind.
pub(crate) struct Section {
    pub(crate) title: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// A value with its name.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    /// What a click copies, where that is not the value as shown.
    pub(crate) raw: Option<String>,
    /// What the value means.
    pub(crate) hint: &'static str,
    /// Where the value is from, shown weakly after it.
    pub(crate) note: Option<&'static str>,
    /// True if it says that something is not as it should be.
    pub(crate) alert: bool,
}

/// The line at the top of a side panel.
pub(crate) fn panel_heading(ui: &mut Ui, title: &str) {
    let palette = Palette::of(ui.visuals());
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), 28.0),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.add_space(f32::from(MARGIN));
            ui.label(RichText::new(title).color(palette.weak));
        },
    );
    let rect = ui.min_rect();
    ui.painter()
        .hline(rect.x_range(), rect.bottom(), (1.0, palette.line));
    ui.add_space(2.0);
}

impl Row {
    fn new(name: &'static str, value: impl Into<String>, hint: &'static str) -> Self {
        Self {
            name,
            value: value.into(),
            raw: None,
            hint,
            note: None,
            alert: false,
        }
    }

    fn raw(mut self, raw: impl Into<String>) -> Self {
        self.raw = Some(raw.into());
        self
    }

    fn alert(mut self, alert: bool) -> Self {
        self.alert = alert;
        self
    }
}

/// What the panel keeps between repaints.
pub(crate) struct Inspector {
    readings: Readings,
    gop: GopTab,
    samples: SamplesTab,
}

impl Inspector {
    /// A panel that has looked at nothing. `wake` asks for a repaint.
    ///
    /// # Errors
    /// If the operating system gives no thread to read samples on.
    pub(crate) fn new(wake: Wake) -> std::io::Result<Self> {
        Ok(Self {
            readings: Readings::new(wake)?,
            gop: GopTab::default(),
            samples: SamplesTab::default(),
        })
    }

    /// Draws the panel.
    pub(crate) fn ui(
        &mut self,
        ui: &mut Ui,
        subject: Option<&Subject<'_>>,
        tab: InspectorTab,
        commands: &mut Commands,
    ) {
        let Some(subject) = subject else {
            panel_heading(ui, "Inspector");
            hint(ui, "Open a file to see what its frames are made of.");
            return;
        };
        tabs::ui(ui, tab, commands);
        self.readings.look_at(subject.view.key().0);
        match tab {
            InspectorTab::Frame | InspectorTab::Stream => facts_ui(ui, subject, tab, commands),
            InspectorTab::Gop => self.gop.ui(ui, subject, &mut self.readings, commands),
            InspectorTab::Samples => self.samples.ui(ui, subject, &mut self.readings, commands),
            InspectorTab::Bitstream => bitstream::ui(ui, subject, &mut self.readings, commands),
        }
    }
}

/// A sentence in place of what cannot be shown.
fn hint(ui: &mut Ui, text: &str) {
    let palette = Palette::of(ui.visuals());
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.add_space(f32::from(MARGIN));
        ui.add(egui::Label::new(RichText::new(text).color(palette.weak)).wrap());
    });
}

/// What brings a sample on screen. `None` where samples have no time of their own.
fn seek_to(subject: &Subject<'_>, id: SampleId) -> Option<Command> {
    let track = subject.stream.track;
    let sample = track.samples.get(id)?;
    (!subject.stream.refers()).then(|| Command::Seek(LogTime(track.nanos(sample.pts))))
}

fn facts_ui(ui: &mut Ui, subject: &Subject<'_>, tab: InspectorTab, commands: &mut Commands) {
    let sections = match tab {
        InspectorTab::Stream => stream_sections(subject),
        _ => frame_sections(subject),
    };
    ScrollArea::vertical()
        .auto_shrink(false)
        .id_salt(tab)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for section in sections {
                section_ui(ui, subject, &section, commands);
                if let (FRAME, Some(shown)) = (section.title, &subject.values) {
                    let values = (shown, &subject.look);
                    values::ui(ui, subject.view.id(), values, commands);
                }
            }
        });
}

fn section_ui(ui: &mut Ui, subject: &Subject<'_>, section: &Section, commands: &mut Commands) {
    let palette = Palette::of(ui.visuals());
    ui.add_space(8.0);
    if section.title == COLOUR {
        color::heading(ui, subject, section.title, commands);
        ui.add_space(2.0);
        color::ui(ui, subject, commands);
    } else {
        ui.horizontal(|ui| {
            ui.add_space(f32::from(MARGIN));
            ui.label(RichText::new(section.title).strong().color(palette.text));
        });
        ui.add_space(2.0);
    }
    for row in &section.rows {
        row_ui(ui, row, commands);
    }
    if let (COLOUR, Some(remark)) = (section.title, &subject.stream.track.remark) {
        remark_ui(ui, remark);
    }
    ui.add_space(6.0);
}

/// What a person should know of how the stream is shown.
fn remark_ui(ui: &mut Ui, remark: &str) {
    let palette = Palette::of(ui.visuals());
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.add_space(f32::from(MARGIN));
        let text = RichText::new(remark).size(12.0).color(palette.warning);
        ui.add(egui::Label::new(text).wrap());
    });
}

fn row_ui(ui: &mut Ui, row: &Row, commands: &mut Commands) {
    let palette = Palette::of(ui.visuals());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Button, true, format!("{}: {}", row.name, row.value))
    });
    if response.hovered() || response.has_focus() {
        ui.painter()
            .rect_filled(rect.shrink2(vec2(4.0, 0.0)), 3.0, palette.raised);
    }
    let inner = rect.shrink2(vec2(f32::from(MARGIN), 0.0));
    paint_line(
        ui,
        inner.with_max_x(inner.left() + NAMES),
        row.name,
        FontId::proportional(12.0),
        palette.weak,
    );
    let color = if row.alert {
        palette.warning
    } else {
        palette.text
    };
    let mut place = inner.with_min_x(inner.left() + NAMES + 4.0);
    if let Some(note) = row.note {
        let galley = line_galley(ui, note, FontId::proportional(11.0), palette.weak, 110.0);
        let at = pos2(
            inner.right() - galley.size().x,
            (inner.center().y - galley.size().y / 2.0).round(),
        );
        place.max.x = at.x - 6.0;
        ui.painter().galley(at, galley, palette.weak);
    }
    // The characters of this font are all as wide as each other.
    let font = FontId::monospace(12.0);
    let width = ui.ctx().fonts_mut(|fonts| fonts.glyph_width(&font, '0'));
    let fitting = (place.width() / width.max(1.0)) as usize;
    paint_line(ui, place, &elided(&row.value, fitting), font, color);
    let copied = row.raw.as_ref().unwrap_or(&row.value);
    if response.clicked() {
        commands.push(Command::Copy(copied.clone()));
    }
    response.on_hover_ui(|ui| {
        ui.label(RichText::new(copied).monospace());
        if !row.hint.is_empty() {
            ui.label(row.hint);
        }
        ui.label(RichText::new("Click to copy").small().weak());
    });
}
