//! Falls back to software encoding when a hardware encoder fails.

use salsa::Setter;

use super::Workspace;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_exec::{Action, ExecError};
use mmm_facts::{Canvas, Encoder};

/// Returns the canvas of a segment that a hardware encoder failed to encode, and the encoder's message;
/// `None` for any other error.
pub(super) fn refused<'a>(action: &Action, error: &'a ExecError) -> Option<(Canvas, &'a str)> {
    match (action, error) {
        (Action::Segment(recipe), ExecError::Encoder(reason)) if !recipe.canvas.encoder.is_software() => {
            Some((recipe.canvas, reason))
        }
        _ => None,
    }
}

impl Workspace {
    /// Switches the canvas's codec to software encoding for the whole project, because all segments of a
    /// movie must come from one encoder. Returns false if the codec was already encoded in software.
    pub(super) fn fall_back(&mut self, canvas: Canvas, reason: &str) -> bool {
        let (codec, encoders) = (canvas.codec, self.project.encoders(&self.db));
        if encoders.of(codec).is_software() {
            return false;
        }
        let name = encoders.of(codec).name(codec).unwrap_or_default();
        let message =
            format!("the encoder `{name}` failed ({}), so mmm fell back to software encoding", reason.trim());
        let help = "run `mmm doctor` to test every encoder, or set `encoder = \"software\"` in mmm.toml";
        self.fallbacks.push(Diagnostic::warning(Code::RENDER_ENCODER, message).help(help));
        self.project.set_encoders(&mut self.db).to(encoders.with(codec, Encoder::Software));
        true
    }
}
