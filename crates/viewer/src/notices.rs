//! Notices in the corner: what went wrong (until dismissed) and what was done (for a moment).

use std::time::Duration;

use egui::{Align2, Area, Frame, Id, Margin, Order, Rect, RichText, Stroke, Ui, vec2};

use crate::command::{Command, Commands};
use crate::icons::Icon;
use crate::theme::Palette;
use crate::widgets::icon_button_sized;

/// Seconds for which a notice about something done stays.
const MOMENT: f64 = 2.0;
/// Notices that are kept.
const MOST: usize = 50;
/// Notices that are shown at once.
const SHOWN: usize = 5;
const WIDTH: f32 = 360.0;

/// All notices.
#[derive(Default)]
pub(crate) struct Notices {
    list: Vec<Notice>,
    next: u64,
}

struct Notice {
    id: u64,
    title: String,
    body: String,
    /// What can be done about it.
    offer: Option<(&'static str, Command)>,
    /// When it goes by itself.
    until: Option<f64>,
}

/// Seconds for which a notice with something to read stays.
const READING: f64 = 12.0;

impl Notices {
    /// Says what went wrong, until the person dismisses it.
    pub(crate) fn error(&mut self, title: String, body: String) {
        self.list
            .retain(|notice| notice.title != title || notice.body != body);
        self.push(title, body, None, None);
    }

    /// Says what went wrong, with a button that does something about it.
    pub(crate) fn offer(&mut self, title: String, body: String, offer: (&'static str, Command)) {
        self.list
            .retain(|notice| notice.title != title || notice.body != body);
        self.push(title, body, Some(offer), None);
    }

    /// Says what somebody else has to say, for as long as it takes to read.
    pub(crate) fn message(&mut self, title: &str, body: String, wall: f64) {
        self.list.retain(|notice| notice.body != body);
        self.push(title.to_owned(), body, None, Some(wall + READING));
    }

    /// Says what was done, for a moment.
    pub(crate) fn done(&mut self, title: String, wall: f64) {
        self.list
            .retain(|notice| notice.until.is_none() || !notice.body.is_empty());
        self.push(title, String::new(), None, Some(wall + MOMENT));
    }

    fn push(
        &mut self,
        title: String,
        body: String,
        offer: Option<(&'static str, Command)>,
        until: Option<f64>,
    ) {
        if self.list.len() >= MOST {
            self.list.remove(0);
        }
        self.list.push(Notice {
            id: self.next,
            title,
            body,
            offer,
            until,
        });
        self.next += 1;
    }

    /// Takes a notice away.
    pub(crate) fn dismiss(&mut self, id: u64) {
        self.list.retain(|notice| notice.id != id);
    }

    /// Draws the notices into the lower right corner of a rectangle.
    pub(crate) fn ui(&mut self, ui: &Ui, within: Rect, wall: f64, commands: &mut Commands) {
        self.list
            .retain(|notice| notice.until.is_none_or(|until| wall < until));
        if let Some(next) = self
            .list
            .iter()
            .filter_map(|notice| notice.until)
            .min_by(f64::total_cmp)
        {
            ui.ctx()
                .request_repaint_after(Duration::from_secs_f64((next - wall).max(0.0)));
        }
        if self.list.is_empty() {
            return;
        }
        Area::new(Id::unique("notices"))
            .order(Order::Foreground)
            .pivot(Align2::RIGHT_BOTTOM)
            .fixed_pos(within.right_bottom() - vec2(12.0, 12.0 + crate::tile::FOOTER))
            .constrain_to(within)
            .show(ui.ctx(), |ui| {
                ui.spacing_mut().item_spacing.y = 8.0;
                let hidden = self.list.len().saturating_sub(SHOWN);
                if hidden > 0 {
                    ui.label(RichText::new(format!("{hidden} more")).small());
                }
                for notice in self.list.iter().skip(hidden) {
                    notice_ui(ui, notice, commands);
                }
            });
    }
}

fn notice_ui(ui: &mut Ui, notice: &Notice, commands: &mut Commands) {
    let palette = Palette::of(ui.visuals());
    let is_error = notice.until.is_none();
    Frame::new()
        .fill(palette.raised)
        .stroke(Stroke::new(
            1.0,
            if is_error {
                palette.error
            } else {
                palette.line
            },
        ))
        .corner_radius(6)
        .inner_margin(Margin::symmetric(12, 8))
        .shadow(ui.visuals().popup_shadow)
        .show(ui, |ui| {
            ui.set_width(WIDTH);
            ui.horizontal_top(|ui| {
                if is_error {
                    let (rect, _) = ui.allocate_exact_size(vec2(16.0, 18.0), egui::Sense::hover());
                    let icon = crate::icons::centered(rect, 16.0);
                    Icon::Error.paint(ui.painter(), icon, palette.error);
                }
                ui.vertical(|ui| {
                    // Room for the icon and the button.
                    ui.set_width(WIDTH - 52.0);
                    ui.add(
                        egui::Label::new(RichText::new(&notice.title).color(palette.text)).wrap(),
                    );
                    if !notice.body.is_empty() {
                        let body = RichText::new(&notice.body).color(palette.weak);
                        ui.add(egui::Label::new(body).wrap());
                    }
                    if let Some((name, command)) = &notice.offer {
                        ui.add_space(4.0);
                        if ui.button(*name).clicked() {
                            commands.push(command.clone());
                            commands.push(Command::DismissNotice(notice.id));
                        }
                    }
                });
                if is_error
                    && icon_button_sized(ui, Icon::Close, "Dismiss", false, 18.0)
                        .on_hover_text("Dismiss")
                        .clicked()
                {
                    commands.push(Command::DismissNotice(notice.id));
                }
            });
        });
}
