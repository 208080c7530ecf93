//! For those who asked for reduced motion: what the wheel moves is there at once.

use egui::{Context, Event, MouseWheelUnit, Vec2};

/// Where motion is reduced, lets the wheel move things by all that it was turned in this repaint, instead of a little more in
/// each of the next ones. With a modifier held it means something else.
pub(crate) fn calm(ctx: &Context, reduced_motion: bool) {
    if !reduced_motion {
        return;
    }
    let line = ctx.options(|options| options.input_options.line_scroll_speed);
    ctx.input_mut(|input| {
        if input.modifiers.any() {
            return;
        }
        let page = input.content_rect().height();
        let turned = input.events.iter().filter_map(|event| match event {
            Event::MouseWheel { unit, delta, .. } => Some(match unit {
                MouseWheelUnit::Point => *delta,
                MouseWheelUnit::Line => *delta * line,
                MouseWheelUnit::Page => *delta * page,
            }),
            _ => None,
        });
        let turned: Vec2 = turned.fold(Vec2::ZERO, |all, one| all + one);
        input.smooth_scroll_delta = turned;
    });
}
