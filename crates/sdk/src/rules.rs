//! What a row has to be like so that every reader of the protocol takes it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use reelscope_wire::TimeKind;

use crate::SdkError;

/// What the timelines of a recording count, for ever.
#[derive(Debug, Default)]
pub(crate) struct Timelines(Mutex<HashMap<Arc<str>, TimeKind>>);

impl Timelines {
    /// Takes the timelines of a row.
    ///
    /// # Errors
    /// [`SdkError::TimelineName`], [`SdkError::TimelineKind`], [`SdkError::Twice`].
    pub(crate) fn check<'a>(
        &self,
        timelines: impl Iterator<Item = (&'a Arc<str>, TimeKind)> + Clone,
    ) -> Result<(), SdkError> {
        once("timeline", timelines.clone().map(|(name, _)| &**name))?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, kind) in timelines {
            match known.get(name) {
                Some(before) if *before == kind => {}
                Some(before) => {
                    return Err(SdkError::TimelineKind {
                        timeline: name.to_string(),
                        before: before.name(),
                        now: kind.name(),
                    });
                }
                None if name.is_empty() => return Err(SdkError::TimelineName),
                None => drop(known.insert(name.clone(), kind)),
            }
        }
        Ok(())
    }
}

/// Refuses names that stand there twice.
///
/// # Errors
/// [`SdkError::Twice`].
pub(crate) fn once<'a>(
    what: &'static str,
    names: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), SdkError> {
    for (at, name) in names.clone().enumerate() {
        if names.clone().take(at).any(|before| before == name) {
            let name = name.to_owned();
            return Err(SdkError::Twice { what, name });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeline_has_a_name_and_one_kind_for_ever() {
        let timelines = Timelines::default();
        let check = |names: &[(&str, TimeKind)]| {
            let names: Vec<(Arc<str>, TimeKind)> = names
                .iter()
                .map(|(name, kind)| (Arc::from(*name), *kind))
                .collect();
            let outcome = timelines.check(names.iter().map(|(name, kind)| (name, *kind)));
            outcome.map_err(|error| error.to_string())
        };
        let (sequence, duration) = (TimeKind::Sequence, TimeKind::Duration);
        check(&[("frame", sequence), ("time", duration)]).unwrap();
        check(&[("frame", sequence)]).unwrap();
        let error = check(&[("frame", duration)]).unwrap_err();
        assert!(error.contains("“frame” is a sequence"), "{error}");
        let error = check(&[("", sequence)]).unwrap_err();
        assert!(error.contains("has no name"), "{error}");
        let error = check(&[("time", duration), ("time", duration)]).unwrap_err();
        assert!(error.contains("“time” stands there twice"), "{error}");
    }
}
