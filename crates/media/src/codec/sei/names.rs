//! The names of SEI messages, as H.264 §D.1.1 and H.265 §D.2.1 number them alike.

/// The name of a `payloadType`.
pub(in crate::codec) fn message_name(kind: u32) -> &'static str {
    match kind {
        0 => "Buffering period",
        1 => "Picture timing",
        2 => "Pan-scan rectangle",
        3 => "Filler payload",
        4 => "User data, registered by T.35",
        5 => "User data, unregistered",
        6 => "Recovery point",
        19 => "Film grain characteristics",
        45 => "Frame packing arrangement",
        47 => "Display orientation",
        128 => "Structure of pictures",
        129 => "Active parameter sets",
        130 => "Decoding unit information",
        132 => "Decoded picture hash",
        133 => "Scalable nesting",
        136 => "Time code",
        137 => "Mastering display colour volume",
        144 => "Content light level",
        147 => "Alternative transfer characteristics",
        148 => "Ambient viewing environment",
        _ => "Message",
    }
}
