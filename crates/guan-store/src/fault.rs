//! Numbered points at which a test can stop a change as a crash would; without the feature `fault` they are nothing.

/// What happens at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// The call ends with [`Interrupted`] and cleans nothing up, like a process that was killed, so that the same test goes on.
    Stop,
    /// The process ends at once, as by `kill -9`.
    Abort,
}

/// Where a change is to be stopped; nowhere by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    #[cfg(any(test, feature = "fault"))]
    at: Option<(String, Happening)>,
}

/// A test stopped the change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("stopped by a test at `{point}`")]
pub struct Interrupted {
    /// The point.
    pub point: String,
}

/// Every point, in the order in which they are passed.
pub const POINTS: &[&str] = &[
    "write.1",
    "write.2",
    "write.3",
    "open.1",
    "open.3",
    "open.4",
    "open.5",
    "undo.1",
    "undo.2",
    "backup.1",
    "backup.2",
    "backup.3",
    "backup.4",
    "backup.5",
    "restore.1",
    "restore.2",
    "restore.3",
    "restore.4",
    "restore.5",
    "restore.6",
    "side.1",
    "side.2",
    "side.3",
];

impl Faults {
    /// Stops at `point`, one of [`POINTS`].
    #[cfg(any(test, feature = "fault"))]
    pub fn at(point: impl Into<String>, happening: Happening) -> Self {
        Self { at: Some((point.into(), happening)) }
    }

    /// Passes a point.
    #[cfg_attr(
        not(any(test, feature = "fault")),
        expect(
            clippy::unused_self,
            clippy::unnecessary_wraps,
            reason = "a point does something in tests only"
        )
    )]
    pub(crate) fn point(&self, point: &str) -> Result<(), Interrupted> {
        debug_assert!(POINTS.contains(&point), "`{point}` is not listed");
        #[cfg(any(test, feature = "fault"))]
        match &self.at {
            Some((at, Happening::Stop)) if at == point => {
                return Err(Interrupted { point: point.to_owned() });
            }
            Some((at, Happening::Abort)) if at == point => std::process::abort(),
            _ => {}
        }
        Ok(())
    }
}
