//! Taking a picture of the window once everything in it is there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use egui::{ColorImage, ScreenshotCallback, ViewportCommand};

use crate::options::{Screenshot, ScreenshotRequest};

/// Repaints that are waited for after everything is there, so that it has been laid out and drawn.
const CALM: u32 = 4;

/// How long thumbnails are waited for: nice to have in the picture, and many in a long file.
const PREVIEWS_SECONDS: f64 = 3.0;

/// A screenshot on its way.
pub(crate) struct Shot {
    request: Option<ScreenshotRequest>,
    started: Option<f64>,
    calm: u32,
    complete: bool,
    /// Set once the picture was delivered.
    taken: Option<Arc<AtomicBool>>,
}

impl Shot {
    /// Starts to wait.
    pub(crate) fn new(request: ScreenshotRequest) -> Self {
        Self {
            request: Some(request),
            started: None,
            calm: 0,
            complete: false,
            taken: None,
        }
    }

    /// To be called in each repaint, with whether every tile shows its frame, and whether what is
    /// prepared in idle time is there too. Returns whether the picture was complete once it has been
    /// delivered.
    pub(crate) fn advance(
        &mut self,
        ctx: &egui::Context,
        settled: bool,
        prepared: bool,
        wall: f64,
    ) -> Option<bool> {
        ctx.request_repaint();
        if let Some(taken) = &self.taken {
            return taken.load(Ordering::Acquire).then_some(self.complete);
        }
        let started = *self.started.get_or_insert(wall);
        let is_there = settled && (prepared || wall - started > PREVIEWS_SECONDS);
        self.calm = if is_there { self.calm + 1 } else { 0 };
        let limit = self.request.as_ref()?.time_limit.as_secs_f64();
        self.complete = self.calm >= CALM;
        if self.complete || wall - started > limit {
            self.take(ctx);
        }
        None
    }

    fn take(&mut self, ctx: &egui::Context) {
        let Some(request) = self.request.take() else {
            return;
        };
        let taken = Arc::new(AtomicBool::new(false));
        self.taken = Some(taken.clone());
        let wake = ctx.clone();
        let callback = ScreenshotCallback::new(move |image| {
            (request.deliver)(screenshot(&image));
            taken.store(true, Ordering::Release);
            wake.request_repaint();
        });
        ctx.send_viewport_cmd(ViewportCommand::Screenshot(callback));
    }
}

fn screenshot(image: &ColorImage) -> Screenshot {
    let [width, height] = image
        .size
        .map(|side| u32::try_from(side).unwrap_or(u32::MAX));
    let rgba = image
        .pixels
        .iter()
        .flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b(), u8::MAX])
        .collect();
    Screenshot {
        width,
        height,
        rgba,
    }
}
