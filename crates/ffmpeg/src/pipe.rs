//! The pipes to and from an FFmpeg process.

/// Bytes that a pipe holds: a large one saves changes between the two processes.
#[cfg(target_os = "linux")]
const PIPE_BYTES: usize = 1 << 20;

/// Makes a pipe hold more, where that can be chosen.
#[cfg(target_os = "linux")]
pub fn widen(pipe: &impl std::os::fd::AsFd) {
    // The system may allow less: then the pipe stays as it is.
    let _size = rustix::pipe::fcntl_setpipe_size(pipe, PIPE_BYTES);
}

/// Makes a pipe hold more: not to be chosen here.
#[cfg(not(target_os = "linux"))]
pub fn widen<T>(_pipe: &T) {}
