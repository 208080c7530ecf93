//! What the viewer keeps for a view of a stream: players, what is on screen, since when something is awaited.

use std::collections::BTreeMap;

use reelscope_decode::{DecodeEnv, Wake};
use reelscope_media::{Codec, Pts, Track};
use reelscope_player::{FrameCache, Intent, Player, Shown, ShownState, TrackKey};
use reelscope_store::{Hit, Nothing, TrackName};

use crate::picture_choice::PictureChoice;
use crate::summary::Summary;
use crate::values::ValueChoice;
use crate::view_id::ViewId;

/// A wait shorter than this is not worth a sign.
const SILENT_WAIT: f64 = 0.2;

/// What the viewer keeps for a view of a stream.
pub(crate) struct View {
    id: ViewId,
    /// One for each track that was looked at: references may change from one to another.
    players: BTreeMap<TrackName, Player>,
    /// The track that is looked at.
    current: TrackName,
    /// What is on screen.
    pub(crate) shown: Option<Shown>,
    /// Why nothing is to be seen at the playhead's place.
    pub(crate) nothing: Option<Nothing>,
    /// Facts about the whole stream.
    pub(crate) summary: Summary,
    /// False if the person hid it.
    pub(crate) visible: bool,
    /// What the person chose of the values' colours.
    pub(super) values: ValueChoice,
    /// What the person chose of its pictures' look.
    pub(super) picture: PictureChoice,
    /// Since when, in seconds, the wanted frame has been awaited.
    pending_since: Option<f64>,
    /// The whole frame that was on screen last.
    pub(super) whole: Option<Whole>,
    /// True while its tile is on screen.
    pub(super) is_on_screen: bool,
    /// How much later than it was logged its stream is shown, in units of the timeline.
    pub(super) offset: i64,
    /// When a sample came last, in seconds.
    pub(super) grown_at: Option<f64>,
}

/// What is remembered of a frame that was shown in full.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole {
    pub(super) pts: Pts,
    size: (u32, u32),
}

/// How players are made.
pub(super) struct Maker<'a> {
    pub(super) env: &'a DecodeEnv,
    pub(super) wake: &'a Wake,
    pub(super) previews: bool,
}

impl Maker<'_> {
    fn player(&self, key: TrackKey) -> Player {
        let mut player = Player::new(key, self.env.clone(), self.wake.clone());
        player.preview(self.previews);
        player
    }
}

/// Tells what one view shows of a track from what another does: players do not share frames.
fn key(id: ViewId, name: TrackName) -> TrackKey {
    /// More tracks than a program has.
    const TRACKS: u64 = 1 << 32;
    /// More copies than fit on a screen.
    const COPIES: u64 = 1 << 8;
    let view = id.stream.0.wrapping_mul(COPIES);
    let view = view.wrapping_add(u64::from(id.copy));
    TrackKey(view.wrapping_mul(TRACKS).wrapping_add(name.0))
}

impl View {
    pub(super) fn new(id: ViewId, first: TrackName) -> Self {
        Self {
            id,
            players: BTreeMap::new(),
            current: first,
            shown: None,
            nothing: None,
            summary: Summary::default(),
            visible: true,
            values: ValueChoice::default(),
            picture: PictureChoice::default(),
            pending_since: None,
            whole: None,
            is_on_screen: false,
            offset: 0,
            grown_at: None,
        }
    }

    /// Its name.
    pub(crate) fn id(&self) -> ViewId {
        self.id
    }

    fn player(&self) -> Option<&Player> {
        self.players.get(&self.current)
    }

    /// Why it is not decoded by the hardware that was asked for.
    pub(crate) fn engine_note(&self) -> Option<String> {
        self.player()?.engine_note()
    }

    /// What decodes, once known.
    pub(crate) fn engine(&self) -> Option<String> {
        self.player()?.engine()
    }

    /// Samples that its decoder holds, about.
    pub(super) fn queued(&self) -> usize {
        self.player().map_or(0, Player::queued)
    }

    /// True if the wanted frame is on its way for so long that it should be said.
    pub(crate) fn is_late(&self, now: f64) -> bool {
        self.pending_since
            .is_some_and(|since| now - since >= SILENT_WAIT)
    }

