//! Keeps a measurement up to date with what is on screen: one at a time, and never waited for.

use std::time::Duration;

use egui::Ui;
use reelscope_decode::Wake;
use reelscope_ingest::Worker;
use reelscope_render::{Measuring, Scopes};

use crate::video_paint::{VideoPaint, Wish};
use crate::view_id::ViewId;

/// How soon the GPU is asked again whether it is done.
const SOON: Duration = Duration::from_millis(8);

/// What there is to be shown.
pub(super) enum State<'a> {
    /// Nothing yet.
    Waiting,
    /// Why there is nothing, in words.
    Failed(&'a str),
    /// The newest measurement, with a number that no other has.
    There(u64, &'a Scopes),
}

/// The measurements of what is on screen, one after another.
pub(super) struct Track {
    wake: Wake,
    /// Counts where the GPU cannot; started when first needed.
    worker: Option<Worker<Option<Scopes>>>,
    under_way: Option<(ViewId, Wish, Way)>,
    /// What was measured last, of which view and by which wish.
    last: Option<(ViewId, Wish, Result<Scopes, String>)>,
    /// How many measurements there were.
    number: u64,
    on_cpu: bool,
}

/// Where something is measured.
enum Way {
    Gpu(Box<Measuring>),
    Worker,
}

impl Track {
    pub(super) fn new(wake: Wake) -> Self {
        Self {
            wake,
            worker: None,
            under_way: None,
            last: None,
            number: 0,
            on_cpu: false,
        }
    }

    /// True if the processor measures in place of the GPU.
    pub(super) fn counts_on_cpu(&self) -> bool {
        self.on_cpu
    }

    /// What was measured last.
    pub(super) fn state(&self) -> State<'_> {
        match &self.last {
            None => State::Waiting,
            Some((_, _, Ok(scopes))) => State::There(self.number, scopes),
            Some((_, _, Err(why))) => State::Failed(why),
        }
    }

    /// Takes what was measured, and measures again if something else is wished for.
    pub(super) fn follow(&mut self, ui: &Ui, (view, wish): (ViewId, Wish), paint: &mut VideoPaint) {
        self.take();
        if self.last.as_ref().is_some_and(|(of, ..)| *of != view) {
            self.last = None;
        }
        let is_known = |known: &Option<(ViewId, Wish, Result<Scopes, String>)>| match known {
            Some((of, done, _)) => *of == view && *done == wish,
            None => false,
        };
        if self.under_way.is_none() && !is_known(&self.last) {
            self.start(view, wish, paint);
        }
        // The worker wakes the window by itself.
        if matches!(self.under_way, Some((_, _, Way::Gpu(_)))) {
            ui.ctx().request_repaint_after(SOON);
        }
    }

    fn take(&mut self) {
        let Some((_, _, way)) = &self.under_way else {
            return;
        };
        let measured = match way {
            Way::Gpu(measuring) => measuring
                .try_read()
                .map(|read| read.map_err(|error| error.to_string())),
            Way::Worker => {
                let answer = self.worker.as_ref().and_then(Worker::try_answer);
                answer.map(|scopes| scopes.ok_or_else(|| NOTHING.to_owned()))
            }
        };
        if let Some(measured) = measured
            && let Some((view, wish, _)) = self.under_way.take()
        {
            self.number += 1;
            self.last = Some((view, wish, measured));
        }
    }

    fn start(&mut self, view: ViewId, wish: Wish, paint: &mut VideoPaint) {
        self.on_cpu = !paint.can_measure();
        let way = if self.on_cpu {
            self.ask(wish.clone())
        } else {
            match paint.measure(view, &wish) {
                Ok(Some(measuring)) => Ok(Way::Gpu(Box::new(measuring))),
                Ok(None) => Err(NOTHING.to_owned()),
                Err(error) => Err(error.to_string()),
            }
        };
        match way {
            Ok(way) => self.under_way = Some((view, wish, way)),
            Err(why) => {
                self.number += 1;
                self.last = Some((view, wish, Err(why)));
            }
        }
    }

    /// Has the processor measure.
    fn ask(&mut self, wish: Wish) -> Result<Way, String> {
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => Worker::start("scopes", self.wake.clone())
                .map_err(|error| format!("There is no thread to count on: {error}."))?,
        };
        // Nothing is under way, so there is room.
        worker.ask(wish.errand());
        self.worker = Some(worker);
        Ok(Way::Worker)
    }
}

/// Nothing of the picture is in view.
const NOTHING: &str = "Nothing of the picture is in view.";
