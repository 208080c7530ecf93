//! The native window around the application.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use egui::{IconData, ViewportBuilder, ViewportCommand};
use egui_wgpu::{WgpuConfiguration, WgpuSetup, WgpuSetupCreateNew};

use crate::app::App;
use crate::options::{Outcome, ViewerError, ViewerOptions};
use crate::settings::{STORAGE_KEY, Settings};

/// Size of the window at first, in points.
const SIZE: [f32; 2] = [1_600.0, 1_000.0];
const LEAST_SIZE: [f32; 2] = [640.0, 420.0];
/// Name for the window system and the storage.
const NAME: &str = "reelscope";

/// Opens the window, and returns when it is closed.
///
/// # Errors
/// If no window can be opened, or one of the things that [`App::new`] needs is missing.
pub fn run(options: ViewerOptions) -> Result<Outcome, ViewerError> {
    let takes_picture = options.screenshot.is_some();
    let outcome = Rc::new(Cell::new(Outcome::Closed));
    let reported = outcome.clone();
    let failure = Rc::new(Cell::new(None));
    let failed = failure.clone();
    let native = eframe::NativeOptions {
        viewport: ViewportBuilder::default()
            .with_title(NAME)
            .with_app_id(NAME)
            .with_inner_size(SIZE)
            .with_min_inner_size(LEAST_SIZE)
            .with_drag_and_drop(true)
            .with_icon(icon()),
        renderer: eframe::Renderer::Wgpu,
        wgpu_options: gpu_options(),
        persist_window: !takes_picture,
        ..eframe::NativeOptions::default()
    };
    let result = eframe::run_native(
        NAME,
        native,
        Box::new(move |cc| {
            let settings = cc
                .storage
                .and_then(|storage| storage.get_string(STORAGE_KEY))
                .map(|text| Settings::from_text(&text))
                .unwrap_or_default();
            match App::new(
                &cc.egui_ctx,
                cc.wgpu_render_state.as_ref(),
                settings,
                options,
            ) {
                Ok(app) => Ok(Box::new(Window {
                    app,
                    keeps: !takes_picture,
                    outcome: reported,
                })),
                Err(error) => {
                    let text = error.to_string();
                    failed.set(Some(error));
                    Err(text.into())
                }
            }
        }),
    );
    match (result, failure.take()) {
        (_, Some(error)) => Err(error),
        (Err(error), None) => Err(ViewerError::Window {
            reason: error.to_string(),
        }),
        (Ok(()), None) => Ok(outcome.get()),
    }
}

/// The application in its native window.
struct Window {
    app: App,
    /// True if settings and places are to be found again the next time.
    keeps: bool,
    outcome: Rc<Cell<Outcome>>,
}

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.app.ui(ui);
        if let Some(complete) = self.app.advance_screenshot(ui.ctx()) {
            let failed = self.app.session.failed();
            self.outcome.set(Outcome::Screenshot { complete, failed });
            ui.ctx().send_viewport_cmd(ViewportCommand::Close);
        }
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        if self.keeps {
            storage.set_string(STORAGE_KEY, self.app.settings().to_text());
        }
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }

    fn persist_egui_memory(&self) -> bool {
        self.keeps
    }
}

fn gpu_options() -> WgpuConfiguration {
    let setup = WgpuSetupCreateNew {
        device_descriptor: Arc::new(|adapter| wgpu::DeviceDescriptor {
            label: Some(NAME),
            ..reelscope_render::device_description(adapter)
        }),
        ..WgpuSetupCreateNew::without_display_handle()
    };
    WgpuConfiguration {
        wgpu_setup: WgpuSetup::CreateNew(setup),
        ..WgpuConfiguration::default()
    }
}

/// The window's icon: a play mark between film edges.
fn icon() -> IconData {
    const SIDE: u32 = 64;
    let mut rgba = Vec::with_capacity((SIDE * SIDE * 4) as usize);
    for y in 0..SIDE {
        for x in 0..SIDE {
            rgba.extend_from_slice(&icon_pixel(x as f32 + 0.5, y as f32 + 0.5));
        }
    }
    IconData {
        rgba,
        width: SIDE,
        height: SIDE,
    }
}

fn icon_pixel(x: f32, y: f32) -> [u8; 4] {
    let corner = (24.0 - (x - 32.0).abs()).min(24.0 - (y - 32.0).abs());
    let (dx, dy) = (
        ((x - 32.0).abs() - 20.0).max(0.0),
        ((y - 32.0).abs() - 20.0).max(0.0),
    );
    if corner < -6.0 || dx * dx + dy * dy > 100.0 {
        return [0; 4];
    }
    let inside_mark = x > 24.0 && (y - 32.0).abs() < (46.0 - x) * 0.62;
    let hole = !(12.0..=52.0).contains(&x) && (y % 10.0 - 5.0).abs() < 2.6;
    if inside_mark {
        [0xff, 0xb4, 0x54, 0xff]
    } else if hole {
        [0x62, 0xa8, 0xff, 0xff]
    } else {
        [0x1b, 0x1d, 0x21, 0xff]
    }
}
