//! One frame of the demo video: who stands where at its time, drawn from far to near.

use std::f32::consts::TAU;

use super::canvas::Canvas;
use super::noise::hash;
use super::road::{Camera, LOOP};
use super::{FRAMES, RATE, SIZE, sprites, text};

/// Trees along one loop of the road.
const TREES: i32 = 150;
/// Nothing further ahead than this is drawn.
const SIGHT: f32 = 330.0;

enum Thing {
    Tree(i32),
    Lamp(f32),
    Car,
    Oncoming,
}

/// Draws frame `number`. The last frame leads into the first one.
pub(crate) fn draw(number: u32) -> Canvas {
    let phase = number as f32 / FRAMES as f32;
    let camera = Camera {
        along: phase * LOOP,
        focal: 1500.0,
        // The suspension breathes a little.
        horizon: 548.0 + 1.6 * (phase * TAU * 5.0).sin() + 0.8 * (phase * TAU * 13.0).sin(),
        center: SIZE.0 as f32 / 2.0,
        height: 1.45,
    };
    let mut canvas = Canvas::shade(SIZE, |x, y| camera.shade(x, y));
    let mut things = trees(&camera);
    things.extend(
        camera
            .lamps()
            .map(|(ahead, side)| (ahead, Thing::Lamp(side))),
    );
    things.push((17.5 + 3.0 * (phase * TAU).cos(), Thing::Car));
    // It covers two loops while we drive one, and passes us once.
    things.push((2.0 * LOOP * (1.62 - phase).rem_euclid(1.0), Thing::Oncoming));
    things.retain(|(ahead, _)| (3.2..SIGHT).contains(ahead));
    things.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (ahead, thing) in things {
        match thing {
            Thing::Tree(number) => sprites::tree(&mut canvas, &camera, ahead, number),
            Thing::Lamp(side) => sprites::lamp(&mut canvas, &camera, ahead, side),
            Thing::Car => sprites::car(&mut canvas, &camera, ahead, braking(phase)),
            Thing::Oncoming => sprites::oncoming(&mut canvas, &camera, ahead),
        }
    }
    let time = format!(
        "{:02}:{:02}.{:02}",
        number / RATE / 60,
        number / RATE % 60,
        number % RATE
    );
    text::draw(&mut canvas, &time, (64.0, 984.0), 4.0);
    text::draw(&mut canvas, &format!("#{number:03}"), (1758.0, 984.0), 4.0);
    canvas
}

fn braking(phase: f32) -> f32 {
    (-((phase - 0.36) / 0.09).powi(4)).exp()
}

fn trees(camera: &Camera) -> Vec<(f32, Thing)> {
    let mut all = Vec::new();
    for number in 0..TREES {
        let along = (number as f32 + hash(number, 7)) / TREES as f32 * LOOP;
        let first = (along - camera.along).rem_euclid(LOOP);
        all.extend([0.0, LOOP].map(|turn| (first + turn, Thing::Tree(number))));
    }
    all
}
