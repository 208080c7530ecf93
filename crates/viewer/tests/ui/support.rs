//! A window without a window system, for tests.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use egui_kittest::wgpu::{WgpuTestRenderer, create_render_state, default_wgpu_setup};
use reelscope_viewer::{App, Settings, ViewerOptions};

/// A window under test.
pub(crate) type Window = Harness<'static, Option<App>>;

/// Longer than any of these clips takes to decode on a slow machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A clip of the workspace.
pub(crate) fn clip(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/clips")
        .join(name);
    assert!(path.exists(), "{} is missing", path.display());
    path
}

/// A window with files open and every tile up to date.
pub(crate) fn open(files: &[PathBuf]) -> Window {
    open_with(files, Settings::default())
}

/// The same with settings.
pub(crate) fn open_with(files: &[PathBuf], settings: Settings) -> Window {
    let files = files.to_vec();
    open_options(settings, [1_280.0, 800.0], move || ViewerOptions {
        files: files.clone(),
        ..ViewerOptions::default()
    })
}

/// The same with everything that can be chosen.
pub(crate) fn open_options(
    settings: Settings,
    size: [f32; 2],
    options: impl Fn() -> ViewerOptions + 'static,
) -> Window {
    let predictable = egui_wgpu::RendererOptions::PREDICTABLE;
    let gpu = create_render_state(default_wgpu_setup(), predictable);
    let renderer = WgpuTestRenderer::from_render_state(gpu.clone());
    let mut window = Harness::builder()
        .with_size(size)
        .with_step_dt(0.02)
        .renderer(renderer)
        .build_ui_state(
            move |ui, app: &mut Option<App>| {
                let app = app.get_or_insert_with(|| {
                    App::new(ui.ctx(), Some(&gpu), settings.clone(), options()).unwrap()
                });
                app.ui(ui);
            },
            None,
        );
    settle(&mut window);
    window
}

/// The application in a window.
pub(crate) fn app(window: &Window) -> &App {
    window.state().as_ref().unwrap()
}

/// Repaints until every tile shows what is wanted, and the window has been drawn with it.
pub(crate) fn settle(window: &mut Window) {
    let start = Instant::now();
    window.run_steps(2);
    while !app(window).is_settled() {
        assert!(
            start.elapsed() < PATIENCE,
            "the window does not come to rest"
        );
        std::thread::sleep(Duration::from_millis(5));
        window.step();
    }
    window.run_steps(3);
}

/// Repeats something until it holds.
pub(crate) fn wait_for(window: &mut Window, mut holds: impl FnMut(&mut Window) -> bool) {
    let start = Instant::now();
    while !holds(window) {
        assert!(start.elapsed() < PATIENCE, "it does not come about");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The text that was put into the clipboard in the last repaint.
pub(crate) fn copied(window: &mut Window) -> Option<String> {
    let output = &window.output().platform_output;
    output.commands.iter().find_map(|command| match command {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

/// The colours on screen at places of a picture that fits its tile, given as shares of its sides.
pub(crate) fn colors<const N: usize>(
    window: &mut Window,
    picture: &str,
    shape: [f32; 2],
    shares: [[f32; 2]; N],
) -> [[u8; 3]; N] {
    window.run_steps(2);
    let tile = window.get_by_label(picture).rect();
    let shape = egui::vec2(shape[0], shape[1]);
    let size = shape * (tile.size() / shape).min_elem();
    let image = window.render().unwrap();
    shares.map(|[x, y]| {
        let at = tile.center() + egui::vec2(x - 0.5, y - 0.5) * size;
        let [r, g, b, _] = image.get_pixel(at.x as u32, at.y as u32).0;
        [r, g, b]
    })
}
