//! What is reported about the `max-size` of a movie.

use super::queries;
use super::size_search::SizeFit;
use super::{SizeReport, Stop, Workspace};
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_facts::{Canvas, Timeline};
use mmm_spec::{Codec, FrameSize, Output, bytes_text};

use super::pictures::made;

impl Workspace {
    /// Returns how an output (counted from 0) fits into its `max-size`, as far as the cache knows; `None` if
    /// it has no limit.
    pub fn size_report(&mut self, output: usize) -> Option<SizeReport> {
        self.unmade(|db, project| made(db, project, output).map(drop));
        let fit = queries::size_fit(&self.db, self.project, output).clone()?;
        Some(report(&fit, self.timeline(output)?.canvas))
    }

    /// Returns how a finished output fits into its `max-size`.
    ///
    /// # Errors
    /// If it doesn't.
    pub(super) fn fitted(
        &self,
        index: usize,
        output: &Output,
        timeline: &Timeline,
    ) -> Result<Option<SizeReport>, Stop> {
        let Some(fit) = queries::size_fit(&self.db, self.project, index) else { return Ok(None) };
        let report = report(fit, timeline.canvas);
        match report.fits {
            Some(true) => return Ok(Some(report)),
            Some(false) => {}
            None => {
                let message =
                    format!("segments of `{}` vanished from the cache during the build", output.name);
                let help = "build again; run `mmm cache verify` if this repeats";
                return Err(Stop::Failed(vec![Diagnostic::error(Code::RENDER_FAILED, message).help(help)]));
            }
        }
        let at = queries::parsed(&self.db, self.project).spans.for_output(output.name.as_str(), "max-size");
        let (limit, smallest) = (bytes_text(report.limit), bytes_text(report.smallest.unwrap_or_default()));
        let sound = report.sound.map_or_else(String::new, |rate| format!(" and sound at {rate} kbit/s"));
        let message = format!(
            "`{}` can't be made to fit into {limit}: the smallest movie has {smallest}, at CRF {}{sound}",
            output.name, report.rate_factor
        );
        let error = Diagnostic::error(Code::OUTPUT_TOO_LARGE, message).at(at, "at most this");
        Err(Stop::Failed(vec![error.help(help(output))]))
    }

    /// Checks the size of a finished file, to be sure.
    ///
    /// # Errors
    /// If it is larger than its limit.
    pub(super) fn is_within(&self, index: usize, bytes: u64) -> Result<(), Stop> {
        let Some(fit) = queries::size_fit(&self.db, self.project, index) else { return Ok(()) };
        if fit.fits != Some(true) || bytes <= fit.limit {
            return Ok(());
        }
        let message = format!("the finished movie has {bytes} bytes, more than its limit of {}", fit.limit);
        let help = "report this bug in mmm with your movie.yaml";
        Err(Stop::Failed(vec![Diagnostic::error(Code::RENDER_FAILED, message).help(help)]))
    }
}

fn report(fit: &SizeFit, canvas: Canvas) -> SizeReport {
    let chosen = fit.rounds.iter().find(|(tried, _)| *tried == fit.setting).and_then(|(_, bytes)| *bytes);
    SizeReport {
        limit: fit.limit,
        rate_factor: canvas.rate_factor(),
        asked: Canvas { coarser: 0, ..canvas }.rate_factor(),
        finer: fit.finer.as_ref().map(|(coarser, segments)| {
            (Canvas { coarser: *coarser, ..canvas }.rate_factor(), segments.len())
        }),
        sound: fit.setting.sound,
        rounds: fit.rounds.iter().filter(|(_, bytes)| bytes.is_some()).count(),
        fits: fit.fits,
        at_most: if fit.finer.is_some() { Some(fit.limit) } else { chosen },
        smallest: fit.smallest(),
    }
}

/// Returns what makes a movie smaller that is as coarse as it can be.
fn help(output: &Output) -> String {
    let settings = &output.settings;
    let smaller = match settings.size {
        FrameSize::P2160 => Some("`size: 1080`"),
        FrameSize::P1440 | FrameSize::P1080 => Some("`size: 720`"),
        FrameSize::P720 => Some("`size: 480`"),
        FrameSize::P480 => None,
    };
    let codec = match settings.codec {
        Codec::H264 => Some("`codec: hevc`"),
        Codec::Hevc | Codec::Av1 => None,
    };
    let ways: Vec<&str> = [smaller, Some("a shorter `duration`"), codec].into_iter().flatten().collect();
    match ways.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("write {} or {last}", rest.join(", ")),
        _ => format!("write {}", ways.concat()),
    }
}
