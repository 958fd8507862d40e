use std::path::Path;

use super::watch_page::profile_name;
use crate::cli::args::Why as Args;
use crate::cli::exit::Exit;
use crate::cli::format::length;
use crate::cli::front::Front;
use crate::cli::session::{Session, profile_of, spec_folder};
use mmm_base::Time;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_engine::{Change, Made, Why, Workspace};
use mmm_facts::Profile;
use mmm_plan::words;
use serde_json::json;

/// Runs `mmm why`.
pub(in crate::cli) fn run(args: &Args, front: &Front) -> Exit {
    attempt(args, front).map_or_else(|exit| exit, |()| Exit::Done)
}

fn attempt(args: &Args, front: &Front) -> Result<(), Exit> {
    let beside = args.target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let spec = args.spec.clone().unwrap_or_else(|| beside.unwrap_or(Path::new(".")).join("movie.yaml"));
    let session = Session::start(front, &spec_folder(&spec))?;
    let mut profile = profile_of(&args.target);
    let mut workspace = session.workspace(&spec, profile)?;
    let at = args.at.unwrap_or(Time::ZERO);
    let found = match (workspace.picture_at(&args.target), args.at) {
        (Some((output, picture)), None) => workspace.why_picture(&output, &picture),
        (Some(_), Some(_)) => return Err(timeless(args, &session)),
        (None, _) => {
            let output = workspace.output_at(&args.target);
            if !output.as_ref().is_some_and(|name| workspace.has_built(name)) && profile == Profile::Final {
                profile = Profile::Draft;
                workspace.use_profile(profile);
            }
            output.and_then(|name| workspace.why(&name, at))
        }
    };
    let Some(why) = found else { return Err(unknown(args, workspace, &session)) };
    let mut event = json!(why);
    event["event"] = json!("why");
    event["reason"] = json!(reason(&why));
    event["profile"] = json!(profile_name(profile));
    session.printer.event(&event);
    if profile != profile_of(&args.target) {
        session.printer.say("only drafts were built yet; this is about the last draft");
    }
    tell(&why, &spec, &session);
    Ok(())
}

/// Reports that there is no build to explain.
fn unknown(args: &Args, mut workspace: Workspace, session: &Session) -> Exit {
    let target = args.target.display();
    let (message, help) = match workspace.picture_at(&args.target) {
        Some((output, _)) => {
            workspace.use_profile(Profile::Draft);
            let help = match workspace.has_built(&output) {
                true => "only drafts were built yet, which have no pictures: run `mmm build`",
                false => "run `mmm build` first",
            };
            (format!("no build of `{target}` is recorded"), help)
        }
        None => (
            format!(
                "no recorded build of `{target}` has a frame at {}",
                length(args.at.unwrap_or(Time::ZERO))
            ),
            "build the movie first; name an output, its poster or its preview, and a time inside the movie",
        ),
    };
    session.printer.diagnostics(&[Diagnostic::error(Code::CLI_NO_OUTPUT, message).help(help)], None);
    Exit::Usage
}

/// Rejects `--at` for a picture, which has no time.
fn timeless(args: &Args, session: &Session) -> Exit {
    let message = format!("`{}` is a picture, so `--at` does not apply", args.target.display());
    let help = "remove `--at`";
    session.printer.diagnostics(&[Diagnostic::error(Code::CLI_NO_OUTPUT, message).help(help)], None);
    Exit::Usage
}

fn tell(why: &Why, spec: &Path, session: &Session) {
    let say = |text: String| session.printer.say(&text);
    let shot = why.shot.as_deref().unwrap_or("nothing");
    say(format!("shot {}: {shot}", why.number));
    say(format!("  {}", reason(why)));
    why.others.iter().for_each(|(number, shot)| say(format!("shot {number}: {shot}")));
    let end = why.start + why.frames;
    let key = &why.key[..12];
    match &why.picture {
        Some(picture) => say(format!("{picture} from frame {}, key {key}", why.start)),
        None => say(format!("segment with frames {} to {end}, key {key}", why.start)),
    }
    match why.made {
        Made::First => say("  rendered by the first recorded build".to_owned()),
        Made::Kept => say("  reused from the previous build: none of its inputs changed".to_owned()),
        Made::Again => {
            say("  rendered again by the last build:".to_owned());
            why.changes.iter().for_each(|change| say(format!("    {}", change_text(change, None))));
            say("  because".to_owned());
            why.causes.iter().for_each(|cause| say(format!("    {}", change_text(cause, Some(spec)))));
            if why.causes.is_empty() {
                say("    the lock changed, by `mmm update` or in git".to_owned());
            }
        }
    }
}

/// Returns why the shot is in the movie.
fn reason(why: &Why) -> String {
    why.reason.as_ref().map(words::shot).unwrap_or_default()
}

fn change_text(change: &Change, spec: Option<&Path>) -> String {
    let place = match (change.line, spec) {
        (Some(line), Some(spec)) => format!(", {}:{line}", spec.display()),
        _ => String::new(),
    };
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{} {before} → {after}{place}", change.what),
        (None, Some(after)) => format!("{} {after}{place}", change.what),
        (Some(before), None) => format!("{} {before} → removed{place}", change.what),
        (None, None) => format!("{}{place}", change.what),
    }
}
