//! One errand at a time on a thread: what takes longer than the window has between two repaints.

use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};

/// What is to be worked out. Called on the thread.
pub type Errand<T> = Box<dyn FnOnce() -> T + Send>;

/// Owns the thread. Whoever asks waits for the answer before the next errand.
pub struct Worker<T> {
    errands: Option<Sender<Errand<T>>>,
    answers: Receiver<T>,
    thread: Option<JoinHandle<()>>,
}

impl<T: Send + 'static> Worker<T> {
    /// Starts the thread. `wake` is called after each answer, from there.
    ///
    /// # Errors
    /// If the operating system gives no thread.
    pub fn start(name: &str, wake: Arc<dyn Fn() + Send + Sync>) -> std::io::Result<Self> {
        let (errands, asked) = bounded::<Errand<T>>(1);
        let (out, answers) = bounded(1);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                for errand in asked {
                    if out.send(errand()).is_err() {
                        return;
                    }
                    wake();
                }
            })?;
        Ok(Self {
            errands: Some(errands),
            answers,
            thread: Some(thread),
        })
    }

    /// Asks. Returns false if another errand has to be done first.
    pub fn ask(&self, errand: Errand<T>) -> bool {
        let errands = self.errands.as_ref();
        errands.is_some_and(|errands| errands.try_send(errand).is_ok())
    }

    /// The next answer, if there is one.
    pub fn try_answer(&self) -> Option<T> {
        self.answers.try_recv().ok()
    }
}

impl<T> Drop for Worker<T> {
    fn drop(&mut self) {
        self.errands = None;
        // Makes room for an answer that is waiting to be taken.
        while self.answers.recv().is_ok() {}
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_errand_is_done_and_its_answer_kept_until_it_is_taken() {
        let worker = Worker::start("worker", Arc::new(|| {})).unwrap();
        assert!(worker.ask(Box::new(|| 6 * 7)));
        let patience = Duration::from_secs(10);
        assert_eq!(worker.answers.recv_timeout(patience), Ok(42));
        assert!(worker.try_answer().is_none());
    }
}
