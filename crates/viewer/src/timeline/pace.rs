//! How fast is played: a field for the speed with a menu of the usual ones, and on timelines that
//! count, a field for the steps of a second.

use egui::containers::menu::MenuButton;
use egui::{Button, DragValue, Role, Stroke, Ui, WidgetInfo, vec2};

use super::View;
use crate::clock::{Clock, Pace, Speed};
use crate::command::{Command, Commands};
use crate::keymap::KeyMap;
use crate::settings::MAX_STEP_RATE;
use crate::theme::{BUTTON, Palette};
use crate::top_bar::speed_menu;

/// Change of the speed for each point that the pointer is dragged.
const SPEED_PER_POINT: f64 = 0.01;
/// The slowest speed: none is zero, that is a pause.
const SLOWEST: f64 = 0.01;

/// Draws the fields.
pub(super) fn ui(ui: &mut Ui, view: &View<'_>, commands: &mut Commands) {
    speed(ui, view.clock, commands);
    menu(ui, commands);
    if let Pace::Steps(rate) = view.clock.pace() {
        ui.add_space(6.0);
        step_rate(ui, rate, commands);
    }
    ui.add_space(6.0);
}

fn speed(ui: &mut Ui, clock: &Clock, commands: &mut Commands) {
    let now = clock.speed();
    let old = f64::from(now.thousandths()) / 1_000.0;
    let mut new = old;
    let field = DragValue::new(&mut new)
        .speed(SPEED_PER_POINT)
        .range(-32.0..=32.0)
        .max_decimals(2)
        .update_while_editing(false)
        .custom_formatter(|times, _| of_times(times).to_string())
        .custom_parser(|text| {
            let speed = text.parse::<Speed>().ok()?;
            Some(f64::from(speed.thousandths()) / 1_000.0)
        });
    let response = ui.add_sized(vec2(56.0, BUTTON), field);
    let label = format!("Speed {now}");
    response.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, &label));
    if new != old {
        commands.push(Command::SetSpeed(of_times(beyond_zero(old, new))));
    }
    let keys = KeyMap::in_force(ui.ctx());
    let ways = [
        (Command::SlowDown, "slower"),
        (Command::SpeedUp, "faster"),
        (Command::SetSpeed(Speed::NORMAL), "normal"),
    ];
    let ways = ways.map(|(command, way)| (keys.text(&command), way));
    let ways: Vec<String> = ways
        .iter()
        .filter(|(keys, _)| !keys.is_empty())
        .map(|(keys, way)| format!("{keys} {way}"))
        .collect();
    let hint = "Playback speed: drag, or click to type (0.25, -2x)";
    response.on_hover_text(format!("{hint}\n{}", ways.join(", ")).trim_end());
}

/// The speeds to choose from.
fn menu(ui: &mut Ui, commands: &mut Commands) {
    let button = Button::new("").frame(false).min_size(vec2(18.0, BUTTON));
    let response = MenuButton::from_button(button)
        .ui(ui, |ui| speed_menu(ui, commands))
        .0;
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Choose a speed"));
    let palette = Palette::of(ui.visuals());
    let color = if response.hovered() || response.has_focus() {
        palette.text
    } else {
        palette.weak
    };
    let middle = response.rect.center();
    let points = [vec2(-4.0, -2.0), vec2(4.0, -2.0), vec2(0.0, 3.0)].map(|by| middle + by);
    let arrow = egui::Shape::convex_polygon(points.to_vec(), color, Stroke::NONE);
    ui.painter().add(arrow);
    response.on_hover_text("Choose a speed");
}

/// Steps that are played in a second.
fn step_rate(ui: &mut Ui, rate: u32, commands: &mut Commands) {
    let mut new = rate;
    let field = DragValue::new(&mut new)
        .speed(0.2)
        .range(1..=MAX_STEP_RATE)
        .update_while_editing(false)
        .suffix(" fps");
    let response = ui.add_sized(vec2(64.0, BUTTON), field);
    let label = format!("Steps per second: {rate}");
    response.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, &label));
    if new != rate {
        commands.push(Command::SetStepRate(new));
    }
    response.on_hover_text(
        "This timeline counts steps. So many are played in a second; remembered for the program.",
    );
}

/// A speed as so many times real time.
fn of_times(times: f64) -> Speed {
    // Saturates, and is held within what is offered.
    Speed::from_thousandths((times * 1_000.0).round() as i32)
}

/// Where a change leads that ends at zero or next to it: to the other side.
fn beyond_zero(old: f64, new: f64) -> f64 {
    if new.abs() < SLOWEST {
        SLOWEST.copysign(new - old)
    } else {
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drag_goes_through_zero_and_not_onto_it() {
        assert_eq!(beyond_zero(0.01, 0.0), -0.01);
        assert_eq!(beyond_zero(-0.02, -0.004), 0.01);
        assert_eq!(beyond_zero(1.0, 0.5), 0.5);
    }
}
