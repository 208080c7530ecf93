//! Parameter sets by their ids, as H.264 and H.265 both keep them: a later set replaces the one with
//! its id, a slice names a PPS, and that one names an SPS.

use super::InspectError;

/// A sequence or picture parameter set.
pub(crate) trait ParameterSet {
    /// Its own id.
    fn id(&self) -> u8;
}

/// A picture parameter set.
pub(crate) trait PictureParameterSet: ParameterSet {
    /// The id of the SPS that it refers to.
    fn sps_id(&self) -> u8;
}

/// The parameter sets that have come. The ids of each codec bound how many there can be.
#[derive(Clone, Debug)]
pub(crate) struct SetTable<S, P> {
    sps: Vec<S>,
    pps: Vec<P>,
}

impl<S, P> Default for SetTable<S, P> {
    fn default() -> Self {
        Self {
            sps: Vec::new(),
            pps: Vec::new(),
        }
    }
}

impl<S: ParameterSet, P: PictureParameterSet> SetTable<S, P> {
    /// Takes an SPS in.
    pub(crate) fn put_sps(&mut self, sps: S) {
        put(&mut self.sps, sps);
    }

    /// Takes a PPS in.
    pub(crate) fn put_pps(&mut self, pps: P) {
        put(&mut self.pps, pps);
    }

    /// The SPS that came last.
    pub(crate) fn latest(&self) -> Option<&S> {
        self.sps.last()
    }

    /// The sets that a slice refers to.
    pub(crate) fn of_slice(&self, pps_id: u8) -> Result<(&S, &P), InspectError> {
        let missing = |kind| InspectError::MissingParameterSet { kind };
        let pps = self
            .pps
            .iter()
            .find(|pps| pps.id() == pps_id)
            .ok_or(missing("PPS"))?;
        let sps = self
            .sps
            .iter()
            .find(|sps| sps.id() == pps.sps_id())
            .ok_or(missing("SPS"))?;
        Ok((sps, pps))
    }
}

fn put<T: ParameterSet>(sets: &mut Vec<T>, set: T) {
    sets.retain(|old| old.id() != set.id());
    sets.push(set);
}
