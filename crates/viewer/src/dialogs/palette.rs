//! The palette: every command, found by a few letters of its name or of what it does, with its keys
//! and why it is not possible now.

use egui::text::LayoutJob;
use egui::{
    Align2, Color32, FontId, Key, Modifiers, Rect, Response, Role, ScrollArea, Sense, TextEdit,
    TextFormat, TextStyle, Ui, WidgetInfo, pos2, vec2,
};

use super::Facts;
use crate::command::{COMMANDS, Command, Commands, Dialog, Entry, why_not};
use crate::fuzzy::{self, Match};
use crate::keymap::KeyMap;
use crate::place::Place;
use crate::problem::sentence;
use crate::theme::Palette;
use crate::widgets::paint_line;

const WIDTH: f32 = 600.0;
const ROW: f32 = 28.0;
/// Rows that are seen at once.
const SEEN: usize = 12;
/// Commands that are offered again before all others.
const RECENT: usize = 5;
/// A letter in the name tells more than one in the description.
const NAME_BEFORE_DESCRIPTION: i32 = 12;

/// What was typed and what is chosen.
#[derive(Default)]
pub(super) struct PaletteState {
    query: String,
    chosen: usize,
    just_opened: bool,
    /// The names of the commands that were run last, the newest first.
    recent: Vec<&'static str>,
}

/// A line of the list.
struct Row {
    name: String,
    /// What it does, or why it does not.
    text: String,
    /// Letters of the name that were meant.
    letters: Vec<usize>,
    keys: String,
    is_possible: bool,
    command: Command,
    entry: Option<&'static Entry>,
}

impl PaletteState {
    /// Starts anew.
    pub(super) fn open(&mut self) {
        self.query.clear();
        self.chosen = 0;
        self.just_opened = true;
    }

    /// Draws the palette.
    pub(super) fn ui(&mut self, ui: &mut Ui, facts: &Facts<'_>, commands: &mut Commands) {
        let width = WIDTH.min(ui.ctx().content_rect().width() - 80.0);
        ui.set_width(width);
        let by = moved(ui);
        let edit = TextEdit::singleline(&mut self.query)
            .hint_text("A command, or a place such as #1500 or +2s")
            .margin(vec2(10.0, 8.0))
            .font(FontId::proportional(15.0))
            .desired_width(f32::INFINITY);
        let field = ui.add(edit);
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Find a command"));
        if std::mem::take(&mut self.just_opened) || !field.has_focus() {
            field.request_focus();
        }
        if field.changed() {
            self.chosen = 0;
        }
        let rows = self.rows(facts, &KeyMap::in_force(ui.ctx()));
        let last = rows.len().saturating_sub(1);
        self.chosen = self.chosen.saturating_add_signed(by).min(last);
        ui.add_space(6.0);
        let palette = Palette::of(ui.visuals());
        if rows.is_empty() {
            let text = egui::RichText::new("No command has these letters in this order.");
            ui.label(text.color(palette.weak));
        }
        let mut run = None;
        let height = ROW * SEEN as f32;
        ui.spacing_mut().item_spacing.y = 0.0;
        let list = ScrollArea::vertical()
            .max_height(height)
            .min_scrolled_height(height);
        list.show(ui, |ui| {
            for (at, row) in rows.iter().enumerate() {
                let response = row.ui(ui, at == self.chosen);
                if at == self.chosen && by != 0 {
                    response.scroll_to_me(None);
                }
                if response.clicked() {
                    self.chosen = at;
                    run = Some(row);
                }
            }
        });
        if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter)) {
            run = rows.get(self.chosen);
        }
        // What is not possible says why where it stands.
        if let Some(row) = run.filter(|row| row.is_possible) {
            if let Some(entry) = row.entry {
                self.recent.retain(|name| *name != entry.name);
                self.recent.insert(0, entry.name);
                self.recent.truncate(RECENT);
            }
            commands.push(Command::CloseDialog);
            commands.push(row.command.clone());
        }
    }

    /// What there is to choose from, the best first.
    fn rows(&self, facts: &Facts<'_>, keys: &KeyMap) -> Vec<Row> {
        let mut rows: Vec<(i32, Row)> = COMMANDS
            .iter()
            .filter(|entry| entry.command != Command::Show(Dialog::Palette))
            .filter_map(|entry| {
                let (score, letters) = self.score(entry)?;
                Some((score, Row::of(entry, letters, facts, keys)))
            })
            .collect();
        // Equals stay in the order of the menus. Who has typed a name wants to find it, and why it is
        // not possible.
        let is_browsing = self.query.trim().is_empty();
        rows.sort_by_key(|(score, row)| {
            (is_browsing && !row.is_possible, -score, !row.is_possible)
        });
        let place = Row::of_place(&self.query, facts);
        let commands = rows.into_iter().map(|(_, row)| row);
        place.into_iter().chain(commands).collect()
    }

    fn score(&self, entry: &Entry) -> Option<(i32, Vec<usize>)> {
        if self.query.trim().is_empty() {
            let recent = self
                .recent
                .iter()
                .rev()
                .position(|name| *name == entry.name);
            let score = recent.map_or(0, |at| i32::try_from(at).unwrap_or(0) + 1);
            return Some((score, Vec::new()));
        }
        let Match { score, letters } =
            fuzzy::find(&self.query, entry.name).map_or_else(Match::default, |it| Match {
                score: it.score + NAME_BEFORE_DESCRIPTION,
                ..it
            });
        let described = fuzzy::find(&self.query, entry.description);
        // Letters that lie about are no sign that this text is meant.
        let described = described.filter(|it| it.score > 0).map(|it| it.score);
        match (letters.is_empty(), described) {
            (true, None) => None,
            (true, Some(described)) => Some((described, letters)),
            (false, described) => Some((described.map_or(score, |it| it.max(score)), letters)),
        }
    }
}

