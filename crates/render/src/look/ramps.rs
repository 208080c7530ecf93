//! Colour ramps as stops at even distances, between which colours are linear in sRGB.

/// Stops of a ramp.
pub(crate) const STOPS: usize = 33;

/// A ramp's colours from its low to its high end, as `0xRRGGBB`.
pub(crate) type Ramp = [u32; STOPS];

/// Turbo: A. Mikhailov, "Turbo, An Improved Rainbow Colormap for Visualization", 2019. Off the
/// published table by at most 2 of 255.
#[rustfmt::skip]
pub(crate) const TURBO: Ramp = [
    0x30123b, 0x392a73, 0x4040a1, 0x4456c7, 0x466be3, 0x467ff6, 0x4293ff, 0x37a7fa,
    0x29bbec, 0x1dcdd8, 0x18dcc3, 0x1ee8b0, 0x31f299, 0x4cf97e, 0x6bfd64, 0x8aff4d,
    0xa3fd3c, 0xb8f735, 0xcced34, 0xdee037, 0xedd03a, 0xf8c03a, 0xfdae35, 0xfe982c,
    0xfb8022, 0xf56817, 0xec520f, 0xe04009, 0xd23105, 0xc02302, 0xac1701, 0x950d01,
    0x7a0403,
];

/// Viridis: S. van der Walt, N. Smith, "A Better Default Colormap for Matplotlib", SciPy 2015. Off the
/// published table by at most 2 of 255.
#[rustfmt::skip]
pub(crate) const VIRIDIS: Ramp = [
    0x440154, 0x470d60, 0x48186a, 0x482374, 0x472d7b, 0x453681, 0x424086, 0x3f4989,
    0x3b528b, 0x375a8d, 0x33638d, 0x2f6a8e, 0x2c728e, 0x297a8e, 0x26818e, 0x23898e,
    0x21908c, 0x1f988b, 0x1f9f88, 0x21a685, 0x28ae80, 0x31b57b, 0x3ebc74, 0x4cc26c,
    0x5dc963, 0x6ece58, 0x82d34c, 0x96d83f, 0xabdc32, 0xc0df24, 0xd5e21a, 0xeae51a,
    0xfde725,
];