    /// True if the wanted frame is on its way.
    pub(crate) fn is_pending(&self) -> bool {
        self.pending_since.is_some()
    }

    /// True if the player has nothing more to say about the wanted frame.
    pub(super) fn is_settled(&self) -> bool {
        self.nothing.is_some()
            || self
                .shown
                .as_ref()
                .is_some_and(|shown| !matches!(shown.state, ShownState::Pending))
    }

    /// True if there is nothing left to be decoded in idle time.
    pub(super) fn is_idle(&self) -> bool {
        self.player().is_none_or(Player::is_idle)
    }

    /// The cache's name of the track that is looked at.
    pub(crate) fn key(&self) -> TrackKey {
        key(self.id, self.current)
    }

    /// Width and height of the stream's pictures in pixels as decoded, whether the one on screen is
    /// whole or reduced. `None` if nobody knows yet.
    pub(crate) fn picture_size(&self, track: &Track) -> Option<(u32, u32)> {
        let facts = (track.facts.width, track.facts.height);
        let size = self.whole.map_or(facts, |whole| whole.size);
        (size.0 > 0 && size.1 > 0).then_some(size)
    }

    /// Looks at what a stream shows, and brings it up to date.
    pub(super) fn look(
        &mut self,
        hit: &Hit<'_>,
        maker: &Maker<'_>,
        how: &Looking,
        cache: &mut FrameCache,
    ) {
        self.is_on_screen = true;
        self.nothing = None;
        if self.current != hit.name {
            if let Some(player) = self.players.get_mut(&self.current) {
                player.release();
                player.follow(false);
            }
            self.current = hit.name;
        }
        let key = self.key();
        let player = self
            .players
            .entry(hit.name)
            .or_insert_with(|| maker.player(key));
        player.set_intent(how.intent);
        player.set_focused(how.focused);
        // Each picture that stands for itself is decoded when it is looked at.
        let intra_only = hit
            .track
            .codec
            .entry()
            .is_some_and(|entry| entry.intra_only);
        player.follow(how.live && !intra_only && hit.track.codec != Codec::Unknown);
        player.want_sample(hit.sample);
        let shown = player.update(hit.track, cache);
        self.take(shown, how.wall);
    }

    fn take(&mut self, shown: Shown, wall: f64) {
        if matches!(shown.state, ShownState::Pending) {
            self.pending_since.get_or_insert(wall);
        } else {
            self.pending_since = None;
        }
        if let Some(frame) = shown.frame.as_ref().filter(|frame| !frame.reduced) {
            self.whole = Some(Whole {
                pts: frame.pts,
                size: (frame.frame.width(), frame.frame.height()),
            });
        }
        self.shown = Some(shown);
    }

    /// Shows nothing, and why.
    pub(super) fn show_nothing(&mut self, nothing: Nothing) {
        self.is_on_screen = true;
        self.nothing = Some(nothing);
        self.shown = None;
        self.pending_since = None;
    }

    /// Gives back what decoding takes once the tile has left the screen.
    pub(super) fn leave_screen(&mut self) {
        if std::mem::take(&mut self.is_on_screen) {
            for player in self.players.values_mut() {
                player.release();
                player.follow(false);
            }
            self.pending_since = None;
        }
    }

    pub(super) fn retry(&mut self) {
        if let Some(player) = self.players.get_mut(&self.current) {
            player.retry();
        }
    }

    /// Drops all players: the next ones are made anew. Frames at hand stay.
    pub(super) fn restart(&mut self) {
        self.players.clear();
    }

    pub(super) fn preview(&mut self, previews: bool) {
        for player in self.players.values_mut() {
            player.preview(previews);
        }
    }

    /// The cache's names of all its tracks.
    pub(super) fn keys(&self) -> impl Iterator<Item = TrackKey> + '_ {
        self.players.keys().map(|name| key(self.id, *name))
    }
}

/// How a stream is looked at.
pub(super) struct Looking {
    pub(super) intent: Intent,
    pub(super) focused: bool,
    /// True while samples keep coming.
    pub(super) live: bool,
    pub(super) wall: f64,
}