/// How many rows the arrow keys go; they are the list's, not the field's.
fn moved(ui: &Ui) -> isize {
    let page = isize::try_from(SEEN).unwrap_or(1) - 1;
    let keys = [
        (Key::ArrowDown, 1),
        (Key::ArrowUp, -1),
        (Key::PageDown, page),
        (Key::PageUp, -page),
    ];
    ui.input_mut(|input| {
        let by = keys.map(|(key, by)| {
            let times = input.count_and_consume_key(Modifiers::NONE, key);
            by.saturating_mul(isize::try_from(times).unwrap_or(0))
        });
        by.iter().sum()
    })
}

impl Row {
    fn of(entry: &'static Entry, letters: Vec<usize>, facts: &Facts<'_>, keys: &KeyMap) -> Self {
        let reason = why_not(&entry.command, &facts.situation);
        let keys: Vec<String> = keys.of(&entry.command).iter().map(|it| it.text()).collect();
        Self {
            name: entry.name.to_owned(),
            text: reason.map_or_else(|| entry.description.to_owned(), sentence),
            letters,
            keys: keys.join("   "),
            is_possible: reason.is_none(),
            command: entry.command.clone(),
            entry: Some(entry),
        }
    }

    /// The place that was typed, if it is one.
    fn of_place(query: &str, facts: &Facts<'_>) -> Option<Self> {
        let place: Place = query.parse().ok()?;
        let there = facts.aim.words(place);
        let is_possible = there.is_ok();
        Some(Self {
            name: format!("Go to {}", query.trim()),
            text: there.unwrap_or_else(sentence),
            letters: Vec::new(),
            keys: String::new(),
            is_possible,
            command: Command::GoTo(place),
            entry: None,
        })
    }

    fn ui(&self, ui: &mut Ui, chosen: bool) -> Response {
        let size = vec2(ui.available_width(), ROW);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        response.widget_info(|| {
            let label = format!("{}: {}", self.name, self.text);
            WidgetInfo::selected(Role::ListBoxOption, self.is_possible, chosen, label)
        });
        if !ui.is_rect_visible(rect) {
            return response;
        }
        let palette = Palette::of(ui.visuals());
        if chosen {
            ui.painter().rect_filled(rect, 4.0, palette.accent_fill);
        } else if response.hovered() {
            ui.painter().rect_filled(rect, 4.0, palette.raised);
        }
        let inner = rect.shrink2(vec2(10.0, 0.0));
        let font = TextStyle::Body.resolve(ui.style());
        let small = TextStyle::Small.resolve(ui.style());
        let keys = ui.painter().text(
            inner.right_center(),
            Align2::RIGHT_CENTER,
            &self.keys,
            FontId::monospace(11.5),
            palette.weak,
        );
        let name = ui.painter().layout_job(self.name_job(&palette, font));
        let at = pos2(inner.left(), inner.center().y - name.size().y / 2.0);
        let left = (at.x + name.size().x + 14.0).max(inner.left() + 190.0);
        ui.painter().galley(at.round(), name, palette.text);
        let color = if self.is_possible {
            palette.weak
        } else {
            palette.warning
        };
        let text = Rect::from_x_y_ranges(left..=keys.left().max(left) - 14.0, inner.y_range());
        paint_line(ui, text, &self.text, small, color);
        response
    }

    /// The name with the letters that were meant in another colour.
    fn name_job(&self, palette: &Palette, font: FontId) -> LayoutJob {
        let plain: Color32 = if self.is_possible {
            palette.text
        } else {
            palette.weak
        };
        let mut job = LayoutJob::default();
        for (at, letter) in self.name.chars().enumerate() {
            let color = if self.letters.contains(&at) {
                palette.accent
            } else {
                plain
            };
            let format = TextFormat::simple(font.clone(), color);
            job.append(letter.encode_utf8(&mut [0; 4]), 0.0, format);
        }
        job
    }
}
