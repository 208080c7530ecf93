//! Recordings on the command line: `reelscope record` writes what is logged, `info` and `frames` say
//! what is in it, `remux` makes a video of it.

#[path = "recordings/errors.rs"]
mod errors;
#[path = "recordings/frames.rs"]
mod frames;
#[path = "recordings/record.rs"]
mod record;
#[path = "recordings/remux.rs"]
mod remux;
#[path = "recordings/rig.rs"]
mod rig;
#[path = "recordings/stock.rs"]
mod stock;
